import { describe, expect, test } from 'vitest'
import { directoryOf, noon, policyWith, poolWith } from '../../test/support/directories.ts'
import {
  type Assertion,
  type AssertionCommand,
  decideAssertion,
  evolveAssertion,
  relationOf,
  type Said,
} from './assertion.ts'
import type { CheckFacts } from './checker.ts'
import { compileDirectory } from './compile.ts'
import { countersignSystem } from './directory.ts'
import { noHistory } from './independence.ts'
import { plusSeconds } from './time.ts'

const organisation = `
  per_ann member-of team_pay
  per_mate member-of team_pay
  per_ann2
  per_chief
  per_ann reports-to per_chief
  per_rae member-of team_risk
  per_kim member-of team_risk
  per_gone until 2026-10-01
  acc_free on github login ann
  acc_hers on github login ann2
  acc_hers belongs-to per_ann confirmed
  acc_other on github login bob
  acc_other belongs-to per_bob confirmed
  wl_bot
  per_gone owns wl_bot
  per_op operates wl_bot
  team_pay operates wl_other
`
const policy = policyWith({
  pools: [
    {
      ...poolWith('pool_rules', ['per_rae', 'per_kim', 'per_mate', 'per_chief', 'per_ann', 'per_op']),
      decides: ['rules'] as const,
    },
  ],
})

function facts(actor: string, more: Partial<CheckFacts> = {}, text = organisation): CheckFacts {
  return {
    now: noon,
    actor: { id: actor, chain: [], signedInAt: plusSeconds(noon, -10) },
    directory: compileDirectory(directoryOf(text)),
    policy,
    history: noHistory,
    clock: 'steady',
    ...more,
  }
}

const link = (from: string, to: string): Said => ({
  kind: 'link',
  from,
  relation: from.startsWith('acc_') ? 'belongs-to' : 'same-as',
  to,
})
const owns = (from: string, to = 'wl_bot'): Said => ({ kind: 'ownership', from, relation: 'owns', to })

function answer(
  assertion: Assertion | undefined,
  command: AssertionCommand,
  actor: string,
  more: Partial<CheckFacts> = {},
) {
  const decision = decideAssertion(assertion, command, facts(actor, more))
  return decision.outcome === 'refused' ? decision.refusal.code : decision.outcome
}

const propose = (said: Said): AssertionCommand => ({ type: 'propose', said, evidence: 'the same badge' })
const confirm: AssertionCommand = { type: 'confirm', note: 'I have seen both' }

function said(what: Said, author = 'per_ann'): Assertion {
  const event = { type: 'AssertionProposed', at: noon, by: author, said: what, evidence: 'the same badge' } as const
  return evolveAssertion(undefined, event, 'lnk_1') as Assertion
}

function then(assertion: Assertion, command: AssertionCommand, actor: string): Assertion {
  const { events } = decideAssertion(assertion, command, facts(actor))
  return events.reduce<Assertion | undefined>(
    (next, event) => evolveAssertion(next, event, assertion.id),
    assertion,
  ) as Assertion
}

describe('[B02] what one may say', () => {
  test.each<[string, Said, string, string]>([
    ['of an account that nobody has, that it is one’s own', link('acc_free', 'per_ann'), 'per_ann', 'accepted'],
    ['of an account that somebody else has, nothing', link('acc_other', 'per_ann'), 'per_ann', 'not-permitted'],
    [
      'of one’s own account, that it is somebody else’s: nothing',
      link('acc_hers', 'per_bob'),
      'per_ann',
      'not-permitted',
    ],
    // Or whoever wants to be rid of an approver says that they are one.
    ['of oneself and another entry, nothing', link('per_ann', 'per_ann2'), 'per_mate', 'accepted'],
    ['of oneself and an approver, nothing', link('per_bob', 'per_rae'), 'per_bob', 'not-permitted'],
    ['that one owns a workload', owns('per_bob'), 'per_bob', 'accepted'],
    ['that the team one is in owns it', owns('team_pay'), 'per_ann', 'accepted'],
    ['that another team owns it, nothing', owns('team_risk'), 'per_bob', 'not-permitted'],
    ['that somebody else owns it, nothing', owns('per_ann'), 'per_bob', 'not-permitted'],
    ['who looks after the rules says anything', link('acc_other', 'per_ann'), 'per_rae', 'accepted'],
    ['about nobody, nothing', link('acc_free', 'per_nobody'), 'per_rae', 'unknown-person'],
    [
      'that a team is an account',
      { kind: 'link', from: 'team_pay', relation: 'belongs-to', to: 'per_ann' },
      'per_rae',
      'terms-malformed',
    ],
    ['that one is oneself', link('per_ann', 'per_ann'), 'per_rae', 'terms-malformed'],
    ['that somebody who left owns it', owns('per_gone'), 'per_rae', 'not-active-in-directory'],
    ['as somebody who left', owns('per_gone'), 'per_gone', 'not-active-in-directory'],
    ['as a workload', owns('per_ann'), 'wl_bot', 'only-people-decide'],
  ])('%s', (_, what, actor, expected) => {
    expect(answer(undefined, propose(what), actor)).toBe(expected)
  })
})

describe('[rules/maker-checker] who confirms it', () => {
  test.each<[string, string]>([
    ['per_rae', 'accepted'],
    // The one it names, a team mate, the chief, and somebody in no pool.
    ['per_ann', 'author-is-approver'],
    ['per_mate', 'approver-not-independent'],
    ['per_chief', 'approver-not-independent'],
    ['per_ann2', 'approver-not-in-pool'],
  ])('a link of per_ann: %s %s', (actor, expected) => {
    expect(answer(said(link('acc_free', 'per_ann')), confirm, actor)).toBe(expected)
  })

  test('[agent/owner-counts] a claim: nobody who stands behind the workload, also not whoever left it lately', () => {
    const claim = said(owns('per_ann'))
    expect(answer(claim, confirm, 'per_rae')).toBe('accepted')
    expect(answer(claim, confirm, 'per_op')).toBe('approver-not-independent')
    expect(answer(claim, confirm, 'per_mate')).toBe('approver-not-independent')
  })

  test('[B04] of what merely looks alike: neither of the two, nor anybody beside them', () => {
    const suggested = said(link('per_ann', 'per_kim'), countersignSystem)
    expect(answer(suggested, confirm, 'per_kim')).toBe('approver-not-independent')
    expect(answer(suggested, confirm, 'per_rae')).toBe('approver-not-independent')
    expect(answer(said(link('per_ann', 'per_ann2'), countersignSystem), confirm, 'per_rae')).toBe('accepted')
  })

  test('[fail/closed] only with a fresh sign-in, and only what is still so', () => {
    const claim = said(owns('per_ann'))
    expect(answer(claim, confirm, 'per_rae', { actor: { id: 'per_rae', chain: [] } })).toBe('sign-in-not-fresh')
    expect(answer(claim, confirm, 'per_rae', { clock: 'went-backwards' })).toBe('clock-went-backwards')
    const left = { directory: compileDirectory(directoryOf(`${organisation}\nper_ann until 2026-11-01`)) }
    expect(answer(claim, confirm, 'per_rae', left)).toBe('not-active-in-directory')
    expect(answer(undefined, confirm, 'per_rae')).toBe('assertion-not-open')
  })
})

describe('what follows from it', () => {
  test('a link counts against from the first word, in favour once confirmed, and goes on counting when it ended', () => {
    const proposed = said(link('acc_free', 'per_ann'))
    expect(relationOf(proposed)).toMatchObject({ relation: 'belongs-to', confirmed: false })
    const confirmed = then(proposed, confirm, 'per_rae')
    expect(relationOf(confirmed)).toMatchObject({ confirmed: true })
    expect(confirmed.confirmed).toMatchObject({ by: 'per_rae', note: 'I have seen both' })
    expect(relationOf(then(confirmed, { type: 'end', reason: 'moved' }, 'per_rae'))).toMatchObject({ until: noon })
    expect(relationOf(then(proposed, { type: 'end', reason: 'mistake' }, 'per_ann'))).toMatchObject({ until: noon })
  })

  test('what somebody independent rejected was never so', () => {
    const rejected = then(said(link('acc_free', 'per_ann')), { type: 'reject', reason: 'no' }, 'per_rae')
    expect(rejected.status).toBe('rejected')
    expect(relationOf(rejected)).toBeUndefined()
    expect(answer(rejected, confirm, 'per_rae')).toBe('assertion-not-open')
    expect(answer(rejected, propose(link('acc_free', 'per_ann')), 'per_ann')).toBe('accepted')
  })

  test('an owner is one once confirmed, and gives it up themselves', () => {
    const claim = said(owns('per_ann'))
    expect(relationOf(claim)).toBeUndefined()
    const owner = then(claim, confirm, 'per_rae')
    expect(relationOf(owner)).toMatchObject({ relation: 'owns', since: noon })
    expect(answer(owner, { type: 'end', reason: 'handed over' }, 'per_bob')).toBe('not-permitted')
    expect(relationOf(then(owner, { type: 'end', reason: 'handed over' }, 'per_ann'))).toMatchObject({ until: noon })
  })

  test('[B02] whose account it is denies nothing: ending a confirmed link is for those who look after it', () => {
    const confirmed = then(said(link('acc_free', 'per_bob'), 'per_rae'), confirm, 'per_kim')
    const end = { type: 'end', reason: 'not mine' } as const
    expect(answer({ ...confirmed, status: 'confirmed' }, end, 'per_bob')).toBe('not-permitted')
  })

  test('[B02] [B04] [rules/maker-checker] nor whoever looks after rules, where it names them, their mates, or is their word', () => {
    const end = { type: 'end', reason: 'not the same' } as const
    const theirs = then(said(link('acc_free', 'per_ann')), confirm, 'per_rae')
    expect(answer(theirs, end, 'per_ann')).toBe('approver-not-independent')
    expect(answer(theirs, end, 'per_mate')).toBe('approver-not-independent')
    expect(answer(theirs, end, 'per_kim')).toBe('accepted')
    const proposed = said(link('per_ann', 'per_ann2'), 'per_rae')
    expect(answer(proposed, end, 'per_ann')).toBe('not-permitted')
    expect(answer(proposed, end, 'per_rae')).toBe('accepted')
  })

  test('[B08] [B19] what was in force goes on counting when it is said anew, and also when that is rejected', () => {
    const end = { type: 'end', reason: 'handed over' } as const
    for (const claim of [owns('per_ann'), link('acc_free', 'per_ann')]) {
      const given = then(then(said(claim), confirm, 'per_rae'), end, claim.kind === 'link' ? 'per_kim' : 'per_ann')
      const anew = then(given, propose(claim), 'per_ann')
      const rejected = then(anew, { type: 'reject', reason: 'no more' }, 'per_rae')
      expect(relationOf(rejected)).toEqual({ from: claim.from, relation: claim.relation, to: claim.to, until: noon })
      const again = then(then(rejected, propose(claim), 'per_ann'), { type: 'reject', reason: 'no' }, 'per_rae')
      expect(relationOf(again)).toMatchObject({ until: noon })
    }
  })
})
