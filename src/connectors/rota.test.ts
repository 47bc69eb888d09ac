import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantOf, millisOf } from '../core/time.ts'
import { wallAt } from '../lib/zone.ts'
import { horizonAt, type Rotation, type Rules, rotationTurns, type Turn, turnsOf } from './rota.ts'

const day = 86_400
const week = 7 * day
const weekly: Rotation = { members: ['a', 'b', 'c'], start: '2026-11-02T09:00:00.000Z', everySeconds: week }
const between = (start: string, end: string) => ({ start: `${start}:00.000Z`, end: `${end}:00.000Z` })
/** `a 11-16T09:00 11-23T09:00` in UTC. */
const shown = (turns: readonly Turn[]) =>
  turns.map(({ member, start, end }) => `${member} ${start.slice(5, 16)} ${end.slice(5, 16)}`)
const rules = (parts: Partial<Rules>): Rules => ({ rotations: [], layers: [], exceptions: [], leave: [], ...parts })
const at = (hour: number, hours: number, weekday?: number) => ({
  startSeconds: hour * 3_600,
  lengthSeconds: hours * 3_600,
  ...(weekday === undefined ? {} : { weekday }),
})

describe('one rotation', () => {
  test('turns repeat from the start, forever, in order', () => {
    expect(shown(rotationTurns(weekly, between('2026-11-20T00:00', '2026-12-01T00:00')))).toEqual([
      'c 11-16T09:00 11-23T09:00',
      'a 11-23T09:00 11-30T09:00',
      'b 11-30T09:00 12-07T09:00',
    ])
  })

  test('before its start a rotation has no turns, and after its end none', () => {
    expect(rotationTurns(weekly, between('2026-10-01T00:00', '2026-11-02T09:00'))).toEqual([])
    expect(rotationTurns(weekly, between('2026-10-01T00:00', '2026-11-02T09:01'))).toHaveLength(1)
    const ended = { ...weekly, until: '2026-11-20T00:00:00.000Z' }
    expect(shown(rotationTurns(ended, between('2026-11-10T00:00', '2026-12-10T00:00')))).toEqual([
      'b 11-09T09:00 11-16T09:00',
      'c 11-16T09:00 11-20T00:00',
    ])
  })

  test('a rotation may come into force before or after the moment its turns are counted from', () => {
    const early = { ...weekly, from: '2026-10-28T00:00:00.000Z' }
    expect(shown(rotationTurns(early, between('2026-10-01T00:00', '2026-11-03T00:00')))).toEqual([
      'c 10-28T00:00 11-02T09:00',
      'a 11-02T09:00 11-09T09:00',
    ])
    const late = { ...weekly, from: '2026-11-12T00:00:00.000Z' }
    expect(shown(rotationTurns(late, between('2026-11-01T00:00', '2026-11-17T00:00')))).toEqual([
      'b 11-12T00:00 11-16T09:00',
      'c 11-16T09:00 11-23T09:00',
    ])
  })

  test('daily hours cut turns into days, and a night belongs to the evening it began', () => {
    const nights: Rotation = { ...weekly, hours: [at(22, 8)], keepsHours: true }
    expect(shown(rotationTurns(nights, between('2026-11-09T00:00', '2026-11-10T00:00')))).toEqual([
      'a 11-08T22:00 11-09T06:00',
      'b 11-09T22:00 11-10T06:00',
    ])
  })

  test('hours that do not wait for each other end with the turn', () => {
    const nights: Rotation = { ...weekly, start: '2026-11-02T00:00:00.000Z', hours: [at(22, 8)] }
    expect(shown(rotationTurns(nights, between('2026-11-08T12:00', '2026-11-09T12:00')))).toEqual([
      'a 11-08T22:00 11-09T00:00',
      'b 11-09T00:00 11-09T06:00',
    ])
  })

  test('hours of a weekday, reaching over the weekend', () => {
    const weekend: Rotation = { ...weekly, hours: [at(18, 62, 4)] }
    expect(shown(rotationTurns(weekend, between('2026-11-14T00:00', '2026-11-22T00:00')))).toEqual([
      'b 11-13T18:00 11-16T08:00',
      'c 11-20T18:00 11-23T08:00',
    ])
  })

  test('three thirds of a day leave no gap', () => {
    const within = between('2026-11-10T00:00', '2026-11-12T00:00')
    const turns = [0, 8, 16].flatMap((hour) => rotationTurns({ ...weekly, hours: [at(hour, 8)] }, within))
    expect(hoursOf(turns)).toBe(48)
  })

  test('whole turns cover every moment from the start on exactly once, in the order of the members', () => {
    const begin = millisOf('2026-01-01T00:00:00.000Z')
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe'),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 3_600, max: week }),
        fc.integer({ min: -50_000, max: 500_000 }),
        fc.integer({ min: 1, max: 50_000 }),
        (zone, count, every, from, length) => {
          const members = Array.from({ length: count }, (_, index) => String(index))
          const within = { start: instantOf(begin + from * 60_000), end: instantOf(begin + (from + length) * 60_000) }
          const turns = rotationTurns({ zone, members, start: instantOf(begin), everySeconds: every }, within)
          for (const [index, turn] of turns.entries()) {
            expect(turn.start < within.end && turn.end > within.start).toBe(true)
            const next = turns[index + 1]
            if (next !== undefined) expect(next.start).toBe(turn.end)
          }
          if (within.end > instantOf(begin)) {
            const first = within.start > instantOf(begin) ? within.start : instantOf(begin)
            expect((turns.at(0)?.start ?? 'none') <= first).toBe(true)
            expect((turns.at(-1)?.end ?? '') >= within.end).toBe(true)
          } else expect(turns).toEqual([])
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('when clocks are put forward and back', () => {
  const london: Rotation = {
    members: ['a', 'b'],
    start: '2026-01-05T09:00:00.000Z',
    everySeconds: week,
    zone: 'Europe/London',
  }

  test('London hands over at nine on the wall, in winter and in summer', () => {
    expect(shown(rotationTurns(london, between('2026-03-20T00:00', '2026-04-01T00:00')))).toEqual([
      'a 03-16T09:00 03-23T09:00',
      'b 03-23T09:00 03-30T08:00',
      'a 03-30T08:00 04-06T08:00',
    ])
    expect(shown(rotationTurns(london, between('2026-10-20T00:00', '2026-10-27T00:00')))).toEqual([
      'b 10-19T08:00 10-26T09:00',
      'a 10-26T09:00 11-02T09:00',
    ])
  })

  test('New York does so on other days, so that the hours between the two shift', () => {
    const newYork = { ...london, start: '2026-01-05T14:00:00.000Z', zone: 'America/New_York' }
    expect(shown(rotationTurns(newYork, between('2026-03-28T00:00', '2026-03-29T12:00')))).toEqual([
      'b 03-23T13:00 03-30T13:00',
    ])
    expect(shown(rotationTurns(newYork, between('2026-10-25T00:00', '2026-11-03T00:00')))).toEqual([
      'b 10-19T13:00 10-26T13:00',
      'a 10-26T13:00 11-02T14:00',
      'b 11-02T14:00 11-09T14:00',
    ])
  })

  test('the night of the change is an hour shorter or longer, and no hour is lost or doubled', () => {
    const nights: Rotation = { ...london, everySeconds: day, hours: [at(20, 12)], keepsHours: true }
    const lengths = (start: string, end: string) =>
      rotationTurns(nights, between(start, end)).map((turn) => [turn.start.slice(5, 16), hoursOf([turn])])
    expect(lengths('2026-03-28T12:00', '2026-03-30T12:00')).toEqual([
      ['03-28T20:00', 11],
      ['03-29T19:00', 12],
    ])
    expect(lengths('2026-10-24T12:00', '2026-10-26T12:00')).toEqual([
      ['10-24T19:00', 13],
      ['10-25T20:00', 12],
    ])
    const days: Rotation = { ...nights, hours: [at(8, 12)] }
    const within = between('2026-03-27T00:00', '2026-04-03T00:00')
    expect(hoursOf(rotationTurns(nights, within)) + hoursOf(rotationTurns(days, within))).toBe(8 * 24 - 1 - 12)
  })

  test('a handover in the hour that never is happens as if the clock had not been put forward', () => {
    const odd: Rotation = { ...london, start: '2026-03-27T01:30:00.000Z', everySeconds: day }
    expect(shown(rotationTurns(odd, between('2026-03-28T12:00', '2026-03-30T00:00')))).toEqual([
      'b 03-28T01:30 03-29T01:30',
      'a 03-29T01:30 03-30T00:30',
    ])
  })
})

describe('layers, exceptions and leave', () => {
  const base: Rotation = { members: ['base'], start: '2026-11-02T00:00:00.000Z', everySeconds: week }
  const within = between('2026-11-09T00:00', '2026-11-11T00:00')

  test('a later layer has its hours, the earlier one the rest', () => {
    const over: Rotation = { ...base, members: ['over'], hours: [at(9, 8)] }
    expect(shown(turnsOf(rules({ layers: [base, over] }), within))).toEqual([
      'base 11-09T00:00 11-09T09:00',
      'over 11-09T09:00 11-09T17:00',
      'base 11-09T17:00 11-10T09:00',
      'over 11-10T09:00 11-10T17:00',
      'base 11-10T17:00 11-11T09:00',
    ])
  })

  test("a turn that no person has is nobody's, and hides whoever stands below", () => {
    const nobody: Rotation = { ...base, members: [undefined, 'ann'], everySeconds: day }
    expect(shown(turnsOf(rules({ layers: [base, nobody] }), within))).toEqual(['ann 11-09T00:00 11-10T00:00'])
  })

  test('an exception stands in for one person or for everybody', () => {
    const both = { rotations: [base, { ...base, members: ['second'] }] }
    const exception = { member: 'guest', ...between('2026-11-09T10:00', '2026-11-09T12:00') }
    expect(shown(turnsOf(rules({ ...both, exceptions: [{ ...exception, instead: 'base' }] }), within))).toEqual([
      'base 11-09T00:00 11-09T10:00',
      'second 11-09T00:00 11-16T00:00',
      'guest 11-09T10:00 11-09T12:00',
      'base 11-09T12:00 11-16T00:00',
    ])
    expect(shown(turnsOf(rules({ ...both, exceptions: [exception] }), within))).toHaveLength(5)
  })

  test('where somebody is away, the layer below stands in; a turn in no layer stays theirs, and nobody is there', () => {
    const leave = [{ member: 'a', ...between('2026-11-23T00:00', '2026-11-26T00:00') }]
    const when = between('2026-11-24T00:00', '2026-11-27T00:00')
    expect(shown(turnsOf(rules({ layers: [base, weekly], leave }), when))).toEqual([
      'base 11-23T09:00 11-26T00:00',
      'a 11-26T00:00 11-30T09:00',
    ])
    expect(shown(turnsOf(rules({ rotations: [weekly], leave }), when))).toEqual(['a 11-23T09:00 11-30T09:00'])
  })

  test('turns do not depend on which weeks are looked at', () => {
    const hours = fc.record({
      startSeconds: fc.integer({ min: 0, max: 86_399 }),
      lengthSeconds: fc.integer({ min: 60, max: 2 * day }),
    })
    const layer = fc.record({
      members: fc.array(fc.constantFrom('a', 'b', undefined), { minLength: 1, maxLength: 3 }),
      start: fc.constantFrom('2026-08-03T08:00:00.000Z', '2026-09-10T21:30:00.000Z'),
      everySeconds: fc.integer({ min: 12 * 3_600, max: 3 * week }),
      zone: fc.constantFrom('UTC', 'Europe/London', 'America/New_York'),
      hours: fc.option(fc.array(hours, { minLength: 1, maxLength: 2 }), { nil: undefined }),
      keepsHours: fc.boolean(),
    })
    const clean = ({
      hours: own,
      ...rest
    }: { readonly hours: Rotation['hours'] | undefined } & Omit<Rotation, 'hours'>) =>
      own === undefined ? rest : { ...rest, hours: own }
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 12 }), (layers, weeks) => {
        const begin = millisOf('2026-09-21T00:00:00.000Z')
        const wide = { start: instantOf(begin), end: instantOf(begin + 20 * week * 1000) }
        const narrow = {
          start: instantOf(begin + weeks * week * 1000),
          end: instantOf(begin + (weeks + 2) * week * 1000),
        }
        const all = rules({ layers: layers.map(clean) })
        const inNarrow = turnsOf(all, wide).filter((turn) => turn.start < narrow.end && turn.end > narrow.start)
        expect(turnsOf(all, narrow)).toEqual(inNarrow)
        // Over each other means one at a time.
        const sorted = turnsOf(all, wide)
        for (const [index, turn] of sorted.entries()) {
          const next = sorted[index + 1]
          if (next !== undefined && layers.every(({ hours: own }) => own === undefined))
            expect(next.start >= turn.end).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('the weeks that are computed', () => {
  test('eight back and at least thirteen to come, from Monday to Monday', () => {
    const monday = horizonAt('2026-11-23T00:00:00.000Z')
    expect(monday).toEqual({ start: '2026-09-28T00:00:00.000Z', end: '2027-03-01T00:00:00.000Z' })
    expect(horizonAt('2026-11-29T23:59:59.999Z')).toEqual(monday)
    expect(horizonAt('2026-11-30T00:00:00.000Z').end).toBe('2027-03-08T00:00:00.000Z')
    expect(new Date(wallAt('UTC', millisOf(monday.end))).getUTCDay()).toBe(1)
  })
})

function hoursOf(turns: readonly Turn[]): number {
  return turns.reduce((sum, { start, end }) => sum + (millisOf(end) - millisOf(start)) / 3_600_000, 0)
}
