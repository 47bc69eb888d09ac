import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isZone, momentOfWall, offsetAt, wallAt } from './zone.ts'

const at = (text: string) => Date.parse(text)
/** The moment at which a clock in the zone shows this. */
const shows = (zone: string, wall: string) => new Date(momentOfWall(zone, at(`${wall}Z`))).toISOString().slice(0, 16)

test('London and New York put their clocks forward and back on different days', () => {
  expect(shows('Europe/London', '2026-03-28T09:00')).toBe('2026-03-28T09:00')
  expect(shows('Europe/London', '2026-03-29T09:00')).toBe('2026-03-29T08:00')
  expect(shows('Europe/London', '2026-10-24T09:00')).toBe('2026-10-24T08:00')
  expect(shows('Europe/London', '2026-10-25T09:00')).toBe('2026-10-25T09:00')
  expect(shows('America/New_York', '2026-03-29T09:00')).toBe('2026-03-29T13:00')
  expect(shows('America/New_York', '2026-03-07T09:00')).toBe('2026-03-07T14:00')
  expect(shows('America/New_York', '2026-10-25T09:00')).toBe('2026-10-25T13:00')
  expect(shows('America/New_York', '2026-11-01T09:00')).toBe('2026-11-01T14:00')
})

test('an hour that never was is taken as if the clock had not been put forward; one that was twice is its first', () => {
  expect(shows('Europe/London', '2026-03-29T01:30')).toBe('2026-03-29T01:30')
  expect(shows('Europe/London', '2026-10-25T01:30')).toBe('2026-10-25T00:30')
  expect(shows('America/New_York', '2026-03-08T02:30')).toBe('2026-03-08T07:30')
  expect(shows('America/New_York', '2026-11-01T01:30')).toBe('2026-11-01T05:30')
})

test('zones with half hours, a day across the date line, and half an hour of summer', () => {
  expect(offsetAt('Asia/Kathmandu', at('2026-01-01T00:00Z'))).toBe(5.75 * 3_600_000)
  expect(shows('Pacific/Kiritimati', '2026-01-02T02:00')).toBe('2026-01-01T12:00')
  expect(shows('Australia/Lord_Howe', '2026-07-01T12:00')).toBe('2026-07-01T01:30')
  expect(shows('Australia/Lord_Howe', '2026-12-01T12:00')).toBe('2026-12-01T01:00')
})

test('what is a zone', () => {
  for (const zone of ['UTC', 'Europe/London', 'Etc/GMT+1']) expect(isZone(zone), zone).toBe(true)
  for (const zone of ['', '+02:00', 'Europe/Londn', 'Europe/London ', '../etc', 'Mars/Olympus']) {
    expect(isZone(zone), zone).toBe(false)
  }
})

test('a moment is the one its wall time means, except for the second time the clock shows it', () => {
  const zone = fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC')
  const moment = fc.integer({ min: at('1990-01-01T00:00Z'), max: at('2040-01-01T00:00Z') })
  fc.assert(
    fc.property(zone, moment, (name, millis) => {
      const again = momentOfWall(name, wallAt(name, millis))
      expect(wallAt(name, again)).toBe(wallAt(name, millis))
      expect(again).toBeLessThanOrEqual(millis)
      expect(millis - again).toBeLessThanOrEqual(3_600_000)
    }),
  )
})
