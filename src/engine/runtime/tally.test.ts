import { expect, test } from 'vitest'
import type { LiveWaiver, Use } from '../../core/runtime.ts'
import { type NewUse, newTally } from './tally.ts'

const waiver = { conditions: {} } as LiveWaiver
const use: Use = { actor: 'wl_agent', chain: [], system: 'sys_ledger', resource: 'entries', action: 'select' }
const at = (second: number) => `2026-11-25T12:00:${String(second).padStart(2, '0')}.000Z`
const newUse = (parts: Partial<Use> = {}, second = 0, judged?: NewUse['judged']): NewUse => ({
  use: { ...use, ...parts },
  enforcer: 'wl_gate',
  now: at(second),
  ...(judged === undefined ? {} : { judged }),
})

test('[agent/runtime-check] uses that were alike are one line, from the first to the last of them', () => {
  const tally = newTally()
  const policy = { policy: 'sha256:p', directory: 'sha256:d' }
  const uses = [
    newUse({}, 2),
    newUse({}, 1),
    newUse({ tool: 'query' }, 3),
    newUse({}, 4),
    newUse({ chain: ['per_ann'] }, 5),
    newUse({ chain: ['per_ann'] }, 6),
    newUse({}, 7, policy),
    newUse({}, 8, { ...policy, directory: 'sha256:e' }),
    newUse({}, 9, policy),
    newUse({ arguments: { a: 1 } }, 10),
    newUse({ arguments: { a: 2 } }, 11),
  ]
  for (const one of uses) expect(tally.spend(waiver, one, 0)).toBe(true)
  const { pending } = tally.take() as NonNullable<ReturnType<typeof tally.take>>
  expect(pending.uses).toBe(11)
  const lines = pending.lines.map(({ count, from, to, tool, chain, judged, arguments: given }) =>
    [count, from.slice(17, 19), to.slice(17, 19), tool, chain[0], judged?.directory, given?.length].join(' ').trim(),
  )
  expect(lines).toEqual([
    '3 01 04',
    '1 03 03 query',
    '2 05 06  per_ann',
    '2 07 09   sha256:d',
    '1 08 08   sha256:e',
    '1 10 10    71',
    '1 11 11    71',
  ])
})

test('[agent/runtime-check] more kinds of uses than there are lines for are counted all the same', () => {
  const tally = newTally()
  for (let n = 0; n < 1_000; n++) expect(tally.spend(waiver, newUse({ arguments: { n } }), 0)).toBe(true)
  expect(tally.pendingCount).toBe(1_000)
  const taken = tally.take() as NonNullable<ReturnType<typeof tally.take>>
  expect(taken.pending.lines.length).toBe(201)
  expect(taken.pending.lines.at(-1)).toEqual({
    action: 'select',
    resource: 'entries',
    enforcer: 'wl_gate',
    chain: [],
    count: 800,
    from: at(0),
    to: at(0),
  })
  // What could not be recorded comes back beside what was allowed meanwhile, and nothing of it is lost.
  for (let n = 0; n < 300; n++) tally.spend(waiver, newUse({ arguments: { later: n } }), 0)
  taken.undo()
  const again = tally.take() as NonNullable<ReturnType<typeof tally.take>>
  expect(again.pending.uses).toBe(1_300)
  expect(again.pending.lines.reduce((sum, { count }) => sum + count, 0)).toBe(1_300)
})
