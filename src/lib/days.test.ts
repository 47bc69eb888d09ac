import { expect, test } from 'vitest'
import { localDays, startOfHour, wallTime } from './days.ts'

const at = (text: string) => Date.parse(text)

test('every hour is in one slot of one day, on the longest day as on the shortest', () => {
  const london = (day: string) => localDays(at(`${day}T00:00:00Z`) - 3_600_000, 72, 'Europe/London')
  for (const days of [london('2026-10-24'), london('2026-03-28')]) {
    expect(days.flatMap(({ slots }) => slots.flat()).sort((a, b) => a - b)).toEqual([...Array(72).keys()])
  }
  const back = london('2026-10-24').find(({ date }) => date === '2026-10-25')
  expect(back?.slots.map(({ length }) => length)).toEqual([1, 2, ...Array(22).fill(1)])
  const forward = london('2026-03-28').find(({ date }) => date === '2026-03-29')
  expect(forward?.slots.map(({ length }) => length)).toEqual([1, 0, ...Array(22).fill(1)])
})

test('days are named as on a calendar there', () => {
  const [first, second] = localDays(at('2026-11-28T20:00:00Z'), 8, 'Asia/Kolkata')
  expect([first?.label, second?.label]).toEqual(['Sun 29 Nov', undefined])
  expect(wallTime(at('2026-11-28T20:00:00Z'), 'Asia/Kolkata')).toBe('Sun 29 Nov 01:30')
})

test('an hour begins where the clock on the wall says so', () => {
  expect(new Date(startOfHour(at('2026-11-28T20:10:00Z'), 'Asia/Kolkata')).toISOString()).toBe(
    '2026-11-28T19:30:00.000Z',
  )
  expect(new Date(startOfHour(at('2026-11-28T20:10:00Z'), 'UTC')).toISOString()).toBe('2026-11-28T20:00:00.000Z')
})
