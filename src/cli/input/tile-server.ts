/**
 * A log that somebody serves (C2SP tlog-tiles), as a source for an audit: of ours, or of anybody else's. It takes what it is
 * given and believes none of it; what is not there is told apart from what cannot be reached.
 */
import {
  bundlePath,
  bundlesBetween,
  decodeEntries,
  type EntryBundle,
  formatVerifierKey,
  type Tile,
  tilePath,
  type VerifierKey,
} from '../../log/index.ts'
import { type LogSource, type PublishedKeys, SourceGap } from '../../proof/index.ts'
import { quoted } from '../output/visible.ts'
import { Stop } from '../stop.ts'

const aheadCount = 8
const millisMax = 30_000

/** @param pinned for logs that publish no keys: then the one that was given */
export function tileServer(address: string, fetch: typeof globalThis.fetch, pinned: readonly VerifierKey[]): LogSource {
  const base = address.replace(/\/+$/, '')
  const get = (path: string) => fetched(fetch, `${base}/${path}`)
  const tiles = new Map<string, Promise<Uint8Array | undefined>>()
  /** One of the next tiles is always on its way. */
  const tileOf = (tile: Tile) => {
    const path = tilePath(tile)
    const asked = tiles.get(path) ?? bytesAt(get, path)
    tiles.delete(path)
    if (tile.level === 0 && tile.width === 256) {
      const next = tilePath({ ...tile, index: tile.index + 1n })
      if (!tiles.has(next)) tiles.set(next, quietly(bytesAt(get, next)))
    }
    return asked
  }
  return {
    async keys() {
      const answer = await get('keys')
      if (answer.ok) return (await answer.json()) as PublishedKeys
      const [key] = pinned
      if (key !== undefined) return { origin: key.name, key: formatVerifierKey(key), changes: [] }
      throw unreachable(`${base} publishes no keys; give the key of the log with --key`)
    },
    async checkpoint() {
      const answer = await get('checkpoint')
      if (answer.ok) return answer.text()
      throw unreachable(`${base}/checkpoint answers ${answer.status}`)
    },
    async *earlier() {},
    readTiles: (wanted) =>
      Promise.all(
        wanted.map(async (tile) => {
          const bytes = await tileOf(tile)
          if (bytes === undefined) throw new SourceGap(`${quoted(tilePath(tile))} is not there`)
          return bytes
        }),
      ),
    async *entries(size) {
      const ahead: Promise<readonly Uint8Array[] | undefined>[] = []
      const bundles = bundlesBetween(0n, size)
      const refill = () => {
        while (ahead.length < aheadCount) {
          const { value, done } = bundles.next()
          if (done) return
          ahead.push(quietly(entriesOf(get, value)))
        }
      }
      for (refill(); ahead.length > 0; refill()) {
        const entries = await ahead.shift()
        if (entries === undefined) return
        yield entries
      }
    },
  }
}

type Get = (path: string) => Promise<Response>

async function entriesOf(get: Get, bundle: EntryBundle): Promise<readonly Uint8Array[] | undefined> {
  const bytes = await bytesAt(get, bundlePath(bundle))
  return bytes === undefined ? undefined : decodeEntries(bytes, bundle.width)
}

/** @returns undefined where there is none, or where the server itself says that its log is broken */
async function bytesAt(get: Get, path: string): Promise<Uint8Array | undefined> {
  const answer = await get(path)
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer())
  if (answer.status === 404) return undefined
  const problem = (await answer.json().catch(() => ({}))) as { code?: unknown }
  if (problem.code === 'log-broken') return undefined
  throw unreachable(`${quoted(path)} answers ${answer.status}`)
}

/** Asked ahead of time, it may fail before anybody waits for it. */
function quietly<Value>(work: Promise<Value>): Promise<Value> {
  work.catch(() => {})
  return work
}

async function fetched(fetch: typeof globalThis.fetch, url: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(millisMax) })
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    throw unreachable(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function unreachable(message: string): Stop {
  return new Stop('unreachable', {
    kind: 'fault',
    code: 'unreachable',
    message,
    next: 'look at the address and try again',
  })
}
