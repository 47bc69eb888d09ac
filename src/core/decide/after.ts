/**
 * After access: what the target said about its removal, and the looks back. A review is by somebody outside who had no
 * part in it, and it does not close before the removal was verified or the residue accepted by name.
 */
import type { Verdict } from '../conflict.ts'
import type { Facts } from '../facts.ts'
import type { Matter } from '../independence.ts'
import { poolsThat } from '../obligations.ts'
import { type Refusal, refusal } from '../refusal.ts'
import type { Command, Waiver } from '../waiver.ts'
import {
  accept,
  codesOf,
  type Decision,
  everybodyWhoTookPart,
  firstOf,
  freshSignIn,
  inPools,
  matterOf,
  oldLook,
  refuse,
  stamp,
  verdictOn,
} from './checks.ts'

export function reportRemoval(
  waiver: Waiver,
  command: Extract<Command, { type: 'report-removal' }>,
  facts: Facts,
): Decision {
  const old = oldLook(waiver, command.generation)
  if (old !== undefined) return refuse(command, facts, old)
  if (waiver.removal.state !== 'open')
    return refuse(command, facts, refusal('not-in-this-state', `removal is ${waiver.removal.state}`))
  if (command.verified) return accept({ ...stamp(facts), type: 'RemovalVerified', residue: command.residue })
  // Loud once per cause, not once per try.
  if (waiver.removal.lastFailure === command.reason) return accept()
  return accept({ ...stamp(facts), type: 'RemovalFailed', reason: command.reason })
}

export function review(waiver: Waiver, command: Extract<Command, { type: 'review' }>, facts: Facts): Decision {
  if (waiver.status !== 'ended' || waiver.review === undefined)
    return refuse(command, facts, refusal('review-not-open', `it is ${waiver.status}`))
  const verdict = reviewerVerdict(waiver, everybodyWhoTookPart(waiver), facts)
  const no = firstOf(
    () => mayReview(verdict, facts),
    () => removalSettled(waiver, command.residueAccepted),
  )
  if (no !== undefined) return refuse(command, facts, no, { verdict })
  const { finding, note, residueAccepted } = command
  return accept({ ...stamp(facts), type: 'ReviewClosed', finding, note, residueAccepted, verdict })
}

export function reviewEvent(
  waiver: Waiver,
  command: Extract<Command, { type: 'review-event' }>,
  facts: Facts,
): Decision {
  const record = waiver.records.find((one) => one.event === command.event)
  if (record === undefined) {
    return refuse(
      command,
      facts,
      refusal('unknown-record', `\`${command.event}\``, { nearest: waiver.records.map((one) => one.event) }),
    )
  }
  if (record.review !== undefined)
    return refuse(command, facts, refusal('reviewed-already', `by \`${record.review.by}\``))
  const verdict = reviewerVerdict(waiver, everybodyWhoTookPart(waiver), facts)
  const no = mayReview(verdict, facts)
  if (no !== undefined) return refuse(command, facts, no, { verdict })
  const { event, finding, note } = command
  return accept({ ...stamp(facts), type: 'EventReviewed', event, finding, note, verdict })
}

function reviewerVerdict(waiver: Waiver, took: Matter['took'], facts: Facts): Verdict {
  const pools = poolsThat(facts.policies.today, 'review')
  return verdictOn(facts.actor.id, { ...matterOf(waiver, waiver.obligations, undefined, pools), took }, facts)
}

function mayReview(verdict: Verdict, facts: Facts): Refusal | undefined {
  return firstOf(
    () =>
      verdict.independent
        ? undefined
        : refusal('reviewer-not-independent', codesOf(verdict.conflicts), { conflicts: verdict.conflicts }),
    () =>
      inPools(facts.actor.id, poolsThat(facts.policies.today, 'review'), facts)
        ? undefined
        : refusal('reviewer-not-in-pool'),
    () => freshSignIn(facts),
  )
}

/** Gone, or what is left was accepted by its name. */
function removalSettled(waiver: Waiver, accepted: readonly string[]): Refusal | undefined {
  switch (waiver.removal.state) {
    case 'not-needed':
      return undefined
    case 'open':
      return refusal('removal-not-verified', waiver.removal.lastFailure)
    case 'verified': {
      const left = waiver.removal.residue.filter((name) => !accepted.includes(name))
      return left.length === 0
        ? undefined
        : refusal('removal-not-verified', `residue ${left.map((name) => `\`${name}\``).join(', ')}`)
    }
    default:
      return waiver.removal satisfies never
  }
}
