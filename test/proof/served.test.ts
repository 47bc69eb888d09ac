/** The log over HTTP: what is there, under which headers, for whom, and that a reader of another make can read it. */
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  decodeEntries,
  formatVerifierKey,
  leafHash,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type TileReader,
  tilePath,
  verifyLog,
  verifyNote,
} from '../../src/log/index.ts'
import { openSurface, type Surface } from '../api/support/surface.ts'
import { termsFor } from '../support/life.ts'
import { goIsThere, readByGo } from './support/go.ts'
import { attempt, drain, origin, type SealedWorld, sealedWorld, tamper } from './support/sealing.ts'

let surface: Surface
let it: SealedWorld
let address: string
let waiver: string
const heads: string[] = []

beforeAll(async () => {
  surface = await openSurface()
  const { world, api } = surface
  it = await sealedWorld(world)
  waiver = (await world.must('per_asker', { type: 'request', terms: termsFor() })).id
  await it.seal()
  // More than one tile, without a thousand decisions: copies of one event, as rows are.
  await world.query(
    `with made as (
       insert into events (id, stream, version, type, at, actor, body_hash)
       select 'evt_copy' || n, 'wvr_copy' || n, 1, type, at, actor, body_hash
       from (select * from events where stream = $1 limit 1) e, generate_series(1, 600) n returning seq, id),
     bodies as (insert into event_bodies (event, salt, body) select id, '\\x00', null from made)
     insert into unsequenced (seq) select seq from made`,
    [waiver],
  )
  await it.seal()
  await attempt(world, waiver)
  const { size, root } = await it.seal()
  heads.push(`${size}:${Buffer.from(root).toString('base64')}`)
  await attempt(world, waiver)
  await it.seal()
  address = `${await api.listen({ port: 0, host: '127.0.0.1' })}/log`
})
afterAll(() => surface.api.close())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${address}/${path}`, { headers })
const bytesOf = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer())
const readTiles: TileReader = (tiles) => Promise.all(tiles.map((tile) => bytesOf(tilePath(tile))))

describe('the served log', () => {
  test('gives everything to check it with, to whoever asks', async () => {
    const note = parseNote(await (await get('checkpoint')).text())
    const key = parseVerifierKey((await (await get('key')).text()).trim())
    expect(await verifyNote(note, [key])).toMatchObject({ signed: true })
    const head = parseCheckpoint(note.text)
    expect(head).toMatchObject({ origin, size: (await surface.world.store.feed.last()) + 1n })
    async function* entries() {
      for (let index = 0; index * 256 < Number(head.size); index++) {
        const width = Math.min(256, Number(head.size) - index * 256)
        const name = String(index).padStart(3, '0')
        yield decodeEntries(await bytesOf(`tile/entries/${name}${width < 256 ? `.p/${width}` : ''}`), width)
      }
    }
    const verdict = await verifyLog({ heads: [head], leaves: { entries: entries() }, readTiles })
    expect(verdict).toEqual({ holds: true, size: head.size })
  })

  test('keeps tiles for ever and the checkpoint for a moment, and lets other pages read both', async () => {
    const moment = (await get('checkpoint')).headers
    expect(moment.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(moment.get('cache-control')).toBe('public, max-age=1')
    for (const path of ['tile/0/000', 'tile/0/000.p/7', 'tile/1/000.p/2', 'tile/entries/001']) {
      const { headers, status } = await get(path)
      expect(status, path).toBe(200)
      expect(headers.get('content-type')).toBe('application/octet-stream')
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(headers.get('access-control-allow-origin')).toBe('*')
    }
    expect((await bytesOf('tile/0/000')).slice(0, 7 * 32)).toEqual(await bytesOf('tile/0/000.p/7'))
  })

  test('sends entries zipped to whoever can unzip, and the same bytes to whoever cannot', async () => {
    const { url } = await get('tile/entries/000')
    const plain = await surface.api.inject({ url: new URL(url).pathname, headers: { 'accept-encoding': 'identity' } })
    const zipped = await surface.api.inject({ url: new URL(url).pathname, headers: { 'accept-encoding': 'br, gzip' } })
    const refused = await surface.api.inject({ url: new URL(url).pathname, headers: { 'accept-encoding': 'gzip;q=0' } })
    expect([plain.headers['content-encoding'], refused.headers['content-encoding']]).toEqual([undefined, undefined])
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(zipped.rawPayload)).toEqual(plain.rawPayload)
    expect(decodeEntries(plain.rawPayload, 256).map(leafHash)[7]).toEqual((await bytesOf('tile/0/000')).slice(224, 256))
  })

  test('has no tile beyond what was signed, under no other spelling, and nothing in disguise', async () => {
    const width = Number((await surface.world.store.log.newest())?.size ?? 0n) % 256
    expect((await get(`tile/0/002.p/${width}`)).status).toBe(200)
    for (const path of [
      `tile/0/002.p/${width + 1}`,
      'tile/0/002',
      'tile/1/000',
      'tile/2/000.p/1',
      'tile/9/000',
      'tile/0/x000/000',
      'tile/0/0',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/entries/003.p/1',
      'tile/0/..%2f..%2fcheckpoint',
      'tile/',
      `tile/0/${'x999/'.repeat(9)}999`,
    ])
      expect([400, 404], path).toContain((await get(path)).status)
    expect((await get('tile/0/000?x=1')).status).toBe(400)
    expect((await fetch(`${address}/checkpoint`, { method: 'POST' })).status).toBe(405)
  })

  test('[B23] shows no event that was not sealed yet, and no bundle from which one is missing', async () => {
    const { world } = surface
    await attempt(world, waiver)
    await world.settle()
    const size = Number((await world.store.log.newest())?.size)
    expect((await get(`tile/entries/002.p/${(size % 256) + 1}`)).status).toBe(404)
    const [row] = await world.query<{ seq: string }>('select seq from feed where position = 300')
    await tamper(world, 'delete from feed where position = 300')
    expect(await (await get('tile/entries/001')).json()).toMatchObject({ status: 502, code: 'log-broken' })
    await tamper(world, 'insert into feed (position, seq) values (300, $1)', [row?.seq])
    expect((await get('tile/entries/001')).status).toBe(200)
  })

  test.skipIf(!goIsThere)(
    'is read by the Go implementation over HTTP: every tile, every leaf, an earlier head',
    async () => {
      await it.seal()
      const head = await surface.world.store.log.newest()
      expect(await readByGo(address, formatVerifierKey(it.signer.key), '-', ...heads)).toMatchObject({
        origin,
        size: String(head?.size),
        root: Buffer.from(head?.root ?? []).toString('base64'),
        signatures: 1,
        leaves: Number(head?.size),
        heads: 1,
      })
    },
  )

  test.skipIf(!goIsThere)('[B23] is refused by the Go implementation once a row was edited', async () => {
    const { world } = surface
    const edit = (actor: string) =>
      tamper(world, 'update events set actor = $1 where seq = (select seq from feed where position = 400)', [actor])
    const [row] = await world.store.log.leaves(400n, 1)
    await edit('per_somebody')
    await expect(readByGo(address, formatVerifierKey(it.signer.key), '-')).rejects.toThrow(/leaf 400/)
    await edit(row?.by ?? '')
    await drain(world.store, it.process())
  })

  test('is for those who signed in where the configuration says so', async () => {
    const closed = await openSurface({
      api: { transparency: { isPublic: false, witnessing: { witnesses: [], required: 0 } } },
    })
    for (const path of ['/log/checkpoint', '/log/tile/0/000', '/log/key', '/log/keys'])
      expect((await closed.get('', path)).status, path).toBe(401)
    expect((await closed.get('per_asker', '/log/checkpoint')).status).toBe(404)
    await (await sealedWorld(closed.world)).seal()
    const { status, headers } = await closed.get('per_asker', '/log/checkpoint')
    expect([status, headers['cache-control'], headers['access-control-allow-origin']]).toEqual([
      200,
      'private, max-age=1',
      undefined,
    ])
  })
})
