/**
 * What is told of a waiver's life. Every event has an entry, so that whoever adds one decides here whether somebody
 * hears of it; `immediate` is for what must not wait until somebody looks.
 */
import { targetOwners } from '../../core/policy.ts'
import type { EventOf, EventType, Waiver } from '../../core/waiver.ts'
import type { Telling } from './telling.ts'

type Tell<Type extends EventType> = Telling<Waiver, EventOf<Type>>

/** Who asked, for whom, through whom. */
const asking = (waiver: Waiver) => [waiver.requester, ...waiver.chain, waiver.terms.beneficiary]
const approvers = (waiver: Waiver) => waiver.approvals.map(({ by }) => by)
const pools = (waiver: Waiver) => waiver.obligations.pools
const endorsers = (waiver: Waiver) =>
  waiver.obligations.steps.includes('endorse') ? waiver.obligations.endorsePools : []
const everyone = (waiver: Waiver) => [...asking(waiver), waiver.activation?.by, ...approvers(waiver)]
/** Whoever decides goes on being needed until the decision is complete. */
const decided = (waiver: Waiver, event: { readonly complete: boolean } | undefined) =>
  event?.complete === false ? [...asking(waiver), ...pools(waiver)] : asking(waiver)

export const waiverNotices: { readonly [Type in EventType]: Tell<Type> | undefined } = {
  WaiverRequested: {
    urgency: 'normal',
    // Whoever denied the same before hears that it is asked for again.
    to: (waiver) => [...endorsers(waiver), ...pools(waiver), ...waiver.denialsBefore.map(({ by }) => by)],
    codes: ({ decideBy, denialsBefore, continues }) => ({
      decideBy,
      deniedBefore: denialsBefore.map(({ waiver }) => waiver),
      continues,
    }),
  },
  WaiverEndorsed: { urgency: 'normal', to: pools, codes: ({ of }) => ({ of }) },
  TermsNarrowed: undefined,
  WaiverCountersigned: {
    urgency: 'normal',
    to: (waiver, _, event) => decided(waiver, event),
    codes: ({ complete, activateBy }) => ({ complete, activateBy }),
  },
  WaiverDenied: { urgency: 'normal', to: asking },
  QuestionAsked: { urgency: 'normal', to: asking },
  QuestionAnswered: {
    urgency: 'normal',
    to: (waiver) => waiver.proposal?.questions.map(({ by }) => by) ?? pools(waiver),
  },
  WaiverWithdrawn: { urgency: 'normal', to: (waiver) => [...pools(waiver), ...approvers(waiver)] },
  WaiverLapsed: {
    urgency: 'normal',
    to: (waiver) => [...asking(waiver), ...pools(waiver)],
    codes: ({ cause }) => ({ cause }),
  },
  ApprovalVoided: { urgency: 'immediate', to: (waiver) => [...asking(waiver), ...approvers(waiver), ...pools(waiver)] },
  // Somebody else has to sign in their stead, or it lapses.
  SignatureVoided: {
    urgency: 'normal',
    to: (waiver) => [...asking(waiver), ...endorsers(waiver), ...pools(waiver)],
    codes: ({ of, person }) => ({ of, person }),
  },
  ProposalVoided: {
    urgency: 'normal',
    to: (waiver) => [...asking(waiver), ...pools(waiver)],
    codes: ({ of }) => ({ of }),
  },
  ActivationStarted: {
    as: 'BreakGlassOpened',
    urgency: 'immediate',
    when: (waiver) => waiver.terms.kind === 'break-glass',
    to: (waiver, { security }) => [...pools(waiver), ...security, ...everyone(waiver)],
    codes: ({ end }) => ({ end }),
  },
  AccessActivated: { urgency: 'normal', to: everyone },
  AccessUsed: undefined,
  ExtensionRequested: { urgency: 'normal', to: pools, codes: ({ decideBy }) => ({ decideBy }) },
  ExtensionCountersigned: {
    urgency: 'normal',
    to: (waiver, _, event) => decided(waiver, event),
    codes: ({ complete }) => ({ complete }),
  },
  ExtensionDenied: { urgency: 'normal', to: asking },
  ExtensionLapsed: { urgency: 'normal', to: (waiver) => [...asking(waiver), ...pools(waiver)] },
  ControlEvidenced: undefined,
  ControlMissed: {
    urgency: 'immediate',
    to: (waiver, { security }, event) => [
      ...waiver.controls
        .filter(({ control }) => event === undefined || control === event.control)
        .map(({ owner }) => owner),
      ...everyone(waiver),
      ...security,
    ],
    codes: ({ control, nextDueAt }) => ({ control, nextDueAt }),
  },
  AccessSuspended: { urgency: 'immediate', to: (waiver, { security }) => [...everyone(waiver), ...security] },
  ResumptionRequested: { urgency: 'normal', to: pools, codes: ({ decideBy }) => ({ decideBy }) },
  ResumptionCountersigned: {
    urgency: 'normal',
    to: (waiver, _, event) => decided(waiver, event),
    codes: ({ complete }) => ({ complete }),
  },
  ResumptionDenied: { urgency: 'normal', to: asking },
  ResumptionLapsed: { urgency: 'normal', to: (waiver) => [...asking(waiver), ...pools(waiver)] },
  AccessRevoked: { urgency: 'normal', to: everyone, codes: ({ cause }) => ({ cause }) },
  AccessExpired: { urgency: 'normal', to: everyone },
  RemovalVerified: { urgency: 'normal', to: everyone, codes: ({ residue }) => ({ residueCount: residue.length }) },
  RemovalFailed: {
    urgency: 'immediate',
    // Whoever owns the target can look, and the security pool can make it happen by hand.
    to: (waiver, { security }) => [targetOwners, ...security, ...everyone(waiver)],
  },
  ReviewOpened: { urgency: 'normal', to: (_, { review }) => review, codes: ({ dueAt }) => ({ dueAt }) },
  ReviewOverdue: { urgency: 'immediate', to: (_, { review, security }) => [...review, ...security] },
  ReviewClosed: { urgency: 'normal', to: everyone, codes: ({ finding }) => ({ finding }) },
  EventReviewed: undefined,
  // Anybody can make these at will; they are read in the records and counted, not sent around.
  AttemptRefused: undefined,
}
