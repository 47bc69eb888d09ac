/**
 * A directory of a million workloads is too long for one text, and one person more should not write all of it again. So
 * its lists are cut into parts, each kept under the hash of its content, and what carries the name of the whole is a root:
 * the hashes of the parts, and of parts of hashes where there are many. Equal facts have equal roots; a part that is the
 * same before and after a change is one part. What is small stays whole, as everything was before there were parts.
 */
import type { DirectoryFacts, SourceSnapshot } from '../../core/directory.ts'
import type { Digest } from '../../core/terms.ts'

export const partsVersion = 'parts/v1'

export const listNames = ['absences', 'access', 'nodes', 'relations', 'shifts'] as const
export type ListName = (typeof listNames)[number]

/** What may be too large: the facts in force, or the word of one source. */
export type Large = DirectoryFacts | SourceSnapshot

export type Fact = Readonly<Record<string, unknown>>
export type Lists = Readonly<Partial<Record<ListName, readonly Fact[]>>>

/** Of one list: `of` names its parts, or at a greater depth parts that name parts. */
export interface Cut {
  readonly count: number
  readonly depth: number
  readonly of: readonly Digest[]
}

export interface Root {
  readonly countersign: typeof partsVersion
  readonly lists: Readonly<Partial<Record<ListName, Cut>>>
  /** Everything but the lists. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** Nobody needs deeper trees. */
const depthMax = 8

/** @returns whether this content names parts. Facts that are whole have no such member; it may be anybody's word. */
export function isRoot(content: unknown): content is Root {
  if (!isObject(content) || content.countersign !== partsVersion) return false
  const { lists, rest } = content
  return isObject(lists) && isObject(rest) && Object.values(lists).every(isCut)
}

function isCut(cut: unknown): cut is Cut {
  if (!isObject(cut) || !Array.isArray(cut.of)) return false
  const { count, depth, of } = cut as { count: unknown; depth: unknown; of: readonly unknown[] }
  const isCount = (number: unknown) => Number.isSafeInteger(number) && (number as number) >= 0
  return isCount(count) && isCount(depth) && (depth as number) <= depthMax && of.every((one) => typeof one === 'string')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How many facts it stands for. */
export function countIn({ lists }: Root): number {
  return listNames.reduce((sum, name) => sum + (lists[name]?.count ?? 0), 0)
}

/** Kept whole up to so many facts: some hundred kilobytes. */
export const wholeMax = 4_096

export function isSmall(value: Large): boolean {
  const lists = value as Lists
  return listNames.reduce((sum, name) => sum + (lists[name]?.length ?? 0), 0) <= wholeMax
}
