/**
 * Asking. A request is taken when it is well-formed, offered by the policy, within the limits, asked by somebody who may
 * ask, and when at least one independent person could decide it.
 */
import { personsControlling } from '../compile.ts'
import { brokenThrough, dutiesOf, isConflict } from '../duties.ts'
import type { EarlierWaiver, Facts } from '../facts.ts'
import { isRefusal, type Obligations, type Offer, offerFor } from '../obligations.ts'
import { entitlementOf, entryOf, type Policy } from '../policy.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { route } from '../route.ts'
import { accountsHeld, answersFor, holdsAccount, isActive, isControllerOf, nodeKindOf } from '../standing.ts'
import { accessOverlaps, malformations, type Terms } from '../terms.ts'
import { earliest, overlaps, plusSeconds, secondsBetween, secondsOf } from '../time.ts'
import type { Command, Denial } from '../waiver.ts'
import { continuation, cumulativeTime } from './caps.ts'
import { accept, type Decision, firstOf, outsideOffer, refuse, stamp } from './checks.ts'
import { ownedToday } from './owned.ts'
import { proposedTerms } from './terms-proposed.ts'

/** A window may start this far ahead; longer plans belong into the role model, not into a waiver. */
export const startAheadSecondsMax = 30 * 86_400
/** An envelope is looked at and sealed again at least this often. */
export const sealSecondsMax = 92 * 86_400
/** A window that says "now" may have been written this long ago. */
const startBehindSecondsMax = 300
/** Denials of the same this long ago are shown to whoever decides next. */
export const denialShownSeconds = 90 * 86_400

export function request(command: Extract<Command, { type: 'request' }>, facts: Facts): Decision {
  const terms = proposedTerms(undefined, command) as Terms
  const policy = facts.policies.today
  const malformed = malformations(terms)[0]
  if (malformed !== undefined) {
    return refuse(
      command,
      facts,
      refusal('terms-malformed', `\`${malformed.at}\` ${malformed.problem}`, { at: malformed.at }),
    )
  }
  const offer = offerFor(terms, policy, facts.directory)
  if (isRefusal(offer)) return refuse(command, facts, offer)
  const { obligations } = offer
  const no = firstOf(
    () => beneficiaryKnown(terms, facts),
    // Only who may ask hears which accounts there are.
    () => mayAskFor(terms, facts),
    () => ownedToday(terms, facts),
    () => accountHeld(terms, facts),
    () => outsideOffer(terms, offer.entitlement),
    () => windowWithin(terms, obligations, facts),
    () => controlsFit(terms, obligations, policy, facts),
    () => dutiesFit(terms, offer, policy, facts),
    () => contentsKnown(facts),
    () => notOpenAlready(terms, facts),
    () => noLooseningProfits(terms, obligations, facts),
    () => cumulativeTime(terms, obligations, facts),
    () => continuation(terms, obligations, facts).refusal,
    () => somebodyIndependent(terms, obligations, facts),
  )
  if (no !== undefined) return refuse(command, facts, no)
  const goesOn = continuation(terms, obligations, facts)
  return accept({
    ...stamp(facts),
    type: 'WaiverRequested',
    chain: facts.actor.chain,
    terms,
    digest: facts.digest ?? '',
    policy: facts.policies.todayDigest,
    obligations,
    decideBy: earliest([plusSeconds(facts.now, obligations.decideWithinSeconds), terms.window.end]) ?? terms.window.end,
    continues: goesOn.waivers,
    ordinal: goesOn.ordinal,
    countersignersBefore: goesOn.countersigners,
    denialsBefore: denialsOf(terms, facts),
  })
}

function beneficiaryKnown(terms: Terms, { directory, now }: Facts): Refusal | undefined {
  const kind = nodeKindOf(directory, terms.beneficiary)
  const wanted = terms.kind === 'break-glass' ? ['rota'] : ['person', 'workload']
  if (kind === undefined || !wanted.includes(kind)) {
    return refusal('unknown-beneficiary', `\`${terms.beneficiary}\` is no ${wanted.join(' or ')} of the directory`, {
      at: 'terms.beneficiary',
    })
  }
  if (!isActive(directory, terms.beneficiary, now))
    return refusal('not-active-in-directory', `\`${terms.beneficiary}\``, { at: 'terms.beneficiary' })
  return undefined
}

function accountHeld(terms: Terms, { directory, now }: Facts): Refusal | undefined {
  if (terms.kind === 'break-glass') return undefined
  const account = terms.access.account ?? ''
  if (holdsAccount(directory, terms.beneficiary, terms.access.system, account, now)) return undefined
  return refusal('unknown-account', `\`${account}\` on \`${terms.access.system}\``, {
    at: 'terms.access.account',
    nearest: accountsHeld(directory, terms.beneficiary, terms.access.system, now),
  })
}

/** For oneself, for what one controls, for whom one sponsors or leads; an envelope may be prepared by anyone. */
function mayAskFor(terms: Terms, { actor, directory, now }: Facts): Refusal | undefined {
  const may =
    terms.kind === 'break-glass' ||
    actor.id === terms.beneficiary ||
    isControllerOf(directory, actor.id, terms.beneficiary, now) ||
    answersFor(directory, actor.id, terms.beneficiary, now)
  return may
    ? undefined
    : refusal('may-not-ask-for-beneficiary', `\`${terms.beneficiary}\``, { at: 'terms.beneficiary' })
}

export function windowWithin(terms: Terms, obligations: Obligations, { now }: Facts): Refusal | undefined {
  const { start, end } = terms.window
  if (end <= start) return refusal('window-reversed', undefined, { at: 'terms.window' })
  if (end <= now || secondsBetween(start, now) > startBehindSecondsMax)
    return refusal('window-in-past', undefined, { at: 'terms.window' })
  if (secondsBetween(now, start) > startAheadSecondsMax) {
    return refusal('window-too-far-ahead', undefined, {
      at: 'terms.window.start',
      limit: { value: 'P30D', setIn: 'countersign' },
    })
  }
  if (terms.kind === 'break-glass' && secondsBetween(start, end) > sealSecondsMax) {
    return refusal('window-too-long', 'an envelope stays sealed for at most 92 days', {
      at: 'terms.window.end',
      limit: { value: 'P92D', setIn: 'countersign' },
    })
  }
  const asked = terms.openFor === undefined ? secondsBetween(start, end) : (secondsOf(terms.openFor) ?? Infinity)
  if (asked <= obligations.windowSecondsMax) return undefined
  return refusal('window-too-long', `at most ${obligations.windowSecondsMax} seconds in tier \`${obligations.tier}\``, {
    at: terms.openFor === undefined ? 'terms.window.end' : 'terms.openFor',
    limit: { value: obligations.windowSecondsMax, setIn: `policy tiers.${obligations.tier}.windowMax` },
  })
}

export function controlsFit(
  terms: Terms,
  obligations: Obligations,
  policy: Policy,
  { directory, actor, now }: Facts,
): Refusal | undefined {
  const missing = obligations.controlsRequired.find((id) => !terms.controls.some((control) => control.control === id))
  if (missing !== undefined) return refusal('control-missing', `\`${missing}\``, { at: 'terms.controls' })
  for (const control of terms.controls) {
    const rule = entryOf(policy.controls, control.control)
    if (rule === undefined) {
      return refusal('unknown-control', `\`${control.control}\``, {
        at: 'terms.controls',
        nearest: Object.keys(policy.controls),
      })
    }
    if ((secondsOf(control.every) ?? Infinity) > rule.everySecondsMax) {
      return refusal(
        'terms-malformed',
        `\`${control.control}\` needs evidence at least every ${rule.everySecondsMax} seconds`,
        {
          at: 'terms.controls',
          limit: { value: rule.everySecondsMax, setIn: `policy controls.${control.control}.everyMax` },
        },
      )
    }
    const fits = nodeKindOf(directory, control.owner) === 'person' && isActive(directory, control.owner, now)
    if (!fits || control.owner === terms.beneficiary || control.owner === actor.id) {
      return refusal('control-owner-unfit', `\`${control.owner}\``, { at: 'terms.controls' })
    }
  }
  return undefined
}

/** Either no new conflict of duties comes to be, or the exception names exactly the rule that is broken. */
export function dutiesFit(terms: Terms, offer: Offer, policy: Policy, facts: Facts): Refusal | undefined {
  if (terms.kind === 'break-glass') return undefined
  const held = dutiesOf(
    [...facts.held, ...facts.earlier.filter((one) => one.open && !one.breakGlass).map((one) => one.access)],
    policy,
  )
  const exception = terms.exception
  const broken = brokenThrough(held, offer.entitlement.duties, policy).filter((rule) => rule.id !== exception?.rule)
  if (broken.length > 0)
    return refusal('creates-duty-conflict', broken.map((rule) => `\`${rule.id}\` ${rule.name}`).join('; '))
  if (exception === undefined) return undefined
  const rule = entryOf(policy.dutyRules, exception.rule)
  if (rule === undefined)
    return refusal('unknown-rule', `\`${exception.rule}\``, {
      at: 'terms.exception.rule',
      nearest: Object.keys(policy.dutyRules),
    })
  const other = entitlementOf(policy, exception.other)
  if (other === undefined)
    return refusal('unknown-entitlement', `\`${exception.other.entitlement}\``, { at: 'terms.exception.other' })
  if (!isConflict(rule, offer.entitlement.duties, other.duties, policy))
    return refusal('not-a-duty-conflict', `\`${rule.id}\``)
  const mitigated = terms.controls.some((control) => rule.controls.includes(control.control))
  if (mitigated) return undefined
  const offered = rule.controls.map((id) => `\`${id}\``).join(' or ')
  return refusal(
    'control-missing',
    offered === '' ? `rule \`${rule.id}\` allows no exception` : `rule \`${rule.id}\` asks for ${offered}`,
  )
}

function contentsKnown({ contains, silence }: Facts): Refusal | undefined {
  return contains === undefined ? refusal('contents-unknown', silence) : undefined
}

function notOpenAlready(terms: Terms, { earlier }: Facts): Refusal | undefined {
  const open = terms.kind === 'break-glass' ? undefined : promisedElsewhere(terms, earlier)
  return open === undefined
    ? undefined
    : refusal('already-asked', `\`${open.id}\`; ask for its extension, or end it first`)
}

/** @returns another open waiver of the same entitlement, or of anything in common with it, in the same time. */
export function promisedElsewhere(
  { access, window }: Terms,
  earlier: readonly EarlierWaiver[],
): EarlierWaiver | undefined {
  const sameEntitlement = (one: EarlierWaiver) =>
    one.access.system === access.system &&
    one.access.entitlement === access.entitlement &&
    one.access.account === access.account
  return earlier.find(
    (one) =>
      one.open &&
      !one.breakGlass &&
      (sameEntitlement(one) || accessOverlaps(one.access, access)) &&
      // Access that began later keeps its time from the beginning: a clock that went back may stand before it began.
      overlaps(one.promised ?? one.window, window),
  )
}

function noLooseningProfits(terms: Terms, obligations: Obligations, facts: Facts): Refusal | undefined {
  const { directory, history, policies, actor, now } = facts
  const side = new Set([actor.id, ...actor.chain, terms.beneficiary])
  for (const node of [...side]) {
    for (const person of personsControlling(directory, node, now, policies.today)) side.add(person)
  }
  const change = history.ruleChanges.find(
    (one) => side.has(one.author) && one.loosened.some((rule) => obligations.rules.includes(rule)),
  )
  return change === undefined
    ? undefined
    : refusal('requester-loosened-the-rules', `\`${change.author}\` in \`${change.event}\``)
}

function somebodyIndependent(terms: Terms, obligations: Obligations, facts: Facts): Refusal | undefined {
  const { actor, directory, history, policies, now } = facts
  const matter = {
    requester: actor.id,
    chain: actor.chain,
    beneficiary: terms.beneficiary,
    system: terms.access.system,
    took: [],
    pools: obligations.pools,
    rules: obligations.rules,
  }
  const { eligible, excluded } = route(matter, directory, history, policies.today, now)
  if (eligible.length >= obligations.countersignersMin) return undefined
  return refusal('no-independent-approver', `${eligible.length} of ${obligations.countersignersMin} needed`, {
    excluded,
  })
}

export function denialsOf(terms: Terms, { earlier, now }: Facts): readonly Denial[] {
  return earlier
    .filter((one) => accessOverlaps(one.access, terms.access))
    .flatMap((one) => (one.denial === undefined ? [] : [one.denial]))
    .filter((denial) => secondsBetween(denial.at, now) <= denialShownSeconds)
}
