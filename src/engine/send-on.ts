/**
 * Sends the record on to sinks, as it is committed: everything, in order, each event at least once. One process at a time
 * works for a sink; one that dies leaves its lease to run out. A sink that fails is tried again for ever, ever less often,
 * and delays neither the others nor anything else.
 */
import type { RecordSink } from '../connectors/sink.ts'
import type { Waiver } from '../core/waiver.ts'
import type { Store, StoredEvent } from '../store/contract.ts'
import type { Logger } from './logger.ts'
import type { Loop } from './loops.ts'

/** Turns an event into the document that is sent; the waiver is there where the event belongs to one. */
export type Form = (event: StoredEvent, waiver: Waiver | undefined) => Readonly<Record<string, unknown>>

export interface NamedSink {
  readonly id: string
  readonly sink: RecordSink
}

const batchMax = 200
const leaseSeconds = 120
const pauseMillisMin = 1_000
const pauseMillisMax = 300_000

export function sendOnLoops(
  { store, log }: { readonly store: Pick<Store, 'feed' | 'waivers' | 'sinkPlaces'>; readonly log: Logger },
  sinks: readonly NamedSink[],
  form: Form,
  nowMillis: () => number = () => performance.now(),
): readonly Loop[] {
  return sinks.map(({ id, sink }) => {
    let failures = 0
    let notBefore = Number.NEGATIVE_INFINITY
    return {
      name: `sink ${id}`,
      everyMillis: 1_000,
      wakes: true,
      async run() {
        if (nowMillis() < notBefore) return false
        const sent = await sendOn(store, id, sink, form)
        if (typeof sent === 'number') {
          failures = 0
          return sent === batchMax
        }
        if (failures === 0)
          log.warn({ sink: id, reason: sent.reason }, 'a sink does not take the record; it is tried again')
        notBefore = nowMillis() + Math.min(pauseMillisMax, pauseMillisMin * 2 ** Math.min(failures++, 20))
        return false
      },
    }
  })
}

/** @returns how many events were taken, or why none was. */
export async function sendOn(
  store: Pick<Store, 'feed' | 'waivers' | 'sinkPlaces'>,
  id: string,
  sink: RecordSink,
  form: Form,
): Promise<number | { readonly reason: string }> {
  const from = await store.sinkPlaces.take(id, leaseSeconds)
  if (from === undefined) return 0
  let to = from
  try {
    const events = await store.feed.after(from, batchMax)
    const last = events.at(-1)
    if (last === undefined) return 0
    const outcome = await sink.send(await documents(store, events, form))
    if (outcome.outcome !== 'done') return { reason: outcome.reason }
    to = last.position
    return events.length
  } finally {
    await store.sinkPlaces.leave(id, from, to)
  }
}

async function documents(
  { waivers }: Pick<Store, 'waivers'>,
  events: readonly StoredEvent[],
  form: Form,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const known = new Map<string, Waiver | undefined>()
  for (const { stream } of events)
    if (stream.startsWith('wvr_') && !known.has(stream)) known.set(stream, await waivers.find(stream))
  return events.map((event) => form(event, known.get(event.stream)))
}
