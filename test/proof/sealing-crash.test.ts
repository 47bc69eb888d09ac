/**
 * A sealer dies at each of its steps, on a real connection that is really cut: before it begins, while it signs, between
 * tiles and checkpoint, before and after the commit, before and after it has written down what it signed. Whoever comes
 * after it goes on with the same history.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SealerParts } from '../../src/engine/seal/sealer.ts'
import type { Store } from '../../src/store/contract.ts'
import { openStore } from '../../src/store/store.ts'
import { type CommitLine, openCommitLine } from '../crash/commit-line.ts'
import { termsFor } from '../support/life.ts'
import { postgresFor } from '../support/postgres.ts'
import { openWorld } from '../support/world.ts'
import { attempt, drain, emptyDisk, oneHistory, type SealedWorld, sealedWorld } from './support/sealing.ts'

class Killed extends Error {}

const die = () => Promise.reject(new Killed('the process is dead'))

interface Doomed {
  readonly line: CommitLine
  readonly store: Store
  readonly it: SealedWorld
  /** In the database, from outside the process. */
  onInsert(table: string, act: string | undefined): Promise<void>
}

/** @returns parts of a process that dies there. */
type Death = (doomed: Doomed) => Promise<Partial<SealerParts>>

const deaths: Readonly<Record<string, Death>> = {
  'while it loads its key': async () => ({ keys: { signers: die } }),
  'while it signs': async ({ it }) => ({
    keys: { signers: async () => [{ ...it.signer, sign: die }] },
  }),
  'when the connection is lost before anything is written': async ({ store, line }) => ({
    store: stepping(store, async (step) => {
      line.cutAll()
      return step()
    }),
  }),
  'when the connection is lost after it has signed': async ({ store, line }) => ({
    store: stepping(store, async (step) => {
      const sealed = await step()
      line.cutAll()
      return sealed
    }),
  }),
  'between the tiles and the checkpoint': async ({ onInsert }) => {
    await onInsert('log_checkpoints', 'perform pg_terminate_backend(pg_backend_pid())')
    return {}
  },
  'before the commit arrives': cutsCommit('before'),
  'while the database commits': cutsCommit('meanwhile'),
  'after the commit, before it hears of it': cutsCommit('after'),
  'before it writes down what it signed': async ({ it }) => ({ memory: { read: it.disk.read, write: die } }),
  'after it wrote down what it signed': async ({ it }) => ({
    memory: {
      read: it.disk.read,
      async write(note) {
        await it.disk.write(note)
        await die()
      },
    },
  }),
}

function cutsCommit(how: 'before' | 'meanwhile' | 'after'): Death {
  return async ({ store, line }) => ({
    store: stepping(store, async (step) => {
      const sealed = await step()
      line.cutNext(how)
      return sealed
    }),
  })
}

function stepping(store: Store, around: <Value>(step: () => Promise<Value>) => Promise<Value>): Store {
  const seal: Store['log']['seal'] = (origin, limit, step) =>
    store.log.seal(origin, limit, (sealing) => around(() => step(sealing)))
  return { ...store, log: { ...store.log, seal } }
}

let world: Awaited<ReturnType<typeof openWorld>>
let line: CommitLine
let store: Store
let waiver: string
beforeAll(async () => {
  world = await openWorld()
  const { connection } = await postgresFor()
  line = await openCommitLine({ ...connection, database: new URL(world.url).pathname.slice(1) })
  store = await openStore({ url: line.url, poolMax: 4 })
  waiver = (await world.must('per_asker', { type: 'request', terms: termsFor() })).id
})
afterAll(async () => {
  await store.close()
  await line.close()
  await world.close()
})

async function onInsert(table: string, act: string | undefined): Promise<void> {
  await world.query(`drop trigger if exists doom on ${table}`)
  if (act === undefined) return
  await world.query(
    `create or replace function doom() returns trigger language plpgsql as $$ begin ${act}; return new; end $$`,
  )
  await world.query(`create trigger doom before insert on ${table} for each row execute function doom()`)
}

describe('[B20] a sealer that dies', () => {
  // One history for all of it: every death is survived on top of the one before.
  let it: SealedWorld
  beforeAll(async () => {
    it = await sealedWorld(world, emptyDisk())
    await it.seal()
  })

  test.each(Object.entries(deaths))('%s leaves one history', async (_name, death) => {
    await attempt(world, waiver)
    await world.settle()
    const sealed = await world.store.log.newest()
    const doomed = it.process({ store, ...(await death({ line, store, it, onInsert })) })
    await expect(doomed.run()).rejects.toThrow()
    await onInsert('log_checkpoints', undefined)
    line.mend()
    const after = it.process()
    await drain(world.store, after)
    expect(after.status.state).toBe('sealing')
    const all = await oneHistory(world.store, it.signer)
    expect(all.at(-1)?.size).toBe((sealed?.size ?? 0n) + 1n)
  })

  test('in its very first moment leaves a log that begins once', async () => {
    const other = await openWorld()
    const fresh = await sealedWorld(other)
    const dying = fresh.process({ keys: { signers: die } })
    await expect(dying.run()).rejects.toThrow(Killed)
    const next = fresh.process({ memory: { ...fresh.disk, write: die } })
    await other.settle()
    await expect(next.run()).rejects.toThrow(Killed)
    await fresh.seal()
    const began = (await other.store.feed.after(-1n, 100)).filter(({ type }) => type === 'LogBegan')
    expect(began).toHaveLength(1)
    await oneHistory(other.store, fresh.signer)
    await other.close()
  })
})
