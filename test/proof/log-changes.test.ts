/** Another key, and another beginning: both are events in the log, and whoever trusts what was before can follow. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleOf } from '../../src/engine/bundle.ts'
import { beginAgain, rotateKey } from '../../src/engine/seal/changes.ts'
import { noWitnesses, publishedKeys } from '../../src/engine/seal/published.ts'
import { saltedDigest } from '../../src/lib/digest.ts'
import {
  formatAddCheckpoint,
  formatVerifierKey,
  leafHash,
  parseNote,
  proveConsistency,
  type Signer,
  tileHashReader,
  verifyNote,
} from '../../src/log/index.ts'
import { type Bundle, readLeaf, spellBundle, verifyBundle } from '../../src/proof/index.ts'
import { openWitness } from '../../src/witness/index.ts'
import { termsFor } from '../support/life.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { openWorld } from '../support/world.ts'
import { attempt, drain, emptyDisk, newSigner, origin, type SealedWorld, sealedWorld } from './support/sealing.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let it: SealedWorld
let waiver: string
const signers: Signer[] = []
const keyOf = (at: number) => formatVerifierKey((signers[at] as Signer).key)
const process = () => it.process({ keys: { signers: async () => signers } })
const seal = async () => {
  const sealer = process()
  await world.settle()
  await drain(world.store, sealer)
  return sealer.status
}
const newest = async () => {
  const head = await world.store.log.newest()
  if (head === undefined) throw new Error('nothing was sealed')
  return head
}
const bundle = async (): Promise<Bundle> => {
  const made = await bundleOf(world.store, waiver, { witnessing: noWitnesses })
  if (made === undefined || made === 'not-sealed') throw new Error(`no bundle: ${made}`)
  return made
}
const trusting = (signer: Signer) => ({ keys: [signer.key], witnesses: [] })

beforeAll(async () => {
  world = await openWorld()
  it = await sealedWorld(world)
  signers.push(it.signer)
  waiver = (await world.must('per_asker', { type: 'request', terms: termsFor() })).id
  await it.seal()
})
afterAll(() => world.close())

describe('another key', () => {
  test('[fail/closed] without the new private key nothing is signed, and nothing is lost', async () => {
    const next = await newSigner()
    await rotateKey(world.store, formatVerifierKey(next.key), 'once a year')
    const before = await newest()
    expect(await seal()).toMatchObject({ state: 'waiting', detail: expect.stringContaining('private key') })
    expect((await newest()).size).toBeLessThanOrEqual(before.size + 1n)
    signers.push(next)
    expect(await seal()).toMatchObject({ state: 'sealing' })
  })

  test('the first checkpoint with the change is signed by both, those after it by the new one alone', async () => {
    await attempt(world, waiver)
    await seal()
    const keys = await publishedKeys(world.store)
    const [change] = keys?.changes ?? []
    if (change === undefined) throw new Error('no change')
    expect(keys).toMatchObject({ origin, key: keyOf(1), changes: [{ from: keyOf(0), to: keyOf(1) }] })
    const pair = signers.map(({ key }) => key)
    const both = await verifyNote(parseNote(change.checkpoint), pair)
    expect(both).toMatchObject({ signed: true, by: pair })
    expect(await verifyNote(parseNote((await newest()).note), pair)).toEqual({ signed: true, by: [pair[1]] })
    // Whoever reads it needs nothing but what is published to see that the leaf says what it says.
    const leaf = readLeaf(new TextEncoder().encode(change.leaf))
    expect(leaf?.bodyHash).toBe(saltedDigest(Buffer.from(change.salt, 'base64'), change.body))
    const [tile] = await world.store.log.readTiles([{ level: 0, index: 0n, width: change.index + 1 }])
    expect(tile?.slice(32 * change.index)).toEqual(leafHash(new TextEncoder().encode(change.leaf)))
  })

  test('a bundle leads from the key somebody has to the one that signs', async () => {
    await rotateKey(
      world.store,
      formatVerifierKey((signers[signers.push(await newSigner()) - 1] as Signer).key),
      'lost a laptop',
    )
    await attempt(world, waiver)
    await seal()
    await attempt(world, waiver)
    await seal()
    const made = await bundle()
    expect(made.handovers).toHaveLength(2)
    for (const signer of signers) {
      const verdict = await verifyBundle(spellBundle(made), trusting(signer))
      expect(verdict.steps.filter(({ outcome }) => outcome !== 'proven')).toEqual([])
      expect(verdict.steps.find(({ name }) => name === 'handover')).toBeDefined()
    }
    expect(await verifyBundle(spellBundle(made), trusting(await newSigner()))).toMatchObject({ outcome: 'disproven' })
  })

  test('[B23] a change of key that was bent, left out or made up leads nowhere', async () => {
    const made = await bundle()
    const stranger = await newSigner()
    const [oldest] = signers as [Signer]
    const bends: readonly ((copy: Bundle) => unknown)[] = [
      (copy) => copy.handovers.pop(),
      (copy) => copy.handovers.shift(),
      (copy) => copy.handovers.reverse(),
      (copy) => copy.handovers.splice(0),
      (copy) => Object.assign(copy.handovers[0]?.event.body ?? {}, { to: formatVerifierKey(stranger.key) }),
      (copy) => Object.assign(copy.handovers[0] ?? {}, { checkpoint: copy.checkpoint }),
      (copy) => Object.assign(copy.handovers[0] ?? {}, { consistency: copy.handovers[1]?.consistency }),
      // As whoever has only the new key would make it: the old one never signed.
      (copy) => {
        const handover = copy.handovers[0] as Bundle['handovers'][number]
        const lines = handover.checkpoint.split('\n')
        const first = lines.findIndex((line) => line.startsWith('—'))
        handover.checkpoint = lines.toSpliced(first, 1).join('\n')
      },
    ]
    for (const bend of bends) {
      const copy = structuredClone(made)
      bend(copy)
      expect((await verifyBundle(spellBundle(copy), trusting(oldest))).outcome, String(bend)).toBe('disproven')
    }
  })

  test('a witness that knows the old key cosigns the change, and what follows once it knows the new one', async () => {
    const scratch = scratchFolder('rotation')
    const [first, second] = signers as [Signer, Signer]
    const open = (logs: readonly Signer[]) =>
      openWitness({ folder: scratch.folder, name: 'w.example', logs: logs.map(({ key }) => key), report: () => {} })
    const ask = async (logs: readonly Signer[], oldSize: bigint, size: bigint) => {
      const head = await world.store.log.checkpoint(origin, size)
      if (head === undefined) throw new Error('no such checkpoint')
      const consistency = await proveConsistency(oldSize, size, tileHashReader(head, world.store.log.readTiles))
      const body = formatAddCheckpoint({ oldSize, consistency, note: parseNote(head.note) })
      return (await open(logs)).witness.addCheckpoint(new TextEncoder().encode(body))
    }
    const sizes = (await world.store.log.checkpoints(origin, 0n, 1_000)).map(({ size }) => size)
    const change = BigInt((await publishedKeys(world.store))?.changes[0]?.index ?? 0) + 1n
    const after = sizes.find((size) => size > change) as bigint
    expect(await ask([first], 0n, change)).toMatchObject({ status: 200 })
    expect(await ask([first], change, after)).toMatchObject({ status: 403 })
    expect(await ask([first, second], change, after)).toMatchObject({ status: 200 })
    await scratch.dispose()
  })

  test('says why it changes nothing', async () => {
    expect(await rotateKey(world.store, keyOf(2), 'again')).toEqual({ unchanged: 'that key signs already' })
    const empty = await openWorld({ founded: false })
    expect(await rotateKey(empty.store, keyOf(0), 'x')).toMatchObject({
      unchanged: expect.stringContaining('has not begun'),
    })
    await empty.close()
  })
})

describe('another beginning', () => {
  test('[B20] after an older copy was put back, the same events are sealed under another name, and the log says why', async () => {
    const lost = await newest()
    const name = 'countersign.example/log-2'
    const signer = await newSigner(name)
    expect(await beginAgain(world.store, origin, keyOf(0), 'x')).toMatchObject({
      unchanged: expect.stringContaining('another name'),
    })
    await beginAgain(world.store, name, formatVerifierKey(signer.key), 'the disk of Tuesday was put back')
    // What remembers the old log stops nobody from sealing the new one, and nobody seals the old one any more.
    const old = process()
    await old.run()
    expect(old.status).toMatchObject({ state: 'broken', broken: { finding: 'origin-differs' } })
    const again = it.process({ origin: name, keys: { signers: async () => [signer] }, memory: it.disk })
    await world.settle()
    await drain(world.store, again)
    expect(again.status).toEqual({ state: 'sealing' })
    const head = await newest()
    expect(head).toMatchObject({ origin: name, size: (await world.store.feed.last()) + 1n })
    const made = await bundle()
    expect(await verifyBundle(spellBundle(made), trusting(signer))).toMatchObject({ outcome: 'proven' })
    expect(await verifyBundle(spellBundle(made), trusting(signers[0] as Signer))).toMatchObject({
      outcome: 'disproven',
    })
    expect(await world.store.log.checkpoint(origin, lost.size)).toEqual(lost)
    const events = await world.store.feed.after(lost.size - 1n, 100)
    expect(events.find(({ type }) => type === 'LogBeganAgain')?.body).toMatchObject({
      instead: origin,
      reason: expect.stringContaining('Tuesday'),
    })
    // And it goes on.
    await attempt(world, waiver)
    await world.settle()
    await drain(world.store, it.process({ origin: name, keys: { signers: async () => [signer] }, memory: emptyDisk() }))
    expect((await newest()).size).toBe(head.size + 1n)
  })
})
