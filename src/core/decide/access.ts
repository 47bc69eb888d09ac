/**
 * Giving and ending access: activation, use, suspension, revocation. Activation asks everything again on the newest
 * facts; ending never asks for more than who may end.
 */
import type { Verdict } from '../conflict.ts'
import type { NodeId } from '../directory.ts'
import type { Facts } from '../facts.ts'
import { isRefusal, type Obligations } from '../obligations.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { directoryAgeSeconds, holdsAccount } from '../standing.ts'
import { earliest, plusSeconds, secondsOf } from '../time.ts'
import { type Command, type EventOf, isOpen, type Waiver, type WaiverEvent } from '../waiver.ts'
import { allowedToday } from './allowed.ts'
import { voided } from './approval.ts'
import {
  accept,
  codesOf,
  type Decision,
  ending,
  firstOf,
  inPools,
  matterOf,
  obligationsToday,
  oldLook,
  refuse,
  sameContents,
  stamp,
  stampSigned,
  stampSystem,
  steadyClock,
  verdictOn,
} from './checks.ts'
import { departures } from './departures.ts'
import { goingOn, mayOpen, onRotaWhenSealed, ownAccount } from './envelope.ts'
import { ownedToday } from './owned.ts'
import { signedByPasskey } from './signed.ts'

/** A refused automatic activation is tried again after this long. */
const retrySeconds = 60

export function activate(
  waiver: Waiver,
  command: Extract<Command, { type: 'activate' | 'tick' }>,
  facts: Facts,
): Decision {
  const retryAt = plusSeconds(facts.now, retrySeconds)
  const obligations = obligationsToday(waiver, waiver.terms, facts)
  if (isRefusal(obligations)) return refuse(command, facts, obligations, { retryAt })
  const account = accountFor(waiver, command, facts)
  const opening = { end: endOfAccess(waiver, facts), obligations }
  const verdicts = waiver.approvals.map((approval) => approverToday(waiver, approval.by, obligations, facts))
  const no = firstOf(
    () => awaitingActivation(waiver, facts),
    () => onRotaWhenSealed(waiver, facts),
    () => steadyClock(facts),
    () => ownedToday(waiver.terms, facts),
    () => (typeof account === 'string' ? undefined : account),
    () => approversStillFit(waiver, verdicts, obligations, facts),
    () => mayOpen(waiver, opening, facts),
    () => allowedToday(waiver, waiver.terms, obligations, facts),
    () => sameContents(waiver.terms, facts),
    () => openedByThePerson(waiver, command, obligations, facts),
  )
  if (no?.code === 'contents-changed') return voided(waiver, command, facts, no)
  if (no !== undefined || typeof account !== 'string')
    return refuse(command, facts, no ?? refusal('unknown-account'), { retryAt })
  const { end } = opening
  const goesOn = goingOn(waiver, opening, facts)
  return accept({ ...stampSigned(facts), type: 'ActivationStarted', account, end, verdicts, ...goesOn })
}

/** Access that was countersigned for somebody is started by them as they come; an envelope is opened by a person who signs. */
function openedByThePerson(
  waiver: Waiver,
  command: Extract<Command, { type: 'activate' | 'tick' }>,
  obligations: Obligations,
  facts: Facts,
): Refusal | undefined {
  if (command.type === 'tick') return undefined
  return signedByPasskey(waiver, command, obligations.passkey && waiver.terms.kind === 'break-glass', facts)
}

/** The target was seen to give the access. */
export function confirmActivation(
  waiver: Waiver,
  command: Extract<Command, { type: 'confirm-activation' }>,
  facts: Facts,
): Decision {
  const old = oldLook(waiver, command.generation)
  if (old !== undefined) return refuse(command, facts, old)
  const { activation, status } = waiver
  const waits =
    (status === 'countersigned' || status === 'active') &&
    activation !== undefined &&
    activation.confirmedAt === undefined
  return waits
    ? accept({ ...stamp(facts), type: 'AccessActivated' })
    : refuse(command, facts, refusal('not-in-this-state'))
}

export function use(waiver: Waiver, command: Extract<Command, { type: 'use' }>, facts: Facts): Decision {
  const { activation, status, terms } = waiver
  if (status !== 'active' || activation?.confirmedAt === undefined)
    return refuse(command, facts, refusal('not-in-this-state', `it is ${status}`))
  if (facts.now >= activation.end) return refuse(command, facts, refusal('window-over'))
  const count = waiver.usesCount + 1
  const { usesMax = Number.POSITIVE_INFINITY } = terms.conditions
  if (count + (facts.leased ?? 0) > usesMax) return refuse(command, facts, refusal('uses-taken'))
  return accept(...used(waiver, facts, { ...stamp(facts), type: 'AccessUsed', count, detail: command.detail }))
}

/**
 * What was allowed is on the record even when the waiver ended meanwhile: the record says what happened, and a process
 * that did not yet know of the end may have allowed it a moment longer.
 */
export function recordUses(waiver: Waiver, command: Extract<Command, { type: 'record-uses' }>, facts: Facts): Decision {
  if (waiver.activation === undefined || !(command.uses > 0))
    return refuse(command, facts, refusal('not-in-this-state', `it is ${waiver.status}`))
  const { type: _, ...recorded } = command
  const count = waiver.usesCount + command.uses
  const detail = command.lost ? 'not reported; counted as used' : 'recorded by the check at each use'
  return accept(...used(waiver, facts, { ...stampSystem(facts), type: 'AccessUsed', count, detail, recorded }))
}

/** Reaching a budget ends the waiver. */
function used(waiver: Waiver, facts: Facts, event: EventOf<'AccessUsed'>): readonly WaiverEvent[] {
  const { usesMax = Number.POSITIVE_INFINITY, bytesMax = Number.POSITIVE_INFINITY } = waiver.terms.conditions
  const bytes = (waiver.bytesCount ?? 0) + (event.recorded?.bytes ?? 0)
  const all = event.count >= usesMax ? `all ${event.count} uses` : bytes >= bytesMax ? `all ${bytes} bytes` : undefined
  if (all === undefined || !isOpen(waiver)) return [event]
  const spent: WaiverEvent = {
    ...stampSystem(facts),
    type: 'AccessRevoked',
    cause: 'spent',
    reason: `${all} are spent`,
  }
  return [event, ...ending(waiver, facts, spent, 'spent')]
}

/**
 * Whoever is gone takes with them what rested on them. An envelope is looked at whenever the directory changes, so that
 * nobody finds out at night that it no longer opens; it is asked of everybody who could open it.
 */
export function recheck(waiver: Waiver, command: Command, facts: Facts): Decision {
  const fallen = departures(waiver, facts)
  if (fallen.length > 0) return accept(...fallen)
  const sealed =
    waiver.terms.kind === 'break-glass' && waiver.status === 'countersigned' && waiver.activation === undefined
  if (!sealed) return accept()
  const obligations = obligationsToday(waiver, waiver.terms, facts)
  if (isRefusal(obligations)) return accept()
  const matter = { ...matterOf(waiver, obligations, undefined), took: [] }
  const verdicts = waiver.approvals.map(({ by }) => withLastGoodDirectory(verdictOn(by, matter, facts), facts))
  const no = approversStillFit(waiver, verdicts, obligations, facts)
  return no === undefined ? accept() : voided(waiver, command, facts, no)
}

export function suspend(waiver: Waiver, command: Extract<Command, { type: 'suspend' }>, facts: Facts): Decision {
  const live = waiver.status === 'active' || (waiver.status === 'countersigned' && waiver.activation !== undefined)
  if (!live) return refuse(command, facts, refusal('not-in-this-state', `it is ${waiver.status}`))
  return accept({ ...stamp(facts), type: 'AccessSuspended', reason: command.reason })
}

export function revoke(waiver: Waiver, command: Extract<Command, { type: 'revoke' }>, facts: Facts): Decision {
  if (!isOpen(waiver)) return refuse(command, facts, refusal('not-in-this-state', `it is ${waiver.status}`))
  const cause = command.cause ?? 'revoked'
  return accept(
    ...ending(waiver, facts, { ...stamp(facts), type: 'AccessRevoked', cause, reason: command.reason }, cause),
  )
}

function awaitingActivation(waiver: Waiver, { now }: Facts): Refusal | undefined {
  if (waiver.status !== 'countersigned' || waiver.activation !== undefined)
    return refusal('not-in-this-state', `it is ${waiver.status}`)
  const { start, end } = waiver.terms.window
  if (now < start) return refusal('too-early', `it starts at ${start}`)
  if (now >= end) return refusal('window-over')
  return waiver.activateBy !== undefined && now >= waiver.activateBy
    ? refusal('too-late', `it had to be started by ${waiver.activateBy}`)
    : undefined
}

/** The account must still be the beneficiary's; whoever opens an envelope gets the access on one of their own. */
function accountFor(waiver: Waiver, command: Command, facts: Facts): string | Refusal {
  const { beneficiary, access, kind } = waiver.terms
  const named = command.type === 'activate' ? command.account : undefined
  if (kind === 'break-glass') return ownAccount(named, access.system, facts)
  const account = access.account ?? ''
  if (named !== undefined && named !== account)
    return refusal('unknown-account', `the terms name \`${account}\``, { at: 'account', nearest: [account] })
  return holdsAccount(facts.directory, beneficiary, access.system, account, facts.now)
    ? account
    : refusal('unknown-account', `\`${account}\` on \`${access.system}\``)
}

function endOfAccess(waiver: Waiver, { now }: Facts): string {
  const { window, openFor } = waiver.terms
  if (openFor === undefined) return window.end
  return earliest([plusSeconds(now, secondsOf(openFor) ?? 0), window.end]) ?? window.end
}

/**
 * Is whoever countersigned still outside, on today's directory? For an envelope this is asked of the person who opens
 * it, and a directory that is too old may still be good enough for the emergency.
 */
export function approverToday(waiver: Waiver, approver: NodeId, obligations: Obligations, facts: Facts): Verdict {
  const whole = matterOf(waiver, obligations, undefined)
  const matter = { ...whole, chain: [...whole.chain, ...facts.actor.chain] }
  if (waiver.terms.kind !== 'break-glass') return verdictOn(approver, { ...matter, took: [] }, facts)
  const opened = { ...matter, took: [], chain: [...matter.chain, facts.actor.id], beneficiary: facts.actor.id }
  return withLastGoodDirectory(verdictOn(approver, opened, facts), facts)
}

function withLastGoodDirectory(verdict: Verdict, { directory, policies, now }: Facts): Verdict {
  if (directoryAgeSeconds(directory, now) > policies.today.independence.lastGoodSecondsMax) return verdict
  const conflicts = verdict.conflicts.filter((conflict) => conflict.code !== 'directory-too-old')
  return { ...verdict, conflicts, independent: conflicts.length === 0 }
}

function approversStillFit(
  waiver: Waiver,
  verdicts: readonly Verdict[],
  obligations: Obligations,
  facts: Facts,
): Refusal | undefined {
  // INVARIANT: no approval, no access.
  if (verdicts.length < obligations.countersignersMin)
    return refusal('policy-changed', `${obligations.countersignersMin} countersignatures are needed today`)
  const unfit = verdicts.find((verdict) => !verdict.independent)
  if (unfit !== undefined) {
    return refusal('approver-no-longer-independent', `\`${unfit.person}\`: ${codesOf(unfit.conflicts)}`, {
      conflicts: unfit.conflicts,
    })
  }
  const outside = waiver.approvals.find((approval) => !inPools(approval.by, obligations.pools, facts))
  return outside === undefined
    ? undefined
    : refusal('approver-no-longer-independent', `\`${outside.by}\` has left the pool`)
}
