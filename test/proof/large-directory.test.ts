/**
 * A directory that is too large for one text, in a whole installation: what was decided on it is decided again, by the server
 * and from a bundle; one person more writes a few kilobytes; a part that somebody took out of the database is missed.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleOf } from '../../src/engine/bundle.ts'
import { knowledgeOf } from '../../src/engine/knowledge.ts'
import { auditSource } from '../../src/engine/seal/audit-source.ts'
import { noWitnesses } from '../../src/engine/seal/published.ts'
import { why } from '../../src/engine/why.ts'
import { canonicalJson, digestOfText } from '../../src/lib/digest.ts'
import { auditLog, spellBundle, verifyBundle } from '../../src/proof/index.ts'
import { openStore } from '../../src/store/store.ts'
import { organisation, termsFor } from '../support/life.ts'
import { openWorld, type World } from '../support/world.ts'
import { type SealedWorld, sealedWorld, tamper } from './support/sealing.ts'

let world: World & { close(): Promise<void> }
let it: SealedWorld
let waiver: string

const crowd = Array.from({ length: 4_000 }, (_, number) => `per_crowd${number} member-of team_crowd${number % 90}`)
const large = [organisation, ...crowd].join('\n')

beforeAll(async () => {
  world = await openWorld({ directory: large })
  it = await sealedWorld(world)
  const asked = await world.must('per_asker', { type: 'request', terms: termsFor() })
  waiver = asked.id
  await world.countersign('per_mate', waiver)
  await it.seal()
})
afterAll(() => world.close())

const made = async (id: string, withoutDirectory = false) => {
  const bundle = await bundleOf(world.store, id, { witnessing: noWitnesses, withoutDirectory })
  if (bundle === undefined || bundle === 'not-sealed') throw new Error('it was sealed')
  return bundle
}
const check = async (bundle: Awaited<ReturnType<typeof made>>) =>
  verifyBundle(spellBundle(bundle), { keys: [it.signer.key], witnesses: [] })

const written = async () => {
  const [row] = await world.query<{ contents: number; bytes: number }>(
    'select count(*)::int as contents, sum(length(content))::int as bytes from revisions',
  )
  return row ?? { contents: 0, bytes: 0 }
}

test('[context/at-request-time] its verdicts are computed again, here, elsewhere, and by a server that reads it anew', async () => {
  const { directory = '' } = await world.store.heads()
  expect(await world.store.revisions.content(directory)).toMatchObject({ countersign: 'parts/v1' })
  expect(await why(world.app.machinery, waiver)).toMatchObject({ follows: true })
  const store = await openStore({ url: world.url })
  try {
    const again = await why({ store, knowledge: knowledgeOf(store) }, waiver)
    expect(again?.acts.map(({ type, follows }) => `${type} ${follows}`)).toEqual([
      'WaiverRequested yes',
      'AttemptRefused yes',
    ])
  } finally {
    await store.close()
  }
  const bundle = await made(waiver)
  expect(Object.keys(bundle.revisions).length).toBeGreaterThan(8)
  expect(await check(bundle)).toMatchObject({ outcome: 'proven' })
})

test('[terms/digest] a bundle without a part of it is incomplete, and with a part that nothing names refuted', async () => {
  const bundle = await made(waiver)
  const parts = Object.keys(bundle.revisions).filter((digest) => Array.isArray(bundle.revisions[digest]))
  const { [parts[0] as string]: _, ...fewer } = bundle.revisions
  expect(await check({ ...bundle, revisions: fewer })).toMatchObject({ outcome: 'incomplete' })
  const strange = [{ id: 'per_x', kind: 'person', name: 'x', source: 'hr' }]
  const more = { ...bundle.revisions, [digestOfText(canonicalJson(strange))]: strange }
  expect(await check({ ...bundle, revisions: more })).toMatchObject({ outcome: 'disproven' })
  expect(await check(await made(waiver, true))).toMatchObject({ outcome: 'incomplete' })
})

test('one person more writes one part and what names it; the same word again writes nothing', async () => {
  const before = await written()
  await world.after(60)
  await world.changeDirectory(`${large}\nper_new member-of team_crowd7`)
  const after = await written()
  expect(after.contents - before.contents).toBeLessThan(6)
  expect(after.bytes - before.bytes).toBeLessThan(before.bytes / 4)
  await world.after(60)
  await world.changeDirectory(`${large}\nper_new member-of team_crowd7`)
  expect(await written()).toEqual(after)
  // Whoever starts with an empty memory finds the same directory, and writes as little.
  const { directory = '' } = await world.store.heads()
  const facts = await world.store.revisions.directory(directory)
  expect(facts?.nodes.some(({ id }) => id === 'per_new')).toBe(true)
  expect(canonicalJson(facts)).toBe(canonicalJson(await world.app.machinery.knowledge.facts(directory)))
})

test('a directory that was written as one text, however long, is read as ever', async () => {
  const { directory = '' } = await world.store.heads()
  const facts = await world.store.revisions.directory(directory)
  const content = canonicalJson(facts)
  const digest = digestOfText(content)
  await world.store.transact((tx) => tx.keep([{ digest, kind: 'directory', content }]))
  expect(await world.store.revisions.directory(digest)).toEqual(facts)
})

test('[B18] a part that a superuser took away is missed by whoever derives the log again', async () => {
  const { directory = '' } = await world.store.heads()
  const second = await world.must('per_oncall', {
    type: 'request',
    terms: termsFor({ beneficiary: 'per_oncall', access: { ...termsFor().access, account: 'oncall_db' } }),
  })
  await it.seal()
  const audit = async () => {
    const source = await auditSource(world.store)
    if (source === undefined) throw new Error('it was sealed')
    return auditLog(source, { keys: [it.signer.key], witnesses: [], required: 0, kept: [] })
  }
  expect(await audit()).toMatchObject({ outcome: 'proven' })
  const root = (await world.store.revisions.content(directory)) as { lists: { nodes: { of: string[] } } }
  await tamper(world, `delete from revisions where digest = '${root.lists.nodes.of[0]}'`)
  expect(await audit()).toMatchObject({ outcome: 'disproven', finding: 'facts-missing' })
  await expect(world.store.revisions.directory(directory)).rejects.toThrow('is not there')
  expect(second.status).toBe('requested')
})
