/** Which looks back are due? */
import type { Waiver } from '../../core/waiver.ts'
import { reads } from '../documented.ts'
import { mayReview } from '../may.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import { type Reviews, reviewQuery, reviews } from '../schema/review.ts'
import { mayRead, namesIn, type Sight, sightFor } from '../sight.ts'

/** Open reviews looked at for one answer: somebody who may read few of them does not make us go through all. */
const lookedAtMax = 10_000
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
    const { open, complete } = await openReviews(parts, sight, Number(request.query.limit))
    const rows = open.map((waiver) => row(sight, waiver))
    return { reviews: rows, complete, names: namesIn(sight.index, rows) }
  })
}

/** What is due first comes first, so what is overdue does. */
async function openReviews(
  { machinery }: Parts,
  sight: Sight,
  limit: number,
): Promise<{ readonly open: readonly Waiver[]; readonly complete: boolean }> {
  const open: Waiver[] = []
  let last: Waiver | undefined
  for (let lookedAt = 0; lookedAt < lookedAtMax && open.length <= limit; lookedAt += batchSize) {
    const after = last?.review === undefined ? {} : { after: { dueAt: last.review.dueAt, id: last.id } }
    const batch = await machinery.store.waivers.openReviews({ limit: batchSize, ...after })
    open.push(...batch.filter((waiver) => mayRead(sight, waiver)))
    last = batch.at(-1)
    if (batch.length < batchSize) return { open: open.slice(0, limit), complete: open.length <= limit }
  }
  return { open: open.slice(0, limit), complete: false }
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
