/** Grants: what shall be true on targets, and what was seen there. */
import type { Waiver } from '../../core/waiver.ts'
import type { GrantView as Row } from '../../store/contract.ts'
import { reads } from '../documented.ts'
import { shownGrant } from '../grant-view.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, problem } from '../problem.ts'
import { grantDetail, grantPage, grantPath, grantQuery } from '../schema/grant.ts'
import { mayRead, namesIn, readsEverything, type Sight, sightFor } from '../sight.ts'

export function grantRoutes(scope: Scope, parts: Parts): void {
  const { store } = parts.machinery
  const listAbout = reads({
    operationId: 'grants',
    tags: ['grants'],
    summary: 'Lists grants of waivers you may read, newest first',
    ok: grantPage,
  })
  scope.get('/v1/grants', { schema: { ...listAbout, querystring: grantQuery } }, async (request, reply) => {
    const { limit, settled, ...filter } = request.query
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const rows = await store.grants.list({
      ...filter,
      ...(settled === undefined ? {} : { settled: settled === 'true' }),
      limit: Number(limit),
    })
    const grants = (await readable(parts, sight, rows)).map(shownGrant)
    const last = rows.length === Number(limit) ? rows.at(-1)?.wanted.grant : undefined
    return { grants, ...(last === undefined ? {} : { next: last }), names: namesIn(sight.index, grants) }
  })

  const oneAbout = reads({ operationId: 'grant', tags: ['grants'], summary: 'A grant', ok: grantDetail })
  scope.get('/v1/grants/:grant', { schema: { ...oneAbout, params: grantPath } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const row = await store.grants.find(request.params.grant)
    const [grant] = row === undefined ? [] : (await readable(parts, sight, [row])).map(shownGrant)
    if (grant === undefined)
      return parts.send(reply, problem('unknown-grant', `there is no grant \`${request.params.grant}\``))
    return { grant, names: namesIn(sight.index, grant) }
  })
}

async function readable({ machinery }: Parts, sight: Sight, rows: readonly Row[]): Promise<readonly Row[]> {
  if (readsEverything(sight)) return rows
  const found: Row[] = []
  for (const row of rows) {
    const waiver: Waiver | undefined = await machinery.store.waivers.find(row.waiver)
    if (waiver !== undefined && mayRead(sight, waiver)) found.push(row)
  }
  return found
}
