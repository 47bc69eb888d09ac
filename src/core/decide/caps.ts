/**
 * How much is enough: cumulative time and the number of extensions, counted over all waivers of the same controlling
 * persons whose resources and actions overlap, whatever account or role name they were asked under. A sealed envelope
 * gives no time; once it is opened its time counts like any other.
 */

import type { PersonId } from '../directory.ts'
import type { EarlierWaiver, Facts } from '../facts.ts'
import type { Obligations } from '../obligations.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { accessOverlaps, type Terms } from '../terms.ts'
import { millisOf, plusSeconds, secondsBetween, secondsOf } from '../time.ts'
import type { WaiverId } from '../waiver.ts'

/** Windows that lie no further apart than this belong together, in whichever order they were asked: re-filing is extension. */
export const refilingGapSeconds = 86_400

/** Time on an access: asked for, or beginning now. */
export type Spell = Pick<Terms, 'access' | 'window' | 'openFor'>

export interface Continuation {
  readonly waivers: readonly WaiverId[]
  readonly ordinal: number
  readonly countersigners: readonly PersonId[]
  readonly refusal?: Refusal
}

/** @returns which earlier waivers these terms go on from, and whether the tier allows one more step. */
export function continuation(spell: Spell, obligations: Obligations, { earlier }: Facts): Continuation {
  // Sealed: when its time will be is not known before it is opened.
  const before = spell.openFor === undefined ? earlier.filter((one) => goesOnFrom(one, spell)) : []
  if (before.length === 0) return { waivers: [], ordinal: 0, countersigners: [] }
  const ordinal = Math.max(...before.map((one) => one.ordinal)) + 1
  const { countMax } = obligations.extension
  const names = before.map((one) => `\`${one.id}\``).join(', ')
  return {
    waivers: before.map((one) => one.id),
    ordinal,
    countersigners: [...new Set(before.flatMap((one) => one.countersigners))],
    ...(ordinal <= countMax
      ? {}
      : {
          refusal: refusal(
            'extension-count-reached',
            `this goes on from ${names}`,
            limitOf(obligations, countMax, 'countMax'),
          ),
        }),
  }
}

/** @returns the refusal when the time asked for, with all that was granted in the sliding window, exceeds the cap. */
export function cumulativeTime(spell: Spell, obligations: Obligations, { earlier }: Facts): Refusal | undefined {
  const { cumulativeSecondsMax, overSeconds } = obligations.extension
  const { start, end } = spell.window
  const from = plusSeconds(end, -overSeconds)
  const asked = spell.openFor === undefined ? secondsBetween(start, end) : (secondsOf(spell.openFor) ?? Infinity)
  const before = earlier
    .filter((one) => countsTowards(one, spell))
    .reduce((sum, one) => sum + secondsWithin(one.window, from), 0)
  if (asked + before <= cumulativeSecondsMax) return undefined
  return refusal(
    'cumulative-time-reached',
    `${before} seconds before and ${asked} asked for`,
    limitOf(obligations, cumulativeSecondsMax, 'cumulativeMax'),
  )
}

function goesOnFrom(one: EarlierWaiver, spell: Spell): boolean {
  if (!countsTowards(one, spell)) return false
  const after = secondsBetween(one.window.end, spell.window.start)
  const before = secondsBetween(spell.window.end, one.window.start)
  return Math.max(after, before) <= refilingGapSeconds
}

/** Sealed envelopes give nothing yet; an open request of the same is refused elsewhere or will count itself. */
function countsTowards(one: EarlierWaiver, { access }: Spell): boolean {
  return (one.granted || (one.open && !one.breakGlass)) && accessOverlaps(one.access, access)
}

function secondsWithin(window: { start: string; end: string }, from: string): number {
  const start = Math.max(millisOf(window.start), millisOf(from))
  return Math.max(0, (millisOf(window.end) - start) / 1000)
}

function limitOf(obligations: Obligations, value: number, field: string): { limit: { value: number; setIn: string } } {
  return { limit: { value, setIn: `policy tiers.${obligations.tier}.extension.${field}` } }
}
