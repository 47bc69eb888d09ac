import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf, millisOf } from '../../core/time.ts'
import { type Rotation, turnsOf } from './rotation.ts'

const week = 7 * 86_400
const weekly: Rotation = { members: ['a', 'b', 'c'], start: '2026-11-02T09:00:00.000Z', everySeconds: week }

test('turns repeat from the start, forever, in order', () => {
  const turns = turnsOf(weekly, { start: '2026-11-20T00:00:00.000Z', end: '2026-12-01T00:00:00.000Z' })
  expect(turns).toEqual([
    { member: 'c', start: '2026-11-16T09:00:00.000Z', end: '2026-11-23T09:00:00.000Z' },
    { member: 'a', start: '2026-11-23T09:00:00.000Z', end: '2026-11-30T09:00:00.000Z' },
    { member: 'b', start: '2026-11-30T09:00:00.000Z', end: '2026-12-07T09:00:00.000Z' },
  ])
})

test('before its start a rotation has no turns', () => {
  expect(turnsOf(weekly, { start: '2026-10-01T00:00:00.000Z', end: '2026-11-02T09:00:00.000Z' })).toEqual([])
  expect(turnsOf(weekly, { start: '2026-10-01T00:00:00.000Z', end: '2026-11-02T09:00:00.001Z' })).toHaveLength(1)
})

test('daily hours cut turns into days, and a night belongs to the evening it began', () => {
  const nights: Rotation = { ...weekly, daily: { from: '22:00', to: '06:00' } }
  const turns = turnsOf(nights, { start: '2026-11-09T00:00:00.000Z', end: '2026-11-10T00:00:00.000Z' })
  expect(turns).toEqual([
    { member: 'a', start: '2026-11-08T22:00:00.000Z', end: '2026-11-09T06:00:00.000Z' },
    { member: 'b', start: '2026-11-09T22:00:00.000Z', end: '2026-11-10T06:00:00.000Z' },
  ])
})

test('a day that ends at 24:00 has no gap before the next', () => {
  const all = ['00:00', '08:00', '16:00', '24:00']
  const within = { start: '2026-11-10T00:00:00.000Z', end: '2026-11-12T00:00:00.000Z' }
  const turns = [0, 1, 2].flatMap((third) =>
    turnsOf({ ...weekly, daily: { from: all[third] ?? '', to: all[third + 1] ?? '' } }, within),
  )
  const hours = turns.reduce((sum, turn) => sum + (millisOf(turn.end) - millisOf(turn.start)) / 3_600_000, 0)
  expect(hours).toBe(48)
})

test('whole turns cover every moment from the start on exactly once, in the order of the members', () => {
  const begin = millisOf('2026-01-01T00:00:00.000Z')
  const minutes = fc.integer({ min: -50_000, max: 500_000 })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 60, max: week }),
      minutes,
      fc.integer({ min: 1, max: 50_000 }),
      (count, every, from, length) => {
        const members = Array.from({ length: count }, (_, index) => String(index))
        const within = { start: instantOf(begin + from * 60_000), end: instantOf(begin + (from + length) * 60_000) }
        const turns = turnsOf({ members, start: instantOf(begin), everySeconds: every }, within)
        for (const [index, turn] of turns.entries()) {
          expect(turn.start < within.end && turn.end > within.start).toBe(true)
          const next = turns[index + 1]
          if (next === undefined) continue
          expect(next.start).toBe(turn.end)
          expect(Number(next.member)).toBe((Number(turn.member) + 1) % count)
        }
        if (within.end > instantOf(begin)) {
          expect(turns.at(0)?.start ?? 'none' <= within.start).toBeTruthy()
          expect((turns.at(-1)?.end ?? '') >= within.end).toBe(true)
        } else expect(turns).toEqual([])
      },
    ),
    { numRuns: 50 },
  )
})
