/** A period that figures are about: what may be asked for, and what it is taken to be when nothing is said. */
import { z } from 'zod'
import { type Instant, instantOf, millisOf, parseInstant, type Window } from '../../core/time.ts'
import { instant, instantOut } from './text.ts'

export const periodFields = {
  from: instant
    .exactOptional()
    .meta({ description: 'First moment of the period. Default: midnight UTC, ninety days before its end.' }),
  to: instant
    .exactOptional()
    .meta({ description: 'The moment after its last. Default: the end of the hour that is running.' }),
}

export const period = z
  .object({ start: instantOut, end: instantOut })
  .meta({ id: 'Period', description: 'From the start up to, not including, the end.' })

const [hourMillis, dayMillis] = [3_600_000, 86_400_000]
const defaultDays = 90
const daysMax = 800

/** @returns what is wrong with it, in words, when it is no period */
export function periodOf(
  { from, to }: { readonly from?: string; readonly to?: string },
  now: Instant,
): Window | { readonly wrong: string } {
  const end = to === undefined ? (Math.floor(millisOf(now) / hourMillis) + 1) * hourMillis : millisOf(exact(to))
  const start =
    from === undefined ? Math.floor((end - defaultDays * dayMillis) / dayMillis) * dayMillis : millisOf(exact(from))
  if (start >= end) return { wrong: '`to` is not after `from`' }
  if (end - start > daysMax * dayMillis) return { wrong: `a period has at most ${daysMax} days` }
  return { start: instantOf(start), end: instantOf(end) }
}

function exact(text: string): Instant {
  return parseInstant(text) ?? ''
}
