/**
 * Somebody was deactivated: what falls with them? Access that is theirs, or that they asked for, ends; what waits for a
 * decision on their word is void; a signature of theirs that has not yet led to anything counts no more. What is over
 * stays as it was: leaving makes no earlier act wrong.
 */
import type { NodeId, PersonId } from '../directory.ts'
import type { Facts } from '../facts.ts'
import { isActive } from '../standing.ts'
import { isLive, isOpen, type Proposal, type Waiver, type WaiverEvent } from '../waiver.ts'
import { ending, stamp, stampSystem } from './checks.ts'

/** Everybody whose leaving may change something about the waiver while it is open. */
export function peopleOf({ requester, chain, terms, activation, proposal, approvals, endorsers }: Waiver): NodeId[] {
  const people = [
    ...[requester, ...chain, terms.beneficiary, ...(activation === undefined ? [] : [activation.by])],
    ...[...approvals.map(({ by }) => by), ...endorsers],
    ...(proposal === undefined ? [] : [proposal.askedBy, ...proposal.chain, ...signersOf(proposal)]),
  ]
  return [...new Set(people)].sort()
}

/** @returns nothing when everybody who matters is still there. */
export function departures(waiver: Waiver, facts: Facts): readonly WaiverEvent[] {
  if (!isOpen(waiver)) return []
  const isGone = (id: NodeId) => !isActive(facts.directory, id, facts.now)
  const asked = [waiver.terms.beneficiary, ...openerOf(waiver), waiver.requester, ...waiver.chain].find(isGone)
  if (asked !== undefined) return ended(waiver, asked, facts)
  const signed = isLive(waiver)
    ? undefined
    : [...waiver.approvals.map(({ by }) => by), ...waiver.endorsers].find(isGone)
  if (signed !== undefined && waiver.status === 'countersigned') return voided(waiver, signed, facts)
  return waiver.proposal === undefined ? [] : fromProposal(waiver.proposal, isGone, facts)
}

function ended(waiver: Waiver, who: NodeId, facts: Facts): readonly WaiverEvent[] {
  const cause = 'deactivated'
  return ending(waiver, facts, { ...stamp(facts), type: 'AccessRevoked', cause, reason: because(who) }, cause)
}

/** What nobody has started yet rests on the word of whoever approved it, and that word is gone. */
function voided(waiver: Waiver, who: PersonId, facts: Facts): readonly WaiverEvent[] {
  const reason = `${because(who)}, and had approved it`
  return ending(waiver, facts, { ...stamp(facts), type: 'ApprovalVoided', reason }, 'voided')
}

function fromProposal(proposal: Proposal, isGone: (id: NodeId) => boolean, facts: Facts): readonly WaiverEvent[] {
  const asked = [proposal.askedBy, ...proposal.chain].find(isGone)
  if (asked !== undefined && proposal.of !== 'waiver')
    return [{ ...stamp(facts), type: 'ProposalVoided', of: proposal.of, reason: because(asked) }]
  return [...new Set(signersOf(proposal).filter(isGone))].map((person, index) => ({
    // One decision, so one reference to what it rested on.
    ...(index === 0 ? stamp(facts) : stampSystem(facts)),
    type: 'SignatureVoided',
    of: proposal.of,
    person,
    reason: because(person),
  }))
}

/** Whoever opened an envelope holds the access on an account of their own. */
function openerOf({ terms, activation }: Waiver): readonly NodeId[] {
  return terms.kind === 'break-glass' && activation !== undefined ? [activation.by] : []
}

function signersOf({ endorsement, countersignatures }: Proposal): readonly PersonId[] {
  return [...(endorsement === undefined ? [] : [endorsement.by]), ...countersignatures.map(({ by }) => by)]
}

function because(who: NodeId): string {
  return `\`${who}\` was deactivated in the directory`
}
