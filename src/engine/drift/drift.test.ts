import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { organisation, policyFor, termsFor } from '../../../test/support/life.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { DriftFinding } from '../../core/drift.ts'
import { plusSeconds } from '../../core/time.ts'
import { recordDrift } from './record.ts'
import { watch } from './watch.ts'

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  world = await openWorld({ directory: organisation, policy: policyFor({}, { habits: { repeatedOverDays: 20 } }) })
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

describe('[drift/found] looking back', () => {
  async function give(actor: string, beneficiary: string, account: string, approver: string): Promise<void> {
    const { id } = await world.must(actor, {
      type: 'request',
      terms: termsFor({
        beneficiary,
        access: { ...termsFor().access, account },
        window: { start: world.now, end: plusSeconds(world.now, 3_600) },
      }),
    })
    expect((await world.countersign(approver, id)).outcome).toBe('accepted')
    await world.must(actor, { type: 'activate' }, id)
    await world.settle()
    await world.must(actor, { type: 'revoke', reason: 'done' }, id)
    await world.settle()
    await world.after(2 * 86_400)
    await world.changeDirectory(organisation)
  }

  test('[B02] [B18] the same access again and again is found, also through several workloads of one person', async () => {
    await world.after(31 * 86_400)
    await world.changeDirectory(organisation)
    await give('per_asker', 'wl_bot', 'bot_db', 'per_sam')
    await give('per_asker', 'per_asker', 'asker_db', 'per_sue')
    await look()
    expect(await open()).toEqual([])
    await give('per_asker', 'wl_agent', 'agent_db', 'per_sid')
    await look()
    const [habit, ...others] = await open()
    expect(habit).toMatchObject({
      drift: { kind: 'repeated-waivers', system: 'sys_ledger', entitlement: 'ledger-write', holder: 'per_asker' },
    })
    expect(others).toEqual([])
    expect(habit?.drift.waiversCount).toBeGreaterThanOrEqual(3)
    // The policy of this organisation says over how many days.
    expect(habit?.drift.overDays).toBe(20)
    expect(await world.store.drift.counts()).toEqual([
      { system: 'sys_ledger', kind: 'repeated-waivers', open: 1, unreviewed: 1 },
    ])
    const [event] = await world.store.waivers.events(habit?.id ?? '')
    expect(event?.type).toBe('HabitFound')
    await world.after(31 * 86_400)
    await world.changeDirectory(organisation)
    await look()
    expect(await open()).toEqual([])
  })

  test('access that nobody used is found where the target answers for it, and only there', async () => {
    const unused = () => world.store.drift.findings({ status: 'open', kind: 'never-used', limit: 10 })
    await give('per_asker', 'wl_bot', 'bot_db', 'per_sam')
    await look()
    expect(await unused()).toEqual([])
    await world.query(`update grants set use_asked = true, use_seen = null`)
    await look()
    const found = await unused()
    expect(found.map(({ drift: { holder } }) => holder)).toContain('wl_bot')
    await world.query(`update grants set used_at = clock(), use_seen = null`)
    await look()
    expect(await unused()).toEqual([])
  })

  test('a grant that was changed on the target is put right, and is on record all the same', async () => {
    const { id } = await world.must('per_asker', {
      type: 'request',
      terms: termsFor({ window: { start: world.now, end: plusSeconds(world.now, 4 * 3_600) } }),
    })
    expect((await world.countersign('per_sue', id)).outcome).toBe('accepted')
    await world.must('per_asker', { type: 'activate' }, id)
    await world.settle()
    world.target.given.clear()
    await world.after(600)
    await world.settle()
    expect(world.target.given.size).toBe(1)
    const changed = await world.store.drift.findings({ kind: 'changed-on-target', limit: 10 })
    expect(changed).toMatchObject([
      { status: 'ended', drift: { waivers: [id], ways: ['the access was taken away'] }, end: { because: 'gone' } },
    ])
    const events = await world.store.waivers.events(changed[0]?.id ?? '')
    expect(events.map(({ type }) => type)).toEqual(['DriftFound', 'DriftEnded'])
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
    await world.settle()
  })

  test('[B07] a dead target keeps no other waiting, ends nothing, and is asked again later and later', async () => {
    world.target.silence = 'gone fishing'
    const tried: string[] = []
    for (let time = 0; time < 4; time++) {
      await watch(world.app.machinery)
      const [dead] = (await world.store.drift.readings()).filter(({ subject }) => subject === 'sys_ledger')
      expect(dead).toMatchObject({ failure: 'gone fishing' })
      tried.push(dead?.nextAt ?? '')
      await world.at(dead?.nextAt ?? world.now)
    }
    const waits = tried.slice(1).map((next, index) => Date.parse(next) - Date.parse(tried[index] ?? ''))
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    const back = (await world.store.drift.readings()).find(({ subject }) => subject === 'habits')
    expect(back?.failure).toBeUndefined()
    world.target.silence = undefined
  })
})

test('what was found on a target that the policy no longer names is over, and it is read no more', async () => {
  const { store, machinery } = { store: world.store, machinery: world.app.machinery }
  await look()
  const drift = { kind: 'access-without-waiver', system: 'sys_retired', account: 'x', waivers: [], ways: [] } as const
  await recordDrift(machinery, { seen: [drift], over: [] }, new Map())
  expect(await store.drift.findings({ status: 'open', system: 'sys_retired', limit: 10 })).toHaveLength(1)
  await look()
  expect(await store.drift.findings({ system: 'sys_retired', limit: 10 })).toMatchObject([
    { status: 'ended', end: { because: 'not-governed' } },
  ])
  expect((await store.drift.readings()).map(({ subject }) => subject)).toEqual(['habits', 'sys_ledger'])
})
