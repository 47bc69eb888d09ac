/**
 * The whole log derived again, from the database and over HTTP: whatever a superuser bends is found, with the first index
 * that does not hold; what the operator of the log can bend with its key as well is found by whoever kept a checkpoint.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tileServer } from '../../src/cli/input/tile-server.ts'
import { examine } from '../../src/engine/health.ts'
import { auditSource } from '../../src/engine/seal/audit-source.ts'
import type { LogBroken } from '../../src/engine/seal/broken.ts'
import { rotateKey } from '../../src/engine/seal/changes.ts'
import { Patrol } from '../../src/engine/seal/patrol.ts'
import { formatVerifierKey, type Signer } from '../../src/log/index.ts'
import { type AuditTrust, type AuditVerdict, auditLog, readLeaf } from '../../src/proof/index.ts'
import { openSurface, type Surface } from '../api/support/surface.ts'
import { countersign } from '../cli/support/command.ts'
import { heard } from '../cli/support/context.ts'
import { termsFor } from '../support/life.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { openWorld, type World } from '../support/world.ts'
import { attempt, drain, emptyDisk, newSigner, origin, sealedWorld, tamper } from './support/sealing.ts'

const scratch = scratchFolder('audit-log')
const at = (name: string) => join(scratch.folder, name)
const signers: Signer[] = []
let sealed: World
let size: bigint
let note: string
let process: (world: World) => ReturnType<Awaited<ReturnType<typeof sealedWorld>>['process']>

beforeAll(async () => {
  const world = await openWorld()
  const it = await sealedWorld(world)
  signers.push(it.signer)
  process = (where) => it.process({ store: where.store, memory: emptyDisk(), keys: { signers: async () => signers } })
  const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
  await it.seal()
  // Some tiles, without some thousand decisions.
  await world.query(
    `with made as (
       insert into events (id, stream, version, type, at, actor, body_hash)
       select 'evt_copy' || n, 'wvr_copy' || n, 1, e.type, e.at, e.actor, e.body_hash
       from (select * from events where stream = $1 and version = 1) e, generate_series(1, 700) n returning seq, id),
     bodies as (insert into event_bodies (event, salt, body)
       select made.id, b.salt, b.body from made, event_bodies b where b.event = (select id from events where stream = $1 and version = 1))
     insert into unsequenced (seq) select seq from made`,
    [id],
  )
  await drain(world.store, process(world))
  signers.push(await newSigner())
  await rotateKey(world.store, formatVerifierKey((signers[1] as Signer).key), 'a test')
  await drain(world.store, process(world))
  await attempt(world, id)
  await drain(world.store, process(world))
  const newest = await world.store.log.newest()
  size = newest?.size ?? 0n
  note = newest?.note ?? ''
  await world.close()
  sealed = world
})
afterAll(() => scratch.dispose())

const trusting = (parts: Partial<AuditTrust> = {}): AuditTrust => ({
  keys: [(signers[0] as Signer).key],
  witnesses: [],
  required: 0,
  kept: [],
  ...parts,
})

async function audited(world: World, trust = trusting()): Promise<AuditVerdict> {
  const source = await auditSource(world.store)
  if (source === undefined) throw new Error('nothing was sealed')
  return auditLog(source, trust)
}

async function bent(act: (world: World) => Promise<unknown>, trust?: AuditTrust): Promise<AuditVerdict> {
  const world = await openWorld({ copyOf: sealed })
  await act(world)
  const verdict = await audited(world, trust)
  await world.close()
  return verdict
}

const edits =
  (sql: string, params: unknown[] = []) =>
  (world: World) =>
    tamper(world, sql, params)
const found = (finding: string, index?: bigint | number) => ({
  outcome: 'disproven',
  finding,
  ...(index === undefined ? {} : { firstIndex: String(index), lastIndex: String(index) }),
})

describe('from the database', () => {
  test('a log that was left alone is what was signed, under every key it ever had', async () => {
    for (const { key } of signers)
      expect(await bent(async () => {}, trusting({ keys: [key], kept: [note] }))).toMatchObject({
        outcome: 'proven',
        origin,
        size: String(size),
        keyNamedBy: 'verifier',
      })
    expect(await bent(async () => {}, trusting({ keys: [] }))).toMatchObject({
      outcome: 'proven',
      keyNamedBy: 'source',
    })
    const stranger = await newSigner()
    expect(await bent(async () => {}, trusting({ keys: [stranger.key] }))).toMatchObject(found('keys-differ'))
  })

  test.each([
    [
      'an event that was edited',
      'record-differs',
      `update events set actor = 'per_x' where seq = (select seq from feed where position = 300)`,
      300,
    ],
    [
      'the very first one',
      'record-differs',
      `update events set at = at + interval '1 second' where seq = (select seq from feed where position = 0)`,
      0,
    ],
    ['an event that was taken out', 'record-missing', 'delete from feed where position = 511', 511],
    ['a cut tail', 'record-missing', 'delete from feed where position >= 600', 600],
    [
      'a body that was rewritten',
      'body-differs',
      `update event_bodies set body = replace(body, 'batch', 'botch') where event = (select id from events where seq = (select seq from feed where position = 421))`,
      421,
    ],
    [
      'a flipped tile',
      'tile-differs',
      'update log_tiles set hashes = set_byte(hashes, 32 * 7 + 3, get_byte(hashes, 32 * 7 + 3) # 16) where level = 0 and index = 1',
      263,
    ],
  ])('[B23] [B20] %s is found at its index', async (_what, finding, sql, index) => {
    expect(await bent(edits(sql))).toMatchObject(found(finding, index))
  })

  test('[B23] two rows that changed places', async () => {
    const swap = async (world: World) => {
      const rows = await world.query<{ seq: string }>('select seq from feed where position in (5, 6) order by position')
      await tamper(world, 'update feed set seq = -position - 1 where position in (5, 6)')
      await tamper(world, 'update feed set seq = $1 where position = 5', [rows[1]?.seq])
      await tamper(world, 'update feed set seq = $1 where position = 6', [rows[0]?.seq])
    }
    expect(await bent(swap)).toMatchObject(found('record-differs', 5))
  })

  test('[B23] any row and any column of it', async () => {
    const world = await openWorld({ copyOf: sealed })
    for (const [n, column] of ['id', 'stream', 'type', 'actor', 'body_hash'].entries()) {
      const index = 17 + 131 * n
      const edit = (sql: string) =>
        tamper(
          world,
          `update events set ${column} = ${sql} where seq = (select seq from feed where position = ${index})`,
        )
      await edit(`${column} || 'x'`)
      // Without its id a row has lost its body as well, and reads as gone.
      expect(await audited(world), column).toMatchObject(
        found(column === 'id' ? 'record-missing' : 'record-differs', index),
      )
      await edit(`left(${column}, -1)`)
    }
    expect(await audited(world)).toMatchObject({ outcome: 'proven' })
    await world.close()
  })

  test('facts that were rewritten or are gone, with the first that rests on them', async () => {
    const rewritten = edits(`update revisions set content = '\\x007b7d' where kind = 'circumstances'`)
    expect(await bent(rewritten)).toMatchObject(found('facts-differ'))
    const first = async (world: World) => {
      const rows = await world.store.feed.after(-1n, 100)
      return rows.find(({ type }) => type === 'WaiverRequested')?.position ?? 0n
    }
    let index = -1n
    const gone = async (world: World) => {
      index = await first(world)
      await tamper(world, `delete from revisions where kind = 'circumstances'`)
    }
    const verdict = await bent(gone)
    expect(verdict).toMatchObject(found('facts-missing', index))
  })

  test('tiles and checkpoints that are gone or that nobody signed', async () => {
    expect(await bent(edits('delete from log_tiles where level = 0 and index = 1'))).toMatchObject(
      found('tile-missing'),
    )
    const moved = edits(
      'update log_checkpoints set note = (select note from log_checkpoints order by size limit 1) where size = (select max(size) from log_checkpoints)',
    )
    expect(await bent(moved)).not.toMatchObject({ outcome: 'proven', size: String(size) })
    const forged = edits(
      `update log_checkpoints set note = overlay(note placing 'AAAA' from length(note) - 20) where size = (select max(size) from log_checkpoints)`,
    )
    expect(await bent(forged)).toMatchObject(found('keys-differ'))
    const rekeyed = edits(
      `update event_bodies set body = replace(body, 'a test', 'a jest') where event like 'evt_log%'`,
    )
    expect(await bent(rekeyed)).toMatchObject(found('body-differs'))
  })

  test('[B23] everything rewritten and signed again with the right key: whoever kept a checkpoint finds it', async () => {
    const rewrite = async (world: World) => {
      await tamper(world, `update events set actor = 'per_x' where seq = (select seq from feed where position = 300)`)
      await tamper(world, 'delete from log_tiles')
      await tamper(world, 'delete from log_checkpoints')
      await drain(world.store, process(world))
    }
    expect(await bent(rewrite)).toMatchObject({ outcome: 'proven' })
    const verdict = await bent(rewrite, trusting({ kept: [note] }))
    expect(verdict).toMatchObject({ outcome: 'disproven', finding: 'history-differs' })
    expect(BigInt(verdict.firstIndex ?? -1)).toBeLessThanOrEqual(300n)
    expect(BigInt(verdict.lastIndex ?? -1)).toBeGreaterThanOrEqual(300n)
  })

  test('[B20] an older copy, to whoever kept a newer checkpoint, with the range that is gone', async () => {
    const older = async (world: World) => {
      await tamper(world, 'delete from log_checkpoints where size = (select max(size) from log_checkpoints)')
    }
    const verdict = await bent(older, trusting({ kept: [note] }))
    expect(verdict).toMatchObject({ outcome: 'disproven', finding: 'history-differs', lastIndex: String(size - 1n) })
    expect(verdict.firstIndex).toBe(verdict.size)
  })

  test('a body that was erased leaves nothing to find', async () => {
    expect(await bent(edits(`update event_bodies set body = null where event = 'evt_copy9'`))).toMatchObject({
      outcome: 'proven',
    })
  })
})

describe('from wherever it is served', () => {
  let surface: Surface
  let address: string
  beforeAll(async () => {
    surface = await openSurface({ copyOf: sealed })
    address = `${await surface.api.listen({ port: 0, host: '127.0.0.1' })}/log`
  })
  afterAll(() => surface.api.close())

  const over = (trust = trusting(), fetched: typeof fetch = fetch) =>
    auditLog(tileServer(address, fetched, trust.keys), trust)

  test('holds, and is found bent at the same index as in the database', async () => {
    expect(await over(trusting({ kept: [note] }))).toMatchObject({ outcome: 'proven', size: String(size) })
    const { world } = surface
    const edit = (actor: string) =>
      tamper(world, 'update events set actor = $1 where seq = (select seq from feed where position = 300)', [actor])
    const [row] = await world.store.log.leaves(300n, 1)
    await edit('per_x')
    expect(await over()).toMatchObject(found('record-differs', 300))
    await edit(row?.by ?? '')
    const [gone] = await world.query<{ seq: string }>('select seq from feed where position = 300')
    await tamper(world, 'delete from feed where position = 300')
    expect(await over()).toMatchObject({ ...found('record-missing'), firstIndex: '256' })
    await tamper(world, 'insert into feed (position, seq) values (300, $1)', [gone?.seq])
    expect(await over()).toMatchObject({ outcome: 'proven' })
  })

  test('[B23] a server that shows readers other keys, other leaves or half a tile is found', async () => {
    const lying =
      (path: string, lie: (answer: Response) => Promise<Response> | Response): typeof fetch =>
      async (input, init) => {
        const answer = await fetch(input, init)
        return String(input).includes(path) ? lie(answer) : answer
      }
    const half = async (answer: Response) => new Response((await answer.arrayBuffer()).slice(32))
    expect(await over(trusting(), lying('/tile/0/001', half))).toMatchObject(found('tile-missing'))
    const other = async (answer: Response) => {
      const bytes = new Uint8Array(await answer.arrayBuffer())
      const at = new TextDecoder('latin1').decode(bytes).indexOf('per_asker')
      return new Response(bytes.with(at, 0x71))
    }
    const verdict = await over(trusting(), lying('/tile/entries/001', other))
    expect(verdict).toMatchObject({
      outcome: 'disproven',
      finding: 'record-differs',
      firstIndex: '256',
      lastIndex: '256',
    })
    const stranger = formatVerifierKey((await newSigner()).key)
    const keys = async (answer: Response) =>
      Response.json({ ...((await answer.json()) as object), key: stranger, changes: [] })
    expect(await over(trusting({ keys: [] }), lying('/keys', keys))).toMatchObject(found('keys-differ'))
    const rotated = async (answer: Response) => {
      const known = (await answer.json()) as { changes: { leaf: string }[] }
      const [change] = known.changes
      if (change !== undefined) change.leaf = change.leaf.replace('sys_countersign', 'sys_countersigm')
      return Response.json(known)
    }
    const swapped = await over(trusting(), lying('/keys', rotated))
    expect(swapped).toMatchObject({ ...found('keys-differ'), firstIndex: expect.any(String) })
  })

  test('is a command: it says how far it is, remembers, and ends with what it found', async () => {
    const run = (...words: string[]) => countersign(['audit-log', '--url', address, ...words], { home: scratch.folder })
    const key = formatVerifierKey((signers[0] as Signer).key)
    const first = await run('--key', key, '--remember', at('kept'))
    expect([first.exit, first.err]).toEqual([0, ''])
    expect(first.out).toContain(`proven: all ${size} leaves give the tree that was signed`)
    const again = await run('--key', key, '--remember', at('kept'), '--json')
    expect(again.json<AuditVerdict>()).toMatchObject({ outcome: 'proven', size: String(size) })
    const gone = tileServer('http://127.0.0.1:1/log', fetch, [])
    await expect(auditLog(gone, trusting())).rejects.toMatchObject({ name: 'Stop', exit: 'unreachable' })
  }, 120_000)
})

test('audit-log over a database says what was found, and needs to know where to look', async () => {
  const world = await openWorld({ copyOf: sealed })
  const handIns = async () => ({ auditLog: ({ trust }: { trust: AuditTrust }) => audited(world, trust) }) as never
  await writeFile(at('checkpoint'), note)
  const words = [
    'audit-log',
    '--config',
    'x.yaml',
    '--checkpoint',
    at('checkpoint'),
    '--key',
    formatVerifierKey((signers[1] as Signer).key),
  ]
  const good = await heard(words, { handIns })
  expect([good.exit, good.out]).toEqual([0, expect.stringContaining('1 of them kept elsewhere')])
  await tamper(world, `update events set actor = 'per_x' where seq = (select seq from feed where position = 300)`)
  const bad = await heard(words, { handIns })
  expect([bad.exit, bad.out]).toEqual([
    1,
    expect.stringContaining('DISPROVEN: record-differs: the first that does not hold is index 300'),
  ])
  await world.close()
  for (const wrong of [['audit-log'], ['audit-log', '--url', 'x', '--config', 'y'], ['audit-log', '--url', 'ftp://x']])
    expect((await heard(wrong)).exit, wrong.join(' ')).toBe(2)
})

test('what a leaf says can be read without us', async () => {
  const world = await openWorld({ copyOf: sealed })
  const source = await auditSource(world.store)
  for await (const batch of source?.entries(3n) ?? [])
    expect(batch.map((entry) => readLeaf(entry)?.version)).not.toContain(undefined)
  await world.close()
})

describe('without anybody asking', () => {
  test('[B23] the patrol comes by every event and its body, and what it finds ends all sealing', async () => {
    const world = await openWorld({ copyOf: sealed })
    const walk = async () => {
      const broken: LogBroken[] = []
      const patrol = new Patrol({ store: world.store, stopFor: (one) => void broken.push(one) })
      for (let rounds = 0; rounds < 2; rounds++) await patrol.run()
      return broken[0]
    }
    expect(await walk()).toBeUndefined()
    await tamper(world, `update event_bodies set body = body || ' ' where event = 'evt_copy300'`)
    const index = (await world.store.feed.after(-1n, 1_000)).find(({ id }) => id === 'evt_copy300')?.position
    expect(await walk()).toMatchObject({ finding: 'body-differs', index })
    await tamper(world, `update events set actor = 'per_x' where id = 'evt_copy12'`)
    expect(await walk()).toMatchObject({ finding: 'record-differs' })
    await tamper(world, 'delete from feed where position = 3')
    expect(await walk()).toMatchObject({ finding: 'record-missing', index: 3n })
    await world.close()
  })

  test('[B23] doctor derives the log again, and says broken', async () => {
    const world = await openWorld({ copyOf: sealed })
    const look = async () => (await examine(world.app.machinery)).find(({ name }) => name === 'transparency log')
    expect(await look()).toMatchObject({ state: 'ok', detail: expect.stringContaining(`all ${size} leaves`) })
    await tamper(world, `update events set actor = 'per_x' where id = 'evt_copy12'`)
    expect(await look()).toMatchObject({ state: 'broken', detail: expect.stringContaining('index') })
    await world.close()
  })
})
