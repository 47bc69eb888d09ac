/** The one gapless order of everything that was committed, cut for each reader to what they may see. */
import type { StoredEvent } from '../../store/contract.ts'
import { reads } from '../documented.ts'
import { shownEvent } from '../event-view.ts'
import { readsOf, type Sees } from '../feed-sight.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import { feedPage, feedQuery, type RecordedEvent } from '../schema/event.ts'
import { namesIn, type Sight, sightFor } from '../sight.ts'

export function feedRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'feed',
    tags: ['feed'],
    summary: 'Everything that was committed, in order',
    description:
      'Reviewers and the security pool read all of it; everybody else what they may read. Positions never change and have no gaps, so going on from `next` misses nothing.',
    ok: feedPage,
  })
  scope.get('/v1/feed', { schema: { ...about, querystring: feedQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { feed } = parts.machinery.store
    const after = Number(request.query.after)
    const [rows, last] = [await feed.after(BigInt(after), Number(request.query.limit)), await feed.last()]
    const records = await shownRecords(parts, sight, rows)
    return {
      records,
      next: Number(rows.at(-1)?.position ?? after),
      last: Number(last),
      names: namesIn(sight.index, records),
    }
  })
}

export async function shownRecords(parts: Parts, sight: Sight, rows: readonly StoredEvent[]): Promise<RecordedEvent[]> {
  const known = new Map<string, Sees>()
  const records: RecordedEvent[] = []
  for (const row of rows) {
    const sees = known.get(row.stream) ?? (await seesStream(parts, sight, row))
    known.set(row.stream, sees)
    if (sees.reads) records.push(shownEvent(sight, row, sees.paths))
  }
  return records
}

export async function seesStream({ machinery }: Parts, sight: Sight, event: StoredEvent): Promise<Sees> {
  const isWaiver = event.stream.startsWith('wvr_')
  return readsOf(sight, event, isWaiver ? await machinery.store.waivers.find(event.stream) : undefined)
}
