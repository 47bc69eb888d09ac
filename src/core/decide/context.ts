/**
 * What does whoever decides have in front of them besides the terms? Put together from the facts of one moment, once when
 * it is shown and once more when it is decided; the two must be the same.
 */
import type { Verdict } from '../conflict.ts'
import { brokenThrough, dutiesOf } from '../duties.ts'
import type { EarlierWaiver, Facts } from '../facts.ts'
import { isRefusal, type Obligations } from '../obligations.ts'
import { entitlementOf } from '../policy.ts'
import type { ShownContext, ShownWaiver } from '../signed.ts'
import type { Terms } from '../terms.ts'
import type { Waiver } from '../waiver.ts'
import { approverToday } from './access.ts'
import { reviewerVerdict } from './after.ts'
import { endorserVerdict } from './approval.ts'
import { matterOf, obligationsToday, verdictOn } from './checks.ts'
import { denialsOf } from './request.ts'
import type { SignableCommand } from './signed.ts'
import { proposedTerms } from './terms-proposed.ts'

export function shownContext(waiver: Waiver, command: SignableCommand, facts: Facts): ShownContext {
  const terms = proposedTerms(waiver, command) ?? waiver.proposal?.terms ?? waiver.terms
  const today = obligationsToday(waiver, terms, facts)
  const obligations = isRefusal(today) ? waiver.obligations : today
  const verdicts = verdictsFor(waiver, command, obligations, facts)
  const seesOthers = command.type !== 'activate'
  return {
    verdicts: verdicts.map(shownVerdict),
    tier: obligations.tier,
    countersignersNeeded: needed(waiver, obligations, verdicts),
    ...(facts.contains === undefined ? {} : { contains: facts.contains }),
    ...(seesOthers ? othersFor(waiver, terms, facts) : nothing),
  }
}

/** Whoever opens an envelope stands on the asking side, and is shown nothing about others. */
const nothing = { held: [], access: [], breaks: [], earlier: [], denials: [] } as const

function verdictsFor(
  waiver: Waiver,
  command: SignableCommand,
  obligations: Obligations,
  facts: Facts,
): readonly Verdict[] {
  const { proposal } = waiver
  switch (command.type) {
    case 'countersign':
    case 'deny':
      return [verdictOn(facts.actor.id, matterOf(waiver, obligations, proposal), facts)]
    case 'endorse':
      return proposal === undefined ? [] : [endorserVerdict(waiver, proposal, obligations, facts)]
    case 'activate':
      return waiver.approvals.map(({ by }) => approverToday(waiver, by, obligations, facts))
    case 'review':
    case 'review-event':
      return [reviewerVerdict(waiver, facts)]
    default:
      return command satisfies never
  }
}

function needed({ proposal }: Waiver, { countersignersMin }: Obligations, verdicts: readonly Verdict[]): number {
  const more = Math.max(0, ...verdicts.map(({ additionalCountersigners }) => additionalCountersigners))
  return Math.max(proposal?.countersignersNeeded ?? 0, countersignersMin + more)
}

function othersFor(waiver: Waiver, terms: Terms, facts: Facts): Pick<ShownContext, keyof typeof nothing> {
  const { earlier, held } = facts
  const policy = facts.policies.today
  const live = earlier.filter(({ open, granted }) => open && granted)
  const duties = dutiesOf(
    [...held, ...earlier.filter((one) => one.open && !one.breakGlass).map((one) => one.access)],
    policy,
  )
  const broken = brokenThrough(duties, entitlementOf(policy, terms.access)?.duties ?? [], policy)
  const denials = [...waiver.denialsBefore, ...denialsOf(terms, facts)]
  return {
    held: held.map(({ system, entitlement }) => ({ system, entitlement })),
    access: live.map(shownWaiver),
    breaks: broken.map(({ id }) => id),
    earlier: earlier.map(shownWaiver),
    denials: [...new Map(denials.map(({ waiver: id, by, reason }) => [id, { waiver: id, by, reason }])).values()],
  }
}

function shownVerdict({
  person,
  independent,
  conflicts,
  additionalCountersigners,
}: Verdict): ShownContext['verdicts'][number] {
  return { person, independent, conflicts: conflicts.map(({ code }) => code), additionalCountersigners }
}

function shownWaiver({ id, access, window, open, granted }: EarlierWaiver): ShownWaiver {
  const { system, entitlement, resources, actions } = access
  return { waiver: id, system, entitlement, resources, actions, start: window.start, end: window.end, open, granted }
}
