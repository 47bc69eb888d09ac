import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomeOf } from './status.ts'

const noon = Date.parse('2026-11-22T12:00:00Z')
const at = (status: number, retryAfter?: string) => outcomeOf(status, retryAfter, noon)

test('only 2xx is taken', () => {
  for (const status of [200, 201, 202, 204, 299]) expect(at(status).outcome).toBe('done')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), (status) => {
      expect(at(status).outcome === 'done').toBe(status >= 200 && status <= 299)
    }),
  )
})

test('what passes is tried again, what does not is given up', () => {
  for (const status of [408, 409, 425, 429, 500, 502, 503, 504]) {
    expect(at(status)).toMatchObject({
      outcome: 'not-done',
      retryable: true,
      reason: `the receiver answered ${status}`,
    })
  }
  for (const status of [400, 401, 403, 404, 405, 410, 413, 422]) {
    expect(at(status)).toMatchObject({ outcome: 'not-done', retryable: false })
  }
  for (const status of [301, 302, 303, 307, 308]) {
    expect(at(status)).toMatchObject({
      outcome: 'not-done',
      retryable: false,
      reason: expect.stringContaining('redirected'),
    })
  }
})

test('the receiver says when to come again: in seconds or by a date', () => {
  expect(at(429, '120')).toMatchObject({ retryAfterSeconds: 120 })
  expect(at(503, '0')).toMatchObject({ retryAfterSeconds: 0 })
  expect(at(503, 'Sun, 22 Nov 2026 12:00:30 GMT')).toMatchObject({ retryAfterSeconds: 30 })
  expect(at(503, 'Sun, 22 Nov 2026 11:00:00 GMT')).toMatchObject({ retryAfterSeconds: 0 })
  for (const nonsense of ['soon', '-5', '1e9', '99999999999', 'Sun, 99 Nov 2026', '2026-11-22T12:00:30Z', '']) {
    expect(at(503, nonsense)).not.toHaveProperty('retryAfterSeconds')
  }
  expect(at(404, '120')).not.toHaveProperty('retryAfterSeconds')
})
