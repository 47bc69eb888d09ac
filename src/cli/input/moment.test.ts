import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UsageError } from '../usage-error.ts'
import { lengthOf, momentOf } from './moment.ts'

const around = { nowMillis: Date.parse('2026-11-22T14:48:00Z'), timeZone: 'Europe/Berlin' }

test.each([
  ['4h', 14_400],
  ['90m', 5_400],
  ['1h30m', 5_400],
  ['1h 30min', 5_400],
  ['2d', 172_800],
  ['45s', 45],
  ['PT4H', 14_400],
  ['P1D', 86_400],
])('%s is %i seconds', (text, seconds) => {
  expect(lengthOf(text, '--for')).toBe(seconds)
})

test.each(['', '0h', '4', 'h', '4 hours', '-4h', 'P1M', '1e3h'])('`%s` is no length of time', (text) => {
  expect(() => lengthOf(text, '--for')).toThrow(UsageError)
})

test.each([
  ['2026-11-22T18:00Z', '2026-11-22T18:00:00.000Z'],
  ['2026-11-22T18:00:00+02:00', '2026-11-22T16:00:00.000Z'],
  ['2026-11-22 18:00', '2026-11-22T17:00:00.000Z'],
  ['2026-07-01T18:00', '2026-07-01T16:00:00.000Z'],
  ['18:00', '2026-11-22T17:00:00.000Z'],
  ['15:00', '2026-11-23T14:00:00.000Z'],
  ['18:00Z', '2026-11-22T18:00:00.000Z'],
  ['now', '2026-11-22T14:48:00.000Z'],
  ['+2h', '2026-11-22T16:48:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(momentOf(text, '--until', around)).toBe(instant)
})

test.each(['25:00', '2026-13-01 10:00', '2026-02-30 10:00', 'tomorrow', '18', ''])('`%s` is no time', (text) => {
  expect(() => momentOf(text, '--until', around)).toThrow(UsageError)
})

test('a time that comes twice, or never, is asked for again', () => {
  expect(() => momentOf('2026-10-25 02:30', '--until', around)).toThrow('comes twice in Europe/Berlin')
  expect(() => momentOf('2026-03-29 02:30', '--until', around)).toThrow('is skipped by the clocks')
})

test('every local time that is read is shown the same by a clock there', () => {
  const zone = fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC')
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
      zone,
      (date, timeZone) => {
        const text = date.toISOString().slice(0, 16)
        let instant: string
        try {
          instant = momentOf(text, '--until', { ...around, timeZone })
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
          return
        }
        const there = new Date(instant).toLocaleString('sv-SE', { timeZone })
        expect(there.slice(0, 16).replace(' ', 'T')).toBe(text)
      },
    ),
  )
})
