/**
 * Do the rules answer as their owners expect? Runs policy cases against a policy and a directory, offline. Only what a
 * case states is checked, and every difference says what was expected and what came out, with the proof.
 */
import type { Conflict } from '../core/conflict.ts'
import type { DirectoryFacts } from '../core/directory.ts'
import type { Policy } from '../core/policy.ts'
import type { Expectation, PolicyCase } from '../files/cases.ts'
import { factsAsIf, mistakesIn } from './cases/as-if.ts'
import { conflictsOf, type Outcome, outcomeOf } from './cases/outcome.ts'

export interface CaseResult {
  readonly name: string
  readonly where: string
  readonly passed: boolean
  readonly differences: readonly Difference[]
}

export interface Difference {
  /** The field of `expect`, or `case` when the case itself is wrong. */
  readonly about: keyof Expectation | 'case' | 'guardrails'
  /** Lower-case, no full stop. */
  readonly message: string
  /** Conflicts that prove it. */
  readonly conflicts?: readonly Conflict[]
}

/** @param directoryAt the directory as read at a moment, because who is on duty depends on it */
export async function runCases(
  cases: readonly PolicyCase[],
  policy: Policy,
  directoryAt: (at: string) => Promise<DirectoryFacts>,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  for (const one of cases) {
    const differences = runCase(one, policy, await directoryAt(one.at))
    results.push({ name: one.name, where: one.where, passed: differences.length === 0, differences })
  }
  return results
}

/** @returns every way in which the answer is not the expected one. */
export function runCase(one: PolicyCase, policy: Policy, facts: DirectoryFacts): readonly Difference[] {
  const mistakes = mistakesIn(one, facts)
  if (mistakes.length > 0) return mistakes.map((message) => ({ about: 'case', message }))
  return differences(one.expect, outcomeOf(one, policy, factsAsIf(facts, one)))
}

function differences(expect: Expectation, outcome: Outcome): readonly Difference[] {
  const { obligations, routing } = outcome
  const first = routing.eligible[0]
  const needed = obligations && obligations.countersignersMin + (first?.additionalCountersigners ?? 0)
  return [
    ...same('tier', expect.tier, obligations?.tier),
    ...same('steps', expect.steps?.join(', '), obligations?.steps.join(', ')),
    ...same('windowSecondsMax', expect.windowSecondsMax, obligations?.windowSecondsMax),
    ...same('countersigners', expect.countersigners, needed),
    ...same('refused', expect.refused, outcome.refusal?.code),
    ...mayDecide(expect, outcome),
    ...mayNotDecide(expect, outcome),
    ...onlyDeciders(expect, outcome),
    ...same('firstAsked', expect.firstAsked, first?.person),
  ]
}

function same(
  about: Difference['about'],
  expected: string | number | undefined,
  actual: string | number | undefined,
): readonly Difference[] {
  if (expected === undefined || expected === actual) return []
  return [{ about, message: `expected \`${expected}\`, got ${actual === undefined ? 'none' : `\`${actual}\``}` }]
}

function mayDecide({ mayDecide: people }: Expectation, outcome: Outcome): readonly Difference[] {
  const eligible = new Set(outcome.routing.eligible.map(({ person }) => person))
  return people
    .filter((person) => !eligible.has(person))
    .map((person): Difference => {
      const conflicts = conflictsOf(outcome, person)
      const why = conflicts.length > 0 ? `is not independent: ${codes(conflicts)}` : 'is in no pool that decides this'
      return { about: 'mayDecide', message: `\`${person}\` ${why}`, conflicts }
    })
}

function mayNotDecide({ mayNotDecide: people }: Expectation, outcome: Outcome): readonly Difference[] {
  const eligible = new Set(outcome.routing.eligible.map(({ person }) => person))
  return people.flatMap(({ person, conflicts: expected }): readonly Difference[] => {
    if (eligible.has(person)) return [{ about: 'mayNotDecide', message: `\`${person}\` may decide` }]
    const conflicts = conflictsOf(outcome, person)
    const missing = expected.filter((code) => !conflicts.some((conflict) => conflict.code === code))
    if (missing.length === 0) return []
    const actual = conflicts.length > 0 ? codes(conflicts) : 'none, only in no pool'
    return [
      {
        about: 'mayNotDecide',
        message: `\`${person}\` lacks the conflict ${missing.join(', ')}; there is ${actual}`,
        conflicts,
      },
    ]
  })
}

function onlyDeciders({ onlyDeciders: people }: Expectation, outcome: Outcome): readonly Difference[] {
  if (people === undefined) return []
  const eligible = outcome.routing.eligible.map(({ person }) => person)
  const missing = people.filter((person) => !eligible.includes(person))
  const extra = eligible.filter((person) => !people.includes(person))
  return [
    ...missing.map(
      (person): Difference => ({
        about: 'onlyDeciders',
        message: `\`${person}\` may not decide`,
        conflicts: conflictsOf(outcome, person),
      }),
    ),
    ...extra.map((person): Difference => ({ about: 'onlyDeciders', message: `\`${person}\` may decide as well` })),
  ]
}

function codes(conflicts: readonly Conflict[]): string {
  return conflicts.map(({ code }) => code).join(', ')
}
