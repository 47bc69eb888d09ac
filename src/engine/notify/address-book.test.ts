import { expect, test } from 'vitest'
import { directoryOf, noon, policyWith, poolWith } from '../../../test/support/directories.ts'
import type { Store } from '../../store/contract.ts'
import { addressBook } from './address-book.ts'

const facts = directoryOf(`
  per_ann member-of team_a
  acc_ann on mailto login ann@example.org
  acc_ann belongs-to per_ann confirmed
  per_bob member-of team_a
  acc_bob on mailto login bob@example.org
  acc_bob belongs-to per_bob
  per_cat owns sys_ledger
  acc_cat on mailto login cat@example.org
  acc_cat belongs-to per_cat confirmed
  per_dan owns wl_bot
  acc_dan on mailto login dan@example.org
  acc_dan belongs-to per_dan confirmed
  acc_dan2 on sys_ledger login dan_db
  acc_dan2 belongs-to per_dan confirmed
`)
const policy = policyWith({ pools: [poolWith('pool_x', ['team_a', 'per_dan'])] })
const heads = { directory: 'd', policy: 'p', freshness: {}, clock: 'steady' as const, now: noon }
const store = {
  heads: async () => heads,
  revisions: { directory: async () => facts, policy: async () => policy },
} as unknown as Pick<Store, 'heads' | 'revisions' | 'records'>
const book = addressBook(store)

test.each([
  [['per_ann'], ['ann@example.org']],
  [['pool_x'], ['ann@example.org', 'dan@example.org']],
  [['target-owners'], ['cat@example.org']],
  [['wl_bot'], ['dan@example.org']],
  [['per_nobody', 'constructor', 'sys_ledger', ''], []],
])('%j reads at %j', async (to, addresses) => {
  expect(await book({ to, system: 'sys_ledger' })).toEqual(addresses)
})

test('[B02] a mailbox whose link nobody confirmed gets nothing', async () => {
  expect(await book({ to: ['per_bob'] })).toEqual([])
})
