/** Cuts facts into parts and names them. It takes one part at a time, so that whoever writes them never holds them all. */
import type { Digest } from '../../core/terms.ts'
import { canonicalJson, digestOfText } from '../../lib/digest.ts'
import { branchesOf, endOfPart, endsByItself, rootMax } from './boundaries.ts'
import { type Cut, type Fact, isSmall, type Large, type ListName, type Lists, listNames, partsVersion } from './form.ts'
import { type Leaves, leavesOf, rememberLeaves } from './remembered.ts'

export interface Content {
  readonly digest: Digest
  /** Canonical JSON. */
  readonly content: string
}

/**
 * @param stored what the store has already, as it was read from there: none of its parts comes again.
 * @returns every content that is new, parts before what names them and the whole last, and then the name of the whole.
 */
export function* grow(value: Large, stored?: Large): Generator<Content, Digest> {
  if (isSmall(value)) return yield* one(value)
  const lists: Partial<Record<ListName, Cut>> = {}
  for (const name of listNames) {
    const list = (value as Lists)[name]
    if (list !== undefined) lists[name] = yield* growList(name, list, (stored as Lists | undefined)?.[name])
  }
  const rest = Object.entries(value).filter(([name]) => !(name in lists))
  return yield* one({ countersign: partsVersion, lists, rest: Object.fromEntries(rest) })
}

/** @returns the name that these facts have in the store, written or not. */
export function digestOfLarge(value: Large): Digest {
  const growing = grow(value)
  for (;;) {
    const step = growing.next()
    if (step.done) return step.value
  }
}

function* one(value: unknown): Generator<Content, Digest> {
  const content = canonicalJson(value)
  const digest = digestOfText(content)
  yield { digest, content }
  return digest
}

function* growList(
  name: ListName,
  list: readonly Fact[],
  stored: readonly Fact[] | undefined,
): Generator<Content, Cut> {
  const leaves = list === stored ? leavesOf(stored) : undefined
  const { digests, ends } = leaves ?? (yield* growLeaves(name, list, stored))
  rememberLeaves(list, { digests, ends })
  let [of, depth] = [digests, 0]
  for (; of.length > rootMax; depth++) {
    const above: Digest[] = []
    for (const branch of branchesOf(of)) above.push(yield* one(branch))
    // Names that end alike do not come often enough to be gathered: then they stay where they are.
    if (above.length >= of.length) break
    of = above
  }
  return { count: list.length, depth, of }
}

function* growLeaves(
  name: ListName,
  list: readonly Fact[],
  stored: readonly Fact[] | undefined,
): Generator<Content, Leaves> {
  const again = sameParts(name, list, stored)
  const digests: Digest[] = []
  const ends: number[] = []
  for (let start = 0; start < list.length; ) {
    const known = again(start)
    const end = known?.end ?? endOfPart(name, list, start)
    digests.push(known?.digest ?? (yield* one(list.slice(start, end))))
    ends.push(end)
    start = end
  }
  return { digests, ends }
}

/** @returns for a place in the list, the part of the stored list that consists of the very same facts and ends alike. */
function sameParts(name: ListName, list: readonly Fact[], stored: readonly Fact[] | undefined) {
  const leaves = leavesOf(stored)
  const starts = new Map(leaves?.ends.map((_, leaf) => [stored?.[leaves.ends[leaf - 1] ?? 0] as Fact, leaf] as const))
  return (start: number): { readonly end: number; readonly digest: Digest } | undefined => {
    const leaf = starts.get(list[start] as Fact)
    if (leaves === undefined || stored === undefined || leaf === undefined) return undefined
    const from = leaves.ends[leaf - 1] ?? 0
    const length = (leaves.ends[leaf] as number) - from
    const end = start + length
    if (end > list.length) return undefined
    for (let i = 1; i < length; i++) if (list[start + i] !== stored[from + i]) return undefined
    if (end < list.length && !endsByItself(name, list, start, end)) return undefined
    return { end, digest: leaves.digests[leaf] as Digest }
  }
}
