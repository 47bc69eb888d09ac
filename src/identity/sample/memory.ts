/**
 * What does the sample provider remember between two requests? Sessions, codes and half-finished sign-ins, in memory, at
 * most so many of them: whoever floods it loses their own sample session, not the machine. A restart forgets everything,
 * while tokens that were issued stay verifiable, because they rest on keys alone.
 */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

const entriesCountMax = 5_000

interface Entry {
  readonly payload: AdapterPayload
  /** Milliseconds since 1970. */
  readonly until: number
}

/** @param clientOf metadata of a client that is not configured statically */
export function boundedMemory(
  clientOf: (id: string) => AdapterPayload | undefined,
  now: () => number = () => Date.now(),
  countMax = entriesCountMax,
): AdapterFactory {
  const entries = new Map<string, Entry>()

  const read = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    entries.delete(key)
    if (entry.until <= now()) return undefined
    entries.set(key, entry)
    return entry.payload
  }
  const write = (key: string, payload: AdapterPayload, expiresInSeconds = Number.POSITIVE_INFINITY) => {
    entries.delete(key)
    entries.set(key, { payload, until: now() + expiresInSeconds * 1000 })
    for (const [oldest] of entries) {
      if (entries.size <= countMax) break
      entries.delete(oldest)
    }
  }
  const first = (model: string, fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    for (const [key, { payload }] of entries) {
      if (key.startsWith(`${model}:`) && fits(payload)) return read(key)
    }
    return undefined
  }

  return (model): Adapter => ({
    async upsert(id, payload, expiresInSeconds) {
      write(`${model}:${id}`, payload, expiresInSeconds)
    },
    async find(id) {
      return model === 'Client' ? clientOf(id) : read(`${model}:${id}`)
    },
    async findByUserCode(userCode) {
      return first(model, (payload) => payload.userCode === userCode)
    },
    async findByUid(uid) {
      return first(model, (payload) => payload.uid === uid)
    },
    async consume(id) {
      const payload = read(`${model}:${id}`)
      if (payload !== undefined) payload.consumed = Math.floor(now() / 1000)
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) {
        if (payload.grantId === grantId) entries.delete(key)
      }
    },
  })
}
