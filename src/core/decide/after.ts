/**
 * After access: what the target said about its removal, and the looks back. A review is by somebody outside who had no
 * part in it, and it does not close before the removal was verified or the residue accepted by name.
 */
import type { Verdict } from '../conflict.ts'
import type { Facts } from '../facts.ts'
import { isRefusal, poolsThat } from '../obligations.ts'
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
  obligationsToday,
  oldLook,
  refuse,
  stamp,
  stampSigned,
  verdictOn,
} from './checks.ts'
import { signedByPasskey } from './signed.ts'

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
  const verdict = reviewerVerdict(waiver, facts)
  const no = firstOf(
    () => mayReview(verdict, facts),
    () => removalSettled(waiver, command.residueAccepted),
    () => byThePerson(waiver, command, facts),
  )
  if (no !== undefined) return refuse(command, facts, no, { verdict })
  const { finding, note, residueAccepted } = command
  return accept({ ...stampSigned(facts), type: 'ReviewClosed', finding, note, residueAccepted, verdict })
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
  const verdict = reviewerVerdict(waiver, facts)
  const no = firstOf(
    () => mayReview(verdict, facts),
    () => byThePerson(waiver, command, facts),
  )
  if (no !== undefined) return refuse(command, facts, no, { verdict })
  const { event, finding, note } = command
  return accept({ ...stampSigned(facts), type: 'EventReviewed', event, finding, note, verdict })
}

export function reviewerVerdict(waiver: Waiver, facts: Facts): Verdict {
  const took = everybodyWhoTookPart(waiver)
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
  )
}

function byThePerson(
  waiver: Waiver,
  command: Extract<Command, { type: 'review' | 'review-event' }>,
  facts: Facts,
): Refusal | undefined {
  // What today's rules no longer offer is still looked back at, as strictly as when it was asked for.
  const today = obligationsToday(waiver, waiver.terms, facts)
  const asks = waiver.obligations.passkey || (!isRefusal(today) && today.passkey)
  return firstOf(
    () => freshSignIn(facts),
    () => signedByPasskey(waiver, command, asks, facts),
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
