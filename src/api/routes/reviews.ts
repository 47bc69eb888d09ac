/** Which looks back are due? */
import type { Waiver } from '../../core/waiver.ts'
import { reads } from '../documented.ts'
import { mayReview } from '../may.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import { type Reviews, reviewQuery, reviews } from '../schema/review.ts'
import { mayRead, namesIn, type Sight, sightFor } from '../sight.ts'

/** Ended waivers looked at for one answer. */
const scannedMax = 20_000
const batchSize = 500

export function reviewRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'reviews',
    tags: ['reviews'],
    summary: 'Open reviews, the overdue ones first',
    ok: reviews,
  })
  scope.get('/v1/reviews', { schema: { ...about, querystring: reviewQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { open, complete } = await openReviews(parts, sight)
    const limit = Number(request.query.limit)
    const rows = open.slice(0, limit).map((waiver) => row(sight, waiver))
    return { reviews: rows, complete: complete && open.length <= limit, names: namesIn(sight.index, rows) }
  })
}

async function openReviews(
  { machinery }: Parts,
  sight: Sight,
): Promise<{ readonly open: Waiver[]; readonly complete: boolean }> {
  const open: Waiver[] = []
  let after: string | undefined
  for (let scanned = 0; scanned < scannedMax; scanned += batchSize) {
    const batch = await machinery.store.waivers.list({
      status: ['ended'],
      limit: batchSize,
      ...(after === undefined ? {} : { after }),
    })
    open.push(...batch.filter((waiver) => waiver.review !== undefined && mayRead(sight, waiver)))
    after = batch.at(-1)?.id
    if (batch.length < batchSize) return { open: open.sort(bySoonest), complete: true }
  }
  return { open: open.sort(bySoonest), complete: false }
}

function bySoonest(a: Waiver, b: Waiver): number {
  const [one, other] = [a.review, b.review]
  if (one?.overdue !== other?.overdue) return one?.overdue === true ? -1 : 1
  return (one?.dueAt ?? '') < (other?.dueAt ?? '') ? -1 : 1
}

function row(sight: Sight, waiver: Waiver): Reviews['reviews'][number] {
  const { id, requester, terms, end, review, removal } = waiver
  return {
    waiver: id,
    kind: terms.kind,
    requester,
    beneficiary: terms.beneficiary,
    system: terms.access.system,
    endedAt: end?.at ?? waiver.requestedAt,
    cause: end?.cause ?? '',
    dueAt: review?.dueAt ?? '',
    overdue: review?.overdue ?? false,
    removal: removal.state,
    residue: removal.state === 'verified' ? removal.residue : [],
    mayReview: mayReview(sight, waiver),
  }
}
