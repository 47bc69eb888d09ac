/** Which access should be gone and was not yet seen to be? */
import { plusSeconds } from '../../core/time.ts'
import type { Waiver } from '../../core/waiver.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import { type Removals, removals, removalsQuery } from '../schema/removals.ts'
import { mayRead, namesIn, type Sight, sightFor } from '../sight.ts'

/** Looked at for one answer: somebody who may read few of them does not make us go through all. */
const lookedAtMax = 5_000
const batchSize = 500
/** Beyond what the connector says itself: a look waits for its turn. */
const turnSeconds = 60

export function removalRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'removals',
    tags: ['grants'],
    summary: 'Access that should be gone and was not yet seen to be, the oldest first',
    ok: removals,
  })
  scope.get('/v1/removals', { schema: { ...about, querystring: removalsQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { open, complete } = await openRemovals(parts, sight, Number(request.query.limit))
    const rows = await Promise.all(open.map((waiver) => row(parts, sight, waiver)))
    return { removals: rows, complete, nowAt: sight.now, names: namesIn(sight.index, rows) }
  })
}

async function openRemovals({ machinery }: Parts, sight: Sight, limit: number) {
  const open: Waiver[] = []
  let last: Waiver | undefined
  for (let lookedAt = 0; lookedAt < lookedAtMax && open.length <= limit; lookedAt += batchSize) {
    const after = last?.removal.state === 'open' ? { after: { since: last.removal.since, id: last.id } } : {}
    const batch = await machinery.store.figures.openRemovals({ limit: batchSize, ...after })
    open.push(...batch.filter((waiver) => mayRead(sight, waiver)))
    last = batch.at(-1)
    if (batch.length < batchSize) return { open: open.slice(0, limit), complete: open.length <= limit }
  }
  return { open: open.slice(0, limit), complete: false }
}

async function row({ options }: Parts, { now }: Sight, waiver: Waiver): Promise<Removals['removals'][number]> {
  const { id, terms, status, removal } = waiver
  const { since, failures, lastFailure } = openPart(removal)
  const nature = await options.natureOf(terms.access.system)
  const dueAt = plusSeconds(since, (nature?.endSessionsSecondsMax ?? 0) + turnSeconds)
  return {
    waiver: id,
    kind: terms.kind,
    beneficiary: terms.beneficiary,
    system: terms.access.system,
    entitlement: terms.access.entitlement,
    status,
    since,
    dueAt,
    overdue: failures > 0 || dueAt < now,
    failures,
    ...(lastFailure === undefined ? {} : { lastFailure }),
  }
}

function openPart(removal: Waiver['removal']) {
  if (removal.state !== 'open') throw new Error('bug: a removal that is not open was listed as open')
  return removal
}
