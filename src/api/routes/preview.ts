/** What would be asked of these terms, and who could decide them, before anything is asked for. Records nothing. */
import { onDuty } from '../../core/compile.ts'
import { isRefusal } from '../../core/obligations.ts'
import { entryOf } from '../../core/policy.ts'
import { accountsHeld } from '../../core/standing.ts'
import { malformations, normalizeTerms } from '../../core/terms.ts'
import { parseInstant } from '../../core/time.ts'
import { type Eligible, preview as previewOf } from '../../engine/queries.ts'
import { contentsNow } from '../context.ts'
import { writes } from '../documented.ts'
import { heldBeside, heldToday, otherSides } from '../held.ts'
import { withNearest } from '../nearest.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem } from '../problem.ts'
import { preview, previewBody } from '../schema/routing.ts'
import { namesIn, type Sight, seesAccountsOf, shownExcluded, sightFor } from '../sight.ts'

/** By the turns of duty that are known now; who is independent is asked of this moment. */
function onDutyAt(
  { directory, policy }: Sight,
  { eligible, obligations }: Eligible,
  later: string | undefined,
): string[] {
  const at = later === undefined ? undefined : parseInstant(later)
  if (at === undefined) return []
  const awake = new Set(
    obligations.pools.flatMap((id) =>
      (entryOf(policy.pools, id)?.rotas ?? []).flatMap((rota) => onDuty(directory, rota, at)),
    ),
  )
  return eligible.map(({ person }) => person).filter((person) => awake.has(person))
}

export function previewRoutes(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'preview',
    tags: ['waivers'],
    summary: 'What would be asked of these terms, and who could decide them',
    description: 'Records nothing and promises nothing. Asks the target what the entitlement contains.',
    ok: preview,
  })
  scope.post('/v1/waivers/preview', { schema: { ...about, body: previewBody } }, async (request, reply) => {
    const caller = callerOf(request)
    const sight = await sightFor(parts, caller)
    if (isProblem(sight)) return parts.send(reply, sight)
    const terms = normalizeTerms({ ...request.body.terms, contains: '' })
    const found = await previewOf(parts.machinery, caller.id, caller.chain, terms)
    if (isRefusal(found)) return parts.send(reply, refusalProblem(sight, withNearest(sight, found, terms), undefined))
    const [contents, beside] = await Promise.all([
      contentsNow(parts, sight, terms.access),
      heldBeside(parts, sight, [caller.id, ...caller.chain], terms, ''),
    ])
    const sees = seesAccountsOf(sight, terms.beneficiary)
    const held = sees ? heldToday(sight, terms.beneficiary, beside.live) : []
    return {
      ...found,
      excluded: shownExcluded(sight, found.excluded, false),
      accounts: sees ? accountsHeld(sight.directory, terms.beneficiary, terms.access.system, sight.now) : [],
      contains: contents?.summary ?? [],
      onDutyLater: onDutyAt(sight, found, request.body.later),
      held,
      breaks: beside.breaks.map((rule) => ({
        rule: rule.id,
        name: rule.name,
        severity: rule.severity,
        controls: [...rule.controls],
        others: sees ? otherSides(sight, rule, terms.access, beside) : [],
      })),
      problems: malformations(terms).map(({ at, problem }) => ({ at, message: problem })),
      names: namesIn(sight.index, found, terms, held),
    }
  })
}
