import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { organisation, termsFor } from '../../../test/support/life.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { DriftFinding } from '../../core/drift.ts'
import { plusSeconds } from '../../core/time.ts'
import { watch } from './watch.ts'

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  world = await openWorld({ directory: organisation })
})
afterAll(() => world.close())

/** Time for everything to be looked at again. */
async function look(): Promise<void> {
  await world.after(600)
  await world.changeDirectory(`${organisation}\n`)
  await watch(world.app.machinery)
}

async function open(): Promise<readonly DriftFinding[]> {
  return world.store.drift.findings({ status: 'open', limit: 1_000 })
}

const drifts = async () => (await open()).map(({ drift: { kind, account } }) => [kind, account])

describe('[drift/found] a look at a target', () => {
  test('finds access that no waiver gave, once, and says when it is gone', async () => {
    world.target.standing.push({ account: 'oncall_db', entitlement: 'ledger-write' })
    await look()
    await look()
    const [found] = await open()
    expect(found).toMatchObject({
      status: 'open',
      timesCount: 1,
      drift: { kind: 'access-without-waiver', system: 'sys_ledger', entitlement: 'ledger-write', holder: 'per_oncall' },
    })
    world.target.standing.length = 0
    await look()
    expect(await open()).toEqual([])
    const events = await world.store.waivers.events(found?.id ?? '')
    expect(events.map(({ type, by }) => [type, by])).toEqual([
      ['DriftFound', 'sys_countersign'],
      ['DriftEnded', 'sys_countersign'],
    ])
    world.target.standing.push({ account: 'oncall_db', entitlement: 'ledger-write' })
    await look()
    expect(await open()).toMatchObject([{ id: found?.id, timesCount: 2 }])
    world.target.standing.length = 0
    await look()
  })

  test('says nothing of access that a live waiver covers, and finds it when it comes back after it was seen gone', async () => {
    const { id } = await world.must('per_asker', {
      type: 'request',
      terms: termsFor({ window: { start: world.now, end: plusSeconds(world.now, 4 * 3600) } }),
    })
    expect((await world.countersign('per_sam', id)).outcome).toBe('accepted')
    await world.must('per_asker', { type: 'activate' }, id)
    await world.settle()
    const [given] = world.target.given.values()
    await look()
    expect(await drifts()).toEqual([])
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
    await world.settle()
    await look()
    expect(await drifts()).toEqual([])
    if (given !== undefined) world.target.given.set(given.grant, given)
    await look()
    expect(await drifts()).toEqual([['access-without-waiver', 'asker_db']])
    world.target.given.clear()
    await look()
    expect(await drifts()).toEqual([])
  })
})
