/**
 * What a superuser did to the database while nobody looked, or what an older copy lacks, is found before anything is
 * signed on top of it, and the first leaf that does not hold is named.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import type { SealerStatus } from '../../src/engine/seal/sealer.ts'
import type { StoredCheckpoint } from '../../src/store/log-contract.ts'
import { termsFor } from '../support/life.ts'
import { openWorld, type World } from '../support/world.ts'
import { attempt, type Disk, drain, emptyDisk, type SealedWorld, sealedWorld, tamper } from './support/sealing.ts'

let before: World
let after: World
let it: SealedWorld
let waiver: string
let older: StoredCheckpoint
let head: StoredCheckpoint

beforeAll(async () => {
  const first = await openWorld()
  it = await sealedWorld(first)
  waiver = (await first.must('per_asker', { type: 'request', terms: termsFor() })).id
  older = await it.seal()
  await first.close()
  before = first
  const second = await openWorld({ copyOf: first })
  for (let n = 0; n < 5; n++) await attempt(second, waiver)
  await drain(second.store, it.process({ store: second.store }))
  head = (await second.store.log.newest()) as StoredCheckpoint
  await second.close()
  after = second
})

/** A process of the machine that signed, started on a copy to which somebody did something. */
async function startOn(
  copyOf: World,
  act: (world: World) => Promise<void>,
  disk: Disk = it.disk,
): Promise<SealerStatus> {
  const world = await openWorld({ copyOf })
  await act(world)
  const sealer = it.process({ store: world.store, memory: disk })
  const newest = await world.store.log.newest()
  await sealer.run()
  // INVARIANT: whatever was found, nothing was signed on top of it.
  if (sealer.status.state === 'broken') expect(await world.store.log.newest()).toEqual(newest)
  await world.close()
  return sealer.status
}

const nothing = async () => {}
const broken = (finding: string, index?: bigint) => ({
  state: 'broken',
  broken: { finding, ...(index === undefined ? {} : { index }) },
})
const edits =
  (sql: string, params: unknown[] = []) =>
  (world: World) =>
    tamper(world, sql, params)

describe('[B23] a process that starts', () => {
  test('goes on where nothing was touched', async () => {
    expect(head.size).toBe(older.size + 5n)
    expect(await startOn(after, nothing)).toEqual({ state: 'sealing' })
    expect(await startOn(before, nothing, emptyDisk())).toEqual({ state: 'sealing' })
  })

  test('[B20] finds an older copy put back, and says from which leaf on it lacks something', async () => {
    expect(await startOn(before, nothing)).toMatchObject(broken('tail-cut', older.size))
    const cut = edits(
      'with gone as (delete from feed where position >= $1 returning seq) delete from events where seq in (select seq from gone)',
      [String(head.size - 2n)],
    )
    expect(await startOn(after, cut, emptyDisk())).toMatchObject(broken('tail-cut', head.size - 2n))
  })

  test('finds a database without any log where this machine has signed one', async () => {
    const emptied = await openWorld()
    const sealer = it.process({ store: emptied.store })
    await sealer.run()
    expect(sealer.status).toMatchObject(broken('tail-cut', 0n))
    await emptied.close()
  })

  test('finds another history under the same name, even one signed with the right key', async () => {
    const fork = await openWorld({ copyOf: before })
    await attempt(fork, waiver)
    await fork.after(60)
    for (let n = 0; n < 9; n++) await attempt(fork, waiver)
    await drain(fork.store, it.process({ store: fork.store, memory: emptyDisk() }))
    await fork.close()
    expect(await startOn(fork, nothing)).toMatchObject(broken('history-forked'))
  })

  test.each([
    ['who did it', `update events set actor = 'per_sam' where seq = (select seq from feed where position = $1)`],
    ['when', `update events set at = at - interval '1 hour' where seq = (select seq from feed where position = $1)`],
    ['what', `update events set type = 'WaiverCountersigned' where seq = (select seq from feed where position = $1)`],
    [
      'the hash of the body',
      `update events set body_hash = 'sha256:x' where seq = (select seq from feed where position = $1)`,
    ],
  ])('finds an event in which somebody changed %s', async (_what, sql) => {
    const index = older.size + 1n
    expect(await startOn(after, edits(sql, [String(index)]))).toMatchObject(broken('record-differs', index))
  })

  test('finds two events that changed places, and one that was taken out of the middle', async () => {
    const index = older.size
    const swap = `update feed set seq = -seq where position in ($1, $1 + 1);`.replaceAll('$1', String(index))
    const swapped = async (world: World) => {
      const rows = await world.query<{ seq: string }>(
        `select seq from feed where position in (${index}, ${index + 1n}) order by position`,
      )
      await tamper(world, swap)
      await tamper(world, `update feed set seq = ${rows[1]?.seq} where position = ${index}`)
      await tamper(world, `update feed set seq = ${rows[0]?.seq} where position = ${index + 1n}`)
    }
    expect(await startOn(after, swapped)).toMatchObject(broken('record-differs', index))
    const taken = edits(`delete from feed where position = $1`, [String(index)])
    expect(await startOn(after, taken)).toMatchObject(broken('record-missing', index))
  })

  test('finds tiles, checkpoints and the log’s own record that were edited or are gone', async () => {
    const flipped = edits(`update log_tiles set hashes = set_byte(hashes, 5, get_byte(hashes, 5) # 1)`)
    expect(await startOn(after, flipped)).toMatchObject(broken('tiles-differ'))
    expect(await startOn(after, edits('delete from log_tiles'))).toMatchObject(broken('tiles-differ'))
    const raised = edits('update log_checkpoints set size = size - 1 where size = $1', [String(head.size)])
    expect(await startOn(after, raised)).toMatchObject(broken('checkpoint-differs'))
    const at = head.note.length - 20
    const other = head.note[at] === 'A' ? 'B' : 'A'
    for (const note of [`${head.note.slice(0, at)}${other}${head.note.slice(at + 1)}`, 'no note at all']) {
      const resigned = edits('update log_checkpoints set note = $2 where size = $1', [String(head.size), note])
      expect(await startOn(after, resigned)).toMatchObject(broken('checkpoint-differs'))
    }
    const renamed = edits(
      `update event_bodies set body = replace(body, 'countersign.example', 'other.example') where event = 'evt_log.1'`,
    )
    expect(await startOn(after, renamed)).toMatchObject(broken('log-record-differs'))
  })

  test('finds while it runs that the newest checkpoint went back', async () => {
    const world = await openWorld({ copyOf: after })
    const sealer = it.process({ store: world.store, memory: emptyDisk() })
    await sealer.run()
    expect(sealer.status.state).toBe('sealing')
    await tamper(world, 'delete from log_checkpoints where size > $1', [String(older.size)])
    await sealer.run()
    expect(sealer.status).toMatchObject(broken('tail-cut', older.size))
    expect(await sealer.run()).toBe(false)
    await world.close()
  })
})
