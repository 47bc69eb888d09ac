import { describe, expect, test } from 'vitest'
import { policyFor } from '../../../test/support/life.ts'
import { type Drift, type DriftFinding, driftKey, driftKinds, ended, evolveDrift, found } from './finding.ts'
import { usageOf } from './habits.ts'
import { knowledgeNow, readingSecondsMax } from './reading.ts'
import { driftWords } from './words.ts'

const at = '2026-11-22T12:00:00.000Z'
const drift: Drift = {
  kind: 'access-without-waiver',
  system: 'sys_ledger',
  entitlement: 'ledger-write',
  account: 'ann_db',
  waivers: [],
  ways: ['member of writers'],
}

function evolved(known: DriftFinding | undefined, events: ReturnType<typeof found>): DriftFinding | undefined {
  return events.reduce((next, event) => evolveDrift(next, event, 'drf_1'), known)
}

describe('[drift/found] a finding', () => {
  test('is said once, again when it changed, and comes back under its own name', () => {
    const open = evolved(undefined, found(undefined, drift, at))
    expect(open).toMatchObject({ status: 'open', timesCount: 1, since: at })
    expect(found(open, drift, at)).toEqual([])
    const wider = { ...drift, ways: ['member of writers', 'owner of ledger'] }
    expect(found(open, wider, at)).toMatchObject([{ type: 'DriftChanged' }])
    const over = evolved(open, ended(open, 'gone', at))
    expect(over).toMatchObject({ status: 'ended', end: { because: 'gone' } })
    expect(ended(over, 'gone', at)).toEqual([])
    expect(evolved(over, found(over, drift, at))).toMatchObject({ status: 'open', timesCount: 2 })
    expect(driftKey(wider)).toEqual(driftKey(drift))
  })

  test('[B09] a review of how it was says nothing of how it became', () => {
    const review = { by: 'per_rae', at, finding: 'justified', note: 'x' } as const
    const open = { ...(evolved(undefined, found(undefined, drift, at)) as DriftFinding), review }
    expect(evolved(open, found(open, { ...drift, holder: 'per_ann' }, at))?.review).toBeUndefined()
    expect(evolved(open, ended(open, 'gone', at))?.review).toEqual(review)
  })

  test('a habit that grows is said again only when it doubled', () => {
    const habit = (waiversCount: number): Drift => ({
      ...drift,
      kind: 'repeated-waivers',
      holder: 'per_ann',
      waiversCount,
    })
    const open = evolved(undefined, found(undefined, habit(3), at))
    expect(found(open, habit(5), at)).toEqual([])
    expect(found(open, habit(6), at)).toMatchObject([{ type: 'DriftChanged' }])
  })

  test('every kind has its words, and none of them a name that somebody typed', () => {
    for (const kind of driftKinds) {
      const { says, advice } = driftWords({ ...drift, kind, account: 'NAME', ways: ['NAME'] })
      expect(`${says} ${advice}`).toMatch(/^[a-z].*[^.]$/)
      expect(`${says} ${advice}`).not.toContain('NAME')
    }
  })
})

test('[B07] what failed, is old or never was read is unknown; what was read in part is no whole', () => {
  const known = (parts: Partial<Parameters<typeof knowledgeNow>[0]>) =>
    knowledgeNow({ readAt: at, unreadCount: 0, ...parts }, '2026-11-22T12:01:00.000Z')
  expect(known({})).toBe('current')
  expect(known({ unreadCount: 1 })).toBe('partial')
  expect(known({ failure: 'the cable was cut' })).toBe('unknown')
  expect(knowledgeNow({ unreadCount: 0 }, at)).toBe('unknown')
  const late = new Date(Date.parse(at) + (readingSecondsMax + 1) * 1_000).toISOString()
  expect(knowledgeNow({ readAt: at, unreadCount: 0 }, late)).toBe('unknown')
})

test('unused is said only where a use would have been seen', () => {
  const grant = { system: 'sys_ledger', usesCount: 0, used: false, asked: false }
  const policy = policyFor()
  const ledger = policy.systems.sys_ledger as NonNullable<typeof policy.systems.sys_ledger>
  const enforced = policyFor({}, { systems: { sys_ledger: { ...ledger, enforcers: ['wl_gate'] } } })
  expect(usageOf(grant, policy)).toBe('unknown')
  expect(usageOf({ ...grant, asked: true }, policy)).toBe('unused')
  expect(usageOf(grant, enforced)).toBe('unused')
  expect(usageOf({ ...grant, usesCount: 1 }, policy)).toBe('used')
  expect(usageOf({ ...grant, used: true, asked: true }, enforced)).toBe('used')
})
