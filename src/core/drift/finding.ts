/**
 * What was found to have drifted, as a record with a life: it appears, may change, ends, and comes back under the same id,
 * so that nobody meets the same thing twice as something new. Pure.
 */
import type { Verdict } from '../conflict.ts'
import type { NodeId, PersonId, SystemId } from '../directory.ts'
import type { EntitlementId } from '../policy.ts'
import type { Instant } from '../time.ts'
import { type Finding as ReviewFinding, systemActor, type WaiverId } from '../waiver.ts'

/** On targets first, then what becomes of waivers over time. */
export const driftKinds = [
  'access-without-waiver',
  'expiry-moved',
  'other-account',
  'changed-on-target',
  'owner-left',
  'repeated-waivers',
  'never-used',
] as const
export type DriftKind = (typeof driftKinds)[number]

/** `drf_…`, made from what it is about: the same is found once, and its record goes on. */
export type DriftId = string

/** What was seen, without its history. */
export interface Drift {
  readonly kind: DriftKind
  readonly system: SystemId
  /** Absent: everything on the target, by the right to administer it. */
  readonly entitlement?: EntitlementId
  /** On the target, byte by byte. */
  readonly account?: string
  /** Whose it is by the directory, where that is beyond doubt. */
  readonly holder?: NodeId
  readonly grant?: string
  /** Waivers it is about, newest first. */
  readonly waivers: readonly WaiverId[]
  /** In the words of the target: ways by which the access is there, or what was changed. */
  readonly ways: readonly string[]
  /** When the waiver says it ends. */
  readonly wantedUntil?: Instant
  /** When the target says it ends; `never`: the target keeps ends, and has none for this. */
  readonly seenUntil?: Instant | 'never'
  /** Habits: how many waivers, over so many days. */
  readonly waiversCount?: number
  readonly overDays?: number
}

export type EndOfDrift = 'gone' | 'covered' | 'not-governed'

export interface DriftFinding {
  readonly id: DriftId
  readonly version: number
  readonly status: 'open' | 'ended'
  readonly drift: Drift
  readonly since: Instant
  /** How often it has appeared, this time included. */
  readonly timesCount: number
  readonly end?: { readonly at: Instant; readonly because: EndOfDrift }
  /** Of this appearance; whoever looks back on it is independent of everybody it is about. */
  readonly review?: {
    readonly by: PersonId
    readonly at: Instant
    readonly finding: ReviewFinding
    readonly note: string
  }
}

interface Stamp {
  readonly at: Instant
  readonly by: NodeId
}

export type DriftEvent = Stamp &
  (
    | { readonly type: 'DriftFound'; readonly drift: Drift }
    | { readonly type: 'HabitFound'; readonly drift: Drift }
    /** Still there, and not as it was: a later end, one more way. A review of how it was says nothing of how it is. */
    | { readonly type: 'DriftChanged'; readonly drift: Drift }
    | { readonly type: 'DriftEnded'; readonly because: EndOfDrift }
    | { readonly type: 'HabitEnded'; readonly because: EndOfDrift }
    | {
        readonly type: 'DriftReviewed'
        readonly finding: ReviewFinding
        readonly note: string
        readonly verdict: Verdict
      }
    | {
        readonly type: 'AttemptRefused'
        readonly command: 'review-drift'
        readonly code: string
        readonly message: string
        readonly verdict?: Verdict
      }
  )

/** What tells one finding from another; whatever else changes about it, it is the same one. */
export function driftKey(drift: Drift): readonly string[] {
  const { kind, system, entitlement = '', account = '', holder = '', grant = '', waivers } = drift
  switch (kind) {
    case 'access-without-waiver':
      return [kind, system, entitlement, account]
    case 'expiry-moved':
    case 'changed-on-target':
      return [kind, grant]
    case 'other-account':
      return [kind, grant, account]
    case 'owner-left':
      return [kind, waivers[0] ?? '']
    case 'repeated-waivers':
    case 'never-used':
      return [kind, system, entitlement, holder]
    default:
      return kind satisfies never
  }
}

/** @returns what is to be recorded now that this was seen: nothing when it is known as it is. */
export function found(known: DriftFinding | undefined, drift: Drift, now: Instant): readonly DriftEvent[] {
  const stamp = { at: now, by: systemActor }
  if (known?.status !== 'open') return [{ ...stamp, type: isSlow(drift) ? 'HabitFound' : 'DriftFound', drift }]
  return isSame(known.drift, drift) ? [] : [{ ...stamp, type: 'DriftChanged', drift }]
}

export function ended(known: DriftFinding | undefined, because: EndOfDrift, now: Instant): readonly DriftEvent[] {
  if (known?.status !== 'open') return []
  return [{ at: now, by: systemActor, type: isSlow(known.drift) ? 'HabitEnded' : 'DriftEnded', because }]
}

export function evolveDrift(known: DriftFinding | undefined, event: DriftEvent, id: DriftId): DriftFinding {
  const version = (known?.version ?? 0) + 1
  if (event.type === 'DriftFound' || event.type === 'HabitFound') {
    const timesCount = (known?.timesCount ?? 0) + 1
    return { id, version, status: 'open', drift: event.drift, since: event.at, timesCount }
  }
  if (known === undefined) throw new Error(`bug: \`${event.type}\` before anything was found`)
  switch (event.type) {
    case 'DriftChanged': {
      const { review: _, ...rest } = known
      return { ...rest, version, drift: event.drift }
    }
    case 'DriftEnded':
    case 'HabitEnded':
      return { ...known, version, status: 'ended', end: { at: event.at, because: event.because } }
    case 'DriftReviewed': {
      const { by, at, finding, note } = event
      return { ...known, version, review: { by, at, finding, note } }
    }
    case 'AttemptRefused':
      return { ...known, version }
    default:
      return event satisfies never
  }
}

/** More of the same waivers is no change worth a record, but once it doubles, or other days are looked back. */
function isSame(one: Drift, other: Drift): boolean {
  if (one.overDays !== other.overDays) return false
  if (isHabit(one)) return (other.waiversCount ?? 0) < 2 * (one.waiversCount ?? 0)
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other))
}

function comparable({ entitlement, account, holder, grant, ways, wantedUntil, seenUntil }: Drift): readonly unknown[] {
  return [entitlement, account, holder, grant, ways, wantedUntil, seenUntil]
}

/** Nobody has to be woken for it. */
function isSlow({ kind }: Drift): boolean {
  return kind === 'repeated-waivers' || kind === 'never-used'
}

/** What shows over time in our own record, and is no state of a target. */
export function isHabit({ kind }: Pick<Drift, 'kind'>): boolean {
  return kind === 'repeated-waivers' || kind === 'never-used' || kind === 'owner-left'
}
