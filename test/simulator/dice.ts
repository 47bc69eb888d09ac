/**
 * Chance that can be had again: everything a simulated world leaves to chance comes from one of these, made from the
 * seed and the number of the step, so that a step decides the same whatever other steps are left out.
 */
import { seededRandom } from '../support/directories.ts'

export interface Dice {
  /** A whole number in `[0, sides)`. */
  below(sides: number): number
  chance(probability: number): boolean
  one<Value>(of: readonly Value[]): Value
  /** Some of them, at least one, in their order. */
  some<Value>(of: readonly Value[]): readonly Value[]
  weighted<Value>(of: readonly (readonly [weight: number, value: Value])[]): Value
}

/** Sides are spread by a multiplier without small factors, so that neighbouring seeds share nothing. */
export function diceFor(seed: number, step: number): Dice {
  const random = seededRandom((seed * 0x9e3779b1 + (step + 1) * 0x85ebca6b) >>> 0)
  random()
  const dice: Dice = {
    below: (sides) => Math.floor(random() * sides),
    chance: (probability) => random() < probability,
    one: (of) => must(of[dice.below(of.length)]),
    some(of) {
      const kept = of.filter(() => random() < 0.6)
      return kept.length === 0 ? [dice.one(of)] : kept
    },
    weighted(of) {
      let rest = random() * of.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of of) {
        rest -= weight
        if (rest < 0) return value
      }
      return must(of.at(-1))[1]
    },
  }
  return dice
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('bug: nothing to choose from')
  return value
}
