/** Committed events become leaves, in their order and with no gap, by one process at a time, and nobody's name is in them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leafHash, proveInclusion, tileHashReader, verifyInclusion } from '../../src/log/index.ts'
import { leafOf, readLeaf } from '../../src/proof/leaf.ts'
import { termsFor } from '../support/life.ts'
import { openWorld } from '../support/world.ts'
import {
  attempt,
  drain,
  newSigner,
  oneHistory,
  origin,
  type SealedWorld,
  sealedWorld,
  tamper,
} from './support/sealing.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let it: SealedWorld
let waiver: string
beforeAll(async () => {
  world = await openWorld()
  it = await sealedWorld(world)
  waiver = (await world.must('per_asker', { type: 'request', terms: termsFor({ reason: 'Maria said so' }) })).id
})
afterAll(() => world.close())

describe('sealing', () => {
  test('begins with everything there is, its own beginning included', async () => {
    const { size, note } = await it.seal()
    expect(size).toBe((await world.store.feed.last()) + 1n)
    expect(note.split('\n').slice(0, 2)).toEqual([origin, String(size)])
    const began = (await world.store.feed.after(-1n, 100)).find(({ type }) => type === 'LogBegan')
    expect(began).toMatchObject({ stream: 'log', version: 1, by: 'sys_countersign', body: { origin } })
  })

  test('[four-acts/four-records] every act is a leaf of its own, where the feed has it', async () => {
    await world.countersign('per_sam', waiver)
    const head = await it.seal()
    const reader = tileHashReader(head, world.store.log.readTiles)
    for (const { id: event, position, type } of await world.store.waivers.events(waiver)) {
      const [row] = await world.store.log.leaves(position as bigint, 1)
      if (row === undefined) throw new Error('no such row')
      expect(row).toMatchObject({ id: event, type })
      const proof = await proveInclusion(row.position, head.size, reader)
      const path = { index: row.position, size: head.size, leafHash: leafHash(leafOf(row)), proof }
      expect(verifyInclusion(path, head.root)).toBe(true)
      expect(verifyInclusion({ ...path, leafHash: leafHash(leafOf({ ...row, by: 'per_sam2' })) }, head.root)).toBe(
        false,
      )
    }
    expect(await oneHistory(world.store, it.signer)).not.toHaveLength(1)
  })

  test('a leaf has ids and a salted hash, and nothing that anybody wrote', async () => {
    const rows = await world.store.log.leaves(0n, 1_000)
    const text = rows.map((row) => new TextDecoder().decode(leafOf(row))).join('\n')
    expect(text).not.toMatch(/Maria|reason|terms/)
    for (const row of rows) {
      const { position: _, ...event } = row
      expect(readLeaf(leafOf(row))).toEqual(event)
    }
    const [row] = rows
    if (row === undefined) throw new Error('no leaf')
    const spelled = new TextDecoder().decode(leafOf(row))
    for (const other of [
      ` ${spelled}`,
      spelled.replace('}', ',"more":1}'),
      spelled.replace('event/v1', 'event/v2'),
      '[]',
      '{',
    ])
      expect(readLeaf(new TextEncoder().encode(other))).toBeUndefined()
  })

  test('a body is erased, and every proof goes on holding', async () => {
    await it.seal()
    await world.query('update event_bodies set body = null where event in (select id from events where stream = $1)', [
      waiver,
    ])
    await oneHistory(world.store, it.signer)
    await attempt(world, waiver)
    await it.seal()
    expect(it.process().status.state).toBe('starting')
    const again = it.process()
    await drain(world.store, again)
    expect(again.status.state).toBe('sealing')
  })

  test('[B12] three processes seal at once while others write: one history, no gap, nothing twice', async () => {
    const disks = [it.process(), it.process(), it.process()]
    const writers = Array.from({ length: 4 }, () => attempt(world, waiver))
    const sealers = disks.map(async (sealer) => {
      for (let n = 0; n < 12; n++) {
        await world.store.feed.sequence(3)
        await sealer.run()
      }
    })
    await Promise.all([...writers, ...sealers])
    await it.seal()
    for (const sealer of disks) expect(sealer.status.state).toBe('sealing')
    const sizes = (await oneHistory(world.store, it.signer)).map(({ size }) => size)
    expect(new Set(sizes).size).toBe(sizes.length)
  })

  test('[B23] without the lock the fence holds: who grew an older tree commits nothing', async () => {
    await attempt(world, waiver)
    await world.settle()
    const stale = await world.store.log.newest()
    if (stale === undefined) throw new Error('nothing was sealed')
    await it.seal()
    const late = world.store.log.seal(origin, 10, async (sealing) => {
      // As if another process had not been kept out meanwhile.
      await tamper(
        world,
        `insert into log_checkpoints (origin, size, root, note, at)
        select origin, size + 100, root, 'x', at from log_checkpoints order by size desc limit 1`,
      )
      return { size: (sealing.before?.size ?? 0n) + 1n, root: stale.root, note: 'y', tiles: [] }
    })
    await expect(late).rejects.toMatchObject({ name: 'StoreFault', code: 'conflict' })
    await tamper(world, `delete from log_checkpoints where note = 'x'`)
    await oneHistory(world.store, it.signer)
  })

  test('the application itself can neither change nor remove what was sealed', async () => {
    for (const attempt of [
      `update log_checkpoints set note = 'x'`,
      `delete from log_checkpoints`,
      `delete from log_tiles`,
      `update log_tiles set hashes = decode(repeat('00', 32), 'hex') where level = 0`,
      `truncate log_tiles`,
      `update log_cosignatures set line = 'x'`,
    ]) {
      await world.query('set role countersign_app')
      await expect(world.query(attempt), attempt).rejects.toThrow(/permission denied|only ever/)
      await world.query('reset role')
    }
    await expect(world.query(`delete from log_tiles`)).rejects.toThrow(/only ever added/)
  })

  test('[fail/closed] with another name or another key it does not sign', async () => {
    const renamed = it.process({ origin: 'other.example/log' })
    await renamed.run()
    expect(renamed.status).toMatchObject({ state: 'broken', broken: { finding: 'origin-differs' } })
    await attempt(world, waiver)
    await world.settle()
    const stranger = await newSigner()
    const keyless = it.process({ keys: { signers: async () => [stranger] } })
    await keyless.run()
    expect(keyless.status).toMatchObject({ state: 'waiting', detail: expect.stringContaining('private key') })
    const { size } = await it.seal()
    expect(size).toBe((await world.store.feed.last()) + 1n)
  })
})
