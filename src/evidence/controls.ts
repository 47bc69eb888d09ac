/**
 * Which controls can be shown to have held from the record alone, and which requirements of which framework each answers?
 * The one list that every form of evidence cites. Where the numbering of a framework changed, both numbers are kept.
 */

export interface Requirement {
  readonly framework: Framework
  /** As the framework writes it. */
  readonly id: string
  /** The same requirement under another numbering, as guidance cites it. */
  readonly alsoCited?: string
}

export type Framework = 'NIST SP 800-53' | 'NIST CSF 2.0' | 'NIST AI RMF' | 'OWASP NHI 2025'

export interface EvidencedControl {
  readonly must: string
  readonly answers: readonly Requirement[]
}

const nist = (id: string): Requirement => ({ framework: 'NIST SP 800-53', id })
const csf = (id: string): Requirement => ({ framework: 'NIST CSF 2.0', id })
const rmf = (id: string): Requirement => ({ framework: 'NIST AI RMF', id: `GOVERN ${id}` })
/** The official list of 2025 writes NHI3, texts about it often NHI-03. */
const nhi = (number: number): Requirement => ({
  framework: 'OWASP NHI 2025',
  id: `NHI${number}:2025`,
  alsoCited: `NHI-${String(number).padStart(2, '0')}`,
})

const separation = [nist('AC-5'), csf('PR.AA-05')]
const leastPrivilege = [nist('AC-6'), csf('PR.AA-05')]
const lifetime = [nist('AC-2(2)'), nhi(7)]
const record = [nist('AC-6(9)'), csf('PR.AA-05')]
const agents = [nhi(5), nhi(10), rmf('2.1'), rmf('3.2')]

export const evidencedControls = {
  'independence/outside-requesting-path': {
    must: 'nobody who asked, benefits, owns or operates the beneficiary, or shares a team with the requester approves',
    answers: separation,
  },
  'independence/outside-granting-path': {
    must: 'nobody who administers or provisions the target, or who took part earlier in the same waiver, approves',
    answers: [...separation, nhi(3)],
  },
  'independence/relation-not-title': {
    must: 'every approval rests on a verdict about relations, with the revision of the directory it was computed on',
    answers: separation,
  },
  'independence/unknown-is-not-independent': {
    must: 'missing, stale or unresolved identity facts never count as independent',
    answers: [csf('PR.AA-01')],
  },
  'terms/bound': {
    must: 'every request binds one exact scope, one window, one reason and one beneficiary',
    answers: leastPrivilege,
  },
  'terms/deny-or-narrow': {
    must: 'the approver can deny, or narrow the scope or the time, never widen',
    answers: leastPrivilege,
  },
  'terms/digest': {
    must: 'what was signed last is what was given',
    answers: record,
  },
  'window/always-expires': {
    must: 'every access has an end, and was over by then',
    answers: lifetime,
  },
  'extension/new-approval': {
    must: 'every extension was approved anew, before the end, by somebody who did not give the time before',
    answers: lifetime,
  },
  'two-step/distinct-people': {
    must: 'who endorsed neither asked nor countersigned; one person counts once',
    answers: separation,
  },
  'context/at-request-time': {
    must: 'every decision cites the directory, the rules and the circumstances of that moment',
    answers: [csf('PR.AA-05')],
  },
  'four-acts/four-records': {
    must: 'approval, activation and end are records of their own, and no approver activated',
    answers: record,
  },
  'revocation/automatic': {
    must: 'access whose time was over ended without anybody acting',
    answers: lifetime,
  },
  'revocation/verified': {
    must: 'every access that ended was read back from the target as gone',
    answers: [nhi(1)],
  },
  'review/after': {
    must: 'every waiver is reviewed in time, by somebody who had no part in it',
    answers: record,
  },
  'on-call/never-both-sides': {
    must: 'nobody on a rota with the asking side approved',
    answers: separation,
  },
  'break-glass/activator-is-not-approver': {
    must: 'whoever opened an envelope had not approved it',
    answers: [nist('AC-5'), nist('AC-2(2)')],
  },
  'nhi/least-and-short': {
    must: 'overrides of workloads name one account, stay within the limit of their tier and are verified as gone',
    answers: [nhi(5), nhi(7), nhi(9)],
  },
  'agent/owner-counts': {
    must: 'no workload approved, and nobody who controls the beneficiary did',
    answers: agents,
  },
  'agent/runtime-check': {
    must: 'access was used only while its waiver was active',
    answers: agents,
  },
  'rules/maker-checker': {
    must: 'every change of the rules was countersigned by somebody other than its author before it took effect',
    answers: separation,
  },
  'challenge/real': {
    must: 'whoever approved after a denial of the same had been shown the denial',
    answers: [rmf('1.6'), rmf('2.1')],
  },
  'drift/found': {
    must: 'access without a live waiver, ends that were moved and waivers that come again and again are found, and end or are looked back on by somebody independent within a week',
    answers: [nhi(1), nhi(9)],
  },
  'fail/closed': {
    must: 'every attempt that was refused is on the record with its reason',
    answers: [csf('PR.AA-05')],
  },
} as const satisfies Readonly<Record<string, EvidencedControl>>

export type EvidencedControlId = keyof typeof evidencedControls

export const evidencedControlIds = Object.keys(evidencedControls) as readonly EvidencedControlId[]

export function isEvidencedControl(id: string): id is EvidencedControlId {
  return Object.hasOwn(evidencedControls, id)
}

export function controlOf(id: EvidencedControlId): EvidencedControl {
  return evidencedControls[id]
}
