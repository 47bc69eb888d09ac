import { expect, test } from 'vitest'
import { history, record } from '../../../test/audit/support.ts'
import type { HistoryRecord } from '../record.ts'
import { chainsOf } from './chains.ts'
import { replay } from './replay.ts'

const asOf = { at: '2026-12-31T00:00:00.000Z', day: '2026-12-31' }
const chains = (records: readonly HistoryRecord[], gapDays = 30) =>
  chainsOf(replay(history(records).acts).grants, gapDays, asOf)

const from = (at: string, different: Parameters<typeof record>[0] = {}) =>
  record({ at, until: '2026-12-31', ...different })
const to = (at: string, different: Parameters<typeof record>[0] = {}) =>
  record({ act: 'removed', at, until: undefined, ...different })

test('[B18] [extension/new-approval] grants of the same that follow each other are one stay', () => {
  const [chain, ...more] = chains([from('2026-01-01'), to('2026-01-31'), from('2026-02-10'), to('2026-03-02')])
  expect(more).toEqual([])
  expect(chain).toMatchObject({ grants: [0, 1], regrantsCount: 1, daysInForce: 50, isOpen: false, last: '2026-03-02' })
})

test('a longer gap begins anew', () => {
  const records = [from('2026-01-01'), to('2026-01-31'), from('2026-03-02'), to('2026-03-12')]
  expect(chains(records, 30)).toHaveLength(1)
  expect(chains(records, 29)).toHaveLength(2)
})

test('[B18] neither another name nor another filing hides it', () => {
  const renamed = [
    from('2026-01-01', { grant: 'T-1' }),
    to('2026-01-31', { grant: 'T-1' }),
    from('2026-02-01', { grant: 'T-2' }),
    to('2026-02-28', { grant: 'T-2' }),
    from('2026-03-01', { grant: 'T-2', entitlement: 'admin' }),
  ]
  expect(chains(renamed)).toHaveLength(1)
})

test('grants side by side count once, other people’s not at all', () => {
  const [chain, other] = chains([
    from('2026-01-01', { grant: 'a' }),
    from('2026-01-11', { grant: 'b' }),
    from('2026-01-11', { beneficiary: 'bob' }),
    to('2026-01-21', { grant: 'a' }),
    to('2026-01-31', { grant: 'b' }),
  ])
  expect(chain).toMatchObject({ daysInForce: 30, grants: [0, 1] })
  expect(other).toMatchObject({ beneficiary: 'bob', isOpen: true })
})

test('what was in force from the beginning has no first day, and no days are made up for it', () => {
  const [chain] = chains([to('2026-03-01')])
  expect(chain).toMatchObject({ daysInForce: 0, last: '2026-03-01' })
  expect(chain).not.toHaveProperty('first')
})
