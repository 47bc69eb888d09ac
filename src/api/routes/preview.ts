/** What would be asked of these terms, and who could decide them, before anything is asked for. Records nothing. */
import { isRefusal } from '../../core/obligations.ts'
import { accountsHeld, answersFor, isControllerOf } from '../../core/standing.ts'
import { malformations, normalizeTerms } from '../../core/terms.ts'
import { preview as previewOf } from '../../engine/queries.ts'
import { contentsNow } from '../context.ts'
import { writes } from '../documented.ts'
import { withNearest } from '../nearest.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem } from '../problem.ts'
import { preview, previewBody } from '../schema/routing.ts'
import { namesIn, type Sight, shownExcluded, sightFor } from '../sight.ts'

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
    const contents = await contentsNow(parts, sight, terms.access)
    return {
      ...found,
      excluded: shownExcluded(sight, found.excluded, false),
      accounts: accountsFor(sight, terms.beneficiary, terms.access.system),
      contains: contents?.summary ?? [],
      problems: malformations(terms).map(({ at, problem }) => ({ at, message: problem })),
      names: namesIn(sight.index, found, terms),
    }
  })
}

/** Of somebody one may ask for; the accounts of others are none of the caller's business. */
function accountsFor({ caller, directory, now }: Sight, beneficiary: string, system: string): readonly string[] {
  const may =
    caller.id === beneficiary ||
    isControllerOf(directory, caller.id, beneficiary, now) ||
    answersFor(directory, caller.id, beneficiary, now)
  return may ? accountsHeld(directory, beneficiary, system, now) : []
}
