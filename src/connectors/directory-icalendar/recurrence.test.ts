import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, test } from 'vitest'
import { lastWallOf, type Rule, ruleOf, timesOf } from './recurrence.ts'

const wall = (text: string) => Date.parse(`${text.length === 10 ? `${text}T09:00` : text}Z`)
const parsed = (text: string) =>
  ICAL.parse(`BEGIN:VEVENT\r\nRRULE:${text}\r\nEND:VEVENT`) as unknown as [string, unknown[][]]

function rule(text: string): Rule | string {
  const [, properties] = parsed(text)
  return ruleOf(properties[0]?.[3], (until) => lastWallOf(until, (moment) => moment))
}

function days(text: string, start: string, end: string, from = start): string[] {
  const read = rule(text)
  if (typeof read === 'string') throw new Error(read)
  return (timesOf(read, wall(start), wall(from), wall(end)) ?? []).map((time) =>
    new Date(time).toISOString().slice(0, 10),
  )
}

describe('the examples of RFC 5545, and what rotas need', () => {
  test('every other week on given days, from a week that begins on Monday or on Sunday', () => {
    expect(days('FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '1998-01-01')).toEqual([
      '1997-08-05',
      '1997-08-10',
      '1997-08-19',
      '1997-08-24',
    ])
    expect(days('FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '1998-01-01')).toEqual([
      '1997-08-05',
      '1997-08-17',
      '1997-08-19',
      '1997-08-31',
    ])
  })

  test('the first Friday, the last Monday but one, the last working day of the month', () => {
    expect(days('FREQ=MONTHLY;COUNT=3;BYDAY=1FR', '1997-09-05', '1998-01-01')).toEqual([
      '1997-09-05',
      '1997-10-03',
      '1997-11-07',
    ])
    expect(days('FREQ=MONTHLY;COUNT=3;BYDAY=-2MO', '1997-09-22', '1998-01-01')).toEqual([
      '1997-09-22',
      '1997-10-20',
      '1997-11-17',
    ])
    expect(days('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '1997-09-30', '1998-01-01')).toEqual([
      '1997-09-30',
      '1997-10-31',
      '1997-11-28',
      '1997-12-31',
    ])
  })

  test('months that are too short are left out, and so are years without that day', () => {
    expect(days('FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007-01-15', '2008-01-01')).toEqual([
      '2007-01-15',
      '2007-01-30',
      '2007-02-15',
      '2007-03-15',
      '2007-03-30',
    ])
    expect(days('FREQ=MONTHLY', '2026-01-31', '2026-06-01')).toEqual(['2026-01-31', '2026-03-31', '2026-05-31'])
    expect(days('FREQ=YEARLY', '2024-02-29', '2033-01-01')).toEqual(['2024-02-29', '2028-02-29', '2032-02-29'])
    expect(days('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-03-02', '2030-01-01')).toEqual(['2026-03-02'])
    expect(days('FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31', '2026-04-01')).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
    ])
  })

  test('of years: a weekday of a month, and every Thursday of March', () => {
    expect(
      days('FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;INTERVAL=4', '1996-11-05', '2005-01-01'),
    ).toEqual(['1996-11-05', '2000-11-07', '2004-11-02'])
    expect(days('FREQ=YEARLY;BYDAY=20MO;COUNT=2', '1997-05-19', '1999-01-01')).toEqual(['1997-05-19', '1998-05-18'])
    expect(days('FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU', '2025-10-26', '2028-01-01')).toEqual([
      '2025-10-26',
      '2026-10-25',
      '2027-10-31',
    ])
  })

  test('the end of a rule is the last time that counts; given as a day it is all of that day', () => {
    expect(days('FREQ=DAILY;UNTIL=20260107T090000', '2026-01-05', '2027-01-01')).toHaveLength(3)
    expect(days('FREQ=DAILY;UNTIL=20260107T085959', '2026-01-05', '2027-01-01')).toHaveLength(2)
    expect(days('FREQ=DAILY;UNTIL=20260107', '2026-01-05', '2027-01-01')).toHaveLength(3)
    expect(days('FREQ=DAILY;UNTIL=20200101', '2026-01-05', '2027-01-01')).toEqual(['2026-01-05'])
  })

  test('several times a day', () => {
    const read = rule('FREQ=DAILY;BYHOUR=21,9;COUNT=4') as Rule
    expect(
      timesOf(read, wall('2026-01-05'), wall('2026-01-05'), wall('2026-02-01'))?.map((t) =>
        new Date(t).toISOString().slice(8, 16),
      ),
    ).toEqual(['05T09:00', '05T21:00', '06T09:00', '06T21:00'])
  })
})

test('[fail/closed] rules that are not understood say so, and no rule runs without end', () => {
  expect(rule('FREQ=WEEKLY;RSCALE=HEBREW')).toBe('the part `RSCALE` of the rule is not understood')
  expect(rule('FREQ=YEARLY;BYWEEKNO=20')).toBe('the part `BYWEEKNO` of the rule is not understood')
  expect(rule('FREQ=HOURLY')).toMatch(/^`FREQ=HOURLY` is not understood/)
  expect(rule('FREQ=DAILY;INTERVAL=20000')).toBe('expected an `INTERVAL` from 1 to 10000')
  expect(rule('FREQ=DAILY;COUNT=0')).toBe('expected a `COUNT` from 1 on')
  const none = () => undefined
  expect(ruleOf({ freq: 'DAILY', bymonthday: 32 }, none)).toBe('`BYMONTHDAY` of the rule is out of range')
  expect(ruleOf({ freq: 'MONTHLY', bysetpos: [0] }, none)).toBe('`BYSETPOS` of the rule is out of range')
  expect(rule('FREQ=DAILY;BYDAY=1MO')).toMatch(/^`BYDAY` with a number/)
  expect(rule('FREQ=WEEKLY;BYMONTHDAY=1')).toMatch(/does not go with weeks/)
  expect(rule('FREQ=DAILY;UNTIL=20261301')).toMatch(/is no moment$/)
  // The library would look for the thirtieth of February for ever.
  expect(days('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', '1980-01-05', '2027-01-01')).toEqual(['1980-01-05'])
  const often = rule('FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12;BYMINUTE=0,10,20,30,40,50') as Rule
  expect(timesOf(often, wall('2026-01-01'), wall('2026-01-01'), wall('2027-01-01'))).toBeUndefined()
})

const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const rules = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 40 })).map(([interval]) => `FREQ=DAILY;INTERVAL=${interval}`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.uniqueArray(weekday, { minLength: 1, maxLength: 7 }))
    .map(([interval, on]) => `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${on.join(',')}`),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 28 }))
    .map(([interval, day]) => `FREQ=MONTHLY;INTERVAL=${interval};BYMONTHDAY=${day}`),
  fc.tuple(fc.constantFrom(1, 2, 3, 4, -1, -2), weekday).map(([nth, on]) => `FREQ=MONTHLY;BYDAY=${nth}${on}`),
)

test('the library finds the same times, where it can', () => {
  fc.assert(
    fc.property(rules, fc.integer({ min: 0, max: 4_000 }), (text, offset) => {
      const start = wall('2015-01-01') + offset * 86_400_000
      const end = start + 400 * 86_400_000
      const iterator = ICAL.Recur.fromString(text).iterator(
        ICAL.Time.fromDateTimeString(new Date(start).toISOString().slice(0, 19)),
      )
      const theirs = new Set([start])
      for (let time = iterator.next(); time !== null && time !== undefined; time = iterator.next()) {
        const at = Date.parse(`${time.toString()}Z`)
        if (at >= end) break
        theirs.add(at)
      }
      expect(timesOf(rule(text) as Rule, start, start, end)).toEqual([...theirs])
    }),
  )
})

test('looking only at a later part finds what looking at all of it does', () => {
  fc.assert(
    fc.property(rules, fc.integer({ min: 0, max: 3_000 }), (text, later) => {
      const start = wall('2015-03-31')
      const [from, end] = [start + later * 86_400_000, start + (later + 150) * 86_400_000]
      const all = timesOf(rule(text) as Rule, start, start, end)?.filter((time) => time >= from)
      expect(timesOf(rule(text) as Rule, start, from, end)?.filter((time) => time >= from)).toEqual(all)
    }),
  )
})
