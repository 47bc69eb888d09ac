/** Looking at waivers: one, and a page of them. */
import { grantId } from '../../core/plan.ts'
import { plusSeconds } from '../../core/time.ts'
import type { Waiver } from '../../core/waiver.ts'
import type { WaiverFilter } from '../../store/contract.ts'
import { reads } from '../documented.ts'
import { shownGrant } from '../grant-view.ts'
import { look } from '../look.ts'
import { standingIn, waitsFor } from '../may.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import {
  type WaiverDetail,
  type WaiverPage,
  waiverDetail,
  waiverPage,
  waiverPath,
  waiverQuery,
} from '../schema/waiver.ts'
import { mayRead, namesIn, type Sight, sightFor } from '../sight.ts'

export function waiverRoutes(scope: Scope, parts: Parts): void {
  list(scope, parts)
  one(scope, parts)
}

function list(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'waivers',
    tags: ['waivers'],
    summary: 'Lists waivers you may read, newest first',
    ok: waiverPage,
  })
  scope.get('/v1/waivers', { schema: { ...about, querystring: waiverQuery } }, async (request, reply) => {
    const { limit, open, waitsForMe, ...filter } = request.query
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const wanted = (waiver: Waiver) => mayRead(sight, waiver) && (waitsForMe !== 'true' || waitsFor(sight, waiver))
    const page = await collect(
      parts,
      { ...filter, ...(open === undefined ? {} : { open: open === 'true' }) },
      Number(limit),
      wanted,
    )
    return { ...page, names: namesIn(sight.index, page.waivers) }
  })
}

/** Waivers looked at for one page; a caller who may read few of many goes on from where this stopped. */
const scannedMax = 1_000
const batchSize = 200

async function collect(
  { machinery }: Parts,
  filter: Omit<WaiverFilter, 'limit'>,
  limit: number,
  wanted: (waiver: Waiver) => boolean,
): Promise<Pick<WaiverPage, 'waivers' | 'next'>> {
  const waivers: Waiver[] = []
  let after = filter.after
  for (let scanned = 0; scanned < scannedMax; scanned += batchSize) {
    const batch = await machinery.store.waivers.list({
      ...filter,
      limit: batchSize,
      ...(after === undefined ? {} : { after }),
    })
    for (const waiver of batch) {
      after = waiver.id
      if (wanted(waiver)) waivers.push(waiver)
      if (waivers.length === limit) return { waivers, next: after }
    }
    if (batch.length < batchSize) return { waivers }
  }
  return { waivers, ...(after === undefined ? {} : { next: after }) }
}

function one(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'waiver',
    tags: ['waivers'],
    summary: 'A waiver, its grant, and how you stand to it',
    ok: waiverDetail,
  })
  scope.get('/v1/waivers/:waiver', { schema: { ...about, params: waiverPath } }, async (request, reply) => {
    const seen = await look(parts, callerOf(request), request.params.waiver)
    if (isProblem(seen)) return parts.send(reply, seen)
    return detail(parts, seen.sight, seen.waiver)
  })
}

async function detail({ machinery, options }: Parts, sight: Sight, waiver: Waiver): Promise<WaiverDetail> {
  const [row, nature] = await Promise.all([
    machinery.store.grants.find(grantId(waiver.id)),
    options.natureOf(waiver.terms.access.system),
  ])
  const standing = standingIn(sight, waiver)
  const grant = row === undefined ? undefined : shownGrant(row)
  const end = waiver.activation?.end ?? waiver.terms.window.end
  return {
    waiver,
    standing,
    ...(grant === undefined ? {} : { grant }),
    ...(nature === undefined ? {} : { nature, worstCaseEnd: plusSeconds(end, nature.endSessionsSecondsMax) }),
    names: namesIn(sight.index, waiver, standing, grant),
  }
}
