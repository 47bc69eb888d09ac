/**
 * What an HTTP status says about what was posted: taken, not taken and worth another try, or not taken for good. The body of
 * an answer is never looked at.
 */
import { done, notDone, type Outcome } from '../access.ts'

/** `retryAfterSeconds`: what the receiver asked for (RFC 9110, Retry-After); whoever repeats may wait less. */
export type HttpOutcome = Outcome & { readonly retryAfterSeconds?: number }

/** Not now: time-out, conflict, too early, too many (RFC 9110, 8470, 6585). */
const passing: ReadonlySet<number> = new Set([408, 409, 425, 429])

/** @param nowMillis to turn a date in Retry-After into seconds from now. */
export function outcomeOf(status: number, retryAfter: string | undefined, nowMillis: number): HttpOutcome {
  if (status >= 200 && status <= 299) return done(undefined)
  if (status >= 300 && status <= 399)
    return notDone(`redirected (${status}); write the new address into \`url\``, false)
  const retryable = status >= 500 || passing.has(status)
  const outcome = notDone(`the receiver answered ${status}`, retryable)
  const seconds = retryable ? retryAfterSeconds(retryAfter, nowMillis) : undefined
  return seconds === undefined ? outcome : { ...outcome, retryAfterSeconds: seconds }
}

/** Seconds or a date, RFC 9110 section 10.2.3; anything else is as if nothing had been said. */
function retryAfterSeconds(text: string | undefined, nowMillis: number): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text.trim())) return Number(text)
  const at = /^[A-Z][a-z]{2,8}, .*GMT$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - nowMillis) / 1_000))
}
