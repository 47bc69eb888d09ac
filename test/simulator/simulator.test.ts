/** Does the simulator find what is wrong, and does it find the same again? Each test breaks one thing on purpose. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { done } from '../../src/connectors/access.ts'
import type { Store, Transaction } from '../../src/store/contract.ts'
import { createDatabase } from '../support/postgres.ts'
import { type Installation, openInstallation } from './installation.ts'
import { overlaid } from './interpose.ts'
import { shortest, simulate, stepsUpTo } from './run.ts'
import type { Parts } from './world.ts'

let installation: Installation
beforeAll(async () => {
  installation = await openInstallation((await createDatabase()).url)
})
afterAll(() => installation.close())

const worldsMax = 40

/** The first of these worlds in which something was found; with a promise, in which that one broke first. */
async function firstFailure(spoil: (parts: Parts) => Parts, promise?: string) {
  for (let seed = 1; seed <= worldsMax; seed++) {
    const run = await simulate(installation, seed, stepsUpTo(50), spoil)
    if (run.failure !== undefined && run.failure.promise === (promise ?? run.failure.promise)) return run
  }
  throw new Error(`nothing was found in ${worldsMax} worlds`)
}

/** A store in which one method of every transaction is another. */
function withTransaction({ store, kind }: Parts, change: (tx: Transaction) => Partial<Transaction>): Parts {
  const transact: Store['transact'] = (run, company) => store.transact((tx) => run(overlaid(tx, change(tx))), company)
  return { kind, store: { ...store, transact } }
}

test('the same seed is the same world, line by line', async () => {
  for (const seed of [7, 8, 9]) {
    const [one, two] = [
      await simulate(installation, seed, stepsUpTo(50)),
      await simulate(installation, seed, stepsUpTo(50)),
    ]
    expect(two.log).toEqual(one.log)
    expect([...two.events]).toEqual([...one.events])
    expect(one.log.length).toBeGreaterThan(40)
  }
})

describe('it finds out', () => {
  test('a target that says that access is gone while it is there', async () => {
    const gone = done({ present: false, differs: [], sessions: [], residue: [] })
    // Whatever waits for a target that says so may come first.
    const promise = 'removal is verified only when access and sessions are gone'
    const { failure } = await firstFailure(
      ({ store, kind }) => ({
        store,
        kind: {
          kind: kind.kind,
          create: (settings, secrets) => {
            const connector = kind.create(settings, secrets)
            let applied = false
            return {
              ...connector,
              apply: (spec) => {
                applied = true
                return connector.apply(spec)
              },
              observe: (spec) => (applied && spec.generation > 1 ? Promise.resolve(gone) : connector.observe(spec)),
            }
          },
        },
      }),
      promise,
    )
    expect(failure?.promise).toBe(promise)
  })

  test('refused attempts that nobody writes down', async () => {
    const { failure } = await firstFailure((parts) =>
      withTransaction(parts, (tx) => ({
        write: (batch) => {
          const isRefusal = batch.waivers.some(({ events }) => events.some(({ type }) => type === 'AttemptRefused'))
          return isRefusal ? Promise.resolve() : tx.write(batch)
        },
      })),
    )
    expect(failure?.promise).toBe('what was answered is on the record')
  })

  test('a clock in doubt that counts as steady', async () => {
    const { failure } = await firstFailure((parts) => {
      const steady = withTransaction(parts, (tx) => ({
        lockWaiver: async (id, key) => {
          const locked = await tx.lockWaiver(id, key)
          return { ...locked, heads: { ...locked.heads, clock: 'steady' } }
        },
      }))
      const heads = async () => ({ ...(await parts.store.heads()), clock: 'steady' as const })
      return { ...steady, store: { ...steady.store, heads } }
    })
    expect(failure?.promise).toBe('nothing is given while the clock is frozen')
  })

  test('a row that says something else than its events', async () => {
    const { failure } = await firstFailure((parts) =>
      withTransaction(parts, (tx) => ({
        write: (batch) =>
          tx.write({
            ...batch,
            waivers: batch.waivers.map((write) => ({
              ...write,
              after: write.after && { ...write.after, usesCount: 9 },
            })),
          }),
      })),
    )
    expect(failure?.promise).toBe('read models are the replay of their events')
  })

  test('a schedule that forgets', async () => {
    const { failure } = await firstFailure((parts) =>
      withTransaction(parts, (tx) => ({
        write: (batch) =>
          tx.write({ ...batch, waivers: batch.waivers.map((write) => ({ ...write, dueAt: undefined })) }),
      })),
    )
    expect(failure?.promise).toBe('everything that is open has a due time')
  })

  test('two who ask at once for what is enough for one', async () => {
    const { failure } = await firstFailure((parts) => withTransaction(parts, () => ({ lockPersons: async () => {} })))
    expect(failure?.promise).toBe('all that is open or was given for the same things was asked for under its cap')
  })

  test('and what it shows is shorter than what it found, and breaks the same promise', async () => {
    const spoil = (parts: Parts) =>
      withTransaction(parts, (tx) => ({
        write: (batch) =>
          tx.write({ ...batch, waivers: batch.waivers.map((write) => ({ ...write, dueAt: undefined })) }),
      }))
    const failed = await firstFailure(spoil)
    const short = await shortest(installation, failed, 60, spoil)
    expect(short.failure?.promise).toBe(failed.failure?.promise)
    expect(short.steps.length).toBeLessThanOrEqual(failed.steps.length)
    expect(short.steps.length).toBeLessThan(4)
  })
})
