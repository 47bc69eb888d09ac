/** Budgets of use over several processes on a real database: nobody together gets more than the terms say, whoever dies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silent } from '../../src/engine/logger.ts'
import { recordLost } from '../../src/engine/runtime/record.ts'
import { why } from '../../src/engine/why.ts'
import { digestOf } from '../../src/lib/digest.ts'
import { StoreFault } from '../../src/store/fault.ts'
import { anotherProcess, gatedPolicy, liveWaiver, type Process, withGateway } from '../support/gated.ts'
import { envelope } from '../support/life.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  const policy = gatedPolicy()
  const tier = policy.tiers.high as NonNullable<(typeof policy.tiers)[string]>
  const extension = { ...tier.extension, countMax: 50, cumulativeSecondsMax: 1e6, distinctCountersigner: false }
  world = await openWorld({ directory: withGateway, policy: { ...policy, tiers: { high: { ...tier, extension } } } })
})
afterAll(() => world.close())

async function processes(count: number): Promise<readonly Process[]> {
  const all = Array.from({ length: count }, () => anotherProcess(world))
  for (const { runtime } of all) await runtime.refresh()
  return all
}

const reasons = (answers: readonly { reason: string }[]) => answers.map(({ reason }) => reason).sort()
const yes = (answers: readonly { allowed: boolean }[]) => answers.filter(({ allowed }) => allowed).length

describe('[agent/runtime-check] [B10] [B12] a budget', () => {
  test('of ten uses is ten uses, over three processes at once, and then the waiver is spent', async () => {
    const id = await liveWaiver(world, 'per_sam', { usesMax: 10 })
    const all = await processes(3)
    const answers = await Promise.all(Array.from({ length: 45 }, (_, n) => (all[n % 3] as Process).use()))
    expect(yes(answers)).toBe(10)
    // Whether the last ones were held elsewhere just then or used already depends on who was quicker.
    const no = new Set(reasons(answers)).difference(new Set(['covered']))
    expect(no.size).toBeGreaterThan(0)
    expect(no.difference(new Set(['budget-spent', 'budget-taken']))).toEqual(new Set())
    for (const { runtime } of all) await runtime.uses.record()
    const waiver = await world.waiver(id)
    expect(waiver).toMatchObject({ status: 'ended', usesCount: 10, end: { cause: 'spent', by: 'sys_countersign' } })
    for (const { runtime, use } of all) {
      await runtime.refresh()
      expect((await use()).reason).toBe('no-waiver')
    }
    expect((await why(world.app.machinery, id))?.follows).toBe(true)
    await world.settle()
  })

  test('that is large is held in parts; what a dead process held counts as used, and the rest can be used up', async () => {
    const id = await liveWaiver(world, 'per_sam', { usesMax: 400 })
    const [dies, lives] = (await processes(2)) as [Process, Process]
    expect(yes(await Promise.all(Array.from({ length: 10 }, () => dies.use())))).toBe(10)
    // It never records and never comes back. What it held is given to nobody.
    let allowed = 10
    for (let more = 50; more > 0; ) {
      more = yes(await Promise.all(Array.from({ length: 50 }, () => lives.use())))
      allowed += more
    }
    expect(allowed).toBeLessThan(400)
    await world.after(61)
    await lives.runtime.uses.record()
    expect(await recordLost({ ...world.app.machinery, committed: () => {}, log: silent })).toBeGreaterThan(0)
    const waiver = await world.waiver(id)
    expect(waiver).toMatchObject({ status: 'ended', usesCount: 400, end: { cause: 'spent' } })
    const lost = (await world.store.waivers.events(id))
      .map(({ body }) => body)
      .filter((body) => (body as { recorded?: { lost?: true } }).recorded?.lost)
    expect(lost).toMatchObject([{ type: 'AccessUsed', detail: 'not reported; counted as used' }])
    // A process that only slept does not believe any more in what it held.
    dies.pass(16_000)
    await dies.runtime.refresh()
    expect((await dies.use()).allowed).toBe(false)
    await world.settle()
  })

  test('what is not used is given back, and somebody who records by hand does not reach into what is held', async () => {
    const id = await liveWaiver(world, 'per_sam', { usesMax: 160 })
    const [one, other] = (await processes(2)) as [Process, Process]
    await one.use()
    expect(await world.query('select uses::int from use_leases where waiver = $1', [id])).toEqual([{ uses: 10 }])
    one.pass(2_001)
    await one.runtime.uses.record()
    expect(await world.query('select uses::int from use_leases where waiver = $1', [id])).toEqual([])
    await other.runtime.refresh()
    expect((await other.use()).left).toEqual({ uses: 158 })
    await other.runtime.stop()
    expect((await world.waiver(id)).usesCount).toBe(2)
    await world.must('wl_agent', { type: 'use', detail: 'by hand' }, id)
    await world.query('insert into use_leases values ($1, $2, 157, 0, $3)', [id, 'prc_other', '2027-01-01'])
    const refused = await world.handle('wl_agent', { type: 'use', detail: 'by hand' }, id)
    expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'uses-taken' } })
    expect((await why(world.app.machinery, id))?.follows).toBe(true)
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
    await world.settle()
  })

  test('of bytes ends with the byte that reaches it, and what is larger than what is left is refused', async () => {
    const id = await liveWaiver(world, 'per_sam', { bytesMax: 1_000 })
    const [one, other] = (await processes(2)) as [Process, Process]
    expect((await one.use({ bytes: 600 })).allowed).toBe(true)
    expect((await other.use({ bytes: 500 })).reason).toBe('budget-spent')
    expect((await other.use({ bytes: 400 })).allowed).toBe(true)
    await one.runtime.uses.record()
    await other.runtime.uses.record()
    expect(await world.waiver(id)).toMatchObject({ status: 'ended', bytesCount: 1_000, end: { cause: 'spent' } })
    await world.settle()
  })

  test('of a rate is one rate for all processes, and comes again with the next stretch', async () => {
    const id = await liveWaiver(world, 'per_sam', { rate: { usesMax: 3, per: 'PT1M' } })
    const all = (await processes(2)) as [Process, Process]
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => (all[n % 2] as Process).use()))
    expect(reasons(answers)).toEqual([...Array(3).fill('covered'), ...Array(5).fill('rate-reached')])
    await world.after(60)
    await all[0].runtime.refresh()
    expect((await all[0].use()).allowed).toBe(true)
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
    await world.settle()
  })
})

describe('what is on the record', () => {
  test('says who let what through, for whom, how often, and of arguments the digest alone', async () => {
    const id = await liveWaiver(world, 'per_sam')
    const [one] = (await processes(1)) as [Process]
    const call = { tool: 'transfer', arguments: { iban: 'DE02', amount: 5 } }
    const via = { type: 'user', id: 'per_nobody', actors: [{ sub: 'wl_agent' }] }
    for (const parts of [call, call, { subject: via }]) await one.use(parts)
    expect(await one.runtime.uses.record()).toBe(3)
    const event = (await world.store.waivers.events(id)).at(-1)?.body
    expect(event).toMatchObject({
      type: 'AccessUsed',
      by: 'sys_countersign',
      count: 3,
      recorded: {
        process: one.runtime.process,
        uses: 3,
        lines: [
          {
            action: 'update',
            resource: 'ledger.entries',
            tool: 'transfer',
            arguments: digestOf(call.arguments),
            chain: [],
            enforcer: 'wl_gate',
            count: 2,
          },
          { chain: ['per_nobody'], count: 1 },
        ],
      },
    })
    expect(JSON.stringify(event)).not.toContain('DE02')
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
    // What was let through before the end is on the record after it.
    await one.use()
    await one.runtime.uses.record()
    expect(await world.waiver(id)).toMatchObject({ status: 'ended', usesCount: 4, end: { cause: 'revoked' } })
    expect((await why(world.app.machinery, id))?.follows).toBe(true)
    await world.settle()
  })

  test('[break-glass/activator-is-not-approver] each use of a broken envelope is there before it is allowed', async () => {
    const { id } = await world.must('per_chief', {
      type: 'request',
      terms: envelope({ window: { start: world.now, end: '2026-12-01T00:00:00.000Z' } }),
    })
    await world.countersign('per_sam', id)
    await world.must('per_oncall', { type: 'activate' }, id)
    await world.settle()
    const [one] = (await processes(1)) as [Process]
    expect((await one.use({ subject: { type: 'user', id: 'per_oncall', actors: [] } })).allowed).toBe(true)
    expect((await world.waiver(id)).usesCount).toBe(1)
    await world.must('per_watch', { type: 'revoke', reason: 'done' }, id)
    await world.settle()
  })

  test('[fail/closed] [B07] a store that does not answer allows nothing that has to be counted, and loses nothing', async () => {
    const id = await liveWaiver(world, 'per_sam', { usesMax: 5 })
    const failing = {
      ...world,
      store: {
        ...world.store,
        leases: {
          ...world.store.leases,
          take: () => Promise.reject(new StoreFault('database-unavailable', 'gone', true)),
        },
      },
    }
    const cut = anotherProcess(failing)
    await cut.runtime.refresh()
    expect((await cut.use()).reason).toBe('state-not-current')
    let broken = false
    const flaky = anotherProcess({
      ...world,
      store: {
        ...world.store,
        transact: (run) =>
          broken ? Promise.reject(new StoreFault('database-unavailable', 'gone', true)) : world.store.transact(run),
      },
    })
    await flaky.runtime.refresh()
    await flaky.use()
    broken = true
    await expect(flaky.runtime.uses.record()).rejects.toThrow('gone')
    broken = false
    expect(await flaky.runtime.uses.record()).toBe(1)
    expect((await world.waiver(id)).usesCount).toBe(1)
  })
})
