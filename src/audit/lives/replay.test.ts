import { describe, expect, test } from 'vitest'
import { history, record } from '../../../test/audit/support.ts'
import type { HistoryRecord } from '../record.ts'
import { endingOf } from './life.ts'
import { replay } from './replay.ts'

const asOf = { at: '2026-12-31T00:00:00.000Z', day: '2026-12-31' }
const play = (...records: readonly HistoryRecord[]) => replay(history(records).acts)
const granted = (different: Parameters<typeof record>[0] = {}) => record(different)
const removed = (at: string, different: Parameters<typeof record>[0] = {}) =>
  record({ act: 'removed', at, until: undefined, reason: undefined, ...different })
const moved = (at: string, until: string | null, different: Parameters<typeof record>[0] = {}) =>
  record({ act: 'end-changed', at, until, ...different })

describe('what became of a grant', () => {
  const ending = (...records: readonly HistoryRecord[]) => {
    const [life] = play(...records).grants
    return life === undefined ? undefined : endingOf(life, asOf)
  }

  test.each([
    ['removed-in-time', [granted(), removed('2026-11-08T23:00:00Z')]],
    ['removed-late', [granted(), removed('2026-11-09')]],
    ['removed-without-end', [granted({ until: null }), removed('2026-11-09')]],
    ['removed-end-unknown', [granted({ until: undefined }), removed('2026-11-09')]],
    ['open-in-time', [granted({ until: '2026-12-31' })]],
    ['open-past-end', [granted()]],
    ['open-without-end', [granted({ until: null })]],
    ['open-end-unknown', [granted({ until: undefined })]],
  ] as const)('[revocation/automatic] %s', (outcome, records) => {
    expect(ending(...records)?.outcome).toBe(outcome)
  })

  test('[revocation/automatic] days are counted from the promise that held at the time', () => {
    // Past for 3 days, then extended, then past for 2.
    const life = ending(granted({ until: '2026-11-10' }), moved('2026-11-13', '2026-11-20'), removed('2026-11-22'))
    expect(life).toEqual({ outcome: 'removed-late', daysLate: 2, daysInForce: 21, daysPastEnd: 5 })
  })

  test('an end before the beginning is past from the beginning on', () => {
    const life = ending(granted({ until: '2026-10-01' }), removed('2026-11-04'))
    expect(life).toMatchObject({ daysInForce: 3, daysPastEnd: 3 })
  })
})

describe('what an act did to the end', () => {
  const meaningOf = (...records: readonly HistoryRecord[]) => play(...records).meanings.at(-1)

  test.each([
    ['later', '2026-11-08', '2026-11-09'],
    ['earlier', '2026-11-08', '2026-11-07'],
    ['same', '2026-11-08', '2026-11-08'],
    ['set', null, '2026-11-08'],
    ['taken-away', '2026-11-08', null],
    ['same', null, null],
  ] as const)('[extension/new-approval] %s', (move, before, after) => {
    expect(meaningOf(granted({ until: before }), moved('2026-11-05', after))?.move).toBe(move)
  })

  test('[B18] the end before is what the act says, or else what the history said last', () => {
    expect(meaningOf(granted(), moved('2026-11-09', '2026-12-01'))).toMatchObject({ move: 'later', afterEnd: true })
    expect(meaningOf(granted({ until: undefined }), moved('2026-11-09', '2026-12-01'))?.move).toBe('unknown')
    const own = moved('2026-11-09', '2026-12-01', { untilBefore: '2026-11-30' })
    expect(meaningOf(granted({ until: undefined }), own)).toMatchObject({ move: 'later', afterEnd: false })
  })

  test('[B18] an end that stands elsewhere than it was left was moved unseen', () => {
    const act = moved('2026-11-05', '2026-12-01', { untilBefore: '2026-11-20' })
    expect(meaningOf(granted(), act)?.contradictions).toEqual(['end-moved-unrecorded'])
    expect(meaningOf(granted(), { ...act, untilBefore: '2026-11-08' })?.contradictions).toEqual([])
    const gone = removed('2026-11-05', { untilBefore: '2026-11-20' })
    expect(meaningOf(granted(), gone)?.contradictions).toEqual(['end-moved-unrecorded'])
  })

  test('a reason that stays is known only where both are', () => {
    expect(meaningOf(granted(), moved('2026-11-05', '2026-12-01'))?.sameReason).toBe(true)
    expect(meaningOf(granted(), moved('2026-11-05', '2026-12-01', { reason: 'more' }))?.sameReason).toBe(false)
    expect(meaningOf(granted(), moved('2026-11-05', '2026-12-01', { reason: undefined }))).not.toHaveProperty(
      'sameReason',
    )
    const none = meaningOf(granted({ reason: null }), moved('2026-11-05', '2026-12-01'))
    expect(none).not.toHaveProperty('sameReason')
  })
})

describe('which grant an act is about', () => {
  test('the same beneficiary, system and entitlement, or the same name', () => {
    const other = granted({ entitlement: 'read' })
    const { grants } = play(granted(), other, removed('2026-11-04', { entitlement: 'read' }))
    expect(grants.map(({ entitlement, removed: gone }) => [entitlement, gone?.day])).toEqual([
      ['write', undefined],
      ['read', '2026-11-04'],
    ])
    const named = play(granted({ grant: 'g1' }), removed('2026-11-04', { grant: 'g1', beneficiary: undefined }))
    expect(named.grants).toHaveLength(1)
  })

  test('without an entitlement, everything the beneficiary has', () => {
    const all = { entitlement: undefined, system: undefined }
    const { grants, meanings } = play(
      granted(),
      granted({ entitlement: 'read' }),
      granted({ beneficiary: 'bob' }),
      moved('2026-11-05', '2026-12-01', all),
      removed('2026-11-30', all),
    )
    expect(meanings[3]?.grants).toEqual([0, 1])
    expect(grants.map(({ removed: gone }) => gone?.day)).toEqual(['2026-11-30', '2026-11-30', undefined])
  })

  test('[B20] what does not fit is said, and nothing is dropped', () => {
    const { grants, meanings } = play(
      granted(),
      granted({ at: '2026-11-03', until: '2026-12-01' }),
      removed('2026-11-20'),
      removed('2026-11-21'),
      moved('2026-11-22', '2026-12-24', { beneficiary: 'bob', untilBefore: '2026-11-30' }),
    )
    expect(meanings.map(({ contradictions }) => contradictions)).toEqual([
      [],
      ['granted-again'],
      [],
      ['removed-not-held'],
      ['changed-not-held'],
    ])
    expect(grants.map(({ start, removed: gone }) => [start?.day, gone?.day])).toEqual([
      ['2026-11-01', '2026-11-20'],
      [undefined, '2026-11-21'],
      [undefined, undefined],
    ])
    expect(grants[2]).toMatchObject({
      laterCount: 1,
      promises: [{ end: { day: '2026-11-30' } }, { end: { day: '2026-12-24' } }],
    })
  })
})
