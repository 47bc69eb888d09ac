/**
 * Keeps the live waivers what the record says: read once in full, then event by event in the order of the feed. A state
 * that does not follow from its events is not used; a gap is answered by reading the whole again, never by guessing.
 */
import { evolve } from '../../core/evolve.ts'
import { isLive, type WaiverEvent, type WaiverId } from '../../core/waiver.ts'
import type { Store, StoredEvent } from '../../store/contract.ts'
import type { Logger } from '../logger.ts'
import { isAsRecorded } from '../recorded.ts'
import type { LiveWaivers } from './live-waivers.ts'

const pageSize = 200
const eventsMax = 1_000

type Reads = Pick<Store, 'waivers' | 'feed'>

/** @returns when every started waiver is there, as of some moment after the call began. */
export async function readAll({ waivers }: Reads, live: LiveWaivers, log: Logger): Promise<void> {
  for (let after = ''; ; ) {
    const page = await waivers.started(after, pageSize)
    for (const waiver of page) {
      if (isAsRecorded(waiver, await waivers.events(waiver.id))) live.put(waiver)
      else notAsRecorded(waiver.id, live, log)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}

/** Applies what came after `position`. @returns the position of the last event that was applied. */
export async function readOn(
  reads: Reads,
  live: LiveWaivers,
  position: bigint,
  log: Logger,
  saw: (event: StoredEvent) => void = () => {},
): Promise<bigint> {
  for (let at = position; ; ) {
    const events = await reads.feed.after(at, eventsMax)
    for (const event of events) {
      if (event.stream.startsWith('wvr_')) await apply(reads, live, event, log)
      saw(event)
    }
    at = events.at(-1)?.position ?? at
    if (events.length < eventsMax) return at
  }
}

async function apply(reads: Reads, live: LiveWaivers, event: StoredEvent, log: Logger): Promise<void> {
  const known = live.waiver(event.stream)
  // Nothing can be used before access was started, and whatever comes later is of a waiver that is known.
  if (known === undefined) {
    if (event.type === 'ActivationStarted') await load(reads, live, event.stream, log)
    return
  }
  if (event.version <= known.version) return
  const follows = event.version === known.version + 1 && event.body !== undefined && event.altered !== true
  if (follows) live.put(evolve(known, event.body as WaiverEvent, known.id))
  else await load(reads, live, event.stream, log)
}

async function load({ waivers }: Reads, live: LiveWaivers, id: WaiverId, log: Logger): Promise<void> {
  const waiver = await waivers.find(id)
  if (waiver === undefined || !isLive(waiver)) return live.drop(id)
  if (isAsRecorded(waiver, await waivers.events(id))) live.put(waiver)
  else notAsRecorded(id, live, log)
}

function notAsRecorded(id: WaiverId, live: LiveWaivers, log: Logger): void {
  live.drop(id)
  log.error({ waiver: id }, 'a waiver does not follow from its events; nothing can be used on it')
}
