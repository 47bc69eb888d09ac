/**
 * Where is a list cut? After a fact whose own name says so, so that a fact more or less moves no other boundary. The names
 * are hashed quickly and not securely: whoever chooses names can make parts small or large, within bounds, and nothing else.
 */
import type { Fact, ListName } from './form.ts'

/** One fact in so many is the last of its part; a power of two. */
const meanCount = 512
const countMax = 4_096

/** What a fact is about, and not what is said of it: an end that is set moves no boundary. */
const naming: Readonly<Record<ListName, readonly string[]>> = {
  absences: ['person', 'start'],
  access: ['holder', 'system', 'entitlement'],
  nodes: ['id'],
  relations: ['from', 'relation', 'to'],
  shifts: ['rota', 'start', 'person'],
}

/** @returns the end of the part that begins at `start`. */
export function endOfPart(name: ListName, facts: readonly Fact[], start: number): number {
  const limit = Math.min(facts.length, start + countMax)
  for (let at = start; at < limit; at++) if (isLast(name, facts[at] as Fact)) return at + 1
  return limit
}

/** Whether a part ends here whatever comes after it. */
export function endsByItself(name: ListName, facts: readonly Fact[], start: number, end: number): boolean {
  return end - start === countMax || isLast(name, facts[end - 1] as Fact)
}

function isLast(name: ListName, fact: Fact): boolean {
  let hash = 0x811c9dc5
  for (const member of naming[name]) {
    const word = String(fact[member])
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ 0x1f, 0x01000193)
  }
  // The low bits of this hash know little of its high ones.
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  hash ^= hash >>> 12
  return (hash & (meanCount - 1)) === 0
}

/** Names of parts in one part, on average; they end in random digits already. */
const branchEnd = /00$/
const branchMax = 2_048

export function branchesOf<Name extends string>(digests: readonly Name[]): readonly (readonly Name[])[] {
  const branches: Name[][] = [[]]
  for (const digest of digests) {
    const last = branches.at(-1) as Name[]
    last.push(digest)
    if (branchEnd.test(digest) || last.length === branchMax) branches.push([])
  }
  return branches.filter(({ length }) => length > 0)
}

/** So many stand in the root itself. */
export const rootMax = 256
