import { expect, test } from 'vitest'
import { compareEnds, daysBetween, type End, isPast, lastDayOf, monthsFrom, parseEnd, parseWhen } from './calendar.ts'

const end = (text: string) => parseEnd(text) as End
const when = (text: string) => parseWhen(text) as NonNullable<ReturnType<typeof parseWhen>>

test('the day is that of whoever wrote it down', () => {
  expect(parseWhen('2026-03-01T00:30:00+02:00')).toEqual({ at: '2026-02-28T22:30:00.000Z', day: '2026-03-01' })
  expect(parseWhen('2026-03-01')).toEqual({ at: '2026-03-01T00:00:00.000Z', day: '2026-03-01' })
})

test('what is no moment is not read as one', () => {
  for (const text of [
    '',
    'soon',
    '2026-3-1',
    '2026-02-30',
    '2026-02-30T10:00:00Z',
    '2026-03-01T10:00:00',
    '0026-01-01',
  ]) {
    expect(parseWhen(text), text).toBeUndefined()
  }
})

test('a day counts to its end, an instant to the instant', () => {
  expect(isPast(end('2026-03-31'), when('2026-03-31T23:59:59+02:00'))).toBe(false)
  expect(isPast(end('2026-03-31'), when('2026-04-01T00:00:00+02:00'))).toBe(true)
  expect(isPast(end('2026-03-31T12:00:00Z'), when('2026-03-31T11:59:59Z'))).toBe(false)
  expect(isPast(end('2026-03-31T12:00:00Z'), when('2026-03-31T12:00:00Z'))).toBe(true)
})

test('a day that no calendar has is read as the last of its month, and marked', () => {
  expect(parseEnd('2022-04-31')).toEqual({ day: '2022-04-30', written: '2022-04-31', impossible: true })
  expect(parseEnd('2023-02-29')).toMatchObject({ day: '2023-02-28', impossible: true })
  expect(parseEnd('2024-02-29')).toMatchObject({ day: '2024-02-29', impossible: false })
  expect(parseEnd('2024-02-32')).toBeUndefined()
})

test('ends are ordered, and a day ends after every instant in it', () => {
  expect(compareEnds(end('2026-03-31'), end('2026-04-01'))).toBeLessThan(0)
  expect(compareEnds(end('2026-03-31'), end('2026-03-31T23:59:59Z'))).toBeGreaterThan(0)
  expect(compareEnds(end('2022-04-31'), end('2022-04-30'))).toBe(0)
})

test('days and months are counted over leap days and turns of the year', () => {
  expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
  expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1)
  expect(monthsFrom('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
  expect(['2024-02', '2026-02', '2026-12'].map(lastDayOf)).toEqual(['2024-02-29', '2026-02-28', '2026-12-31'])
})
