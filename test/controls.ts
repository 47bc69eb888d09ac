/**
 * What Countersign promises, one entry a control, with where it comes from. Tests cite the ids in square brackets;
 * `controls.test.ts` fails on a control that no test cites, on a citation that is none, and on a planned control that
 * has come without anybody saying so.
 */
export interface Control {
  /** What must be true. */
  readonly must: string
  /** The requirement of the field it answers. */
  readonly source: string
  /** Which part of the product brings it; only while no test proves it yet. */
  readonly planned?: string
}

const separation = 'NIST SP 800-53 AC-5; NIST CSF 2.0 PR.AA-05'
const leastPrivilege = 'NIST SP 800-53 AC-6; NIST CSF 2.0 PR.AA-05'
const lifetime = 'NIST SP 800-53 AC-2(2); OWASP NHI7:2025'
const record = 'NIST SP 800-53 AC-6(9); NIST CSF 2.0 PR.AA-05'
const agents = 'OWASP NHI5:2025, NHI10:2025; NIST AI RMF GOVERN 2.1, 3.2'

export const controls: Readonly<Record<string, Control>> = {
  'independence/outside-requesting-path': {
    must: 'nobody who asked, benefits, owns or operates the beneficiary, or shares a team with the requester approves',
    source: separation,
  },
  'independence/outside-granting-path': {
    must: 'nobody on the team that administers or provisions the target, or who took part earlier in the same waiver, approves',
    source: separation,
  },
  'independence/relation-not-title': {
    must: 'independence comes from relations in the directory at that moment, with the reason shown; a role or title never suffices',
    source: separation,
  },
  'independence/unknown-is-not-independent': {
    must: 'missing, stale or unresolved identity facts never count as independent',
    source: 'NIST CSF 2.0 PR.AA-01',
  },
  'terms/bound': {
    must: 'every approval binds one exact scope, one window, one reason, one beneficiary, and the compensating controls in force meanwhile',
    source: leastPrivilege,
  },
  'terms/deny-or-narrow': {
    must: 'the approver can deny, or narrow the scope or the time, never widen',
    source: leastPrivilege,
  },
  'terms/digest': {
    must: 'what was shown is what is signed is what is granted; anything but a recorded narrowing voids the approval',
    source: record,
  },
  'window/always-expires': {
    must: 'no waiver without an explicit start and end; the end only moves by a new approval',
    source: lifetime,
  },
  'extension/new-approval': {
    must: 'an extension is decided again from nothing, by an independent person; cumulative time is capped',
    source: lifetime,
  },
  'two-step/distinct-people': {
    must: 'higher tiers need an operational sign-off and a control sign-off, by different people; one person counts once',
    source: separation,
  },
  'context/at-request-time': {
    must: 'the approver sees live context, and eligibility is computed again at decision, activation and extension',
    source: 'NIST CSF 2.0 PR.AA-05',
  },
  'four-acts/four-records': {
    must: 'approval, activation, extension and revocation are separate records, each reviewable on its own by somebody else',
    source: record,
  },
  'revocation/automatic': { must: 'access ends at expiry without anybody acting', source: lifetime },
  'revocation/verified': {
    must: '"revoked" is said only after the target was read back and live sessions dealt with; until then it is open and loud',
    source: 'OWASP NHI1:2025',
  },
  'review/after': {
    must: 'every waiver ends in a review by someone who is not requester, beneficiary, activator or approver, with a due date',
    source: record,
  },
  'on-call/never-both-sides': {
    must: 'when the on-call group would both ask and approve, the request goes to an independent pool; independence is never relaxed',
    source: separation,
  },
  'break-glass/activator-is-not-approver': {
    must: 'break-glass is approved in advance by someone who can never be the activator, and is watched more closely',
    source: 'NIST SP 800-53 AC-5, AC-2(2)',
  },
  'nhi/least-and-short': {
    must: 'overrides of non-human identities are short-lived, bound to a workload identity, and end with an automatic revocation check',
    source: 'OWASP NHI5:2025, NHI7:2025, NHI9:2025',
  },
  'agent/owner-counts': {
    must: 'for a workload or agent, its owner, operator, creator, delegator and invoking person count as the requester; agents never approve',
    source: agents,
  },
  'agent/runtime-check': {
    must: "an agent's use of an override is checked at each use against scope, budget, delegation depth and window",
    source: agents,
  },
  'rules/maker-checker': {
    must: 'nobody changes policy, pools or classifications alone, and nobody profits from a rule they loosened',
    source: separation,
  },
  'challenge/real': {
    must: 'a decider can ask back, deny, narrow and end early; a denial is not shopped around',
    source: 'NIST AI RMF GOVERN 1.6, 2.1',
  },
  'drift/found': {
    must: 'access without a live waiver, quietly moved expiry dates, and repeated waivers for the same thing are found and reported',
    source: 'OWASP NHI1:2025, NHI9:2025',
  },
  'fail/closed': {
    must: 'no policy, no approver, no directory, policy error, clock gone backwards: refuse, and say why',
    source: 'NIST CSF 2.0 PR.AA-05',
  },
  'evidence/frameworks': {
    must: 'evidence maps to OWASP NHI, NIST CSF 2.0, NIST AI RMF and NIST SP 800-53',
    source: 'NIST SP 800-53 AC-6(9)',
  },
}
