/**
 * Was this proof seen before? Kept for as long as a proof could still be young enough, by this process alone. When there
 * is no room for another one the answer is yes: what cannot be remembered is not believed.
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

export function seenProofs(countMax = 100_000): OwnProofs {
  // Two halves that take turns: what lies in the older one is too old by the time the newer one becomes the older.
  let newer = new Set<string>()
  let older = new Set<string>()
  let turnsAt = Number.NEGATIVE_INFINITY
  const turn = (nowSeconds: number) => {
    if (nowSeconds < turnsAt) return
    older = nowSeconds < turnsAt + proofKeptSeconds ? newer : new Set()
    newer = new Set()
    turnsAt = nowSeconds + proofKeptSeconds
  }
  return {
    isNew({ thumbprint, id }, nowSeconds) {
      turn(nowSeconds)
      const key = `${thumbprint} ${id}`
      if (newer.has(key) || older.has(key) || newer.size >= countMax) return false
      newer.add(key)
      return true
    },
    get size() {
      return newer.size + older.size
    },
  }
}
