/** The shapes of conditions: what can be said about how a waiver may be used. Each may only become stricter. */
import type { Digest } from '../terms.ts'
import type { Duration } from '../time.ts'

export interface Conditions {
  /** The waiver is spent after so many uses. */
  readonly usesMax?: number
  /** Resources that stay forbidden whatever the entitlement contains. May only grow. */
  readonly exclusions?: readonly string[]
  /** Only through one of these tools. */
  readonly tools?: readonly ToolCondition[]
  /** What arguments have to be; each must be there, unless the rule says that it must not. */
  readonly arguments?: readonly ArgumentCondition[]
  /** Arguments that no rule names are forbidden. */
  readonly argumentsClosed?: true
  /** At most so many uses in each stretch of time of this length, counted from 1970. */
  readonly rate?: Rate
  /** The waiver is spent after so many bytes, as whoever enforces counts them. */
  readonly bytesMax?: number
  /** How many may stand in the chain behind the use; 0: nobody but the user. */
  readonly delegationDepthMax?: number
  /** Only within one of these spans of the day. */
  readonly hours?: readonly Hours[]
}

export interface ToolCondition {
  readonly name: string
  /** Of the tool's description and schema as they were approved; another tool by this name is none. */
  readonly digest?: Digest
}

/** A plain value of an argument; compared by type and value, text byte by byte. */
export type ArgumentValue = string | number | boolean

/**
 * `argument` is a name, or a path into nested ones: `/target/region`, with `*` for every element of a list. One rule an
 * argument.
 */
export type ArgumentCondition = { readonly argument: string } & (
  | { readonly oneOf: readonly ArgumentValue[] }
  /** All values at this path are these, as often and in this order; of a list, its elements. */
  | { readonly exactly: readonly ArgumentValue[] }
  /** Text that begins with one of these and does not climb out again. */
  | { readonly startsWith: readonly string[] }
  | { readonly atLeast?: number; readonly atMost?: number }
  | { readonly absent: true }
)

export interface Rate {
  readonly usesMax: number
  readonly per: Duration
}

export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
export const days: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `[from, to)` on each of the days, by the clock at this distance from UTC. */
export interface Hours {
  /** Absent: every day. */
  readonly days?: readonly Day[]
  /** `08:00` to `24:00`; `from` lies before `to`. */
  readonly from: string
  readonly to: string
  /** `+01:00`, `-05:30`, `+00:00`. Fixed: no rule depends on when a country changes its clocks. */
  readonly offset: string
}
