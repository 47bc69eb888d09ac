/**
 * Was this proof seen before? Kept for as long as a proof could still be young enough, by this process alone. When there
 * is no room for another one the answer is yes: what cannot be remembered is not believed. No key has more than its share
 * of the room, so that one that shows very many is refused before it takes the place of others.
 */
import { type Proven, proofAgeSecondsMax, proofSkewSecondsMax } from './dpop.ts'

export interface SeenProofs {
  /** @returns true the first time only. */
  isNew(proof: Proven, nowSeconds: number): boolean | Promise<boolean>
  readonly size: number
}

/** How long a proof is remembered: afterwards it is too old to be shown again. */
export const proofKeptSeconds = proofAgeSecondsMax + proofSkewSecondsMax

export interface OwnProofs extends SeenProofs {
  isNew(proof: Proven, nowSeconds: number): boolean
}

/** Some 700 calls a second and key, at every process; and as much as four such keys. */
const perKeyMax = 50_000

export function seenProofs(countMax = 4 * perKeyMax, countPerKeyMax = perKeyMax): OwnProofs {
  // Two halves that take turns: what lies in the older one is too old by the time the newer one becomes the older.
  let newer = half()
  let older = half()
  let turnsAt = Number.NEGATIVE_INFINITY
  const turn = (nowSeconds: number) => {
    if (nowSeconds < turnsAt) return
    older = nowSeconds < turnsAt + proofKeptSeconds ? newer : half()
    newer = half()
    turnsAt = nowSeconds + proofKeptSeconds
  }
  return {
    isNew({ thumbprint, id }, nowSeconds) {
      turn(nowSeconds)
      if (newer.of(thumbprint).has(id) || older.of(thumbprint).has(id)) return false
      if (newer.count >= countMax || newer.of(thumbprint).size >= countPerKeyMax) return false
      newer.add(thumbprint, id)
      return true
    },
    get size() {
      return newer.count + older.count
    },
  }
}

interface Half {
  readonly count: number
  of(key: string): ReadonlySet<string>
  add(key: string, id: string): void
}

const none: ReadonlySet<string> = new Set()

function half(): Half {
  const byKey = new Map<string, Set<string>>()
  let count = 0
  return {
    get count() {
      return count
    },
    of: (key) => byKey.get(key) ?? none,
    add(key, id) {
      const ids = byKey.get(key) ?? new Set<string>()
      byKey.set(key, ids.add(id))
      count += 1
    },
  }
}
