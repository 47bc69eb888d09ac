/**
 * A source that suddenly says much less is more often broken than right. Its word is held: the last good facts stay in
 * force and grow old, until the source says otherwise again or somebody independent confirms that it is so. Pure.
 */
import { type CheckFacts, mayCheck } from './checker.ts'
import { personsControlling } from './compile.ts'
import type { ConflictCode, Verdict } from './conflict.ts'
import { countersignSystem, type NodeId, type SourceId } from './directory.ts'
import type { Shrinkage } from './merge/shrinkage.ts'
import { type Refusal, refusal } from './refusal.ts'
import { nodeKindOf } from './standing.ts'
import type { Digest } from './terms.ts'
import type { Instant } from './time.ts'
import { systemActor } from './waiver.ts'

/** What the source said at one moment: exactly this can be confirmed, and nothing it said later. */
export interface HeldWord {
  readonly snapshot: Digest
  /** The source's own revision. */
  readonly revision: string
  readonly at: Instant
  readonly gone: Shrinkage
}

export interface Hold {
  readonly source: SourceId
  readonly version: number
  /** `released`: the source came to its senses by itself. `rejected`: what it says stays out, as long as it says the same. */
  readonly status: 'held' | 'confirmed' | 'rejected' | 'released'
  readonly since: Instant
  /** Oldest first; the last ones are kept, so that a source that keeps moving can be confirmed all the same. */
  readonly words: readonly HeldWord[]
  readonly end?: { readonly by: NodeId; readonly at: Instant; readonly reason: string }
  /** What had gone by then is no longer sudden. */
  readonly confirmedAt?: Instant
}

export type HoldCommand =
  | { readonly type: 'confirm'; readonly snapshot: Digest; readonly reason: string }
  | { readonly type: 'reject'; readonly snapshot: Digest; readonly reason: string }

interface Stamp {
  readonly at: Instant
  readonly by: NodeId
}

export type HoldEvent = Stamp &
  (
    | { readonly type: 'SourceHeld'; readonly source: SourceId; readonly word: HeldWord }
    | { readonly type: 'SourceReleased' }
    | {
        readonly type: 'SourceConfirmed'
        readonly snapshot: Digest
        readonly reason: string
        readonly verdict: Verdict
      }
    | { readonly type: 'SourceRejected'; readonly snapshot: Digest; readonly reason: string; readonly verdict: Verdict }
    | {
        readonly type: 'AttemptRefused'
        readonly command: HoldCommand['type']
        readonly code: string
        readonly message: string
        readonly verdict?: Verdict
      }
  )

export interface HoldFacts extends CheckFacts {
  readonly source: SourceId
  /** Everybody of whom the word takes something away. */
  readonly concerned: ReadonlySet<NodeId>
}

export type HoldDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly HoldEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly HoldEvent[] }

/** So many different words of a source that keeps moving can still be confirmed. */
const wordsMax = 10

/**
 * Whoever runs the source or this installation could have made it say so. That the directory is too old does not count:
 * the hold may be the very reason for it.
 */
const counting: ReadonlySet<ConflictCode> = new Set([
  'on-granting-team',
  'operates-countersign',
  'not-a-person',
  'unresolved-identity',
])

/** Said once a word; what was rejected is not put forward again while the source says the same. */
export function holdWord(hold: Hold | undefined, word: HeldWord, source: SourceId, now: Instant): readonly HoldEvent[] {
  const known = isHeld(hold) && hold.words.at(-1)?.snapshot === word.snapshot
  return known ? [] : [{ at: now, by: systemActor, type: 'SourceHeld', source, word }]
}

export function releaseHold(hold: Hold | undefined, now: Instant): readonly HoldEvent[] {
  return isHeld(hold) ? [{ at: now, by: systemActor, type: 'SourceReleased' }] : []
}

export function decideHold(hold: Hold | undefined, command: HoldCommand, facts: HoldFacts): HoldDecision {
  const { now: at, actor } = facts
  const { snapshot, reason } = command
  const { refusal: no, verdict } = mayDecide(hold, snapshot, facts)
  if (no === undefined) {
    const type = command.type === 'confirm' ? 'SourceConfirmed' : 'SourceRejected'
    return { outcome: 'accepted', events: [{ at, by: actor.id, type, snapshot, reason, verdict }] }
  }
  const { code, message } = no
  const attempt = { at, by: actor.id, type: 'AttemptRefused', command: command.type, code, message, verdict } as const
  return { outcome: 'refused', refusal: no, events: [attempt] }
}

export function evolveHold(hold: Hold | undefined, event: HoldEvent): Hold {
  if (event.type === 'SourceHeld') {
    const words = [...(isHeld(hold) ? hold.words : []), event.word].slice(-wordsMax)
    return {
      source: event.source,
      version: (hold?.version ?? 0) + 1,
      status: 'held',
      since: isHeld(hold) ? hold.since : event.at,
      words,
      ...(hold?.confirmedAt === undefined ? {} : { confirmedAt: hold.confirmedAt }),
    }
  }
  if (hold === undefined) throw new Error(`bug: \`${event.type}\` before anything was held`)
  const next = { ...hold, version: hold.version + 1 }
  const ended = (status: Hold['status'], reason: string): Hold => ({
    ...next,
    status,
    end: { by: event.by, at: event.at, reason },
  })
  switch (event.type) {
    case 'SourceReleased':
      return ended('released', 'the source no longer lacks so much')
    case 'SourceConfirmed':
      return { ...ended('confirmed', event.reason), confirmedAt: event.at }
    case 'SourceRejected':
      return ended('rejected', event.reason)
    case 'AttemptRefused':
      return next
    default:
      return event satisfies never
  }
}

/** Something of the source is kept out, decided about or not. */
export function isHeld(hold: Hold | undefined): hold is Hold {
  return hold?.status === 'held' || hold?.status === 'rejected'
}

function mayDecide(hold: Hold | undefined, snapshot: Digest, facts: HoldFacts) {
  const { actor, directory, source, concerned, policy, now } = facts
  const own: NodeId = `sys_${source}`
  const system = nodeKindOf(directory, own) === 'system' ? own : countersignSystem
  // Nobody asked for it, so only what is asked about the source itself counts.
  const matter = { requester: actor.id, chain: [], beneficiary: actor.id, system, took: [], pools: [], rules: [] }
  const { verdict, refusal: unfit } = mayCheck(matter, facts, (code) => counting.has(code))
  const shown = hold?.words.some((word) => word.snapshot === snapshot)
  // By any of their names: who is said to be somebody else is them as well.
  const isConcerned = [actor.id, ...personsControlling(directory, actor.id, now, policy)].some((id) =>
    concerned.has(id),
  )
  const no =
    (hold?.status === 'held'
      ? undefined
      : refusal('not-in-this-state', `nothing of \`${source}\` waits to be confirmed`)) ??
    unfit ??
    (isConcerned ? refusal('checker-is-concerned', `\`${actor.id}\``) : undefined) ??
    (shown ? undefined : refusal('terms-changed', 'the source has never said this'))
  return { verdict, refusal: no }
}
