/**
 * Do the rules of both policies still allow these terms? Asked when something is decided and again when it is started,
 * because a request that was fine yesterday is not owed anything today.
 */
import type { Facts } from '../facts.ts'
import { isRefusal, type Obligations, offerFor } from '../obligations.ts'
import { type Refusal, refusal } from '../refusal.ts'
import type { Terms } from '../terms.ts'
import { secondsBetween, secondsOf } from '../time.ts'
import type { Waiver } from '../waiver.ts'
import { firstOf } from './checks.ts'
import { controlsFit, dutiesFit } from './request.ts'

/** @param waiver whose steps were taken; undefined while the first of them is being taken */
export function allowedToday(
  waiver: Waiver | undefined,
  terms: Terms,
  obligations: Obligations,
  facts: Facts,
): Refusal | undefined {
  return firstOf(
    () => lengthFits(waiver, terms, obligations),
    () => stepsTaken(waiver, obligations),
    () => policyChanged(controlsFit(terms, obligations, facts.policies.today, facts)),
    () => dutiesStillFit(terms, facts),
  )
}

/** An extension may have made the whole longer than one window; each step of it was measured when it was decided. */
function lengthFits(
  waiver: Waiver | undefined,
  { openFor, window }: Terms,
  obligations: Obligations,
): Refusal | undefined {
  if ((waiver?.extensionsCount ?? 0) > 0) return undefined
  const seconds = openFor === undefined ? secondsBetween(window.start, window.end) : (secondsOf(openFor) ?? Infinity)
  if (seconds <= obligations.windowSecondsMax) return undefined
  return refusal('policy-changed', `today at most ${obligations.windowSecondsMax} seconds`)
}

function stepsTaken(waiver: Waiver | undefined, { steps }: Obligations): Refusal | undefined {
  const missing = waiver !== undefined && steps.includes('endorse') && waiver.endorsers.length === 0
  return missing ? refusal('policy-changed', 'today an endorsement is needed') : undefined
}

function policyChanged(no: Refusal | undefined): Refusal | undefined {
  return no === undefined || no.code !== 'control-missing' ? no : refusal('policy-changed', no.message)
}

function dutiesStillFit(terms: Terms, facts: Facts): Refusal | undefined {
  const { today } = facts.policies
  const offer = offerFor(terms, today, facts.directory)
  return isRefusal(offer) ? offer : dutiesFit(terms, offer, today, facts)
}
