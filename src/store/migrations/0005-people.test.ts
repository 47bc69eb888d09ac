import { expect, test } from 'vitest'
import { peopleOf } from '../../core/decide/departures.ts'
import { openHarness } from '../contract/harness.contract.ts'
import { openStore } from '../store.ts'

test('waivers that were there before are found by the same people as new ones', async () => {
  const the = await openHarness(18)
  try {
    const stages = ['requested', 'countersigned', 'active', 'extension asked', 'opened envelope'] as const
    const written = []
    for (const [n, stage] of stages.entries()) written.push(await the.put(stage, { beneficiary: `per_${n}` }))
    await the.admin.query(`update waivers set people = '{}'; delete from kysely_migration where name = '0005-people'`)
    await (await openStore({ url: the.url })).close()
    const { rows } = await the.admin.query<{ id: string; people: string[] }>('select id, people from waivers')
    expect(new Map(rows.map(({ id, people }) => [id, people.sort()]))).toEqual(
      new Map(written.map((waiver) => [waiver.id, peopleOf(waiver)])),
    )
  } finally {
    await the.close()
  }
})
