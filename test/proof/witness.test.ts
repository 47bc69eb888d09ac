/** The witness: what it cosigns and what it does not, in every status of the specification, and that it never goes back. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  formatAddCheckpoint,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  KEY_TYPE,
  keyLabel,
  parseNote,
  parseSignatureLines,
  parseVerifierKey,
  proveConsistency,
  type Signer,
  signNote,
  type TreeHead,
  tileHashReader,
  verifyNote,
} from '../../src/log/index.ts'
import { entriesFrom, logOf, type MemoryLog } from '../../src/log/memory-log.contract.ts'
import {
  openWitness,
  type RunningWitness,
  serveWitness,
  type Witness,
  witnessFiles,
  witnessKeyFile,
  witnessOf,
} from '../../src/witness/index.ts'
import { heard } from '../cli/support/context.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { newSigner, origin } from './support/sealing.ts'

const scratch = scratchFolder('witness')
const at = (name: string) => join(scratch.folder, name)
const name = 'witness.example/w1'
let log: MemoryLog
let signer: Signer
const reports: string[] = []
const report = (line: string) => void reports.push(line)

beforeAll(async () => {
  log = await logOf(entriesFrom(0, 5), entriesFrom(5, 300), entriesFrom(305, 7), entriesFrom(312, 3))
  signer = await newSigner()
})
afterAll(() => scratch.dispose())

let folders = 0
const fresh = () => at(`folder${folders++}`)
const open = (folder = fresh(), logs = [signer.key]) =>
  openWitness({ folder, name, logs, report, nowMillis: () => 1_700_000_000_000 })

async function noteOf(head: TreeHead, by = signer, as = origin): Promise<string> {
  const text = formatCheckpoint({ origin: as, ...head, extensions: [] })
  return formatNote(await signNote({ text, signatures: [] }, by))
}

/** The request of an honest log, from the size it believes the witness has. */
async function request(oldSize: bigint, head: TreeHead, of = log, by = signer): Promise<Uint8Array> {
  const newest = of.heads.at(-1) as TreeHead
  const reader = tileHashReader(newest, of.readTiles)
  // Tiles of the newest tree have those of every older one in them.
  const consistency = await proveConsistency(oldSize, head.size, (nodes) => reader(nodes))
  return new TextEncoder().encode(
    formatAddCheckpoint({ oldSize, consistency, note: parseNote(await noteOf(head, by)) }),
  )
}

const head = (at: number) => log.heads[at] as TreeHead

describe('a witness', () => {
  test('cosigns what continues what it cosigned before, and the cosignature is good', async () => {
    const { witness, key } = await open()
    for (const [before, next] of [
      [0n, head(0)],
      [5n, head(1)],
      [305n, head(3)],
    ] as const) {
      const reply = await witness.addCheckpoint(await request(before, next))
      expect(reply).toMatchObject({ status: 200 })
      const text = formatCheckpoint({ origin, ...next, extensions: [] })
      const verdict = await verifyNote({ text, signatures: parseSignatureLines(reply.body) }, [key])
      expect(verdict).toMatchObject({ signed: true })
    }
    expect(await witness.latest(origin)).toMatchObject({ size: 315n, root: head(3).root })
  })

  test('answers the same head again, and every other old size with the one it has', async () => {
    const { witness } = await open()
    await witness.addCheckpoint(await request(0n, head(1)))
    expect(await witness.addCheckpoint(await request(305n, head(1)))).toMatchObject({ status: 200 })
    for (const [old, next] of [
      [0n, head(3)],
      [5n, head(3)],
      [0n, head(0)],
    ] as const)
      expect(await witness.addCheckpoint(await request(old, next))).toEqual({
        status: 409,
        contentType: 'text/x.tlog.size',
        body: '305\n',
      })
  })

  test('knows nobody it was not told of, and nothing that is not signed by them', async () => {
    const { witness } = await open()
    const stranger = await newSigner()
    const elsewhere = await newSigner('elsewhere.example/log')
    const other = formatAddCheckpoint({
      oldSize: 0n,
      consistency: [],
      note: parseNote(await noteOf(head(0), elsewhere, 'elsewhere.example/log')),
    })
    expect(await witness.addCheckpoint(new TextEncoder().encode(other))).toMatchObject({ status: 404 })
    expect(await witness.addCheckpoint(await request(0n, head(0), log, stranger))).toMatchObject({ status: 403 })
    const good = new TextDecoder().decode(await request(0n, head(0)))
    const later = new TextEncoder().encode(good.replace('old 0', 'old 6'))
    expect(await witness.addCheckpoint(later)).toMatchObject({ status: 400 })
    for (const bad of [
      '',
      'old 0\n',
      'new 0\n\n',
      good.replace('old 0', 'old 00'),
      good.replace('\n\n', '\n'),
      `${good}x`,
    ])
      expect((await witness.addCheckpoint(new TextEncoder().encode(bad))).status, bad.slice(0, 10)).toBe(400)
    expect((await witness.addCheckpoint(Uint8Array.of(0xff, 0xfe))).status).toBe(400)
    expect(await witness.latest(origin)).toBeUndefined()
  })

  test('[B23] does not cosign a second history, and keeps what was signed', async () => {
    const folder = fresh()
    const { witness } = await open(folder)
    await witness.addCheckpoint(await request(0n, head(0)))
    const fork = await logOf(entriesFrom(0, 5, 'forked'), entriesFrom(5, 20, 'forked'))
    const [small, large] = fork.heads as [TreeHead, TreeHead]
    expect(await witness.addCheckpoint(await request(5n, large, fork))).toMatchObject({ status: 422 })
    const same = formatAddCheckpoint({ oldSize: 5n, consistency: [], note: parseNote(await noteOf(small)) })
    expect(await witness.addCheckpoint(new TextEncoder().encode(same))).toMatchObject({ status: 409, body: '5\n' })
    expect(await witness.latest(origin)).toMatchObject({ size: 5n, root: head(0).root })
    const [own = ''] = (await readdir(folder)).filter((entry) => entry !== witnessKeyFile)
    const evidence = await readdir(join(folder, own, 'evidence'))
    expect(evidence).toHaveLength(2)
    expect(await readFile(join(folder, own, 'evidence', evidence[0] ?? ''), 'utf8')).toContain(origin)
    expect(reports.filter((line) => line.includes('does not continue'))).toHaveLength(2)
  })

  test('[B12] of requests at once, one wins each step, and nothing rolls back', async () => {
    const folder = fresh()
    const { witness } = await open(folder)
    const { witness: other } = await open(folder)
    const sizes = [head(0), head(1), head(2), head(3)]
    const asked = await Promise.all(
      Array.from({ length: 24 }, async (_, n) => {
        const next = sizes[n % 4] as TreeHead
        return [next.size, await (n % 2 === 0 ? witness : other).addCheckpoint(await request(0n, next))] as const
      }),
    )
    const cosigned = new Set(asked.filter(([, { status }]) => status === 200).map(([size]) => size))
    // From nothing, exactly one head can be the first; all others conflict with it.
    expect(cosigned.size).toBe(1)
    expect((await witness.latest(origin))?.size).toBe([...cosigned][0])
  })

  test('writes down what it will sign before it signs: whoever dies in between stands where they would have signed', async () => {
    const folder = fresh()
    await open(folder)
    const dying: Witness = witnessOf({
      signer: { key: { ...signer.key, type: 4 }, sign: () => Promise.reject(new Error('dead')) },
      logs: [signer.key],
      files: witnessFiles(folder),
      nowSeconds: () => 0n,
      report,
    })
    await expect(dying.addCheckpoint(await request(0n, head(1)))).rejects.toThrow('dead')
    const { witness } = await open(folder)
    expect(await witness.addCheckpoint(await request(0n, head(0)))).toMatchObject({ status: 409, body: '305\n' })
    expect(await witness.addCheckpoint(await request(305n, head(1)))).toMatchObject({ status: 200 })
  })

  test('a step whose number was tidied away meanwhile is not taken twice', async () => {
    const files = witnessFiles(fresh())
    const notes = await Promise.all(log.heads.map((one) => noteOf(one)))
    const [first = '', ...later] = notes
    expect(await files.advance(origin, undefined, first)).toBe(true)
    const stale = await files.latest(origin)
    for (const note of [...later, ...later])
      expect(await files.advance(origin, await files.latest(origin), note)).toBe(true)
    expect(await files.advance(origin, stale, first)).toBe(false)
    expect(await files.advance(origin, undefined, first)).toBe(false)
    expect((await files.latest(origin))?.size).toBe(315n)
  })

  test('keeps its key to itself, goes by one name, and watches nobody who is itself', async () => {
    const folder = fresh()
    const { key } = await open(folder)
    expect((await stat(join(folder, witnessKeyFile))).mode & 0o777).toBe(0o600)
    expect((await open(folder)).key).toEqual(key)
    const { witness: _, ...again } = await openWitness({ folder, name, logs: [], report })
    expect(again.key).toEqual(key)
    await expect(openWitness({ folder, name: 'other.example', logs: [], report })).rejects.toThrow(
      'not of `other.example`',
    )
    const itself = { ...key, name: origin }
    await expect(openWitness({ folder, name, logs: [itself], report })).rejects.toThrow('nobody watches themselves')
  })
})

describe('over HTTP', () => {
  let running: RunningWitness
  beforeAll(async () => {
    const { witness } = await open()
    running = await serveWitness(witness, { host: '127.0.0.1', port: 0 }, report)
  })
  afterAll(() => running.stop())

  test('takes checkpoints and shows the last one, and nothing else', async () => {
    const post = (path: string, body: string | Uint8Array) =>
      fetch(`${running.url}${path}`, { method: 'POST', body: body as string })
    const first = await post('/add-checkpoint', await request(0n, head(0)))
    expect([first.status, parseSignatureLines(await first.text()).length]).toEqual([200, 1])
    const conflict = await post('/add-checkpoint', await request(0n, head(1)))
    expect([conflict.status, conflict.headers.get('content-type'), await conflict.text()]).toEqual([
      409,
      'text/x.tlog.size',
      '5\n',
    ])
    expect((await post('/add-checkpoint', 'x'.repeat(70_000))).status).toBe(413)
    expect((await fetch(`${running.url}/add-checkpoint`)).status).toBe(405)
    expect((await fetch(`${running.url}/`)).status).toBe(404)
    const shown = await fetch(`${running.url}/checkpoint?origin=${encodeURIComponent(origin)}`)
    expect(await shown.text()).toBe(await noteOf(head(0)))
    expect((await fetch(`${running.url}/checkpoint?origin=../..`)).status).toBe(404)
  })
})

describe('countersign witness', () => {
  const words = (folder: string) => ['witness', '--name', name, '--folder', folder, '--listen', '127.0.0.1:0']

  test('starts, and says what whoever runs the log has to write into its configuration', async () => {
    const folder = fresh()
    const key = formatVerifierKey(signer.key)
    const ran = await heard([...words(folder), '--log', key])
    expect(ran.exit).toBe(0)
    expect(ran.out).toContain(`watches \`${keyLabel(signer.key)}\``)
    const own = /key: '([^']+)'/.exec(ran.out)?.[1] ?? ''
    expect(parseVerifierKey(own)).toMatchObject({ name, type: KEY_TYPE.cosignature })
    expect(JSON.parse((await heard([...words(folder), '--log', key, '--json'])).out)).toMatchObject({ key: own })
  })

  test('says what is wrong with what was typed', async () => {
    const folder = fresh()
    await open(folder)
    const key = formatVerifierKey(signer.key)
    expect((await heard(words(folder))).err).toContain('--log')
    expect((await heard([...words(folder), '--log', `${key}x`])).exit).toBe(2)
    expect((await heard([...words(folder).slice(0, -1), 'anywhere', '--log', key])).err).toContain('is no address')
    expect(
      (await heard([...words(folder).slice(0, 3), '--folder', join(folder, witnessKeyFile, 'below'), '--log', key]))
        .exit,
    ).toBe(6)
  })
})
