/**
 * A log and its witnesses, over real HTTP: cosignatures are fetched, checked, kept and served; a quorum that is not reached
 * is not proven; and what a witness knows better ends all sealing, which is how an older copy without any memory of its own
 * is found.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askWitness } from '../../src/connectors/log-witness/ask.ts'
import { bundleOf } from '../../src/engine/bundle.ts'
import { silent } from '../../src/engine/logger.ts'
import type { LogBroken } from '../../src/engine/seal/broken.ts'
import { publishedCheckpoint, type Witnessing } from '../../src/engine/seal/published.ts'
import { type WitnessContact, Witnesses } from '../../src/engine/seal/witnesses.ts'
import { formatVerifierKey, keyLabel, parseNote, type VerifierKey, verifyQuorum } from '../../src/log/index.ts'
import { spellBundle, verifyBundle } from '../../src/proof/index.ts'
import type { Store } from '../../src/store/contract.ts'
import { openWitness, type RunningWitness, serveWitness } from '../../src/witness/index.ts'
import { openSurface, type Surface } from '../api/support/surface.ts'
import { termsFor } from '../support/life.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { openWorld, type World } from '../support/world.ts'
import { goIsThere, readByGo } from './support/go.ts'
import { attempt, drain, emptyDisk, origin, type SealedWorld, sealedWorld } from './support/sealing.ts'

const scratch = scratchFolder('witnesses')
let surface: Surface
let world: World
let it: SealedWorld
let waiver: string
const servers: RunningWitness[] = []
const keys: VerifierKey[] = []
const contacts: WitnessContact[] = []
const witnessing = (required: number): Witnessing => ({ witnesses: keys, required })

async function startWitness(number: number): Promise<WitnessContact> {
  const folder = `${scratch.folder}/w${number}`
  const options = { folder, name: `witness.example/w${number}`, logs: [it.signer.key], report: () => {} }
  const { witness, key } = await openWitness(options)
  const server = await serveWitness(witness, { host: '127.0.0.1', port: 0 }, () => {})
  servers.push(server)
  keys.push(key)
  return { key, ask: (body) => askWitness({ url: `${server.url}/` }, body) }
}

beforeAll(async () => {
  surface = await openSurface()
  world = surface.world
  it = await sealedWorld(world)
  waiver = (await world.must('per_asker', { type: 'request', terms: termsFor() })).id
  await it.seal()
  for (const number of [1, 2, 3]) contacts.push(await startWitness(number))
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  await scratch.dispose()
})

interface Watched {
  readonly witnesses: Witnesses
  readonly found: LogBroken[]
}

/** As a process that has just started. */
function watch(
  parts: { store?: Store; contacts?: readonly WitnessContact[]; required?: number; nowMillis?: () => number } = {},
): Watched {
  const found: LogBroken[] = []
  const witnesses = new Witnesses({
    store: world.store,
    log: silent,
    origin,
    contacts,
    required: 0,
    stopFor: (broken) => void found.push(broken),
    ...parts,
  })
  return { witnesses, found }
}

const down: WitnessContact['ask'] = () => Promise.reject(new Error('nobody answers'))

describe('witnesses', () => {
  test('cosign every new head; their cosignatures are served with it and hold', async () => {
    const { witnesses, found } = watch()
    await witnesses.run()
    await attempt(world, waiver)
    await it.seal()
    await witnesses.run()
    expect(found).toEqual([])
    const note = await publishedCheckpoint(world.store, witnessing(3))
    expect(await verifyQuorum(parseNote(note ?? ''), { witnesses: keys, required: 3 })).toMatchObject({ reached: true })
    const newest = await world.store.log.newest()
    expect(witnesses.status).toEqual(keys.map((key) => ({ witness: keyLabel(key), size: newest?.size })))
  })

  test.skipIf(!goIsThere)('are read by the Go implementation, under their own key', async () => {
    const address = `${await surface.api.listen({ port: 0, host: '127.0.0.1' })}/log`
    const [key] = keys as [VerifierKey]
    expect(await readByGo(address, formatVerifierKey(it.signer.key), formatVerifierKey(key))).toMatchObject({
      signatures: 2,
    })
    await surface.api.close()
  })

  test('a quorum that is not reached leaves the proof incomplete, and the last one that was is shown', async () => {
    const before = await publishedCheckpoint(world.store, witnessing(3))
    await attempt(world, waiver)
    await it.seal()
    const [first, ...others] = contacts as [WitnessContact, ...WitnessContact[]]
    let now = 0
    const { witnesses } = watch({ contacts: [{ ...first, ask: down }, ...others], nowMillis: () => now })
    await witnesses.run()
    expect(await publishedCheckpoint(world.store, witnessing(3))).toBe(before)
    expect(await publishedCheckpoint(world.store, witnessing(2))).not.toBe(before)
    const check = async (required: number) => {
      const bundle = await bundleOf(world.store, waiver, { witnessing: witnessing(required) })
      if (bundle === undefined || bundle === 'not-sealed') throw new Error('no bundle')
      return verifyBundle(spellBundle(bundle), { keys: [it.signer.key], witnesses: keys, required })
    }
    expect((await check(3)).steps.find(({ name }) => name === 'witnesses')).toMatchObject({ outcome: 'incomplete' })
    expect((await check(2)).outcome).toBe('proven')
    expect(witnesses.status[0]).toMatchObject({ trouble: 'nobody answers' })
    // It is asked again, not at once, and the pause gets longer.
    let asked = 0
    const patient = watch({
      contacts: [{ ...first, ask: (body) => (asked++ < 3 ? down(body) : first.ask(body)) }],
      nowMillis: () => now,
    })
    for (; now < 20_000; now += 500) await patient.witnesses.run()
    expect(asked).toBe(4)
    expect((await check(3)).outcome).toBe('proven')
  })

  test('of two processes that bring the same heads at once neither cries wolf', async () => {
    const processes = [watch(), watch(), watch()]
    const sealing = async () => {
      for (let n = 0; n < 6; n++) {
        await attempt(world, waiver)
        await it.seal()
      }
    }
    const bringing = processes.map(async ({ witnesses }) => {
      for (let n = 0; n < 12; n++) await witnesses.run()
    })
    await Promise.all([sealing(), ...bringing])
    for (const { found } of processes) expect(found).toEqual([])
    const last = watch()
    await last.witnesses.run()
    const newest = await world.store.log.newest()
    expect(last.witnesses.status.map(({ size }) => size)).toEqual([newest?.size, newest?.size, newest?.size])
  })

  test('[fail/closed] an answer that is no good cosignature is not kept', async () => {
    await attempt(world, waiver)
    const head = await it.seal()
    const [first, second] = contacts as [WitnessContact, WitnessContact]
    const answers: readonly WitnessContact['ask'][] = [
      async () => ({ status: 200, body: 'ok\n' }),
      async () => ({ status: 200, body: head.note.split('\n\n')[1] ?? '' }),
      (body) => second.ask(body),
      async () => ({ status: 409, body: 'many' }),
      async () => ({ status: 500, body: 'x'.repeat(1_000) }),
    ]
    for (const ask of answers) {
      const { witnesses, found } = watch({ contacts: [{ key: first.key, ask }] })
      await witnesses.run()
      expect(witnesses.status[0]?.trouble).toEqual(expect.any(String))
      expect(found).toEqual([])
    }
    const lines = await world.store.log.cosignatures(origin, head.size)
    expect(lines.filter(({ witness }) => witness === keyLabel(first.key))).toEqual([])
  })
})

describe('[B23] what a witness knows better', () => {
  let older: World
  let newer: World

  beforeAll(async () => {
    // Everybody lets go of the database, so that it can be copied as a backup would be.
    const { witnesses } = watch()
    await witnesses.run()
    const copied = await openWorld()
    const own = await sealedWorld(copied)
    await own.seal()
    await copied.close()
    older = copied
    it = own
    keys.length = 0
    contacts.length = 0
    for (const number of [4, 5, 6]) contacts.push(await startWitness(number))
    const grown = await openWorld({ copyOf: older })
    waiver = (await grown.must('per_asker', { type: 'request', terms: termsFor() })).id
    for (let n = 0; n < 3; n++) await attempt(grown, waiver)
    await drain(grown.store, own.process({ store: grown.store, memory: emptyDisk() }))
    await watch({ store: grown.store }).witnesses.run()
    await grown.close()
    newer = grown
  })

  test('[B20] an older copy on a machine that remembers nothing is found before anything is signed', async () => {
    const restored = await openWorld({ copyOf: older })
    const newest = await restored.store.log.newest()
    const { witnesses } = watch({ store: restored.store, required: 2 })
    const sealer = it.process({ store: restored.store, memory: emptyDisk(), beforeFirst: () => witnesses.agree() })
    await attemptIn(restored)
    await sealer.run()
    expect(sealer.status).toMatchObject({ state: 'broken', broken: { finding: 'tail-cut', index: newest?.size } })
    expect(await restored.store.log.newest()).toEqual(newest)
    await restored.close()
  })

  test('without enough witnesses it waits and signs nothing; with them it goes on', async () => {
    const healthy = await openWorld({ copyOf: newer })
    const newest = await healthy.store.log.newest()
    let reachable = false
    const unreachable = contacts.map((contact, at): WitnessContact => {
      return at < 2 ? { ...contact, ask: (body) => (reachable ? contact.ask(body) : down(body)) } : contact
    })
    let now = 0
    const { witnesses } = watch({ store: healthy.store, contacts: unreachable, required: 2, nowMillis: () => now })
    const beforeFirst = () => witnesses.agree()
    const sealer = it.process({ store: healthy.store, memory: emptyDisk(), beforeFirst })
    await attempt(healthy, waiver)
    await healthy.settle()
    await sealer.run()
    expect(sealer.status).toMatchObject({ state: 'waiting', detail: expect.stringContaining('2 are needed') })
    expect(await healthy.store.log.newest()).toEqual(newest)
    reachable = true
    now = 60_000
    await sealer.run()
    expect(sealer.status).toEqual({ state: 'sealing' })
    expect((await healthy.store.log.newest())?.size).toBeGreaterThan(newest?.size ?? 0n)
    await healthy.close()
  })

  test('another history of the same length, or a longer one, is found and named', async () => {
    const fork = await openWorld({ copyOf: older })
    await fork.after(60)
    const { id } = await fork.must('per_asker', { type: 'request', terms: termsFor() })
    for (let n = 0; n < 9; n++) await attempt(fork, id)
    await drain(fork.store, it.process({ store: fork.store, memory: emptyDisk() }))
    const { witnesses, found } = watch({ store: fork.store })
    await witnesses.run()
    expect(found).toMatchObject([{ finding: 'history-forked', message: expect.stringContaining('witness.example/w') }])
    await fork.close()
  })
})

async function attemptIn(where: World): Promise<void> {
  const { id } = await where.must('per_asker', { type: 'request', terms: termsFor() })
  await attempt(where, id)
  await where.settle()
}
