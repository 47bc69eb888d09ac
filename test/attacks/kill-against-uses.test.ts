/**
 * The kill switch against uses in flight, on a real database: several processes with connections and loops of their own
 * let uses through as fast as they can while one act ends the waiver. Nothing is let through after it answered, and never
 * more than the budget, however the steps of the two fall.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Conditions } from '../../src/core/terms.ts'
import { kill } from '../../src/engine/kill.ts'
import { silent } from '../../src/engine/logger.ts'
import { type Answer, check } from '../../src/engine/runtime/check.ts'
import { type Runtime, runtimeOn } from '../../src/engine/runtime/runtime.ts'
import { why } from '../../src/engine/why.ts'
import type { Store } from '../../src/store/contract.ts'
import { openStore } from '../../src/store/store.ts'
import { gatedPolicy, liveWaiver, withGateway } from '../support/gated.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World & { close(): Promise<void> }
const stores: Store[] = []
const nodes: Runtime[] = []
beforeAll(async () => {
  const policy = gatedPolicy()
  const tier = policy.tiers.high as NonNullable<(typeof policy.tiers)[string]>
  const extension = { ...tier.extension, countMax: 50, cumulativeSecondsMax: 1e6, distinctCountersigner: false }
  world = await openWorld({ directory: withGateway, policy: { ...policy, tiers: { high: { ...tier, extension } } } })
  for (let count = 0; count < 3; count++) stores.push(await openStore({ url: world.url, poolMax: 3 }))
})
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop()
  await world.settle()
})
afterAll(async () => {
  for (const store of stores) await store.close()
  await world.close()
})

/** A process as it runs: it looks and records by itself, by a clock of its own. */
async function started(store: Store): Promise<Runtime> {
  const node = runtimeOn({ store, knowledge: world.app.machinery.knowledge, log: silent })
  nodes.push(node)
  node.start()
  await node.refresh()
  return node
}

const gate = { id: 'wl_gate', chain: [] }
const use = {
  subject: { type: 'agent', id: 'wl_agent', actors: [] },
  system: 'sys_ledger',
  resource: 'ledger.entries',
  action: 'update',
}

const killed = () => kill(world.app.machinery, world.person('per_watch'), { of: 'workload', id: 'wl_agent' }, 'a race')
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

interface Race {
  readonly conditions: Conditions
  /** How many uses are let through before the switch is pulled; fewer when no more are to be had. */
  readonly before: number
}

/** @returns how many were let through in all, and how many of them after the answer. */
async function race({ conditions, before }: Race) {
  const id = await liveWaiver(world, 'per_sam', conditions)
  const running = await Promise.all(stores.map(started))
  let [yes, late, tries, noInARow] = [0, 0, 0, 0]
  let [answered, over] = [false, false]
  // Counted where it is said, not where somebody waits for it.
  const heard = ({ allowed }: Answer) => {
    tries += 1
    noInARow = allowed ? 0 : noInARow + 1
    if (allowed) yes += 1
    if (allowed && answered) late += 1
  }
  const client = async (node: Runtime) => {
    while (!over) {
      const answer = check(node, gate, use)
      await (answer instanceof Promise ? answer.then(heard) : heard(answer))
      await turn()
    }
  }
  const clients = running.flatMap((node) => Array.from({ length: 4 }, () => client(node)))
  while (yes < before && noInARow < 300) await turn()
  const { results } = await killed()
  answered = true
  const then = tries
  while (tries < then + 300) await turn()
  over = true
  await Promise.all(clients)
  for (const node of running) await node.stop()
  return { id, yes, late, results }
}

describe('[agent/runtime-check] [B12] the kill switch', () => {
  const races: readonly Race[] = [
    { conditions: { usesMax: 5 }, before: 1 },
    { conditions: { usesMax: 5 }, before: 5 },
    { conditions: { usesMax: 60 }, before: 20 },
    { conditions: { usesMax: 400 }, before: 150 },
    { conditions: { usesMax: 5_000 }, before: 1_000 },
    { conditions: { bytesMax: 1_000_000, rate: { usesMax: 200, per: 'PT1H' } }, before: 120 },
    { conditions: {}, before: 500 },
  ]
  test.each(races)('lets nothing through once it answered, and nobody gets more than $conditions', async (one) => {
    const { id, yes, late, results } = await race(one)
    expect(late).toBe(0)
    expect(yes).toBeGreaterThan(0)
    const { status, usesCount, conditions } = { ...(await world.waiver(id)), conditions: one.conditions }
    expect(status).toBe('ended')
    // Whoever was told no in the last moment may have taken what is counted; nobody was told yes and is not.
    expect(usesCount).toBeGreaterThanOrEqual(yes)
    const most = Math.min(conditions.usesMax ?? Infinity, conditions.rate?.usesMax ?? Infinity)
    expect(usesCount).toBeLessThanOrEqual(most)
    // Where the budget was reached first, there was nothing left to end.
    expect(results.length).toBeLessThanOrEqual(1)
    expect((await why(world.app.machinery, id))?.follows).toBe(true)
  })

  test('reaches also whoever was given a use by the store before it, and hears of that only afterwards', async () => {
    const id = await liveWaiver(world, 'per_sam', { usesMax: 10 })
    const [real] = stores as [Store]
    const [given, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow: Store = {
      ...real,
      leases: {
        ...real.leases,
        async take(asked) {
          const answer = await real.leases.take(asked)
          given.resolve()
          await opened.promise
          return answer
        },
      },
    }
    const node = await started(slow)
    const [first, second] = [check(node, gate, use), check(node, gate, use)]
    await given.promise
    expect((await killed()).results).toEqual([{ waiver: id, outcome: 'ended' }])
    opened.resolve()
    // One of the two was given a use; the other waits for its turn, and the store has nothing left for it.
    const answers = [await first, await second].map(({ allowed, reason }) => `${allowed} ${reason}`)
    expect(answers.sort()).toEqual(['false budget-spent', 'false no-waiver'])
    await node.stop()
    expect((await world.waiver(id)).usesCount).toBeLessThanOrEqual(2)
  })
})
