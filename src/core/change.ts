/**
 * A change to the rules: policy, pools, classifications. Files only propose; a change takes effect after somebody
 * independent of its author, and of everybody it admits, has countersigned it, and after a delay. Pure.
 */
import type { CompiledDirectory } from './compile.ts'
import type { Verdict } from './conflict.ts'
import { freshSignIn } from './decide/checks.ts'
import type { NodeId, PersonId } from './directory.ts'
import { type IndependenceHistory, independence, type Matter, poolsOf } from './independence.ts'
import { poolsThat } from './obligations.ts'
import type { Policy } from './policy.ts'
import { type Refusal, refusal } from './refusal.ts'
import { route } from './route.ts'
import { loosenedBy, type RuleDifference } from './rules-diff.ts'
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
  /** People and teams that come into a pool by it. */
  readonly admits: readonly NodeId[]
  readonly countersignatures: readonly { readonly by: PersonId; readonly at: Instant }[]
  readonly effectiveAt?: Instant
  readonly end?: { readonly by: NodeId; readonly at: Instant; readonly reason: string }
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
      }
    | { readonly type: 'ChangeDenied'; readonly reason: string; readonly verdict: Verdict }
    | { readonly type: 'ChangeWithdrawn'; readonly reason: string }
    | { readonly type: 'ChangeTookEffect' }
    | { readonly type: 'ChangeSuperseded' }
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
      const { refusal: no, verdict, byFounders } = mayDecideChange(change, facts)
      if (no !== undefined) return refuse(no, verdict)
      if (command.proposed !== change.proposed) return refuse(refusal('terms-changed'), verdict)
      if (change.base !== facts.current) return refuse(refusal('change-superseded'), verdict)
      if (facts.clock !== 'steady') return refuse(refusal('clock-went-backwards'), verdict)
      const needed = byFounders ? facts.foundersNeeded : 1
      const delay = byFounders
        ? Math.max(facts.policy.changeDelaySeconds, foundersDelaySecondsMin)
        : facts.policy.changeDelaySeconds
      const complete = change.countersignatures.length + 1 >= needed
      return accept({
        ...stamp,
        type: 'ChangeCountersigned',
        verdict,
        complete,
        effectiveAt: plusSeconds(facts.now, delay),
      })
    }
    case 'deny': {
      const { refusal: no, verdict } = mayDecideChange(change, facts)
      return no === undefined
        ? accept({ ...stamp, type: 'ChangeDenied', reason: command.reason, verdict })
        : refuse(no, verdict)
    }
    case 'withdraw':
      if (change.status !== 'proposed' && change.status !== 'countersigned') return refuse(refusal('change-not-open'))
      if (facts.actor.id !== change.author) return refuse(refusal('not-permitted'))
      return accept({ ...stamp, type: 'ChangeWithdrawn', reason: command.reason })
    case 'tick': {
      const due =
        change.status === 'countersigned' && change.effectiveAt !== undefined && facts.now >= change.effectiveAt
      if (!due) return { outcome: 'accepted', events: [] }
      if (facts.clock !== 'steady') return { outcome: 'accepted', events: [] }
      return accept({ ...stamp, type: change.base === facts.current ? 'ChangeTookEffect' : 'ChangeSuperseded' })
    }
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
      const countersignatures = [...change.countersignatures, { by: event.by, at: event.at }]
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
      return ended('superseded', 'the rules were changed meanwhile')
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

function mayDecideChange(
  change: Change,
  facts: ChangeFacts,
): { refusal?: Refusal; verdict: Verdict; byFounders: boolean } {
  const { actor, directory, history, policy, now } = facts
  const matter = changeMatter(change, policy)
  const verdict = independence(matter, actor.id, directory, history, policy, now)
  const inPool = poolsOf(actor.id, matter.pools, directory, policy, now).length > 0
  const founder = policy.founders.includes(actor.id)
  const poolCanDecide = route(matter, directory, history, policy, now).eligible.length > 0
  const byFounders = !inPool && founder && !poolCanDecide
  const no =
    change.status !== 'proposed'
      ? refusal('change-not-open', `it is ${change.status}`)
      : actor.id === change.author
        ? refusal('author-is-approver', undefined, { conflicts: verdict.conflicts })
        : !verdict.independent
          ? refusal('approver-not-independent', verdict.conflicts.map(({ code }) => code).join(', '), {
              conflicts: verdict.conflicts,
            })
          : change.countersignatures.some(({ by }) => by === actor.id)
            ? refusal('one-person-counts-once')
            : !inPool && !byFounders
              ? refusal('approver-not-in-pool', undefined, { nearest: matter.pools })
              : freshSignIn(facts)
  return { verdict, byFounders, ...(no === undefined ? {} : { refusal: no }) }
}

/** Whoever comes into a pool by the change stands on the asking side of it. */
function changeMatter(change: Change, policy: Policy): Matter {
  const took = change.countersignatures.map(({ by }) => ({
    person: by,
    part: 'countersigned' as const,
    event: change.id,
  }))
  return {
    requester: change.author,
    chain: change.admits.filter((node) => node.startsWith('per_')),
    beneficiary: change.author,
    took,
    pools: poolsThat(policy, 'rules'),
    rules: loosenedBy(change.differences),
  }
}

function selfMatter(person: PersonId): Matter {
  return { requester: person, chain: [], beneficiary: person, took: [], pools: [], rules: [] }
}
