import { expect, test } from 'vitest'
import { durationSpoken, exactly, fromNow, instantIn, instantSeen, spoken } from './moments.ts'

const nowMillis = Date.parse('2026-11-22T14:48:00Z')

test('an instant is said in the zone of the reader, with UTC beside', () => {
  expect(instantIn('2026-11-22T18:00:00.000Z', 'Europe/Berlin')).toBe('2026-11-22 19:00 CET (18:00Z)')
  expect(instantIn('2026-11-22T23:30:05.000Z', 'Asia/Tokyo')).toBe('2026-11-23 08:30:05 GMT+9 (2026-11-22 23:30:05Z)')
  expect(instantIn('2026-11-22T18:00:00.000Z', 'UTC')).toBe('2026-11-22 18:00 UTC')
})

test('and how far away it is', () => {
  expect(instantSeen('2026-11-22T18:00:00.000Z', { nowMillis, timeZone: 'UTC' })).toBe(
    '2026-11-22 18:00 UTC, in 3 h 12 min',
  )
  expect(fromNow('2026-11-22T14:43:00.000Z', nowMillis)).toBe('5 min ago')
  expect(fromNow('2026-11-22T14:48:00.000Z', nowMillis)).toBe('now')
})

test('distances in two units, agreements in all', () => {
  expect(spoken(2 * 86_400 + 4 * 3_600 + 59)).toBe('2 d 4 h')
  expect(exactly(2 * 86_400 + 4 * 3_600 + 59)).toBe('2 d 4 h 59 s')
  expect(durationSpoken('PT1H30M')).toBe('1 h 30 min')
  expect(exactly(0)).toBe('0 s')
})
