/**
 * Two orders at the same moment, each in a process of its own: the first has decided and not yet written when the second
 * begins. The second either waits for a lock of the first, or it decides without knowing of it; in both cases the first
 * commits before the second writes, so that the same seed is the same world.
 */
import { assemble } from '../../src/app.ts'
import { handle, type Order } from '../../src/engine/handle.ts'
import { silent } from '../../src/engine/logger.ts'
import type { Batch, Store } from '../../src/store/contract.ts'
import { testRelyingParty } from '../support/signing.ts'
import type { World } from './world.ts'

export async function atOnce(world: World, first: Order, second: Order): Promise<void> {
  const decided = signal()
  const mayWrite = signal()
  const committed = signal()
  const one = act(world, first, () => {
    decided.give()
    return mayWrite.given
  }).finally(() => {
    decided.give()
    committed.give()
  })
  await decided.given
  const other = act(world, second, () => {
    mayWrite.give()
    return committed.given
  }).finally(mayWrite.give)
  await Promise.all([one, other, untilBlocked(world, mayWrite)])
}

async function act(world: World, order: Order, beforeWriting: () => Promise<void>): Promise<void> {
  const { store, kind } = world.spoil({ store: world.installation.store, kind: world.targets.kind })
  const held = holding(store, beforeWriting)
  const app = assemble({ store: held, log: silent, sources: [], kinds: [kind], relyingParty: testRelyingParty })
  world.attempts.push({ order, handled: await handle(app.machinery, order) })
}

function holding(store: Store, beforeWriting: () => Promise<void>): Store {
  return {
    ...store,
    // What is remembered for half a second of real time would outlive the world it was true in.
    recentHeads: store.heads,
    transact: (run) =>
      store.transact((tx) =>
        run({
          ...tx,
          async write(batch: Batch) {
            await beforeWriting()
            return tx.write(batch)
          },
        }),
      ),
  }
}

/** Somebody waits for a lock in this database: that can only be the second for the first. */
async function untilBlocked({ installation }: World, mayWrite: Signal): Promise<void> {
  while (!mayWrite.isGiven()) {
    const { rows } = await installation.admin.query<{ blocked: boolean }>(
      `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as blocked`,
    )
    if (rows[0]?.blocked === true) mayWrite.give()
    else await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

interface Signal {
  readonly given: Promise<void>
  isGiven(): boolean
  give(): void
}

function signal(): Signal {
  let done = false
  let resolve: () => void = () => {}
  const given = new Promise<void>((resolved) => {
    resolve = resolved
  })
  return {
    given,
    isGiven: () => done,
    give: () => {
      done = true
      resolve()
    },
  }
}
