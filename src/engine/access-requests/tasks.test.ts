import { expect, test } from 'vitest'
import type { EndCause, Waiver } from '../../core/waiver.ts'
import { taskStatusOf } from './tasks.ts'

const noon = '2026-11-22T12:00:00.000Z'
const statusAt = (cause?: EndCause, isApproved = false) =>
  taskStatusOf({
    approvals: (isApproved ? [{ by: 'per_sam' }] : []) as unknown as Waiver['approvals'],
    ...(cause === undefined ? {} : { end: { cause, by: 'per_sam', at: noon, reason: '' } }),
  })

test('what waits is pending, and how it ended is told in the words of the draft', () => {
  expect(statusAt()).toBe('pending')
  const told = {
    denied: 'denied',
    withdrawn: 'cancelled',
    revoked: 'cancelled',
    killed: 'cancelled',
    deactivated: 'cancelled',
    'reference-closed': 'cancelled',
    lapsed: 'expired',
    expired: 'expired',
    'not-activated': 'expired',
    voided: 'failed',
    spent: 'failed',
  } as const satisfies Record<EndCause, string>
  for (const [cause, status] of Object.entries(told)) expect(statusAt(cause as EndCause), cause).toBe(status)
})

test('[B06] nothing but a countersignature makes it approved, and nothing unmakes it', () => {
  for (const cause of [undefined, 'revoked', 'killed', 'expired', 'spent'] as const) {
    expect(statusAt(cause, true)).toBe('approved')
    expect(statusAt(cause)).not.toBe('approved')
  }
})
