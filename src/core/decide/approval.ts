/**
 * Deciding: endorse, countersign, deny, ask back. The same functions decide a waiver, more time for it and its
 * resumption, so that an extension is decided from nothing by the very same rules.
 */
import type { Verdict } from '../conflict.ts'
import type { Facts } from '../facts.ts'
import { isRefusal, type Obligations } from '../obligations.ts'
import { targetOwners } from '../policy.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { isOwnerOf } from '../standing.ts'
import { malformations, type Terms, widenings } from '../terms.ts'
import { earliest, plusSeconds, secondsBetween } from '../time.ts'
import type { Command, Proposal, Waiver, WaiverEvent, WaiverId } from '../waiver.ts'
import { allowedToday } from './allowed.ts'
import { continuation, cumulativeTime } from './caps.ts'
import {
  accept,
  type Decision,
  ending,
  firstOf,
  freshSignIn,
  inPools,
  matterOf,
  notIndependent,
  obligationsToday,
  refuse,
  sameContents,
  stamp,
  stampSigned,
  stampSystem,
  steadyClock,
  verdictOn,
} from './checks.ts'
import { ownedToday } from './owned.ts'
import { denialsOf, promisedElsewhere } from './request.ts'
import { signedByPasskey } from './signed.ts'
import { proposedTerms } from './terms-proposed.ts'

/** The floor an endorser has to meet: the sign-off may come from the same team, never from the requesting side itself. */
const endorserFloor: ReadonlySet<string> = new Set([
  'is-requester',
  'is-beneficiary',
  'same-person-other-account',
  'controls-beneficiary',
  'in-delegation-chain',
  'took-part-already',
  'not-a-person',
  'unresolved-identity',
  'directory-too-old',
])

export function endorse(waiver: Waiver, command: Extract<Command, { type: 'endorse' }>, facts: Facts): Decision {
  const proposal = waiver.proposal
  if (proposal === undefined) return refuse(command, facts, refusal('nothing-to-decide'))
  const obligations = obligationsToday(waiver, proposal.terms, facts)
  if (isRefusal(obligations)) return refuse(command, facts, obligations)
  const verdict = endorserVerdict(waiver, proposal, obligations, facts)
  const no = firstOf(
    () => inTime(waiver, proposal, facts),
    () => ownedToday(proposal.terms, facts),
    () => (command.digest === proposal.digest ? undefined : refusal('terms-changed')),
    () => endorsesToday(obligations, facts, waiver),
    () =>
      obligations.steps.includes('endorse')
        ? undefined
        : refusal('not-in-this-state', 'this tier asks for no endorsement'),
    () => (proposal.endorsement === undefined ? undefined : refusal('not-in-this-state', 'it is endorsed already')),
    () => (verdict.independent ? undefined : refusal('endorser-unfit', undefined, { conflicts: verdict.conflicts })),
    () => byThePerson(waiver, command, obligations, facts),
  )
  if (no !== undefined) return refuse(command, facts, no, { verdict })
  return accept({ ...stampSigned(facts), type: 'WaiverEndorsed', of: proposal.of, digest: proposal.digest, verdict })
}

export function countersign(
  waiver: Waiver,
  command: Extract<Command, { type: 'countersign' }>,
  facts: Facts,
): Decision {
  const proposal = waiver.proposal
  if (proposal === undefined) return refuse(command, facts, refusal('nothing-to-decide'))
  const terms = proposedTerms(waiver, command) ?? proposal.terms
  const obligations = obligationsToday(waiver, terms, facts)
  if (isRefusal(obligations)) return refuse(command, facts, obligations)
  const verdict = verdictOn(facts.actor.id, matterOf(waiver, obligations, proposal), facts)
  const no = firstOf(
    () => ownedToday(terms, facts),
    () => mayDecide(waiver, proposal, command.digest, verdict, obligations, facts),
    () =>
      obligations.steps.includes('endorse') && proposal.endorsement === undefined
        ? refusal('endorse-first')
        : undefined,
    () => notTheSameAgain(waiver, proposal, terms, obligations, facts),
    () => onlyNarrower(proposal, terms, command.narrowed),
    () => denialsSeen(waiver, terms, command.acknowledges, facts),
    () => withinLimits(waiver, proposal, terms, obligations, facts),
    () => allowedToday(proposal.of === 'waiver' ? undefined : waiver, terms, obligations, facts),
    () => steadyClock(facts),
    () => sameContents(terms, facts),
    () => byThePerson(waiver, command, obligations, facts),
  )
  if (no?.code === 'contents-changed') return voided(waiver, command, facts, no)
  if (no !== undefined) return refuse(command, facts, no, { verdict })
  return accept(
    ...narrowing(proposal, terms, facts),
    signature(waiver, proposal, command, verdict, obligations, terms, facts),
  )
}

export function deny(waiver: Waiver, command: Extract<Command, { type: 'deny' }>, facts: Facts): Decision {
  const proposal = waiver.proposal
  if (proposal === undefined) return refuse(command, facts, refusal('nothing-to-decide'))
  // A denial under rules that no longer allow the waiver is still a denial.
  const today = obligationsToday(waiver, proposal.terms, facts)
  const obligations = isRefusal(today) ? waiver.obligations : today
  const verdict = verdictOn(facts.actor.id, matterOf(waiver, obligations, proposal), facts)
  const no = firstOf(
    () => mayDecide(waiver, proposal, command.digest, verdict, obligations, facts),
    () => byThePerson(waiver, command, obligations, facts),
  )
  if (no !== undefined) return refuse(command, facts, no, { verdict })
  const said = { ...stampSigned(facts), digest: proposal.digest, reason: command.reason, verdict }
  switch (proposal.of) {
    case 'waiver':
      return accept(...ending(waiver, facts, { ...said, type: 'WaiverDenied' }, 'denied'))
    case 'extension':
      return accept({ ...said, type: 'ExtensionDenied' })
    case 'resumption':
      return accept({ ...said, type: 'ResumptionDenied' })
    default:
      return proposal.of satisfies never
  }
}

export function askBack(waiver: Waiver, command: Extract<Command, { type: 'ask-back' }>, facts: Facts): Decision {
  const proposal = waiver.proposal
  const no = proposal === undefined ? refusal('nothing-to-decide') : inTime(waiver, proposal, facts)
  if (no !== undefined) return refuse(command, facts, no)
  return accept({ ...stamp(facts), type: 'QuestionAsked', text: command.text })
}

export function answer(waiver: Waiver, command: Extract<Command, { type: 'answer' }>, facts: Facts): Decision {
  const open = waiver.proposal?.questions.some((question) => question.answer === undefined) ?? false
  if (!open) return refuse(command, facts, refusal('nothing-to-decide', 'no question is waiting for an answer'))
  return accept({ ...stamp(facts), type: 'QuestionAnswered', text: command.text })
}

export function withdraw(waiver: Waiver, command: Extract<Command, { type: 'withdraw' }>, facts: Facts): Decision {
  const before = waiver.status === 'requested' || waiver.status === 'endorsed' || waiver.status === 'countersigned'
  if (!before || waiver.activation !== undefined) {
    return refuse(command, facts, refusal('not-in-this-state', `it is ${waiver.status}; revoke it instead`))
  }
  return accept(
    ...ending(waiver, facts, { ...stamp(facts), type: 'WaiverWithdrawn', reason: command.reason }, 'withdrawn'),
  )
}

/** What was countersigned no longer is what would be granted: the approval is gone for good. */
export function voided(waiver: Waiver, command: Command, facts: Facts, no: Refusal): Decision {
  const end: WaiverEvent = { ...stampSystem(facts), type: 'ApprovalVoided', reason: no.message }
  // A changed entitlement ends a request, not access that is running under another proposal.
  if (waiver.activation !== undefined) return refuse(command, facts, no)
  return refuse(command, facts, no, { consequences: ending(waiver, facts, end, 'voided') })
}

/** Asked of everyone who would decide, whichever way they decide. */
function mayDecide(
  waiver: Waiver,
  proposal: Proposal,
  digest: string,
  verdict: Verdict,
  obligations: Obligations,
  facts: Facts,
): Refusal | undefined {
  return firstOf(
    () => inTime(waiver, proposal, facts),
    () => oncePerPerson(proposal, facts),
    // Before the terms: whoever may not decide hears that, also when they may not even see what they would decide.
    () => notIndependent(verdict),
    () =>
      inPools(facts.actor.id, obligations.pools, facts)
        ? undefined
        : refusal('approver-not-in-pool', undefined, { nearest: obligations.pools }),
    () => (digest === proposal.digest ? undefined : refusal('terms-changed')),
  )
}

/** Asked last, so that nobody signs in or signs for what would be refused anyway. */
function byThePerson(
  waiver: Waiver,
  command: Extract<Command, { type: 'endorse' | 'countersign' | 'deny' }>,
  obligations: Obligations,
  facts: Facts,
): Refusal | undefined {
  return firstOf(
    () => freshSignIn(facts),
    () => signedByPasskey(waiver, command, obligations.passkey, facts),
  )
}

function inTime(waiver: Waiver, proposal: Proposal, { now }: Facts): Refusal | undefined {
  if (now >= proposal.decideBy) return refusal('too-late', `it had to be decided by ${proposal.decideBy}`)
  const end = waiver.activation?.end ?? waiver.terms.window.end
  return now >= end ? refusal('window-over') : undefined
}

function oncePerPerson(proposal: Proposal, { actor }: Facts): Refusal | undefined {
  const before = [...proposal.countersignatures, ...(proposal.endorsement === undefined ? [] : [proposal.endorsement])]
  return before.some((signature) => signature.by === actor.id) ? refusal('one-person-counts-once') : undefined
}

/** Both policies say who endorses; owners of the target are looked up in the directory. */
function endorsesToday(obligations: Obligations, facts: Facts, waiver: Waiver): Refusal | undefined {
  const { directory, now, actor } = facts
  const owner =
    obligations.endorsePools.includes(targetOwners) && isOwnerOf(directory, actor.id, waiver.terms.access.system, now)
  return owner || inPools(actor.id, obligations.endorsePools, facts)
    ? undefined
    : refusal('approver-not-in-pool', undefined, { nearest: obligations.endorsePools })
}

/** More time, also by filing again, takes somebody who did not give the time before. */
function notTheSameAgain(
  waiver: Waiver,
  proposal: Proposal,
  terms: Terms,
  obligations: Obligations,
  facts: Facts,
): Refusal | undefined {
  if (!obligations.extension.distinctCountersigner || proposal.of === 'resumption') return undefined
  const own = proposal.of === 'extension' ? waiver.approvals.map((signature) => signature.by) : []
  // What was filed beside it has been signed meanwhile, and counts as it stands now.
  const beside = proposal.of === 'waiver' ? continuation(terms, obligations, facts).countersigners : []
  return [...own, ...beside, ...waiver.countersignersBefore].includes(facts.actor.id)
    ? refusal('approver-decided-before')
    : undefined
}

function onlyNarrower(proposal: Proposal, terms: Terms, narrowed: Terms | undefined): Refusal | undefined {
  if (narrowed === undefined) return undefined
  const malformed = malformations(terms)[0]
  if (malformed !== undefined)
    return refusal('terms-malformed', `\`${malformed.at}\` ${malformed.problem}`, { at: malformed.at })
  if (proposal.of === 'extension' && terms.window.start !== proposal.terms.window.start) {
    return refusal('terms-widened', 'the start of an extension is past, and counts')
  }
  if (proposal.of === 'resumption') return refusal('not-in-this-state', 'a resumption goes on under the same terms')
  const wider = widenings(proposal.terms, terms)
  return wider.length === 0 ? undefined : refusal('terms-widened', wider.join('; '))
}

function denialsSeen(
  waiver: Waiver,
  terms: Terms,
  acknowledged: readonly WaiverId[],
  facts: Facts,
): Refusal | undefined {
  // Those of today as well: a denial that came after the request is a denial all the same.
  const denials = new Map(
    [...waiver.denialsBefore, ...denialsOf(terms, facts)].map((denial) => [denial.waiver, denial]),
  )
  const unseen = [...denials.values()].filter((denial) => !acknowledged.includes(denial.waiver))
  if (unseen.length === 0) return undefined
  return refusal('denial-not-acknowledged', unseen.map((d) => `\`${d.waiver}\` by ${d.by}`).join(', '))
}

function withinLimits(
  waiver: Waiver,
  proposal: Proposal,
  terms: Terms,
  obligations: Obligations,
  facts: Facts,
): Refusal | undefined {
  const { start, end } = terms.window
  if (end <= start) return refusal('window-reversed', undefined, { at: 'narrowed.window' })
  if (end <= facts.now) return refusal('window-over')
  switch (proposal.of) {
    case 'waiver':
      if (terms.openFor === undefined && secondsBetween(start, end) > obligations.windowSecondsMax)
        return refusal('window-too-long')
      return cumulativeTime(terms, obligations, facts)
    case 'extension':
      if (end <= waiver.terms.window.end) return refusal('extension-not-later')
      if (promisedElsewhere(terms, facts.earlier) !== undefined)
        return refusal('already-asked', 'another waiver has that time')
      if (waiver.ordinal + waiver.extensionsCount >= obligations.extension.countMax)
        return refusal('extension-count-reached')
      return cumulativeTime(terms, obligations, facts)
    case 'resumption':
      return undefined
    default:
      return proposal.of satisfies never
  }
}

function narrowing(proposal: Proposal, terms: Terms, facts: Facts): readonly WaiverEvent[] {
  if (terms === proposal.terms || facts.digest === undefined || facts.digest === proposal.digest) return []
  const changes = differences(proposal.terms, terms)
  return [{ ...stamp(facts), type: 'TermsNarrowed', from: proposal.digest, to: facts.digest, terms, changes }]
}

/** What a narrowing took away, one short line each. */
function differences(from: Terms, to: Terms): readonly string[] {
  return widenings(to, from).map((line) => `narrowed: ${line}`)
}

function signature(
  waiver: Waiver,
  proposal: Proposal,
  command: Extract<Command, { type: 'countersign' }>,
  verdict: Verdict,
  obligations: Obligations,
  terms: Terms,
  facts: Facts,
): WaiverEvent {
  const needed = Math.max(
    proposal.countersignersNeeded,
    obligations.countersignersMin + verdict.additionalCountersigners,
  )
  const said = {
    ...stampSigned(facts),
    saw: command.digest,
    signed: facts.digest ?? proposal.digest,
    verdict,
    complete: isComplete(proposal, verdict, needed, obligations),
    countersignersNeeded: needed,
    acknowledges: command.acknowledges,
  }
  switch (proposal.of) {
    case 'waiver': {
      const until =
        waiver.terms.kind === 'break-glass' ? undefined : plusSeconds(facts.now, obligations.activateWithinSeconds)
      const fromStart =
        until === undefined || until > terms.window.start
          ? until
          : plusSeconds(terms.window.start, obligations.activateWithinSeconds)
      return {
        ...said,
        type: 'WaiverCountersigned',
        activateBy: earliest([fromStart, terms.window.end]) ?? terms.window.end,
      }
    }
    case 'extension':
      return { ...said, type: 'ExtensionCountersigned' }
    case 'resumption':
      return { ...said, type: 'ResumptionCountersigned' }
    default:
      return proposal.of satisfies never
  }
}

/** Enough people, and among them enough who are in no ring with the asking side. */
function isComplete(proposal: Proposal, verdict: Verdict, needed: number, { countersignersMin }: Obligations): boolean {
  const inRing = verdict.additionalCountersigners > 0
  const strangers = proposal.countersignatures.filter((signature) => !signature.inRing).length + (inRing ? 0 : 1)
  return proposal.countersignatures.length + 1 >= needed && strangers >= countersignersMin
}

/** Independence as an endorser needs it: asked over the endorsing pools, with the endorser's floor only. */
export function endorserVerdict(waiver: Waiver, proposal: Proposal, obligations: Obligations, facts: Facts): Verdict {
  const whole = verdictOn(facts.actor.id, matterOf(waiver, obligations, proposal, obligations.endorsePools), facts)
  const conflicts = whole.conflicts.filter((conflict) => endorserFloor.has(conflict.code))
  return { ...whole, conflicts, independent: conflicts.length === 0, additionalCountersigners: 0 }
}
