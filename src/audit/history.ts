/**
 * A history as the analysis sees it: acts in the order in which they took effect, each with the place where it is
 * written. Reading is done elsewhere, and nothing here judges.
 */
import { type Day, type End, type Month, monthOf, parseEnd, parseWhen, type SaidEnd } from './calendar.ts'
import type { ActKind, HistoryRecord } from './record.ts'

export interface Act {
  /** Place in the history, from 0. */
  readonly index: number
  /** `file:line`. */
  readonly place: string
  /** What was decided in one go. */
  readonly change: string
  readonly kind: ActKind
  readonly at: string
  readonly day: Day
  readonly month: Month
  readonly beneficiary?: string
  readonly grant?: string
  readonly system?: string
  readonly entitlement?: string
  readonly entitlementBefore?: string
  readonly team?: string
  /** `undefined` here and below: the history does not say. */
  readonly askedBy?: readonly string[]
  readonly approvedBy?: readonly string[]
  readonly enteredBy?: string
  /** Which of the names are no people. */
  readonly machines: readonly string[]
  readonly until: SaidEnd
  readonly untilBefore: SaidEnd
  /** `null` here and below: the history says that there is none. */
  readonly reason?: string | null
  readonly reference?: string | null
  readonly sponsor?: string | null
}

export interface HistoryFile {
  readonly name: string
  readonly linesCount: number
  /** `sha256:…` of its bytes. */
  readonly digest: string
}

export interface History {
  readonly acts: readonly Act[]
  readonly files: readonly HistoryFile[]
  readonly mapper: string
}

export interface PlacedRecord {
  readonly place: string
  /** Read from a place where nothing else stands; the default for `change`. */
  readonly record: HistoryRecord
}

/** @returns the act, or what is wrong with a moment in it. */
export function actOf({ place, record }: PlacedRecord, index: number): Act | { readonly problem: string } {
  const when = parseWhen(record.at)
  if (when === undefined) return { problem: momentProblem('at', record.at) }
  const until = saidEnd(record.until)
  if (until === undefined) return { problem: momentProblem('until', record.until) }
  const untilBefore = saidEnd(record.untilBefore)
  if (untilBefore === undefined) return { problem: momentProblem('untilBefore', record.untilBefore) }
  const { at: _, act: kind, until: __, untilBefore: ___, machines = [], change = place, ...rest } = record
  return {
    ...dropAbsent(rest),
    index,
    place,
    kind,
    ...when,
    month: monthOf(when.day),
    change,
    machines,
    until,
    untilBefore,
    ...(record.reason === undefined ? {} : { reason: blankIsNone(record.reason) }),
  }
}

/** Several histories become one, by time; the order within each file stays. */
export function inOrder(files: readonly (readonly PlacedRecord[])[]): readonly PlacedRecord[] {
  if (files.length <= 1) return files[0] ?? []
  const heads = files.map(() => 0)
  const total = files.reduce((sum, file) => sum + file.length, 0)
  return Array.from({ length: total }, () => {
    const next = earliestHead(files, heads)
    const record = files[next]?.[heads[next] as number] as PlacedRecord
    heads[next] = (heads[next] as number) + 1
    return record
  })
}

function earliestHead(files: readonly (readonly PlacedRecord[])[], heads: readonly number[]): number {
  let best = -1
  let bestAt = ''
  for (const [number, file] of files.entries()) {
    const head = file[heads[number] as number]
    if (head === undefined) continue
    const at = parseWhen(head.record.at)?.at ?? ''
    if (best < 0 || at < bestAt) [best, bestAt] = [number, at]
  }
  return best
}

/** `undefined` when it says something that is no moment. */
function saidEnd(said: string | null | undefined): SaidEnd | undefined {
  if (said === undefined) return 'unknown'
  return said === null ? 'none' : (parseEnd(said) satisfies End | undefined)
}

function momentProblem(field: string, written: unknown): string {
  return `\`${field}\` is \`${String(written)}\`, expected a date such as 2026-11-22 or an instant such as 2026-11-22T10:00:00Z`
}

function blankIsNone(reason: string | null): string | null {
  return reason === null || reason.trim() === '' ? null : reason
}

function dropAbsent<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>
  }
}
