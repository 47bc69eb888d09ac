/**
 * Several files, put together: every entry keeps the place where it was written, so that later checks can point at it.
 * Nothing overrides anything: what is written twice is a problem, with both places.
 */
import type { ReadFile } from './validate.ts'
import type { Path, Problem } from './yaml.ts'

export interface Placed<Item> {
  readonly value: Item
  /** @returns `file:line:column` of something inside this entry, or of the entry's own key. */
  at(path?: Path, part?: 'key' | 'value'): string
}

export type Section<Item> = ReadonlyMap<string, Placed<Item>>

type Parts = readonly ReadFile<object>[]

/** @returns all entries of one section (`tiers`, `people`, …) over all files. `keyOf` says which keys mean the same. */
export function mergeSection<Item>(
  name: string,
  parts: Parts,
  problems: Problem[],
  keyOf: (key: string) => string = (key) => key,
): Section<Item> {
  const section = new Map<string, Placed<Item>>()
  for (const part of parts) {
    for (const [key, value] of Object.entries(fieldOf<Record<string, Item>>(part, name) ?? {})) {
      const placed = place(part, [name, key], value)
      const earlier = section.get(keyOf(key))
      if (earlier === undefined) section.set(keyOf(key), placed)
      else problems.push({ where: placed.at(), message: `\`${key}\` is already defined at ${earlier.at()}` })
    }
  }
  return section
}

/** @returns a field that may be written once over all files, such as `changeDelay`. */
export function mergeSingle<Item>(name: string, parts: Parts, problems: Problem[]): Placed<Item> | undefined {
  let first: Placed<Item> | undefined
  for (const part of parts) {
    const value = fieldOf<Item>(part, name)
    if (value === undefined) continue
    const placed = place(part, [name], value)
    if (first === undefined) first = placed
    else problems.push({ where: placed.at(), message: `\`${name}\` is already written at ${first.at()}` })
  }
  return first
}

/** @returns the items of a list field over all files, one after the other. */
export function mergeList<Item>(name: string, parts: Parts): readonly Placed<Item>[] {
  return parts.flatMap((part) =>
    (fieldOf<readonly Item[]>(part, name) ?? []).map((item, index) => place(part, [name, index], item)),
  )
}

function fieldOf<Value>(part: ReadFile<object>, name: string): Value | undefined {
  return (part.content as Record<string, Value | undefined>)[name]
}

function place<Item>({ document }: ReadFile<object>, root: Path, value: Item): Placed<Item> {
  return { value, at: (path = [], part = 'value') => document.at([...root, ...path], path.length === 0 ? 'key' : part) }
}
