/** The figures about acts. Each says its own rule; the documentation and the report print it from here. */
import { isEnd } from '../calendar.ts'
import type { AuditSettings } from '../settings.ts'
import type { FigureRule } from './figure.ts'
import {
  isOnePerson,
  isOwnApproval,
  isOwnBenefit,
  isOwnEntry,
  machineAlone,
  machineDecided,
  machineWrote,
} from './people.ts'
import type { ActRow } from './rows.ts'

type ActRule = FigureRule<'act'>

const isDecision = ({ decision }: ActRow) => decision !== undefined
const wasNotIndependent = ({ judgement }: ActRow) => judgement?.conclusion === 'not-independent'
const isGrant = ({ act }: ActRow) => act.kind === 'granted'
const isExtension = ({ meaning }: ActRow) => meaning.move === 'later'
const needsReference = ({ act }: ActRow) => act.kind === 'granted' || act.kind === 'end-changed'

/** A decision is a grant, a change of what is given, or an end that moved later or was taken away. */
export const approvalRules: readonly ActRule[] = [
  {
    code: 'own-entry',
    of: 'act',
    weight: 'grave',
    label: 'put in force by somebody who wrote it',
    rule: 'decisions whose `enteredBy` is among `askedBy`',
    among: isDecision,
    holds: ({ act }) => isOwnEntry(act),
  },
  {
    code: 'own-approval',
    of: 'act',
    weight: 'grave',
    label: 'approved by somebody who wrote it',
    rule: 'decisions with a name that is both in `approvedBy` and in `askedBy`',
    among: isDecision,
    holds: ({ act }) => isOwnApproval(act),
  },
  {
    code: 'one-person',
    of: 'act',
    weight: 'grave',
    label: 'written, approved and put in force by one person alone',
    rule: 'decisions in which `askedBy`, `approvedBy` and `enteredBy`, machines left out, name one person',
    among: isDecision,
    holds: ({ act }) => isOnePerson(act),
  },
  {
    code: 'own-benefit',
    of: 'act',
    weight: 'grave',
    label: 'approved or put in force by whoever got the access',
    rule: 'decisions whose `beneficiary` is in `approvedBy` or is `enteredBy`',
    among: isDecision,
    holds: ({ act }) => isOwnBenefit(act),
  },
  {
    code: 'nobody-approved',
    of: 'act',
    weight: 'grave',
    label: 'approved by nobody',
    rule: 'decisions whose `approvedBy` is empty',
    among: isDecision,
    holds: ({ act }) => (act.approvedBy === undefined ? undefined : act.approvedBy.length === 0),
  },
  {
    code: 'not-independent',
    of: 'act',
    base: 'all',
    weight: 'grave',
    label: 'approved by nobody who was independent',
    rule: 'decisions for which every approver was found not to be independent, or nobody approved',
    among: isDecision,
    holds: ({ judgement }) =>
      judgement === undefined || judgement.conclusion === 'unknown'
        ? undefined
        : judgement.conclusion === 'not-independent',
  },
  {
    code: 'independent',
    of: 'act',
    base: 'all',
    weight: 'good',
    label: 'approved by somebody independent',
    rule: 'decisions with an approver against whom nothing was found, where nothing was missing to find it',
    among: isDecision,
    holds: ({ judgement }) =>
      judgement === undefined || judgement.conclusion === 'unknown'
        ? undefined
        : judgement.conclusion === 'independent',
  },
  {
    code: 'someone-not-independent',
    of: 'act',
    base: 'all',
    weight: 'look',
    label: 'with an approver who was not independent, whoever approved besides',
    rule: 'decisions in which something was found against at least one approver',
    among: isDecision,
    holds: ({ judgement }) =>
      judgement?.approvers.some(({ conclusion }) => conclusion === 'not-independent')
        ? true
        : judgement === undefined || judgement.conclusion === 'unknown'
          ? undefined
          : false,
  },
  {
    code: 'others-available',
    of: 'act',
    weight: 'look',
    label: 'while somebody independent could have approved instead',
    rule: 'decisions found not to be independent for which routing finds at least one independent person',
    among: wasNotIndependent,
    holds: ({ instead }) => instead !== undefined && instead.eligible.length > 0,
  },
  {
    code: 'others-to-look-at',
    of: 'act',
    weight: 'look',
    label: 'while others were approving of whom nobody can say whether they were independent',
    rule: 'decisions found not to be independent for which routing finds nobody independent, and somebody of whom it is not known',
    among: wasNotIndependent,
    holds: ({ instead }) => instead !== undefined && instead.eligible.length === 0 && instead.open.length > 0,
  },
  {
    code: 'nobody-else',
    of: 'act',
    weight: 'grave',
    label: 'when nobody else could have approved either',
    rule: 'decisions found not to be independent for which routing finds a conflict of everybody, or nobody at all',
    among: wasNotIndependent,
    holds: ({ instead }) => instead === undefined || instead.eligible.length + instead.open.length === 0,
  },
  {
    code: 'second-missing',
    of: 'act',
    weight: 'look',
    label: 'by people who keep approving each other, without one more approval',
    rule: 'decisions whose only possible approver approved, and was approved by, whoever asked (or in a ring of up to four), as often as the policy says, in the days before',
    among: isDecision,
    holds: ({ judgement }) => judgement?.secondMissing,
  },
]

export const endRules: readonly ActRule[] = [
  {
    code: 'no-end',
    of: 'act',
    weight: 'grave',
    label: 'granted without an end',
    rule: '`granted` whose `until` says that there is none',
    among: isGrant,
    holds: ({ act }) => (act.until === 'unknown' ? undefined : act.until === 'none'),
  },
  {
    code: 'past-when-granted',
    of: 'act',
    weight: 'look',
    label: 'granted with an end that had already passed',
    rule: '`granted` whose `until` lies before the day, or at or before the instant, of the grant',
    among: isGrant,
    holds: ({ act, meaning }) => (act.until === 'unknown' ? undefined : isEnd(act.until) && meaning.afterEnd === true),
  },
  {
    code: 'impossible-end',
    of: 'act',
    weight: 'look',
    label: 'promise an end on a day that no calendar has',
    rule: '`granted` and `end-changed` whose `until` is a day that does not exist; it is read as the last day of that month',
    among: ({ act }) => (act.kind === 'granted' || act.kind === 'end-changed') && isEnd(act.until),
    holds: ({ act }) => isEnd(act.until) && act.until.impossible,
  },
]

export function extensionRules({ bulkFrom }: AuditSettings): readonly ActRule[] {
  const movesEnd = ({ meaning }: ActRow) => meaning.move !== undefined && meaning.move !== 'same'
  return [
    {
      code: 'extended',
      of: 'act',
      weight: 'plain',
      label: 'moved the end later',
      rule: 'acts with `untilBefore` and `until`, the second later than the first',
      among: movesEnd,
      holds: ({ meaning }) => (meaning.move === 'unknown' ? undefined : meaning.move === 'later'),
    },
    {
      code: 'extended-after-end',
      of: 'act',
      weight: 'grave',
      label: 'extended after the end had passed',
      rule: 'extensions on a later day than `untilBefore`, or at or after that instant',
      among: isExtension,
      holds: ({ meaning }) => meaning.afterEnd,
    },
    {
      code: 'end-taken-away',
      of: 'act',
      weight: 'look',
      label: 'took the end away',
      rule: 'acts whose `untilBefore` is an end and whose `until` says that there is none, where access is left',
      among: movesEnd,
      holds: ({ meaning }) =>
        meaning.move === 'unknown' ? undefined : meaning.move === 'taken-away' && meaning.grants.length > 0,
    },
    {
      code: 'end-set-afterwards',
      of: 'act',
      weight: 'plain',
      label: 'set an end where there was none',
      rule: 'acts whose `untilBefore` says that there is none and whose `until` is an end',
      among: movesEnd,
      holds: ({ meaning }) => (meaning.move === 'unknown' ? undefined : meaning.move === 'set'),
    },
    {
      code: 'shortened',
      of: 'act',
      weight: 'plain',
      label: 'moved the end earlier',
      rule: 'acts with `untilBefore` and `until`, the second earlier than the first',
      among: movesEnd,
      holds: ({ meaning }) => (meaning.move === 'unknown' ? undefined : meaning.move === 'earlier'),
    },
    {
      code: 'end-moved-unrecorded',
      of: 'act',
      weight: 'grave',
      label: 'found the end elsewhere than the history had left it',
      rule: 'acts whose `untilBefore` contradicts the last `until` recorded for the same grant',
      among: ({ act, meaning }) => act.untilBefore !== 'unknown' && meaning.grants.length > 0,
      holds: ({ meaning }) => meaning.contradictions.includes('end-moved-unrecorded'),
    },
    {
      code: 'extended-alone',
      of: 'act',
      weight: 'grave',
      label: 'extended without anybody else deciding',
      rule: 'extensions that one person alone wrote and approved, that a machine alone wrote, or that nobody approved',
      among: isExtension,
      holds: extendedAlone,
    },
    {
      code: 'extended-in-bulk',
      of: 'act',
      weight: 'look',
      label: `extended together with at least ${bulkFrom - 1} others in one change`,
      rule: `extensions in a change that extends at least ${bulkFrom}`,
      among: isExtension,
      holds: ({ togetherCount }) => togetherCount >= bulkFrom,
    },
    {
      code: 'extended-same-reason',
      of: 'act',
      weight: 'look',
      label: 'extended for the reason that was already there, letter for letter',
      rule: 'extensions whose `reason` equals the last one recorded for the same grant',
      among: isExtension,
      holds: ({ meaning }) => meaning.sameReason,
    },
  ]
}

function extendedAlone({ act }: ActRow): boolean | undefined {
  if (act.approvedBy?.length === 0 || machineAlone(act) === true) return true
  return isOnePerson(act)
}

export const reasonRules: readonly ActRule[] = [
  {
    code: 'no-reason',
    of: 'act',
    weight: 'grave',
    label: 'granted without a reason',
    rule: '`granted` whose `reason` is none or blank',
    among: isGrant,
    holds: ({ act }) => (act.reason === undefined ? undefined : act.reason === null),
  },
  {
    code: 'no-reference',
    of: 'act',
    weight: 'look',
    label: 'granted or changed without a ticket or other reference',
    rule: '`granted` and `end-changed` whose `reference` is none',
    among: needsReference,
    holds: ({ act }) => (act.reference === undefined ? undefined : act.reference === null),
  },
  {
    code: 'no-sponsor',
    of: 'act',
    weight: 'look',
    label: 'granted without anybody standing for the beneficiary',
    rule: '`granted` whose `sponsor` is none',
    among: isGrant,
    holds: ({ act }) => (act.sponsor === undefined ? undefined : act.sponsor === null),
  },
  {
    code: 'machine-wrote',
    of: 'act',
    weight: 'plain',
    label: 'written by a machine, alone or with people',
    rule: 'decisions with a machine in `askedBy`',
    among: isDecision,
    holds: ({ act }) => machineWrote(act),
  },
  {
    code: 'machine-alone',
    of: 'act',
    weight: 'look',
    label: 'written by machines alone',
    rule: 'decisions whose `askedBy` names only machines',
    among: isDecision,
    holds: ({ act }) => machineAlone(act),
  },
  {
    code: 'machine-decided',
    of: 'act',
    weight: 'grave',
    label: 'approved or put in force by a machine',
    rule: 'decisions with a machine in `approvedBy`, or as `enteredBy`',
    among: isDecision,
    holds: ({ act }) => machineDecided(act),
  },
]

export const recordRules: readonly ActRule[] = [
  {
    code: 'granted-again',
    of: 'act',
    weight: 'look',
    label: 'granted what was already held',
    rule: '`granted` for a grant that is in force',
    among: isGrant,
    holds: ({ meaning }) => meaning.contradictions.includes('granted-again'),
  },
  {
    code: 'not-held',
    of: 'act',
    weight: 'look',
    label: 'changed or removed what the history never saw granted',
    rule: 'other acts for a grant that is not in force by what the history says before',
    among: ({ act }) => act.kind !== 'granted',
    holds: ({ meaning }) =>
      meaning.contradictions.some((one) => one === 'removed-not-held' || one === 'changed-not-held'),
  },
]
