/** What the guardrails say to uses that people wrote down: the evaluation that decides for real, on files. */
import { compileDirectory } from '../../core/compile.ts'
import type { DirectoryFacts } from '../../core/directory.ts'
import { entitlementOf, type Policy } from '../../core/policy.ts'
import { guarded, type RuntimeFacts } from '../../core/runtime.ts'
import { plusSeconds } from '../../core/time.ts'
import type { UseCase } from '../../files/use-cases.ts'
import { guardrailsJudge } from '../../guardrails/index.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { CaseResult, Difference } from '../run-cases.ts'

export async function runUseCases(
  cases: readonly UseCase[],
  policy: Policy,
  directoryAt: (at: string) => Promise<DirectoryFacts>,
): Promise<readonly CaseResult[]> {
  const judge = guardrailsJudge()
  const results: CaseResult[] = []
  for (const one of cases) {
    const facts = await directoryAt(one.at)
    const mistakes = mistakesIn(one, policy, facts)
    const differences = mistakes.length > 0 ? mistakes : differencesOf(one, policy, facts, judge)
    results.push({ name: one.name, where: one.where, passed: differences.length === 0, differences })
  }
  return results
}

/** A misspelled name is never forbidden anything. */
function mistakesIn(one: UseCase, policy: Policy, facts: DirectoryFacts): readonly Difference[] {
  const known = new Set(facts.nodes.map(({ id }) => id))
  const strangers = [one.by, ...one.through].filter((id) => !known.has(id))
  const entitlement = entitlementOf(policy, one)
  const covers = entitlement?.actions.includes(one.action) === true && entitlement.resources.includes(one.resource)
  return [
    ...strangers.map(
      (id): Difference => ({ about: 'case', message: `the directory knows no \`${id}\`${didYouMean(id, known)}` }),
    ),
    ...(covers
      ? []
      : [
          {
            about: 'case' as const,
            message: `\`${one.entitlement}\` on \`${one.system}\` offers no \`${one.action}\` on \`${one.resource}\``,
          },
        ]),
  ]
}

function differencesOf(
  { by, through, kind, system, entitlement, secondsLeft, at, expect, because, ...what }: UseCase,
  policy: Policy,
  facts: DirectoryFacts,
  guardrails: NonNullable<RuntimeFacts['guardrails']>,
): readonly Difference[] {
  const waiver = { kind, system, entitlement, end: plusSeconds(at, secondsLeft) }
  const moment: RuntimeFacts = { now: at, directory: compileDirectory(facts), policy, clock: 'steady', guardrails }
  const answer = guarded({ ...what, system, actor: by, chain: through }, waiver, moment)
  const [said, those] = answer.allowed ? ['allowed', []] : [answer.reason, answer.guardrails]
  if (said !== expect) {
    const named = those.length === 0 ? '' : `, by ${those.map((id) => `\`${id}\``).join(', ')}`
    return [{ about: 'guardrails', message: `expected \`${expect}\`, got \`${said}\`${named}` }]
  }
  const [wanted, got] = [[...(because ?? those)].sort().join(', '), those.join(', ')]
  return wanted === got ? [] : [{ about: 'guardrails', message: `expected \`${wanted}\`, got \`${got || 'none'}\`` }]
}
