/** What would be asked of these terms, and who could decide them, before anything is asked for. Records nothing. */
import { isRefusal } from '../../core/obligations.ts'
import { accountsHeld } from '../../core/standing.ts'
import { malformations, normalizeTerms } from '../../core/terms.ts'
import { preview as previewOf } from '../../engine/queries.ts'
import { contentsNow } from '../context.ts'
import { writes } from '../documented.ts'
import { withNearest } from '../nearest.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem } from '../problem.ts'
import { preview, previewBody } from '../schema/routing.ts'
import { namesIn, seesAccountsOf, shownExcluded, sightFor } from '../sight.ts'

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
      accounts: seesAccountsOf(sight, terms.beneficiary)
        ? accountsHeld(sight.directory, terms.beneficiary, terms.access.system, sight.now)
        : [],
      contains: contents?.summary ?? [],
      problems: malformations(terms).map(({ at, problem }) => ({ at, message: problem })),
      names: namesIn(sight.index, found, terms),
    }
  })
}
