/**
 * Was this token ended? The installation publishes one list for many tokens; it is kept for as long as it may be, looked
 * at again before that is over, and no longer believed when it could not be.
 */
import { errors, jwtVerify } from 'jose'
import {
  type StatusList,
  type StatusReference,
  statusListMediaType,
  statusListType,
  type TokenStatus,
  unpacked,
} from '../tokens/index.ts'
import { type Fetch, published } from './published.ts'
import type { Keys } from './tokens.ts'

export interface Statuses {
  /** @returns undefined when it cannot be found out */
  of(reference: StatusReference): TokenStatus | undefined | Promise<TokenStatus | undefined>
}

export interface StatusOptions {
  /** Where lists of the installation are; a token cannot name another place. */
  readonly below: string
  readonly keys: Keys
  readonly fetch: Fetch
  readonly now: () => number
  /** A list is asked for again at least this often. */
  readonly secondsMax: number
}

interface Kept {
  readonly at: (place: number) => TokenStatus | undefined
  readonly fetchedAt: number
  readonly freshUntil: number
  readonly believedUntil: number
}

const listsMax = 64
/** After a failed attempt nothing is fetched for this long. */
const pauseMillis = 1_000

export function statusesOf(options: StatusOptions): Statuses {
  const { below, now } = options
  const kept = new Map<string, Kept>()
  const fetching = new Map<string, Promise<Kept | undefined>>()
  const failedAt = new Map<string, number>()

  const again = (uri: string): Promise<Kept | undefined> => {
    const running = fetching.get(uri)
    if (running !== undefined) return running
    if (now() - (failedAt.get(uri) ?? Number.NEGATIVE_INFINITY) < pauseMillis) return Promise.resolve(undefined)
    const mine = fetched(uri, options)
      .then((list) => {
        if (kept.size >= listsMax) kept.clear()
        kept.set(uri, list)
        return list
      })
      .catch(() => {
        if (failedAt.size >= listsMax) failedAt.clear()
        failedAt.set(uri, now())
        return undefined
      })
      .finally(() => fetching.delete(uri))
    fetching.set(uri, mine)
    return mine
  }

  const believed = (uri: string, place: number): TokenStatus | undefined => {
    const list = kept.get(uri)
    return list !== undefined && now() < list.believedUntil ? list.at(place) : undefined
  }

  return {
    of({ uri, idx }) {
      if (!uri.startsWith(below)) return undefined
      const list = kept.get(uri)
      if (list === undefined || now() >= list.freshUntil) return again(uri).then(() => believed(uri, idx))
      // Looked at again before it is over, so that nobody waits for it.
      if (now() >= (list.fetchedAt + list.freshUntil) / 2) void again(uri)
      const status = list.at(idx)
      // A token that is newer than the list, and beyond its end.
      return status ?? (now() - list.fetchedAt > pauseMillis ? again(uri).then(() => believed(uri, idx)) : undefined)
    },
  }
}

async function fetched(uri: string, { keys, fetch, now, secondsMax }: StatusOptions): Promise<Kept> {
  const fetchedAt = now()
  const text = await published(fetch, uri, statusListMediaType)
  const { payload } = await jwtVerify(text, keys.get, {
    algorithms: ['ES256'],
    typ: statusListType,
    subject: uri,
    requiredClaims: ['exp', 'iat', 'sub'],
    currentDate: new Date(fetchedAt),
    // Two machines, two clocks.
    clockTolerance: 5,
  })
  const { status_list: list, ttl = secondsMax, exp } = payload
  if (typeof list !== 'object' || list === null || typeof ttl !== 'number' || !(ttl >= 0))
    throw new errors.JWTInvalid('this is no status list')
  return {
    at: await unpacked(list as StatusList),
    fetchedAt,
    freshUntil: fetchedAt + Math.min(ttl, secondsMax) * 1000,
    believedUntil: (exp as number) * 1000,
  }
}
