/**
 * What has just been committed, for everybody who listens in this process: the feed is read once for all of them, and only
 * while somebody listens. Whoever listens gets every record after the moment they began, in order, with the waiver it is
 * about as it is now; what of it they may see is cut for each.
 */
import type { Waiver } from '../../core/waiver.ts'
import type { Machinery } from '../../engine/handle.ts'
import type { StoredEvent } from '../../store/contract.ts'

export interface Fresh {
  readonly event: StoredEvent & { readonly position: bigint }
  /** Absent where the record is no waiver's, or the request was refused. */
  readonly waiver: Waiver | undefined
}

/** Must not throw; it is told again with the next batch whatever it did with this one. */
export type Listener = (fresh: readonly Fresh[]) => Promise<void>

export interface Tail {
  /** @param after the last position the listener knows of @returns how to stop listening */
  listen(after: bigint, listener: Listener): () => void
  close(): void
}

const everyMillis = 700
const batchMax = 200

export function tailOf({ store, log }: Machinery): Tail {
  const listeners = new Set<Listener>()
  let timer: NodeJS.Timeout | undefined
  let position: bigint | undefined
  let closed = false

  const round = async (): Promise<void> => {
    if (position === undefined) return
    const events = await store.feed.after(position, batchMax)
    const last = events.at(-1)
    if (last === undefined) return
    position = last.position
    const waivers = new Map<string, Waiver | undefined>()
    for (const { stream } of events) {
      if (stream.startsWith('wvr_') && !waivers.has(stream)) waivers.set(stream, await store.waivers.find(stream))
    }
    const fresh = events.map((event) => ({ event, waiver: waivers.get(event.stream) }))
    await Promise.all([...listeners].map((listener) => listener(fresh)))
  }
  const schedule = () => {
    timer = setTimeout(async () => {
      await round().catch((error: unknown) =>
        log.warn({ err: error }, 'the feed could not be read for those who listen'),
      )
      if (closed || listeners.size === 0) position = timer = undefined
      else schedule()
    }, everyMillis)
    timer.unref()
  }
  return {
    listen(after, listener) {
      listeners.add(listener)
      // Others who listen already are never further than what there is.
      position ??= after
      if (timer === undefined && !closed) schedule()
      return () => void listeners.delete(listener)
    },
    close() {
      closed = true
      clearTimeout(timer)
      listeners.clear()
    },
  }
}
