/**
 * A change to the rules: policy, pools, classifications. Files only propose; a change takes effect after somebody
 * independent of its author, and of everybody it admits, has countersigned it, and after a delay. Pure.
 */
import { type CompiledDirectory, membersOfTeam } from './compile.ts'
import type { Verdict } from './conflict.ts'
import { freshSignIn } from './decide/checks.ts'
import { kindOf, type NodeId, type PersonId, type TeamId } from './directory.ts'
import { kindSet } from './independence/graph.ts'
import { eachCurrentIn, idOf, momentAt, numberOf } from './independence/moment.ts'
import { type IndependenceHistory, independence, type Matter, poolsOf } from './independence.ts'
import { poolsThat } from './obligations.ts'
import type { Policy, PoolId } from './policy.ts'
import { type Refusal, refusal } from './refusal.ts'
import { route } from './route.ts'
import { loosenedBy, type RuleDifference } from './rules-diff.ts'
import { nodeKindOf } from './standing.ts'
import type { Digest } from './terms.ts'
import { type Instant, plusSeconds } from './time.ts'
import type { Actor } from './waiver.ts'

export type ChangeId = string
export type ChangeStatus = 'proposed' | 'countersigned' | 'effective' | 'denied' | 'withdrawn' | 'superseded'

export interface Change {
  readonly id: ChangeId
  readonly version: number
  readonly status: ChangeStatus
  readonly author: PersonId
  readonly at: Instant
  readonly reason: string
  /** Revision it was made on and revision it proposes. */
  readonly base: Digest
  readonly proposed: Digest
  readonly differences: readonly RuleDifference[]
  /** People and teams that come to decide something by it. */
  readonly admits: readonly NodeId[]
  readonly countersignatures: readonly ChangeCountersignature[]
  readonly effectiveAt?: Instant
  readonly end?: { readonly by: NodeId; readonly at: Instant; readonly reason: string }
}

export interface ChangeCountersignature {
  readonly by: PersonId
  readonly at: Instant
  /** Given as a founder, because nobody in the rules pools could. */
  readonly asFounder?: boolean
  /** Approvals go back and forth between them and the author, so this one asks for so many more. */
  readonly additional?: number
}

export type ChangeCommand =
  | {
      readonly type: 'propose'
      readonly reason: string
      readonly base: Digest
      readonly proposed: Digest
      readonly differences: readonly RuleDifference[]
      readonly admits: readonly NodeId[]
    }
  | { readonly type: 'countersign'; readonly proposed: Digest }
  | { readonly type: 'deny'; readonly reason: string }
  | { readonly type: 'withdraw'; readonly reason: string }
  | { readonly type: 'tick' }

interface Stamp {
  readonly at: Instant
  readonly by: NodeId
}

export type ChangeEvent = Stamp &
  (
    | ({ readonly type: 'ChangeProposed' } & Pick<Change, 'reason' | 'base' | 'proposed' | 'differences' | 'admits'>)
    | {
        readonly type: 'ChangeCountersigned'
        readonly verdict: Verdict
        readonly complete: boolean
        readonly effectiveAt: Instant
        readonly asFounder?: boolean
      }
    | { readonly type: 'ChangeDenied'; readonly reason: string; readonly verdict: Verdict }
    | { readonly type: 'ChangeWithdrawn'; readonly reason: string }
    | { readonly type: 'ChangeTookEffect' }
    /** `reason` is absent when other rules came into force meanwhile. */
    | { readonly type: 'ChangeSuperseded'; readonly reason?: string }
    | {
        readonly type: 'AttemptRefused'
        readonly command: ChangeCommand['type']
        readonly code: string
        readonly message: string
        readonly verdict?: Verdict
      }
  )

export interface ChangeFacts {
  readonly now: Instant
  readonly actor: Actor
  readonly directory: CompiledDirectory
  readonly policy: Policy
  /** Revision in force. */
  readonly current: Digest
  readonly history: IndependenceHistory
  readonly clock: 'steady' | 'went-backwards'
  /** How many founders decide together when nobody in the rules pools can. */
  readonly foundersNeeded: number
}

export type ChangeDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly ChangeEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly ChangeEvent[] }

/** When founders stand in for a pool that has nobody independent, everybody gets a day to object. */
export const foundersDelaySecondsMin = 86_400

export function decideChange(change: Change | undefined, command: ChangeCommand, facts: ChangeFacts): ChangeDecision {
  const stamp = { at: facts.now, by: facts.actor.id }
  const accept = (event: ChangeEvent): ChangeDecision => ({ outcome: 'accepted', events: [event] })
  const refuse = (no: Refusal, verdict?: Verdict): ChangeDecision => ({
    outcome: 'refused',
    refusal: no,
    events: [
      {
        ...stamp,
        type: 'AttemptRefused',
        command: command.type,
        code: no.code,
        message: no.message,
        ...(verdict && { verdict }),
      },
    ],
  })

  if (command.type === 'propose') {
    const no = mayPropose(command, facts)
    if (no !== undefined || change !== undefined) return refuse(no ?? refusal('already-asked'))
    const { type: _, ...proposal } = command
    return accept({ ...stamp, type: 'ChangeProposed', ...proposal })
  }
  if (change === undefined) return refuse(refusal('change-not-open'))
  switch (command.type) {
    case 'countersign': {
      const { refusal: no, verdict, asFounder } = mayCountersign(change, facts)
      if (no !== undefined) return refuse(no, verdict)
      if (command.proposed !== change.proposed) return refuse(refusal('terms-changed'), verdict)
      if (change.base !== facts.current) return refuse(refusal('change-superseded'), verdict)
      if (facts.clock !== 'steady') return refuse(refusal('clock-went-backwards'), verdict)
      return accept(countersignature(change, facts, verdict, asFounder))
    }
    case 'deny': {
      const { refusal: no, verdict } = mayDeny(change, facts)
      return no === undefined
        ? accept({ ...stamp, type: 'ChangeDenied', reason: command.reason, verdict })
        : refuse(no, verdict)
    }
    case 'withdraw':
      if (!isUndecidedOrWaiting(change)) return refuse(refusal('change-not-open'))
      if (facts.actor.id !== change.author) return refuse(refusal('not-permitted'))
      return accept({ ...stamp, type: 'ChangeWithdrawn', reason: command.reason })
    case 'tick':
      return { outcome: 'accepted', events: ticked(change, facts) }
    default:
      return command satisfies never
  }
}

export function evolveChange(change: Change | undefined, event: ChangeEvent, id: ChangeId): Change | undefined {
  if (event.type === 'ChangeProposed') {
    const { at, by, reason, base, proposed, differences, admits } = event
    return {
      id,
      version: 1,
      status: 'proposed',
      author: by,
      at,
      reason,
      base,
      proposed,
      differences,
      admits,
      countersignatures: [],
    }
  }
  if (change === undefined) return undefined
  const next = { ...change, version: change.version + 1 }
  const ended = (status: ChangeStatus, reason: string): Change => ({
    ...next,
    status,
    end: { by: event.by, at: event.at, reason },
  })
  switch (event.type) {
    case 'ChangeCountersigned': {
      const countersignatures = [...change.countersignatures, countersignatureOf(event)]
      return event.complete
        ? { ...next, countersignatures, status: 'countersigned', effectiveAt: event.effectiveAt }
        : { ...next, countersignatures }
    }
    case 'ChangeDenied':
      return ended('denied', event.reason)
    case 'ChangeWithdrawn':
      return ended('withdrawn', event.reason)
    case 'ChangeTookEffect':
      return { ...next, status: 'effective' }
    case 'ChangeSuperseded':
      return ended('superseded', event.reason ?? 'the rules were changed meanwhile')
    case 'AttemptRefused':
      return next
    default:
      return event satisfies never
  }
}

function mayPropose(
  { base }: Extract<ChangeCommand, { type: 'propose' }>,
  { actor, directory, current, now, policy, history }: ChangeFacts,
): Refusal | undefined {
  if (base !== current) return refusal('change-superseded')
  // Asked of an independence that nobody has: it says whether this is an active person.
  const self = independence(selfMatter(actor.id), actor.id, directory, history, policy, now)
  const nobody = self.conflicts.some(({ code }) => code === 'not-a-person' || code === 'unresolved-identity')
  return nobody || actor.chain.length > 0 ? refusal('only-people-decide') : undefined
}

interface Standing {
  readonly refusal?: Refusal
  readonly verdict: Verdict
  /** In none of the pools, but a founder, while nobody in the rules pools can decide. */
  readonly asFounder: boolean
}

function mayCountersign(change: Change, facts: ChangeFacts): Standing {
  if (change.status !== 'proposed') {
    return { ...standingOn(change, facts), refusal: refusal('change-not-open', `it is ${change.status}`) }
  }
  return standingOn(change, facts)
}

/** Whoever countersigned may think again; and until it takes effect, anybody who looks after security may object. */
function mayDeny(change: Change, facts: ChangeFacts): Standing {
  const watching = [...poolsThat(facts.policy, 'rules'), ...poolsThat(facts.policy, 'security')]
  const standing = standingOn(change, facts, [...new Set(watching)])
  const { refusal: _, ...mayAct } = standing
  if (!isUndecidedOrWaiting(change)) return { ...mayAct, refusal: refusal('change-not-open', `it is ${change.status}`) }
  if (!hasSigned(change, facts.actor.id)) return standing
  const no = freshSignIn(facts)
  return no === undefined ? mayAct : { ...mayAct, refusal: no }
}

function standingOn(change: Change, facts: ChangeFacts, pools = poolsThat(facts.policy, 'rules')): Standing {
  const { actor, directory, history, policy, now } = facts
  const matter = changeMatter(change, facts, pools)
  const verdict = independence(matter, actor.id, directory, history, policy, now)
  const inPool = poolsOf(actor.id, pools, directory, policy, now).length > 0
  const asFounder = !inPool && policy.founders.includes(actor.id) && !rulesPoolsCanDecide(change, facts)
  const no = unfit(change, actor.id, verdict) ?? (inPool || asFounder ? freshSignIn(facts) : outOf(pools))
  return { verdict, asFounder, ...(no === undefined ? {} : { refusal: no }) }
}

function unfit(change: Change, person: PersonId, verdict: Verdict): Refusal | undefined {
  const { conflicts } = verdict
  if (person === change.author) return refusal('author-is-approver', undefined, { conflicts })
  if (hasSigned(change, person)) return refusal('one-person-counts-once')
  return verdict.independent ? undefined : refusal('approver-not-independent', codesIn(verdict), { conflicts })
}

function outOf(pools: readonly PoolId[]): Refusal {
  return refusal('approver-not-in-pool', undefined, { nearest: pools })
}

function rulesPoolsCanDecide(change: Change, facts: ChangeFacts): boolean {
  const { directory, history, policy, now } = facts
  return route(changeMatter(change, facts), directory, history, policy, now).eligible.length > 0
}

function countersignature(change: Change, facts: ChangeFacts, verdict: Verdict, asFounder: boolean): ChangeEvent {
  const { now, actor, policy } = facts
  const delay = asFounder ? Math.max(policy.changeDelaySeconds, foundersDelaySecondsMin) : policy.changeDelaySeconds
  const event = { at: now, by: actor.id, verdict, ...(asFounder ? { asFounder } : {}) }
  const signed = [...change.countersignatures, countersignatureOf(event)]
  return {
    ...event,
    type: 'ChangeCountersigned',
    complete: areEnough(signed, asFounder ? facts.foundersNeeded : 1),
    effectiveAt: plusSeconds(now, delay),
  }
}

/** However many approve in a ring with the author, one who does not has to be among them. */
function areEnough(signed: readonly ChangeCountersignature[], base: number): boolean {
  const additional = signed.map((one) => one.additional ?? 0)
  return additional.includes(0) && signed.length >= base + Math.max(...additional)
}

function countersignatureOf(event: Stamp & { verdict: Verdict; asFounder?: boolean }): ChangeCountersignature {
  const { additionalCountersigners: additional } = event.verdict
  return {
    by: event.by,
    at: event.at,
    ...(event.asFounder ? { asFounder: true } : {}),
    ...(additional > 0 ? { additional } : {}),
  }
}

/** What the passing of time does: nothing before the delay is over, or while the clock or the directory is in doubt. */
function ticked(change: Change, facts: ChangeFacts): readonly ChangeEvent[] {
  const isDue = change.status === 'countersigned' && change.effectiveAt !== undefined && facts.now >= change.effectiveAt
  if (!isDue || facts.clock !== 'steady') return []
  const stamp = { at: facts.now, by: facts.actor.id }
  if (change.base !== facts.current) return [{ ...stamp, type: 'ChangeSuperseded' }]
  const doubts = change.countersignatures.map((signed) => doubtAbout(signed, change, facts))
  const reason = doubts.find((doubt) => doubt !== undefined && doubt !== 'unknown')
  if (reason !== undefined) return [{ ...stamp, type: 'ChangeSuperseded', reason }]
  return doubts.includes('unknown') ? [] : [{ ...stamp, type: 'ChangeTookEffect' }]
}

/** Why a countersignature no longer carries the change; `unknown` while the directory is too old to tell. */
function doubtAbout(signed: ChangeCountersignature, change: Change, facts: ChangeFacts): string | undefined {
  const { directory, history, policy, now } = facts
  const others = change.countersignatures.filter((one) => one !== signed)
  const matter = changeMatter({ ...change, countersignatures: others }, facts)
  const verdict = independence(matter, signed.by, directory, history, policy, now)
  if (verdict.conflicts.some(({ code }) => code === 'directory-too-old')) return 'unknown'
  if (!verdict.independent) return `${signed.by} countersigned it and is no longer independent: ${codesIn(verdict)}`
  const mayStill = signed.asFounder
    ? policy.founders.includes(signed.by)
    : poolsOf(signed.by, matter.pools, directory, policy, now).length > 0
  return mayStill ? undefined : `${signed.by} countersigned it and no longer decides about rules`
}

function codesIn({ conflicts }: Verdict): string {
  return conflicts.map(({ code }) => code).join(', ')
}

function isUndecidedOrWaiting({ status }: Change): boolean {
  return status === 'proposed' || status === 'countersigned'
}

function hasSigned(change: Change, person: PersonId): boolean {
  return change.countersignatures.some(({ by }) => by === person)
}

/** Everybody whom the change lets decide, as people: those named, those in a named team, and who can change that team. */
export function admittedPeople(
  { admits }: Pick<Change, 'admits'>,
  { directory, now }: Pick<ChangeFacts, 'directory' | 'now'>,
): readonly PersonId[] {
  const membersOf = (team: NodeId) =>
    membersOfTeam(directory, team, now).filter((person) => nodeKindOf(directory, person) === 'person')
  const people = admits.flatMap((node) => {
    if (nodeKindOf(directory, node) !== 'team') return kindOf(node) === 'person' ? [node] : []
    const maintainers = maintainersOf(directory, node, now)
    return [node, ...maintainers].flatMap((one) => (nodeKindOf(directory, one) === 'team' ? membersOf(one) : [one]))
  })
  return [...new Set(people)].sort()
}

function maintainersOf(directory: CompiledDirectory, team: TeamId, now: Instant): readonly NodeId[] {
  const moment = momentAt(directory, now)
  const node = numberOf(moment, team)
  const found: NodeId[] = []
  if (node !== undefined) {
    eachCurrentIn(moment, kindSet('maintains'), node, (_, maintainer) => found.push(idOf(moment, maintainer)))
  }
  return found.filter((id) => nodeKindOf(directory, id) !== undefined)
}

/** Whoever comes to decide something by the change stands on the asking side of it. */
function changeMatter(change: Change, facts: ChangeFacts, pools = poolsThat(facts.policy, 'rules')): Matter {
  return {
    requester: change.author,
    chain: admittedPeople(change, facts),
    beneficiary: change.author,
    took: change.countersignatures.map(({ by }) => ({ person: by, part: 'countersigned', event: change.id })),
    pools,
    rules: loosenedBy(change.differences),
  }
}

function selfMatter(person: PersonId): Matter {
  return { requester: person, chain: [], beneficiary: person, took: [], pools: [], rules: [] }
}
