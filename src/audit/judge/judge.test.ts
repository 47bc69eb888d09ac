import { describe, expect, test } from 'vitest'
import { audit, codesOf, conclusionsOf, covering, doubtsOf, placed, record } from '../../../test/audit/support.ts'
import { directoryOf } from '../../../test/support/directories.ts'
import { readPath } from '../../core/conflict.ts'

const judged = (different: Parameters<typeof record>[0], text = placed, rest = {}) =>
  audit([record(different)], { directory: covering(text, rest) })
const concluded = (different: Parameters<typeof record>[0], text = placed, rest = {}) =>
  conclusionsOf(judged(different, text, rest))[0]

describe('independent', () => {
  test('where everything is said, the directory covers the time and knows everybody', () => {
    expect(concluded({})).toBe('independent')
  })

  test.each([
    ['who-approved', { approvedBy: undefined }],
    ['who-asked', { askedBy: undefined }],
    ['who-benefits', { beneficiary: undefined, grant: 'g1' }],
    ['which-system', { system: undefined }],
    ['not-in-directory', { approvedBy: ['stranger'] }],
    ['not-in-directory', { askedBy: ['stranger'] }],
    ['not-in-directory', { sponsor: 'stranger' }],
    ['not-in-directory', { system: 'elsewhere' }],
    ['directory-not-then', { at: '2025-12-31T09:00:00Z' }],
    ['directory-not-then', { at: '2026-12-24T09:00:00Z' }],
  ])('[independence/unknown-is-not-independent] never where something is missing: %s', (doubt, different) => {
    const report = judged(different)
    expect(conclusionsOf(report)).toEqual(['unknown'])
    expect(doubtsOf(report)).toContain(doubt)
  })

  test('[independence/unknown-is-not-independent] never without a directory', () => {
    const report = audit([record()])
    expect(conclusionsOf(report)).toEqual(['unknown'])
    expect(doubtsOf(report)).toEqual(['no-directory'])
    expect(report.rows.act[0]?.judgement?.approvers.map(({ conclusion }) => conclusion)).toEqual(['unknown'])
  })

  test('[independence/unknown-is-not-independent] [B08] never on a directory of today about yesterday', () => {
    const report = audit([record()], { directory: { facts: directoryOf(placed) } })
    expect(conclusionsOf(report)).toEqual(['unknown'])
    expect(doubtsOf(report)).toEqual(['directory-not-then'])
  })

  test('[independence/unknown-is-not-independent] never of somebody whose colleagues nobody knows', () => {
    const report = judged({}, placed.replace('per_rob member-of team_security', 'per_rob'))
    expect(conclusionsOf(report)).toEqual(['unknown'])
    expect(doubtsOf(report)).toEqual(['nothing-known'])
  })

  test('one of several approvers suffices, whatever the others were', () => {
    expect(concluded({ approvedBy: ['ann', 'rob'] })).toBe('independent')
    expect(concluded({ approvedBy: ['ann', 'stranger'] })).toBe('unknown')
    expect(concluded({ approvedBy: ['ann', 'kim'] })).toBe('not-independent')
  })
})

describe('not independent', () => {
  test.each([
    ['[B01] whoever asked', { approvedBy: ['ann'] }, ['is-requester', 'is-beneficiary'], ''],
    ['[B01] whoever wrote it with others', { askedBy: ['rob', 'ann'], approvedBy: ['rob'] }, ['is-requester'], ''],
    ['[B01] whoever gets it', { askedBy: ['kim'], beneficiary: 'rob' }, ['is-beneficiary'], ''],
    ['[B04] a team mate', {}, ['on-requesting-team'], 'per_rob member-of team_payments'],
    ['[B04] a chief', {}, ['in-reporting-line'], 'per_ann reports-to per_rob'],
    ['[B04] somebody on the same rota', {}, ['on-requesting-rota'], 'per_rob on-rota rota_x\nper_ann on-rota rota_x'],
    ['[B05] whoever gives the access', { approvedBy: ['kim'] }, ['on-granting-team'], ''],
    [
      '[B02] the same person by another name',
      { approvedBy: ['rob'] },
      ['same-person-other-account'],
      'per_rob same-as per_ann',
    ],
  ])('%s', (_, different, codes, text) => {
    const report = judged(different, `${placed}\n${text}`)
    expect(conclusionsOf(report)).toEqual(['not-independent'])
    expect(codesOf(report)).toEqual(expect.arrayContaining(codes))
  })

  test('[agent/owner-counts] [B22] whoever stands behind the workload that asked, and a workload itself', () => {
    const bot = { askedBy: ['bot'], beneficiary: 'bot', machines: ['bot'] }
    const owned = `${placed}\nper_ann owns wl_bot`
    expect(concluded({ ...bot, approvedBy: ['ann'] }, owned)).toBe('not-independent')
    expect(concluded(bot, owned)).toBe('independent')
    expect(concluded({ approvedBy: ['bot'], machines: ['bot'] }, owned)).toBe('not-independent')
    expect(conclusionsOf(audit([record({ approvedBy: ['bot'], machines: ['bot'] })]))).toEqual(['not-independent'])
  })

  test('with the path that proves it, and the source that said so', () => {
    const [approver] = judged({}, `${placed}\nper_rob member-of team_payments`).rows.act[0]?.judgement?.approvers ?? []
    const path = approver?.conflicts[0]?.path ?? []
    expect(readPath(path)).toBe('per_rob —member of→ team_payments ←member of— per_ann')
    expect(path.map(({ source }) => source)).toEqual(['hr', 'hr'])
  })

  test('what is found stands even where other things are unknown', () => {
    expect(concluded({ approvedBy: ['ann'], system: undefined })).toBe('not-independent')
    expect(concluded({ approvedBy: ['ann'], at: '2019-01-01T00:00:00Z' })).toBe('not-independent')
    expect(conclusionsOf(audit([record({ approvedBy: ['ann'] })]))).toEqual(['not-independent'])
    expect(conclusionsOf(audit([record({ approvedBy: ['ann'], askedBy: undefined })]))).toEqual(['not-independent'])
  })

  test('[B06] when nobody approved', () => {
    const [row] = audit([record({ approvedBy: [] })]).rows.act
    expect(row?.judgement).toMatchObject({ conclusion: 'not-independent', nobodyApproved: true, approvers: [] })
  })
})

describe('at that time', () => {
  const moved = `${placed}\nper_rob member-of team_payments until 2026-10-15`

  test('[B08] who left a team goes on belonging to it for thirty days', () => {
    expect(concluded({ at: '2026-10-01T09:00:00Z' }, moved)).toBe('not-independent')
    expect(concluded({ at: '2026-11-10T09:00:00Z' }, moved)).toBe('not-independent')
    expect(concluded({ at: '2026-11-15T09:00:00Z' }, moved)).toBe('independent')
  })

  test('what began later did not hold then', () => {
    const later = `${placed}\nper_rob member-of team_payments since 2026-11-10`
    expect(concluded({ at: '2026-11-09T09:00:00Z' }, later)).toBe('independent')
    expect(concluded({ at: '2026-11-10T09:00:00Z' }, later)).toBe('not-independent')
  })

  test('[B08] a beginning that only says when it was first read clears nobody', () => {
    const first = `${placed}\nper_rob member-of team_payments since 2026-11-22T12:00:00Z`
    expect(concluded({}, first)).toBe('not-independent')
  })

  test('[B08] an owner of later did not stand behind a workload then, and somebody must have', () => {
    const bot = { askedBy: ['bot'], beneficiary: 'bot', machines: ['bot'] }
    expect(concluded(bot, `${placed}\nper_ann owns wl_bot since 2026-11-10`)).toBe('unknown')
  })

  test('[B08] whoever had left approves nothing', () => {
    const left = placed.replace('per_rob member-of', 'per_rob until 2026-10-31\nper_rob member-of')
    const report = judged({}, left)
    expect(conclusionsOf(report)).toEqual(['unknown'])
  })
})

describe('names', () => {
  const accounts = `${placed}
    acc_1 on sys_git login Robert
    acc_1 belongs-to per_rob confirmed
    acc_2 on sys_git login annie
    acc_2 belongs-to per_ann`
  const on = { namesOn: ['sys_git'] }

  test('[B02] a confirmed account is its owner', () => {
    expect(concluded({ approvedBy: ['Robert'] }, accounts, on)).toBe('independent')
    expect(concluded({ approvedBy: ['Robert'] }, accounts)).toBe('unknown')
    expect(concluded({ approvedBy: ['robert'] }, accounts, on)).toBe('unknown')
  })

  test('[B02] an unconfirmed account counts against, never in favour', () => {
    expect(concluded({ approvedBy: ['annie'] }, accounts, on)).toBe('not-independent')
    const asked = judged({ askedBy: ['annie'] }, accounts, on)
    expect(conclusionsOf(asked)).toEqual(['unknown'])
    expect(doubtsOf(asked)).toContain('account-unconfirmed')
  })

  test('[B02] [B13] a name that fits two is nobody’s', () => {
    const both = `${accounts}\nacc_3 on sys_git login rob\nacc_3 belongs-to per_kim confirmed`
    const report = judged({ approvedBy: ['rob'] }, both, on)
    expect(conclusionsOf(report)).toEqual(['unknown'])
    expect(doubtsOf(report)).toContain('several-people')
  })

  test('[B13] [B22] what the directory knows as a machine counts against it, said or not', () => {
    const bot = `${placed}\nper_ann owns wl_loader`
    const asked = judged({ askedBy: ['loader'], beneficiary: 'loader', approvedBy: ['ann'] }, bot)
    expect(conclusionsOf(asked)).toEqual(['not-independent'])
    const unsaid = judged({ askedBy: ['loader'], beneficiary: 'loader' }, bot)
    expect(conclusionsOf(unsaid)).toEqual(['unknown'])
    expect(doubtsOf(unsaid)).toContain('person-or-machine')
    expect(concluded({ approvedBy: ['loader'] }, bot)).toBe('not-independent')
  })
})

describe('people who keep approving each other', () => {
  const mutual = (...days: readonly [string, string, string][]) =>
    audit(
      days.map(([day, who, by]) =>
        record({ at: `2026-${day}T09:00:00Z`, askedBy: [who], beneficiary: who, approvedBy: [by] }),
      ),
      { directory: covering(placed) },
    ).rows.act.map(({ judgement }) => [judgement?.conclusion, judgement?.secondMissing])

  test('[B21] are not called dependent, but one more approver is missing', () => {
    const found = mutual(
      ['06-01', 'ann', 'rob'],
      ['06-02', 'rob', 'ann'],
      ['06-03', 'ann', 'rob'],
      ['06-04', 'rob', 'ann'],
    )
    expect(found).toEqual([
      ['independent', false],
      ['independent', false],
      ['independent', false],
      ['independent', true],
    ])
  })

  test('[B21] after a while it is forgotten', () => {
    const found = mutual(
      ['01-01', 'ann', 'rob'],
      ['01-02', 'rob', 'ann'],
      ['01-03', 'ann', 'rob'],
      ['06-04', 'rob', 'ann'],
    )
    expect(found[3]).toEqual(['independent', false])
  })
})
