/**
 * The small things that people write in files: ids, names, durations, moments. Each is a schema that says what it
 * expects in words, so that messages and the published JSON Schema agree. Nothing is repaired silently.
 */
import { z } from 'zod'
import { type Duration, parseInstant, secondsOf } from '../core/time.ts'
import { inert } from './validate.ts'

/** `ledger-db`, `eu.payments_2`: what ids look like behind their prefix. */
export const idPattern = /^[a-z0-9](?:[a-z0-9._-]{0,158}[a-z0-9])?$/
/** Ids with room for a prefix; where the prefix belongs is checked against the kind that is expected. */
const referencePattern = /^[a-z0-9](?:[a-z0-9._-]{0,164}[a-z0-9])?$/
const durationPattern = /^P(?=[0-9T])(?:[0-9]+W)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?$/
const momentPattern =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2}))?$/

/** An id without prefix, as a key or a value. `constructor` is taken by the language and refused. */
export const idText = z
  .string()
  .regex(idPattern, {
    error: 'expected an id of lower-case letters, digits, `-`, `_` and `.`, at most 160 characters',
    abort: true,
  })
  .refine((id) => id !== 'constructor', { error: '`constructor` cannot be an id; choose another' })

/** A reference to something named elsewhere, with or without its prefix (`maria` or `per_maria`). */
export const referenceText = z
  .string()
  .regex(referencePattern, { error: 'expected the id of something named elsewhere', abort: true })

/** Shown to people: any script, no control characters, nothing that reverses the text around it. */
export const nameText = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]/u.test(text), {
    error: (issue) => `expected a name without control or direction characters, got \`${inert(String(issue.input))}\``,
  })

/** Compared byte by byte with something outside: a login, a table, an action. */
export const exactText = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text), {
    error: (issue) => `expected visible characters only, got \`${inert(String(issue.input))}\``,
  })
  .refine((text) => text.trim() === text, { error: 'expected no spaces at the beginning or the end' })

/**
 * What terms may choose from, by exact name. A pattern would let an approval mean more than was shown. Empty brackets
 * are no pattern: `ledger.post(integer[])` is the name of a function.
 */
export const termsName = exactText.refine((text) => !/[*?{}]|\[[^\]]/.test(text), {
  error: (issue) =>
    `\`${inert(String(issue.input))}\` looks like a pattern; terms name things exactly, so list each one`,
})

/** A duration as it stands, checked: `PT4H`. */
export const durationText = z
  .string()
  .regex(durationPattern, { error: 'expected a duration such as `PT4H`, `PT30M` or `P7D`', abort: true })
  .refine((text) => secondsOf(text) !== undefined, { error: 'is too long a duration' })

/** A duration in whole seconds. */
export const seconds = durationText.transform((text: Duration) => secondsOf(text) ?? 0)

/** A duration in seconds of at least one second. */
export const someSeconds = durationText
  .refine((text) => secondsOf(text) !== 0, { error: 'expected more than no time at all' })
  .transform((text: Duration) => secondsOf(text) ?? 0)

/** A moment as an instant in UTC; a bare date is its first moment in UTC. */
export const moment = z
  .string()
  .regex(momentPattern, {
    error: 'expected a moment such as `2026-11-22T10:00:00Z` or a date such as `2026-11-22`',
    abort: true,
  })
  .refine((text) => instantOfText(text) !== undefined, { error: 'is no moment in the calendar' })
  .transform((text) => instantOfText(text) ?? text)

/** A list in which nothing stands twice. */
export function listOf<Item extends z.ZodType<string, string>>(item: Item) {
  return z.array(item).superRefine((items, context) => {
    for (const [index, each] of items.entries()) {
      if (items.indexOf(each) !== index) {
        context.addIssue({ code: 'custom', path: [index], message: `\`${inert(each)}\` is listed twice; keep one` })
      }
    }
  })
}

/** `{ id: … }` with ids as keys. */
export function mapOf<Value extends z.ZodType>(value: Value) {
  return z.record(idText, value)
}

/** Date parsing of the language rolls `2026-02-30` over into March; a day must come back as it was written. */
function instantOfText(text: string): string | undefined {
  const instant = parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text)
  const day = parseInstant(`${text.slice(0, 10)}T00:00:00Z`)
  return day?.slice(0, 10) === text.slice(0, 10) ? instant : undefined
}
