/** What checks at each use believe: kept from the record, and a no where it cannot be. On a real database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../src/core/time.ts'
import { silent } from '../../src/engine/logger.ts'
import { ask } from '../../src/engine/runtime/check.ts'
import { runtimeOn, staleMillisMax } from '../../src/engine/runtime/runtime.ts'
import { termsFor } from '../support/life.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** A process of its own, with a clock the test turns. */
function anotherProcess() {
  let millis = 0
  const { store, app } = world
  const runtime = runtimeOn({ store, knowledge: app.machinery.knowledge, log: silent, monotonic: () => millis })
  const { now } = world
  const reason = () =>
    ask(
      runtime,
      { id: 'per_asker', chain: [] },
      {
        subject: { type: 'agent', id: 'wl_agent', actors: [] },
        system: 'sys_ledger',
        resource: 'ledger.entries',
        action: 'update',
      },
    ).reason
  return { runtime, reason, now, pass: (more: number) => (millis += more) }
}

// Filing again is more time, and takes somebody else.
const approvers = ['per_sam', 'per_sue', 'per_sid']

async function live(): Promise<string> {
  const access = { ...termsFor().access, account: 'agent_db' }
  const window = { start: world.now, end: plusSeconds(world.now, 3_600) }
  const { id } = await world.must('per_asker', {
    type: 'request',
    terms: termsFor({ beneficiary: 'wl_agent', access, window }),
  })
  await world.countersign(approvers.shift() ?? '', id)
  await world.must('per_asker', { type: 'activate' }, id)
  await world.settle()
  return id
}

describe('[agent/runtime-check] the state of the checks', () => {
  test('is read in full at first, then follows the feed: started, suspended, resumed, ended', async () => {
    const before = anotherProcess()
    await before.runtime.refresh()
    expect(before.reason()).toBe('no-waiver')
    const id = await live()
    const fresh = anotherProcess()
    for (const { runtime, reason } of [before, fresh]) {
      await runtime.refresh()
      expect(reason()).toBe('covered')
    }
    await world.must('per_asker', { type: 'suspend', reason: 'looking' }, id)
    await before.runtime.refresh()
    expect(before.reason()).toBe('waiver-suspended')
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
    await before.runtime.refresh()
    expect(before.reason()).toBe('no-waiver')
    expect(before.runtime.live.count).toBe(0)
    await world.settle()
  })

  test('[fail/closed] [B07] a process that cannot be current says no, and says why', async () => {
    const id = await live()
    const { runtime, reason, pass } = anotherProcess()
    expect(reason()).toBe('state-not-current')
    await runtime.refresh()
    pass(staleMillisMax)
    expect(reason()).toBe('covered')
    pass(1)
    expect(reason()).toBe('state-not-current')
    await runtime.refresh()
    expect(reason()).toBe('covered')
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
    await world.settle()
  })

  test('[B09] a row that was written by hand is not used, at the start or later', async () => {
    const id = await live()
    const open = anotherProcess()
    await open.runtime.refresh()
    await world.query(
      `update countersign.waivers set state = jsonb_set(state::jsonb, '{terms,access,actions}', '["select","update","insert"]')::json where id = $1`,
      [id],
    )
    const { runtime, reason } = anotherProcess()
    await runtime.refresh()
    expect(reason()).toBe('no-waiver')
    // Who has been following never read the row, and goes on by the record.
    await open.runtime.refresh()
    expect(open.reason()).toBe('covered')
    expect([...(open.runtime.live.live(id)?.actions ?? [])]).toEqual(['select', 'update'])
  })
})
