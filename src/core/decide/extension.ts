/**
 * Asking for more: more time while access runs, or its resumption after a suspension. Both only put a proposal forward;
 * it is decided in `approval.ts` like a first request.
 */
import type { Facts } from '../facts.ts'
import { isRefusal, type Obligations } from '../obligations.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { route } from '../route.ts'
import { earliest, parseInstant, plusSeconds, secondsBetween } from '../time.ts'
import type { Command, Waiver } from '../waiver.ts'
import { cumulativeTime } from './caps.ts'
import {
  accept,
  type Decision,
  firstOf,
  matterOf,
  obligationsToday,
  refuse,
  sameContents,
  stamp,
  steadyClock,
} from './checks.ts'
import { ownedToday } from './owned.ts'
import { promisedElsewhere } from './request.ts'
import { proposedTerms } from './terms-proposed.ts'

export function requestExtension(
  waiver: Waiver,
  command: Extract<Command, { type: 'request-extension' }>,
  facts: Facts,
): Decision {
  const terms = proposedTerms(waiver, command) ?? waiver.terms
  const obligations = obligationsToday(waiver, terms, facts)
  if (isRefusal(obligations)) return refuse(command, facts, obligations)
  const no = firstOf(
    () =>
      waiver.terms.kind === 'break-glass'
        ? refusal('extension-not-offered', 'break-glass is never extended')
        : undefined,
    () => stillRunning(waiver, facts),
    () => ownedToday(terms, facts),
    () => longer(waiver, command.end, obligations, facts),
    () => cumulativeTime(terms, obligations, facts),
    () =>
      promisedElsewhere(terms, facts.earlier) === undefined
        ? undefined
        : refusal('already-asked', 'another waiver has that time'),
    () => steadyClock(facts),
    () => sameContents(terms, facts),
    () => somebodyElse(waiver, obligations, facts),
  )
  if (no !== undefined) return refuse(command, facts, no)
  return accept({
    ...stamp(facts),
    type: 'ExtensionRequested',
    chain: facts.actor.chain,
    terms,
    digest: facts.digest ?? '',
    reason: command.reason,
    decideBy: decideBy(waiver, obligations, facts),
  })
}

export function requestResumption(
  waiver: Waiver,
  command: Extract<Command, { type: 'request-resumption' }>,
  facts: Facts,
): Decision {
  const obligations = obligationsToday(waiver, waiver.terms, facts)
  if (isRefusal(obligations)) return refuse(command, facts, obligations)
  const end = waiver.activation?.end ?? waiver.terms.window.end
  const no = firstOf(
    () => (waiver.status === 'suspended' ? undefined : refusal('not-in-this-state', `it is ${waiver.status}`)),
    () => (waiver.proposal === undefined ? undefined : refusal('already-asked')),
    () => ownedToday(waiver.terms, facts),
    () => (facts.now < end ? undefined : refusal('window-over')),
  )
  if (no !== undefined) return refuse(command, facts, no)
  return accept({
    ...stamp(facts),
    type: 'ResumptionRequested',
    chain: facts.actor.chain,
    reason: command.reason,
    decideBy: decideBy(waiver, obligations, facts),
  })
}

function stillRunning(waiver: Waiver, { now }: Facts): Refusal | undefined {
  if (waiver.status !== 'active' || waiver.activation === undefined)
    return refusal('not-in-this-state', `it is ${waiver.status}`)
  if (waiver.proposal !== undefined) return refusal('already-asked', 'an extension is waiting for a decision')
  return now < waiver.activation.end ? undefined : refusal('window-over')
}

function longer(waiver: Waiver, end: string, obligations: Obligations, { now }: Facts): Refusal | undefined {
  const { countMax } = obligations.extension
  const setIn = `policy tiers.${obligations.tier}`
  if (countMax === 0) return refusal('extension-not-offered', `in tier \`${obligations.tier}\``)
  if (waiver.ordinal + waiver.extensionsCount >= countMax) {
    return refusal('extension-count-reached', undefined, {
      limit: { value: countMax, setIn: `${setIn}.extension.countMax` },
    })
  }
  const instant = parseInstant(end)
  if (instant === undefined)
    return refusal('terms-malformed', '`end` must be an instant such as 2026-11-22T10:00:00Z', { at: 'end' })
  if (instant <= waiver.terms.window.end) return refusal('extension-not-later', `it ends at ${waiver.terms.window.end}`)
  if (secondsBetween(now, instant) <= obligations.windowSecondsMax) return undefined
  return refusal('window-too-long', undefined, {
    at: 'end',
    limit: { value: obligations.windowSecondsMax, setIn: `${setIn}.windowMax` },
  })
}

function somebodyElse(
  waiver: Waiver,
  obligations: Obligations,
  { directory, history, policies, now }: Facts,
): Refusal | undefined {
  const { eligible, excluded } = route(
    matterOf(waiver, obligations, undefined),
    directory,
    history,
    policies.today,
    now,
  )
  const before = new Set([...waiver.approvals.map((approval) => approval.by), ...waiver.countersignersBefore])
  const others = obligations.extension.distinctCountersigner
    ? eligible.filter(({ person }) => !before.has(person))
    : eligible
  return others.length >= obligations.countersignersMin
    ? undefined
    : refusal('no-independent-approver', undefined, { excluded })
}

/** After the end nothing can be extended or resumed, so the decision must come before it. */
function decideBy(waiver: Waiver, obligations: Obligations, { now }: Facts): string {
  const end = waiver.activation?.end ?? waiver.terms.window.end
  return earliest([plusSeconds(now, obligations.decideWithinSeconds), end]) ?? end
}
