/**
 * What the log costs: how fast events that are there become leaves, beside inserting the same rows without one; how long a
 * million leaves take to be derived again, beside hashing as many bytes as often with SHA-256; how large a proof is then.
 */
import { hash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { silent } from '../src/engine/logger.ts'
import { Sealer } from '../src/engine/seal/sealer.ts'
import { noTree } from '../src/engine/seal/step.ts'
import {
  growTiles,
  KEY_TYPE,
  leafHash,
  makeSigner,
  proveInclusion,
  type TileReader,
  type TreeHead,
  tileHashReader,
  tilePath,
  verifyInclusion,
  verifyLog,
} from '../src/log/index.ts'
import { leafOf } from '../src/proof/leaf.ts'
import { openStore } from '../src/store/store.ts'

export interface SealingBench {
  /** Events a second. */
  readonly sealed: number
  readonly inserted: number
}

const inserts = 1_000

export async function benchSealing(url: string, count: number): Promise<SealingBench> {
  const store = await openStore({ url, poolMax: 4 })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set search_path = countersign, public')
  try {
    const began = performance.now()
    for (let from = 0; from < count; from += inserts) await insert(client, from)
    const inserted = (count / (performance.now() - began)) * 1_000
    while ((await store.feed.sequence(10_000)) > 0);
    const origin = 'bench.example/log'
    const signer = await makeSigner(origin, KEY_TYPE.ed25519, new Uint8Array(32).fill(1))
    const memory = { read: async () => undefined, write: async () => {} }
    const sealer = new Sealer({ store, log: silent, origin, keys: { signers: async () => [signer] }, memory })
    const started = performance.now()
    while (((await store.log.newest())?.size ?? 0n) < BigInt(count)) await sealer.run()
    return { sealed: (count / (performance.now() - started)) * 1_000, inserted }
  } finally {
    await client.end()
    await store.close()
  }
}

/** The rows the store writes for an event, a thousand in one commit. */
async function insert(client: pg.Client, from: number): Promise<void> {
  await client.query(
    `with made as (
       insert into events (id, stream, version, type, at, actor, body_hash)
       select 'evt_bench' || n, 'wvr_bench' || n, 1, 'WaiverRequested', clock(), 'per_bench', 'sha256:' || encode(sha256(n::text::bytea), 'hex')
       from generate_series($1::int, $1::int + ${inserts - 1}) n returning seq, id),
     bodies as (insert into event_bodies (event, salt, body) select id, decode(md5(id), 'hex'), '{"type":"WaiverRequested"}' from made)
     insert into unsequenced (seq) select seq from made`,
    [from],
  )
}

export interface DerivingBench {
  /** Seconds. */
  readonly ours: number
  readonly floor: number
  readonly ratio: number
  readonly proofHashes: number
  readonly proveMicros: number
  readonly verifyMicros: number
}

const batch = 10_000
const proofs = 200

export async function benchDeriving(count: number): Promise<DerivingBench> {
  const entries = Array.from({ length: count }, (_, n) => entryOf(n))
  const { head, readTiles } = await grown(entries)
  const floor = bare(entries)
  const started = performance.now()
  const verdict = await verifyLog({ heads: [head], leaves: { entries: batches(entries) } })
  const ours = (performance.now() - started) / 1_000
  if (!verdict.holds) throw new Error('the log does not hold')
  return { ours, floor, ratio: ours / floor, ...(await proving(entries, head, readTiles)) }
}

function entryOf(n: number): Uint8Array {
  const id = String(n).padStart(26, '0')
  return leafOf({
    id: `evt_${id}.1`,
    stream: `wvr_${id}`,
    version: 1,
    type: 'WaiverCountersigned',
    at: '2026-11-22T12:00:00.000Z',
    by: 'per_somebody',
    bodyHash: `sha256:${id.padStart(64, '0')}`,
  })
}

function* batches(entries: readonly Uint8Array[]) {
  for (let from = 0; from < entries.length; from += batch) yield entries.slice(from, from + batch)
}

async function grown(entries: readonly Uint8Array[]): Promise<{ head: TreeHead; readTiles: TileReader }> {
  const tiles = new Map<string, Uint8Array>()
  const readTiles: TileReader = async (wanted) => wanted.map((tile) => tiles.get(tilePath(tile)) as Uint8Array)
  let head: TreeHead = noTree
  for (const part of batches(entries)) {
    const growth = await growTiles(head, part.map(leafHash), readTiles)
    for (const { tile, bytes } of growth.tiles) tiles.set(tilePath(tile), bytes)
    head = { size: growth.size, root: growth.root }
  }
  return { head, readTiles }
}

/** As many hashes over as many bytes, in the cheapest way Node has: each entry once, and 65 bytes for each node above. @returns seconds */
function bare(entries: readonly Uint8Array[]): number {
  const node = new Uint8Array(65)
  const started = performance.now()
  for (const entry of entries) hash('sha256', entry, 'binary')
  for (let n = 1; n < entries.length; n++) hash('sha256', node, 'binary')
  return (performance.now() - started) / 1_000
}

async function proving(entries: readonly Uint8Array[], head: TreeHead, readTiles: TileReader) {
  let [prove, verify, hashes] = [0, 0, 0]
  for (let n = 0; n < proofs; n++) {
    const index = Math.floor((n * entries.length) / proofs)
    const leaf = leafHash(entries[index] as Uint8Array)
    const began = performance.now()
    const proof = await proveInclusion(BigInt(index), head.size, tileHashReader(head, readTiles))
    prove += performance.now() - began
    const started = performance.now()
    const holds = verifyInclusion({ index: BigInt(index), size: head.size, leafHash: leaf, proof }, head.root)
    verify += performance.now() - started
    if (!holds) throw new Error('a proof does not hold')
    hashes = Math.max(hashes, proof.length)
  }
  return { proofHashes: hashes, proveMicros: (prove / proofs) * 1_000, verifyMicros: (verify / proofs) * 1_000 }
}
