/**
 * Puts together what was cut. Contents come from whoever has them, looked at already: each is what it is named after. What
 * is not there, or is not what a part is, is an error and never a smaller directory.
 */
import type { Digest } from '../../core/terms.ts'
import { type Cut, type Fact, type Large, type Lists, listNames, type Root } from './form.ts'
import { rememberLeaves } from './remembered.ts'

/** @returns the contents by their names, in any order. */
export type ReadContents = (digests: readonly Digest[]) => Promise<ReadonlyMap<Digest, unknown>>

/** Read at once: some megabytes. */
const batchMax = 64

/** It is not there. */
export class PartMissing extends Error {}
/** It is there, and no part of what names it. */
export class PartWrong extends Error {}

/** @throws {PartMissing | PartWrong} */
export async function gather(root: Root, read: ReadContents): Promise<Large> {
  const words = new Map<unknown, unknown>()
  const lists: Partial<Record<(typeof listNames)[number], readonly Fact[]>> = {}
  for (const name of listNames) {
    const cut = root.lists[name]
    if (cut !== undefined) lists[name] = await gatherList(cut, read, words)
  }
  return { ...root.rest, ...(lists as Lists) } as unknown as Large
}

/** Every name below a root, itself apart. @throws {PartMissing | PartWrong} */
export async function* namesBelow(root: Root, read: ReadContents): AsyncGenerator<Digest> {
  for (const name of listNames) {
    const cut = root.lists[name]
    if (cut === undefined) continue
    let of: readonly Digest[] = cut.of
    yield* of
    for (let { depth } = cut; depth > 0; depth--) {
      of = await membersOf<Digest>(of, read)
      yield* of
    }
  }
}

async function gatherList(cut: Cut, read: ReadContents, words: Map<unknown, unknown>): Promise<readonly Fact[]> {
  let digests: readonly Digest[] = cut.of
  for (let { depth } = cut; depth > 0; depth--) digests = await membersOf<Digest>(digests, read)
  const list: Fact[] = []
  const ends: number[] = []
  for (let start = 0; start < digests.length; start += batchMax) {
    const batch = digests.slice(start, start + batchMax)
    const contents = await read(batch)
    for (const digest of batch) {
      for (const fact of arrayOf<Fact>(contents, digest)) list.push(sharing(fact, words))
      ends.push(list.length)
    }
  }
  if (list.length !== cut.count) throw new PartWrong(`there are ${list.length} facts where ${cut.count} were counted`)
  rememberLeaves(list, { digests, ends })
  return list
}

async function membersOf<Member>(digests: readonly Digest[], read: ReadContents): Promise<readonly Member[]> {
  const contents = await read(digests)
  return digests.flatMap((digest) => arrayOf<Member>(contents, digest))
}

function arrayOf<Member>(contents: ReadonlyMap<Digest, unknown>, digest: Digest): readonly Member[] {
  const content = contents.get(digest)
  if (content === undefined) throw new PartMissing(`\`${digest}\` is not there`)
  if (!Array.isArray(content)) throw new PartWrong(`\`${digest}\` is no part`)
  return content as readonly Member[]
}

/** Ids stand in many facts; each is kept in memory once. */
const sharedMembers = ['id', 'from', 'to', 'relation', 'source', 'holder', 'system', 'entitlement', 'kind'] as const

function sharing(fact: Fact, words: Map<unknown, unknown>): Fact {
  const own = fact as Record<string, unknown>
  for (const member of sharedMembers) {
    const word = own[member]
    if (word === undefined) continue
    const known = words.get(word)
    if (known === undefined) words.set(word, word)
    else own[member] = known
  }
  return own
}
