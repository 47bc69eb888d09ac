/**
 * What several commands ask before they say yes. Each check answers with a refusal or with nothing; `firstOf` takes them
 * in the order in which a person would want to hear them.
 */
import type { Conflict, Verdict } from '../conflict.ts'
import type { NodeId } from '../directory.ts'
import type { Facts } from '../facts.ts'
import { independence, type Matter, poolsOf } from '../independence.ts'
import { isRefusal, type Obligations, offerFor, strictest } from '../obligations.ts'
import { forbids, forbidsFor, relationsOf } from '../permit.ts'
import type { Policy, PoolId } from '../policy.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { isActive, nodeKindOf } from '../standing.ts'
import type { Terms } from '../terms.ts'
import { secondsBetween } from '../time.ts'
import {
  type Command,
  type EndCause,
  eventId,
  type Proposal,
  systemActor,
  type Waiver,
  type WaiverEvent,
} from '../waiver.ts'

export type Decision =
  | { readonly outcome: 'accepted'; readonly events: readonly WaiverEvent[] }
  /** The events record the attempt and, rarely, what follows from it. */
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly WaiverEvent[] }

/** An interactive sign-in older than this does not decide. */
export const freshSignInSecondsMax = 300
/** Clocks of identity providers may run ahead of ours by this much. */
const clockSkewSecondsMax = 30

export function accept(...events: readonly WaiverEvent[]): Decision {
  return { outcome: 'accepted', events }
}

export function refuse(
  command: Command,
  facts: Facts,
  no: Refusal,
  more: { readonly verdict?: Verdict; readonly consequences?: readonly WaiverEvent[]; readonly retryAt?: string } = {},
): Decision {
  const { verdict, consequences = [], retryAt } = more
  const attempt: WaiverEvent = {
    ...stamp(facts),
    type: 'AttemptRefused',
    command: command.type,
    code: no.code,
    message: no.message,
    ...(verdict === undefined ? {} : { verdict }),
    ...(retryAt === undefined ? {} : { retryAt }),
  }
  return { outcome: 'refused', refusal: no, events: [attempt, ...consequences] }
}

/** What every event carries. Decisions refer to their facts, so that they can be recomputed. */
export function stamp(facts: Facts): Pick<WaiverEvent, 'at' | 'by' | 'facts'> {
  return { at: facts.now, by: facts.actor.id, facts: facts.reference }
}

/** The same for an act of deciding: with the signature it was given with. */
export function stampSigned(facts: Facts): Pick<WaiverEvent, 'at' | 'by' | 'facts' | 'passkey'> {
  const { signed } = facts
  return { ...stamp(facts), ...(signed?.outcome === 'holds' ? { passkey: signed.evidence } : {}) }
}

export function stampSystem(facts: Facts): Pick<WaiverEvent, 'at' | 'by'> {
  return { at: facts.now, by: systemActor }
}

export function firstOf(...checks: readonly (() => Refusal | undefined)[]): Refusal | undefined {
  for (const check of checks) {
    const no = check()
    if (no !== undefined) return no
  }
  return undefined
}

/** Does the actor stand in a relation that permits this command at all? */
export function forbidden(waiver: Waiver | undefined, command: Command, facts: Facts): Refusal | undefined {
  const { actor, directory, policies, now } = facts
  const relations = (id: NodeId) => relationsOf(id, waiver, directory, policies.today, now)
  const behind = actor.chain.map((id) => forbidsFor(command.type, relations(id))).find((code) => code !== undefined)
  const code = forbids(command.type, relations(actor.id)) ?? behind
  if (code === undefined) return undefined
  if (code !== 'not-permitted' || actor.id === systemActor) return refusal(code)
  if (nodeKindOf(directory, actor.id) === undefined) return refusal('unknown-person', `\`${actor.id}\``)
  if (!isActive(directory, actor.id, now)) return refusal('not-active-in-directory', `\`${actor.id}\``)
  return refusal(code)
}

/** A decision needs a person who has just signed in interactively. */
export function freshSignIn({
  actor,
  directory,
  now,
}: Pick<Facts, 'actor' | 'directory' | 'now'>): Refusal | undefined {
  if (nodeKindOf(directory, actor.id) !== 'person' || actor.chain.length > 0) return refusal('only-people-decide')
  if (!isActive(directory, actor.id, now)) return refusal('not-active-in-directory', `\`${actor.id}\``)
  if (actor.signedInAt === undefined) return refusal('sign-in-not-fresh')
  const age = secondsBetween(actor.signedInAt, now)
  return age <= freshSignInSecondsMax && age >= -clockSkewSecondsMax ? undefined : refusal('sign-in-not-fresh')
}

export function steadyClock({ clock }: Facts): Refusal | undefined {
  return clock === 'steady' ? undefined : refusal('clock-went-backwards')
}

/** The entitlement must contain what it contained when it was asked for. */
export function sameContents(terms: Terms, { contains, silence }: Facts): Refusal | undefined {
  if (contains === undefined) return refusal('contents-unknown', silence)
  return contains === terms.contains ? undefined : refusal('contents-changed')
}

/** @returns the obligations that satisfy both the policy asked under and today's, or why today's does not allow it. */
export function obligationsToday(waiver: Waiver, terms: Terms, facts: Facts): Obligations | Refusal {
  const offer = offerFor(terms, facts.policies.today, facts.directory)
  if (isRefusal(offer)) return refusal('policy-changed', offer.message)
  const outside = outsideOffer(terms, offer.entitlement)
  if (outside !== undefined) return refusal('policy-changed', outside.message)
  return strictest(waiver.obligations, offer.obligations)
}

export function outsideOffer(
  terms: Terms,
  entitlement: {
    readonly kinds: readonly string[]
    readonly resources: readonly string[]
    readonly actions: readonly string[]
  },
): Refusal | undefined {
  if (!entitlement.kinds.includes(terms.kind))
    return refusal('kind-not-offered', `\`${terms.kind}\``, { at: 'terms.kind' })
  const resource = terms.access.resources.find((name) => !entitlement.resources.includes(name))
  if (resource !== undefined) {
    return refusal('outside-entitlement', `\`${resource}\``, {
      at: 'terms.access.resources',
      nearest: entitlement.resources,
    })
  }
  const action = terms.access.actions.find((name) => !entitlement.actions.includes(name))
  if (action === undefined) return undefined
  return refusal('outside-entitlement', `\`${action}\``, { at: 'terms.access.actions', nearest: entitlement.actions })
}

/** Who is involved in what is being decided, as independence asks it. */
export function matterOf(
  waiver: Waiver,
  obligations: Obligations,
  proposal: Proposal | undefined,
  pools = obligations.pools,
): Matter {
  const asked = proposal === undefined ? [] : [proposal.askedBy, ...proposal.chain]
  return {
    requester: waiver.requester,
    chain: [...new Set([...waiver.chain, ...asked])].filter((node) => node !== waiver.requester),
    beneficiary: waiver.terms.beneficiary,
    system: waiver.terms.access.system,
    took: tookPart(waiver, proposal),
    pools,
    rules: obligations.rules,
  }
}

function tookPart(waiver: Waiver, proposal: Proposal | undefined): Matter['took'] {
  const endorsed = proposal?.endorsement
  const started = waiver.activation
  return [
    // Whoever signed off an earlier step of this waiver is no stranger to the next.
    ...waiver.endorsers.map((person) => ({
      person,
      part: 'endorsed' as const,
      event: eventId(waiver.id, waiver.version),
    })),
    ...(endorsed === undefined ? [] : [{ person: endorsed.by, part: 'endorsed' as const, event: endorsed.event }]),
    ...(proposal?.countersignatures ?? []).map((s) => ({
      person: s.by,
      part: 'countersigned' as const,
      event: s.event,
    })),
    ...(started === undefined || started.by === systemActor
      ? []
      : [{ person: started.by, part: 'activated' as const, event: started.event }]),
  ]
}

/** For reviews: everybody who ever took part, so that nobody looks back at their own act. */
export function everybodyWhoTookPart(waiver: Waiver): Matter['took'] {
  const event = eventId(waiver.id, waiver.version)
  const approvers = waiver.approvals.map((s) => ({ person: s.by, part: 'countersigned' as const, event: s.event }))
  const acted = [waiver.end?.by, waiver.suspension?.by, ...waiver.controls.map(({ owner }) => owner)]
  const others = acted.flatMap((person) =>
    person === undefined || person === systemActor ? [] : [{ person, part: 'provisioned' as const, event }],
  )
  return [...tookPart(waiver, waiver.proposal), ...approvers, ...others]
}

/** The verdict under the policy asked under and under today's: conflicts of both count. */
export function verdictOn(person: NodeId, matter: Matter, facts: Facts): Verdict {
  const { directory, history, policies, now } = facts
  const judge = (policy: Policy) => independence(matter, person, directory, history, policy, now)
  const today = judge(policies.today)
  if (policies.asked === policies.today) return today
  const asked = judge(policies.asked)
  const codes = new Set(today.conflicts.map((conflict) => conflict.code))
  return {
    person,
    independent: today.independent && asked.independent,
    conflicts: [...today.conflicts, ...asked.conflicts.filter((conflict) => !codes.has(conflict.code))],
    additionalCountersigners: Math.max(today.additionalCountersigners, asked.additionalCountersigners),
  }
}

export function inPools(person: NodeId, pools: readonly PoolId[], facts: Facts): boolean {
  const { directory, policies, now } = facts
  const inAll = (policy: Policy) => poolsOf(person, pools, directory, policy, now).length > 0
  return inAll(policies.today) && (policies.asked === policies.today || inAll(policies.asked))
}

/** Turns a verdict into the refusal a decider hears: asking or benefiting oneself is said in plain words. */
export function notIndependent(verdict: Verdict): Refusal | undefined {
  if (verdict.independent) return undefined
  const own = verdict.conflicts.some(({ code }) => code === 'is-requester' || code === 'is-beneficiary')
  if (own) return refusal('approver-is-requester', undefined, { conflicts: verdict.conflicts })
  if (verdict.conflicts.some(({ code }) => code === 'not-a-person')) return refusal('only-people-decide')
  return refusal('approver-not-independent', codesOf(verdict.conflicts), { conflicts: verdict.conflicts })
}

export function codesOf(conflicts: readonly Conflict[]): string {
  return [...new Set(conflicts.map(({ code }) => code))].join(', ')
}

/** How a waiver ends: with the cause, and with a review when access existed or the sample wants one. */
export function ending(
  waiver: Waiver,
  facts: Facts,
  end: WaiverEvent,
  cause: EndCause,
  granted = waiver.activation !== undefined,
): readonly WaiverEvent[] {
  const sampled = facts.sampled && (cause === 'denied' || cause === 'withdrawn')
  if (!granted && !sampled) return [end]
  const within = waiver.obligations.reviewWithinSeconds
  const seconds = waiver.terms.kind === 'break-glass' ? Math.min(within, breakGlassReviewSecondsMax) : within
  const dueAt = new Date(Date.parse(facts.now) + seconds * 1000).toISOString()
  return [end, { ...stampSystem(facts), type: 'ReviewOpened', dueAt }]
}

/** Break-glass is looked at within a day, whatever the tier says. */
export const breakGlassReviewSecondsMax = 86_400

/** What was seen of an earlier generation of the grant says nothing about what shall be true now. */
export function oldLook(waiver: Waiver, generation: number | undefined): Refusal | undefined {
  if (generation === undefined || generation === waiver.generation) return undefined
  return refusal('not-in-this-state', 'the grant was changed since it was looked at')
}
