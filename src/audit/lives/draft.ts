/**
 * A grant while its history is played: what is known of it so far, and what one more act does to it.
 */
import type { SaidEnd } from '../calendar.ts'
import type { Act } from '../history.ts'
import type { GrantLife, Promised } from './life.ts'
import { contradicts, type Move } from './moves.ts'

export interface Draft extends Omit<GrantLife, 'promises' | 'acts'> {
  entitlement?: string
  team?: string
  removed?: { at: string; day: string }
  promises: Promised[]
  acts: number[]
  laterCount: number
  laterAfterEndCount: number
  movesCount: number
  reason?: string | null
}

/** The same grant: by its name where it has one, or else by who has what where. */
export function keyOf({ grant, beneficiary, system, entitlement }: Act): string {
  return JSON.stringify(grant === undefined ? [beneficiary, system, entitlement] : [grant])
}

export function isAboutEverything({ grant, entitlement, kind }: Act): boolean {
  return grant === undefined && entitlement === undefined && (kind === 'end-changed' || kind === 'removed')
}

export function endOf(draft: Draft): SaidEnd {
  return draft.promises.at(-1)?.end ?? 'unknown'
}

export function apply(draft: Draft, act: Act, move: Move | undefined, afterEnd: boolean, begun: boolean): void {
  if (!begun) draft.acts.push(act.index)
  if (move !== undefined) promise(draft, act)
  if (move !== undefined && move !== 'same') draft.movesCount += 1
  if (move === 'later') draft.laterCount += 1
  if (move === 'later' && afterEnd) draft.laterAfterEndCount += 1
  remember(draft, act)
}

/** A change that does not say the new end leaves nobody knowing it. */
export function promise(draft: Draft, { at, day, until }: Act): void {
  draft.promises.push({ at, day, end: until })
}

export function remember(draft: Draft, { entitlement, team, reason }: Act): void {
  if (entitlement !== undefined) draft.entitlement = entitlement
  if (team !== undefined) draft.team = team
  if (reason !== undefined) draft.reason = reason
}

export function reasonStays(held: readonly Draft[], { reason }: Act): boolean | undefined {
  const before = held[0]?.reason
  return before === undefined || before === null || reason === undefined ? undefined : reason === before
}

/** The end stands elsewhere than where the history last left it: somebody moved it without a record. */
export function unrecorded(draft: Draft, { untilBefore }: Act): 'end-moved-unrecorded'[] {
  return contradicts(endOf(draft), untilBefore) ? ['end-moved-unrecorded'] : []
}

export function ifKnown<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Exclude<Value, undefined> } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Exclude<Value, undefined> })
}
