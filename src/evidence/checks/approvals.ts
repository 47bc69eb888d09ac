/** Were those who approved really outside, and did they sign what was asked? Judged by what each approval recorded. */
import type { ConflictCode } from '../../core/conflict.ts'
import { widenings } from '../../core/terms.ts'
import { actsIn, approvalsIn, each } from './check.ts'

const requesting: readonly ConflictCode[] = [
  'is-requester',
  'is-beneficiary',
  'same-person-other-account',
  'controls-beneficiary',
  'in-delegation-chain',
  'on-requesting-team',
  'can-change-beneficiary',
  'delegate-of-conflicted',
]
const granting: readonly ConflictCode[] = ['on-granting-team', 'took-part-already', 'operates-countersign']
const unknown: readonly ConflictCode[] = ['not-a-person', 'unresolved-identity', 'directory-too-old']

/** Approvals in whose verdict one of these conflicts stands. */
function without(codes: readonly ConflictCode[]) {
  return each('approvals', approvalsIn, ({ event: { verdict } }) => {
    const found = verdict.conflicts.filter(({ code }) => codes.includes(code)).map(({ code }) => code)
    return found.length === 0 ? undefined : `${verdict.person} approved although ${found.join(', ')}`
  })
}

export const approvalChecks = {
  'independence/outside-requesting-path': without(requesting),
  'independence/outside-granting-path': without(granting),
  'independence/unknown-is-not-independent': without(unknown),
  'on-call/never-both-sides': without(['on-requesting-rota']),
  'independence/relation-not-title': each('approvals', approvalsIn, ({ event }) => {
    if (event.verdict.person !== event.by) return `the verdict is about ${event.verdict.person}, not about ${event.by}`
    if (!event.verdict.independent) return `${event.by} approved although the verdict says not independent`
    return event.facts === undefined ? 'it names no revision of the directory' : undefined
  }),
  'context/at-request-time': each('decisions', decisionsIn, ({ event }) =>
    event.facts === undefined ? 'it cites no facts' : undefined,
  ),
  'terms/bound': each(
    'requests',
    (story, period) => actsIn(story, period, 'WaiverRequested'),
    ({ event: { terms } }) => {
      const { resources, actions } = terms.access
      if (resources.length === 0 || actions.length === 0) return 'its scope is empty'
      if (!(terms.window.start < terms.window.end)) return 'its window has no end after its start'
      return terms.reason.trim() === '' ? 'it names no reason' : undefined
    },
  ),
  'terms/deny-or-narrow': each(
    'narrowings',
    (story, period) => actsIn(story, period, 'TermsNarrowed'),
    ({ event, before }) => {
      const wider =
        before?.proposal === undefined ? ['nothing was asked'] : widenings(before.proposal.terms, event.terms)
      return wider.length === 0 ? undefined : `it widens: ${wider.join('; ')}`
    },
  ),
  'extension/new-approval': each(
    'extensions',
    (story, period) => actsIn(story, period, 'ExtensionCountersigned'),
    ({ event, before }) => {
      const gave = before?.approvals.map(({ by }) => by) ?? []
      if (before?.obligations.extension.distinctCountersigner !== false && gave.includes(event.by))
        return `${event.by} had given the time before`
      const end = before?.activation?.end ?? before?.terms.window.end
      return end !== undefined && event.at >= end ? `it came after the end, ${end}` : undefined
    },
  ),
  'two-step/distinct-people': each('endorsed approvals', endorsedIn, ({ event, before }) => {
    const endorser = before?.proposal?.endorsement?.by
    if (endorser === event.by) return `${event.by} endorsed and countersigned`
    return endorser !== undefined && endorser === before?.requester ? `${endorser} asked and endorsed` : undefined
  }),
  'agent/owner-counts': each('approvals', approvalsIn, ({ event: { by, verdict } }, { waiver }) => {
    if (!by.startsWith('per_')) return `${by} is no person`
    const controls = verdict.conflicts.some(({ code }) => code === 'controls-beneficiary')
    return controls ? `${by} controls ${waiver.terms.beneficiary}` : undefined
  }),
  'challenge/real': each('approvals', approvalsIn, ({ event, before }) => {
    const unseen = (before?.denialsBefore ?? []).filter(({ waiver }) => !event.acknowledges.includes(waiver))
    return unseen.length === 0
      ? undefined
      : `the denial of ${unseen.map(({ waiver }) => waiver).join(', ')} was not shown`
  }),
}

function decisionsIn(...given: Parameters<typeof approvalsIn>) {
  return actsIn(
    ...given,
    'WaiverEndorsed',
    'WaiverCountersigned',
    'ExtensionCountersigned',
    'ResumptionCountersigned',
    'WaiverDenied',
    'ExtensionDenied',
    'ResumptionDenied',
    'ActivationStarted',
  )
}

function endorsedIn(...given: Parameters<typeof approvalsIn>) {
  return approvalsIn(...given).filter(({ act }) => act.before?.proposal?.endorsement !== undefined)
}
