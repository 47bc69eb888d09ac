import { describe, expect, test } from 'vitest'
import { bigDirectory, noon } from '../../../test/support/directories.ts'
import type { DirectoryFacts } from '../../core/directory.ts'
import { applySource } from '../../core/merge.ts'
import { canonicalJson, digestOf } from '../../lib/digest.ts'
import { wholeMax } from './form.ts'
import {
  type Content,
  digestOfLarge,
  gather,
  grow,
  isRoot,
  namesBelow,
  PartMissing,
  PartWrong,
  type Root,
} from './index.ts'

const { facts } = bigDirectory({ people: 2_000, workloads: 60_000, seed: 3, now: Date.parse(noon) })

function grown(value: DirectoryFacts, stored?: DirectoryFacts) {
  const contents: Content[] = []
  const growing = grow(value, stored)
  for (let step = growing.next(); ; step = growing.next()) {
    if (step.done) return { digest: step.value, contents }
    contents.push(step.value)
  }
}

/** What a store would hold. */
function storeOf(...all: readonly (readonly Content[])[]) {
  const texts = new Map(all.flat().map(({ digest, content }) => [digest, content]))
  return {
    texts,
    read: async (digests: readonly string[]) =>
      new Map(
        digests.flatMap((digest) => {
          const text = texts.get(digest)
          return text === undefined ? [] : [[digest, JSON.parse(text) as unknown] as const]
        }),
      ),
    root: (digest: string) => JSON.parse(texts.get(digest) as string) as Root,
  }
}

const lengthOf = (contents: readonly Content[]) => contents.reduce((sum, { content }) => sum + content.length, 0)
const sorted = {
  ...facts,
  ...applySource({ ...facts, nodes: [], relations: [], shifts: [] }, snapshotOf(facts), noon, 400),
}

function snapshotOf({ nodes, relations, shifts, sources }: DirectoryFacts) {
  const [source] = sources
  if (source === undefined) throw new Error('the directory has a source')
  return { source, nodes, relations, shifts }
}

describe('a directory that is too large for one text', () => {
  const whole = grown(sorted)

  test('comes back as it was, from contents that are each what they are named after', async () => {
    for (const { digest, content } of whole.contents) expect(digestOf(JSON.parse(content))).toBe(digest)
    const store = storeOf(whole.contents)
    const root = store.root(whole.digest)
    expect(isRoot(root)).toBe(true)
    const again = (await gather(root, store.read)) as DirectoryFacts
    expect(canonicalJson(again)).toBe(canonicalJson(sorted))
    expect(digestOfLarge(again)).toBe(whole.digest)
    const names: string[] = []
    for await (const name of namesBelow(root, store.read)) names.push(name)
    expect(new Set([...names, whole.digest])).toEqual(new Set(whole.contents.map(({ digest }) => digest)))
  })

  test('a change writes the part it is in and what names that part, and is called what it would be called anyway', async () => {
    const store = storeOf(whole.contents)
    const stored = (await gather(store.root(whole.digest), store.read)) as DirectoryFacts
    const [place, other] = [30_000, 7]
    const changes: readonly DirectoryFacts[] = [
      { ...stored, nodes: stored.nodes.with(place, { ...stored.nodes[place], name: 'Renamed' } as never) },
      { ...stored, relations: stored.relations.toSpliced(place, 1) },
      { ...stored, nodes: stored.nodes.toSpliced(other, 0, { id: 'acc_0', kind: 'account', name: 'x', source: 'hr' }) },
      { ...stored, relations: [...stored.relations, { from: 'zz', relation: 'owns', to: 'zz', source: 'hr' }] },
    ]
    for (const changed of changes) {
      const { digest, contents } = grown(changed, stored)
      expect(digest).not.toBe(whole.digest)
      expect(digest).toBe(digestOfLarge({ ...changed, nodes: [...changed.nodes], relations: [...changed.relations] }))
      expect(lengthOf(contents)).toBeLessThan(lengthOf(whole.contents) / 20)
      const both = storeOf(whole.contents, contents)
      expect(canonicalJson(await gather(both.root(digest), both.read))).toBe(canonicalJson(changed))
    }
  })

  test('[B18] a part that is not there, or is another one, is an error and no smaller directory', async () => {
    const store = storeOf(whole.contents)
    const root = store.root(whole.digest)
    const [first = ''] = root.lists.nodes?.of ?? []
    store.texts.delete(first)
    await expect(gather(root, store.read)).rejects.toThrow(PartMissing)
    store.texts.set(first, '[]')
    await expect(gather(root, store.read)).rejects.toThrow(PartWrong)
    store.texts.set(first, '{}')
    await expect(gather(root, store.read)).rejects.toThrow(PartWrong)
    expect(isRoot({ ...root, lists: { nodes: { count: 1, depth: 1e9, of: [] } } })).toBe(false)
    expect(isRoot({ ...root, lists: { nodes: { count: 1, depth: 0, of: [1] } } })).toBe(false)
  })
})

test('what is small stays whole, as it always was', () => {
  const small = {
    ...sorted,
    nodes: sorted.nodes.slice(0, 10),
    relations: sorted.relations.slice(0, wholeMax - 10),
    shifts: [],
  }
  expect(grown(small)).toMatchObject({ digest: digestOf(small), contents: [{ content: canonicalJson(small) }] })
  expect(grown({ ...small, nodes: sorted.nodes.slice(0, 11) }).contents.length).toBeGreaterThan(1)
})
