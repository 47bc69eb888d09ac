import { expect, test } from 'vitest'
import { type AskedTerms, withOneAccount } from './index.ts'

const terms = {
  kind: 'access-override',
  beneficiary: 'per_maria',
  access: { system: 'sys_ledger', entitlement: 'ledger-write', resources: ['entries'], actions: ['select'] },
  window: { start: '2026-11-22T12:00:00.000Z', end: '2026-11-22T13:00:00.000Z' },
  reason: 'batch 7 was posted twice',
} as const satisfies AskedTerms

test('[terms/bound] the only account there is is part of the terms; with none or several whoever asks names it', () => {
  expect(withOneAccount(terms, { accounts: ['maria_p'] })).toEqual({
    terms: { ...terms, access: { ...terms.access, account: 'maria_p' } },
  })
  expect(withOneAccount(terms, { accounts: [] })).toMatchObject({ account: 'unknown', accounts: [] })
  expect(withOneAccount(terms, { accounts: ['maria_p', 'maria_q'] })).toMatchObject({
    account: 'not-chosen',
    accounts: ['maria_p', 'maria_q'],
  })
})

test('what was named stays, and an envelope names none', () => {
  const named = { ...terms, access: { ...terms.access, account: 'maria_q' } }
  expect(withOneAccount(named, { accounts: ['maria_p'] })).toEqual({ terms: named })
  const envelope = { ...terms, kind: 'break-glass' } as const
  expect(withOneAccount(envelope, { accounts: ['maria_p'] })).toEqual({ terms: envelope })
})
