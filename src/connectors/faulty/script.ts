/**
 * What goes wrong, and when? A script says for every call to the faulty connector how the target behaves. It is decided
 * by the call and its number alone, so that a run can be played again exactly.
 */

/**
 * - `works`: the effect happens and is reported.
 * - `refuses`: no effect, reported as `not-done` (retryable).
 * - `loses-call`: no effect, reported as `unknown`: the call never arrived.
 * - `loses-answer`: the effect happens, reported as `unknown`.
 * - `delays`: reported as `unknown`; the effect happens when the world delivers what is under way, however late.
 * - `hangs`: no effect, reported as `unknown` after the time-out.
 * - `lies`: no effect, reported as `done`. A question is answered with what was true before the last change.
 */
export const behaviours = ['works', 'refuses', 'loses-call', 'loses-answer', 'delays', 'hangs', 'lies'] as const
export type Behaviour = (typeof behaviours)[number]

export type Method = 'describe' | 'apply' | 'revoke' | 'observe' | 'endSessions' | 'inventory' | 'activity'

export interface Call {
  /** Counts all calls from 1. */
  readonly number: number
  readonly method: Method
  /** Absent for `describe` and `inventory`. */
  readonly grant?: string
}

export type Script = (call: Call) => Behaviour

export const honest: Script = () => 'works'

/** One after the other, whatever is called; honest when there are no more. */
export function inTurn(...turns: readonly Behaviour[]): Script {
  const left = [...turns]
  return () => left.shift() ?? 'works'
}

/** One after the other for these methods; every other call works. */
export function onMethod(methods: readonly Method[], ...turns: readonly Behaviour[]): Script {
  const next = inTurn(...turns)
  return (call) => (methods.includes(call.method) ? next(call) : 'works')
}

/**
 * The same for the same seed. `chances` are shares of 1 for each behaviour; what is left works.
 * The generator is mulberry32: 32 bits of state, enough to spread failures, and good for nothing else.
 */
export function seeded(seed: number, chances: Partial<Record<Behaviour, number>>): Script {
  const next = mulberry32(seed)
  return () => {
    let point = next()
    for (const behaviour of behaviours) {
      point -= behaviour === 'works' ? 0 : (chances[behaviour] ?? 0)
      if (point < 0) return behaviour
    }
    return 'works'
  }
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
