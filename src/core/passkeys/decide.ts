/**
 * What follows from a command on somebody's passkeys: events, or a refusal that is an event as well. Adding a key takes its
 * owner and somebody independent; taking one away takes nobody's consent.
 */

import type { Verdict } from '../conflict.ts'
import { firstOf, freshSignIn, notIndependent } from '../decide/checks.ts'
import { poolsOf } from '../independence.ts'
import { poolsThat } from '../obligations.ts'
import type { Passkey, Passkeys, PasskeysCommand, PasskeysDecision, PasskeysEvent, PasskeysFacts } from '../passkeys.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { isActive } from '../standing.ts'
import { type Instant, plusSeconds } from '../time.ts'
import { confirmationMatter, confirmationSigned, lostKeyDelaySeconds, standingIn, verdictOn } from './confirmation.ts'

const passkeysMax = 10
const confirmWithinSeconds = 7 * 86_400

export function decidePasskeys(
  passkeys: Passkeys | undefined,
  command: PasskeysCommand,
  facts: PasskeysFacts,
): PasskeysDecision {
  switch (command.type) {
    case 'enrol':
      return enrol(passkeys, command, facts)
    case 'confirm':
      return confirm(passkeys, command, facts)
    case 'remove':
      return remove(passkeys, command, facts)
    default:
      return command satisfies never
  }
}

function enrol(
  passkeys: Passkeys | undefined,
  command: Extract<PasskeysCommand, { type: 'enrol' }>,
  facts: PasskeysFacts,
): PasskeysDecision {
  const kept = passkeys?.passkeys ?? []
  const { made } = command
  const no = firstOf(
    () => (facts.actor.id === facts.person ? undefined : refusal('not-permitted', 'everybody enrols their own')),
    () => freshSignIn(facts),
    () => (made.outcome === 'fails' ? refusal(made.code, made.detail) : undefined),
    () => (facts.known ? refusal('passkey-enrolled-before') : undefined),
    () =>
      kept.filter((one) => isKept(one, facts.now)).length < passkeysMax ? undefined : refusal('passkeys-too-many'),
  )
  if (no !== undefined || made.outcome === 'fails') return refuse(command, facts, no ?? refusal('enrolment-invalid'))
  const { passkey, bytes } = made
  return accept({
    ...stamp(facts),
    type: 'PasskeyEnrolled',
    passkey,
    bytes,
    confirmBy: plusSeconds(facts.now, confirmWithinSeconds),
    replaces: kept.some(({ effectiveAt }) => effectiveAt !== undefined),
  })
}

function confirm(
  passkeys: Passkeys | undefined,
  command: Extract<PasskeysCommand, { type: 'confirm' }>,
  facts: PasskeysFacts,
): PasskeysDecision {
  const passkey = passkeys?.passkeys.find(({ id }) => id === command.passkey)
  if (passkeys === undefined || passkey === undefined) return refuse(command, facts, refusal('unknown-passkey'))
  const matter = confirmationMatter(passkey, facts)
  const verdict = verdictOn(matter, facts)
  const standing = standingIn(matter, facts)
  const no = firstOf(
    () => waits(passkey, facts),
    () => (command.digest === passkey.digest ? undefined : refusal('terms-changed')),
    () => hasConfirmed(passkey, facts),
    () => notIndependent(verdict),
    () => (standing === 'neither' ? refusal('approver-not-in-pool', undefined, { nearest: matter.pools }) : undefined),
    () => (facts.clock === 'steady' ? undefined : refusal('clock-went-backwards')),
    () => freshSignIn(facts),
    () => confirmationSigned(passkeys, passkey, facts),
  )
  if (no !== undefined) return refuse(command, facts, no, verdict)
  return accept(confirmation(passkey, verdict, standing === 'founder', facts))
}

/** Immediate, and on anybody's word who may say it: a key that is not there opens nothing. */
function remove(
  passkeys: Passkeys | undefined,
  command: Extract<PasskeysCommand, { type: 'remove' }>,
  facts: PasskeysFacts,
): PasskeysDecision {
  const passkey = passkeys?.passkeys.find(({ id }) => id === command.passkey)
  if (passkey === undefined) return refuse(command, facts, refusal('unknown-passkey'))
  const no = firstOf(
    () => mayRemove(facts),
    () => (passkey.status === 'removed' ? refusal('not-in-this-state', 'it is removed already') : undefined),
  )
  if (no !== undefined) return refuse(command, facts, no)
  return accept({ ...stamp(facts), type: 'PasskeyRemoved', passkey: passkey.id, reason: command.reason })
}

function confirmation(passkey: Passkey, verdict: Verdict, asFounder: boolean, facts: PasskeysFacts): PasskeysEvent {
  const { now, policy, signed, foundersNeeded } = facts
  const founders = passkey.confirmations.filter((one) => one.asFounder).length + 1
  // What was lost is replaced loudly; a first key has nobody it could be taken from.
  const delay = asFounder && passkey.replaces ? lostKeyDelaySeconds(policy) : 0
  return {
    ...stamp(facts),
    type: 'PasskeyConfirmed',
    passkey: passkey.id,
    digest: passkey.digest,
    verdict,
    complete: !asFounder || founders >= foundersNeeded,
    effectiveAt: plusSeconds(now, delay),
    ...(asFounder ? { asFounder: true } : {}),
    ...(signed?.outcome === 'holds' ? { signed: signed.evidence } : {}),
  }
}

function waits({ status, confirmBy }: Passkey, { now }: PasskeysFacts): Refusal | undefined {
  if (status !== 'waiting') return refusal('not-in-this-state', `it is ${status}`)
  return now < confirmBy ? undefined : refusal('too-late', 'it was not confirmed in time; enrol it again')
}

function hasConfirmed({ confirmations }: Passkey, { actor }: PasskeysFacts): Refusal | undefined {
  return confirmations.some(({ by }) => by === actor.id) ? refusal('one-person-counts-once') : undefined
}

function mayRemove({ actor, person, directory, policy, now }: PasskeysFacts): Refusal | undefined {
  if (actor.chain.length > 0) return refusal('only-people-decide')
  if (!isActive(directory, actor.id, now)) return refusal('not-active-in-directory', `\`${actor.id}\``)
  const watches = poolsOf(actor.id, poolsThat(policy, 'security'), directory, policy, now).length > 0
  return actor.id === person || watches || policy.founders.includes(actor.id)
    ? undefined
    : refusal('not-permitted', 'only its owner, who looks after security, or a founder')
}

/** Whether it takes one of the places: removed ones and those nobody confirmed in time do not. */
function isKept({ status, confirmBy }: Passkey, now: Instant): boolean {
  return status === 'confirmed' || (status === 'waiting' && now < confirmBy)
}

function stamp({ now, actor, person }: PasskeysFacts): Pick<PasskeysEvent, 'at' | 'by' | 'person'> {
  return { at: now, by: actor.id, person }
}

function accept(event: PasskeysEvent): PasskeysDecision {
  return { outcome: 'accepted', events: [event] }
}

function refuse(command: PasskeysCommand, facts: PasskeysFacts, no: Refusal, verdict?: Verdict): PasskeysDecision {
  const { code, message } = no
  const more = verdict === undefined ? {} : { verdict }
  return {
    outcome: 'refused',
    refusal: no,
    events: [{ ...stamp(facts), type: 'AttemptRefused', command: command.type, code, message, ...more }],
  }
}
