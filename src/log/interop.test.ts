// Two implementations, one log: what Countersign writes is read by the Go team's sumdb packages, and the other way round.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeBase64 } from './base64.ts'
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { proveConsistency } from './consistency.ts'
import { cosign } from './cosignature.ts'
import { decodeEntries, encodeEntries } from './entries.ts'
import { proveInclusion } from './inclusion.ts'
import { formatVerifierKey, KEY_TYPE, makeSigner, parseVerifierKey } from './key.ts'
import { entriesFrom, logOf, type MemoryLog } from './memory-log.contract.ts'
import { addSignature, formatNote, parseNote, signNote, verifyNote } from './note.ts'
import { bundlePath, bundlesBetween, type TileReader, tilePath } from './tile.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { verifyLog } from './verify-log.ts'

const INTEROP = join(import.meta.dirname, 'interop')
const GO = ['/usr/bin/go', '/usr/local/go/bin/go'].find(existsSync)
const SUMDB = ['/usr/share/gocode'].find((path) => existsSync(join(path, 'src/golang.org/x/mod/sumdb/tlog')))
const ready = GO !== undefined && SUMDB !== undefined
const ORIGIN = 'log.example/countersign'

if (!ready) {
  console.warn(
    'skipped: the log is not checked against the Go implementation; ' +
      'install it with `apt-get install golang-go golang-golang-x-mod-dev`',
  )
}

const run = promisify(execFile)

async function go(program: string, ...args: readonly string[]): Promise<string> {
  const files = [program, 'shared.go'].map((file) => join(INTEROP, file))
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: SUMDB, GOFLAGS: '' }
  const { stdout } = await run(GO as string, ['run', ...files, ...args], { env, maxBuffer: 2 ** 28 })
  return stdout
}

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-log-'))
})

afterEach(() => rm(folder, { recursive: true }))

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

/** Writes the log as it would be served, cosigned by one witness; gives the keys to check it with. */
async function publish(log: MemoryLog): Promise<{ logKey: string; witnessKey: string }> {
  for (const [path, bytes] of log.tiles) await put(path, bytes)
  for (const bundle of bundlesBetween(0n, log.head.size)) {
    const start = Number(bundle.index) * 256
    await put(bundlePath(bundle), encodeEntries(log.entries.slice(start, start + bundle.width)))
  }
  const logSigner = await makeSigner(ORIGIN, KEY_TYPE.ed25519, new Uint8Array(32).fill(1))
  const witness = await makeSigner('witness.example/w1', KEY_TYPE.cosignature, new Uint8Array(32).fill(2))
  const text = formatCheckpoint({ origin: ORIGIN, ...log.head, extensions: [] })
  const signed = await signNote({ text, signatures: [] }, logSigner)
  await put('checkpoint', formatNote(addSignature(signed, await cosign(text, witness, 1_700_000_000n))))
  return { logKey: formatVerifierKey(logSigner.key), witnessKey: formatVerifierKey(witness.key) }
}

const readTiles: TileReader = (tiles) => Promise.all(tiles.map((tile) => readFile(join(folder, tilePath(tile)))))

describe.skipIf(!ready)('golang.org/x/mod/sumdb', () => {
  test('reads our log: note, cosignature, tiles, every leaf, every earlier head', async () => {
    const log = await logOf(entriesFrom(0, 1), entriesFrom(1, 255), entriesFrom(256, 900), entriesFrom(1156, 44))
    const { logKey, witnessKey } = await publish(log)
    const heads = log.heads.map(({ size, root }) => `${size}:${encodeBase64(root)}`)
    expect(JSON.parse(await go('reader.go', folder, logKey, witnessKey, ...heads))).toEqual({
      origin: ORIGIN,
      size: '1200',
      root: encodeBase64(log.head.root),
      signatures: 2,
      leaves: 1200,
      heads: 4,
    })
  })

  test('[B23] refuses our log once an entry, a tile, a head or the checkpoint was touched', async () => {
    const log = await logOf(entriesFrom(0, 300))
    const { logKey, witnessKey } = await publish(log)
    const read = (...heads: readonly string[]) => go('reader.go', folder, logKey, witnessKey, ...heads)
    const touched = async (path: string, offset: number) => {
      const bytes = await readFile(join(folder, path))
      await put(path, bytes.with(offset, (bytes[offset] as number) ^ 1))
      await expect(read()).rejects.toThrow()
      await put(path, bytes)
    }
    await touched('tile/entries/000', 20)
    await touched('tile/0/001.p/44', 100)
    await touched('tile/0/000', 32)
    await touched('checkpoint', 30)
    await expect(read(`299:${encodeBase64(log.head.root)}`)).rejects.toThrow('another root')
    await expect(read()).resolves.toBeDefined()
  })

  test('writes a log that we read, with the same proofs', async () => {
    const size = 1030
    const { key, records, trees } = JSON.parse(await go('writer.go', folder, ORIGIN, String(size)))
    const note = parseNote(await readFile(join(folder, 'checkpoint')))
    expect(await verifyNote(note, [parseVerifierKey(key)])).toMatchObject({ signed: true })
    const head = parseCheckpoint(note.text)
    expect(head).toMatchObject({ origin: ORIGIN, size: BigInt(size) })
    async function* entries() {
      for (const bundle of bundlesBetween(0n, head.size)) {
        yield decodeEntries(await readFile(join(folder, bundlePath(bundle))), bundle.width)
      }
    }
    const verdict = await verifyLog({ heads: [head], leaves: { entries: entries() }, readTiles })
    expect(verdict).toEqual({ holds: true, size: BigInt(size) })
    const reader = tileHashReader(head, readTiles)
    for (const index of [0, 1, 255, 256, 511, 700, 1023, 1024, 1028, 1029]) {
      const proof = await proveInclusion(BigInt(index), head.size, reader)
      expect(proof.map(encodeBase64)).toEqual(records[index] ?? [])
      const consistency = await proveConsistency(BigInt(index + 1), head.size, reader)
      expect(consistency.map(encodeBase64)).toEqual(trees[index] ?? [])
    }
  })
})
