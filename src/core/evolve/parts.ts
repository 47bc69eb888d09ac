/** The few pieces of state that several events change in the same way. */
import type { NodeId } from '../directory.ts'
import type { Obligations } from '../obligations.ts'
import type { Digest, Terms } from '../terms.ts'
import { type Instant, plusSeconds, secondsOf } from '../time.ts'
import type { ActRecord, EventId, EventOf, Proposal, Signature, Waiver, WaiverEvent } from '../waiver.ts'

export function proposalOf(
  of: Proposal['of'],
  askedBy: NodeId,
  chain: readonly NodeId[],
  askedAt: Instant,
  terms: Terms,
  digest: Digest,
  reason: string,
  decideBy: Instant,
  obligations: Obligations,
): Proposal {
  const countersignersNeeded = obligations.countersignersMin
  return {
    of,
    askedBy,
    chain,
    askedAt,
    terms,
    digest,
    reason,
    decideBy,
    countersignatures: [],
    countersignersNeeded,
    questions: [],
  }
}

export function countersigned(
  proposal: Proposal,
  event: EventOf<'WaiverCountersigned' | 'ExtensionCountersigned' | 'ResumptionCountersigned'>,
  id: EventId,
): Proposal {
  const inRing = event.verdict.additionalCountersigners > 0
  const { by, at, saw, signed } = event
  const signature = { by, at, event: id, inRing, saw, signed, ...signedWith(event) }
  return {
    ...proposal,
    countersignatures: [...proposal.countersignatures, signature],
    countersignersNeeded: event.countersignersNeeded,
  }
}

/** Which passkey; the signature itself stays in the event. */
export function signedWith({ passkey }: WaiverEvent): Pick<Signature, 'passkey'> {
  return passkey === undefined ? {} : { passkey: passkey.passkey }
}

export function record(
  waiver: Waiver,
  event: EventId,
  act: ActRecord['act'],
  { by, at }: WaiverEvent,
): readonly ActRecord[] {
  return [...waiver.records, { event, act, by, at }]
}

/** Evidence falls due from the moment access is there. */
export function controlsStarted(waiver: Waiver, at: Instant): Waiver {
  const every = (id: string) => waiver.terms.controls.find((control) => control.control === id)?.every ?? 'PT0S'
  const controls = waiver.controls.map((control) => ({
    ...control,
    dueAt: plusSeconds(at, secondsOf(every(control.control)) ?? 0),
  }))
  return { ...waiver, controls }
}

/** From now on the access shall be gone, and until it was seen gone that stays open. */
export function accessEnds(waiver: Waiver, at: Instant): Pick<Waiver, 'removal' | 'generation' | 'controls'> {
  const controls = waiver.controls.map(({ dueAt: _, ...control }) => control)
  // Already verified while suspended: nothing was given since, so nothing is open.
  if (waiver.activation === undefined || waiver.status === 'suspended') {
    return { removal: waiver.removal, generation: waiver.generation, controls }
  }
  return { removal: { state: 'open', since: at, failures: 0 }, generation: waiver.generation + 1, controls }
}
