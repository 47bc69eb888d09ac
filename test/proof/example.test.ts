/** The bundle to try in `examples` is one that holds, under the key beside it. `GOLDEN=write` makes both anew. */
import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { bundleOf } from '../../src/engine/bundle.ts'
import { noWitnesses } from '../../src/engine/seal/published.ts'
import { formatVerifierKey, parseVerifierKey } from '../../src/log/index.ts'
import { spellBundle, verifyBundle } from '../../src/proof/index.ts'
import { termsFor } from '../support/life.ts'
import { openWorld } from '../support/world.ts'
import { attempt, sealedWorld } from './support/sealing.ts'

const [file, keyFile] = ['examples/waiver.bundle.json', 'examples/waiver.bundle.key']

async function makeAnew(): Promise<void> {
  const world = await openWorld()
  const it = await sealedWorld(world)
  const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
  await attempt(world, id)
  await world.countersign('per_mate', id)
  const signed = await world.countersign('per_sam', id)
  expect(signed.outcome).toBe('accepted')
  await world.must('per_asker', { type: 'activate' }, id)
  await world.settle()
  await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
  await world.settle()
  await it.seal()
  const bundle = await bundleOf(world.store, id, { witnessing: noWitnesses })
  if (bundle === undefined || bundle === 'not-sealed') throw new Error('no bundle')
  await writeFile(file, spellBundle(bundle))
  await writeFile(keyFile, `${formatVerifierKey(it.signer.key)}\n`)
  await world.close()
}

test('[four-acts/four-records] the example is proven by its key alone', async () => {
  if (process.env.GOLDEN === 'write') await makeAnew()
  const key = parseVerifierKey((await readFile(keyFile, 'utf8')).trim())
  const verdict = await verifyBundle(await readFile(file, 'utf8'), { keys: [key], witnesses: [] })
  expect(verdict.steps.filter(({ outcome }) => outcome !== 'proven')).toEqual([])
  expect(verdict).toMatchObject({ outcome: 'proven', status: 'ended' })
  expect(verdict.steps.map(({ name }) => name)).toContain('signatures')
})
