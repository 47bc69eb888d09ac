/**
 * Which names could a person take for one another? Names are compared by what one sees: confusable characters (the skeleton
 * of UTS #39), letter case, accents, dots and spaces fold together. It flags and suggests; it never says that two are one.
 */
import type { DirectoryNode, NodeId, SourceId } from '../directory.ts'
import { confusables } from './confusables.ts'

/** Shorter names look like too much. */
const keyLengthMin = 4

/** @returns what is left of a name once everything is folded that the eye folds; empty when nothing is. */
export function lookAlikeKey(name: string): string {
  const isPlain = /^[ -~]*$/.test(name)
  const bare = isPlain ? name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '') : bareOf(name)
  // Lower-case i and l are no confusables by the table, and are by every screen.
  return bare.replaceAll(/[i1]/g, 'l').replaceAll('0', 'o').replaceAll('m', 'rn')
}

function bareOf(name: string): string {
  const folded = prototypes(prototypes(name.normalize('NFKC')).toLowerCase())
  return folded.normalize('NFD').replaceAll(/\p{M}+|[^\p{L}\p{N}]+/gu, '')
}

function prototypes(text: string): string {
  let made = ''
  for (const character of text) made += confusables.get(character) ?? character
  return made
}

export interface LookAlikes {
  /** People who may be one and the same, each named once: `[one, other]` in the order of their ids. */
  readonly suggested: readonly (readonly [NodeId, NodeId])[]
  /** Different people of one source whose names are the same, character by character. */
  readonly namesakes: readonly (readonly NodeId[])[]
  /** Accounts on one system whose logins look alike and are not the same. */
  readonly accounts: readonly (readonly NodeId[])[]
}

interface Person {
  readonly id: NodeId
  readonly names: ReadonlySet<string>
  readonly sources: ReadonlySet<SourceId>
  readonly gone: boolean
}

export function lookAlikes(nodes: readonly DirectoryNode[]): LookAlikes {
  const people = peopleAlike(nodes)
  return {
    suggested: suggestedOf(people),
    namesakes: people
      .map((group) => group.filter((one) => group.some((other) => areNamesakes(one, other))))
      .filter((group) => group.length > 1)
      .map((group) => group.map(({ id }) => id)),
    accounts: accountsAlike(nodes),
  }
}

/** The suggestions alone: they are asked for at every change of the directory. */
export function suggestedLinks(nodes: readonly DirectoryNode[]): LookAlikes['suggested'] {
  return suggestedOf(peopleAlike(nodes))
}

type Group = readonly Person[]

function peopleAlike(nodes: readonly DirectoryNode[]): readonly Group[] {
  return groups(peopleOf(nodes), ({ names }) => [...names].map(lookAlikeKey))
}

function suggestedOf(people: readonly Group[]): LookAlikes['suggested'] {
  const pairs = people.flatMap((group) => pairsIn(group))
  return unique(pairs.filter(([one, other]) => mayBeOne(one, other)))
}

/**
 * Two sources that name somebody alike mean one human being more often than not, and so does a source in which somebody
 * left and somebody of the same name came. One source that has two people side by side knows why, unless their names only
 * look the same.
 */
function mayBeOne(one: Person, other: Person): boolean {
  const apart = ![...one.sources].some((source) => other.sources.has(source))
  return apart || one.gone !== other.gone || !areNamesakes(one, other)
}

function areNamesakes(one: Person, other: Person): boolean {
  return one.id !== other.id && [...one.names].some((name) => other.names.has(name))
}

function peopleOf(nodes: readonly DirectoryNode[]): readonly Person[] {
  const people = new Map<NodeId, { id: NodeId; names: Set<string>; sources: Set<SourceId>; gone: boolean }>()
  for (const { id, kind, name, source, until } of nodes) {
    if (kind !== 'person') continue
    const known = people.get(id) ?? { id, names: new Set(), sources: new Set(), gone: false }
    known.names.add(name)
    known.sources.add(source)
    known.gone ||= until !== undefined
    people.set(id, known)
  }
  return [...people.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function accountsAlike(nodes: readonly DirectoryNode[]): readonly (readonly NodeId[])[] {
  const accounts = [...new Map(nodes.filter(({ kind }) => kind === 'account').map((node) => [node.id, node])).values()]
  return groups(accounts, ({ on = '', login = '' }) => {
    const key = lookAlikeKey(login)
    return [key.length < keyLengthMin ? '' : `${on.length}:${on}${key}`]
  })
    .filter((group) => new Set(group.map(({ login }) => login)).size > 1)
    .map((group) => group.map(({ id }) => id).sort())
}

function groups<One>(all: readonly One[], keysOf: (one: One) => readonly string[]): readonly (readonly One[])[] {
  const byKey = new Map<string, One[]>()
  for (const one of all) {
    for (const key of new Set(keysOf(one))) {
      if (key.length < keyLengthMin) continue
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, [one])
      else known.push(one)
    }
  }
  return [...byKey.values()].filter((group) => group.length > 1)
}

/** Links lead on, so a chain through the group says the same as every pair of it. */
function pairsIn(group: readonly Person[]): (readonly [Person, Person])[] {
  const pairs: (readonly [Person, Person])[] = []
  for (const [index, other] of group.entries()) {
    const one = group.slice(0, index).find((earlier) => mayBeOne(earlier, other))
    if (one !== undefined) pairs.push([one, other])
  }
  return pairs
}

function unique(pairs: readonly (readonly [Person, Person])[]): (readonly [NodeId, NodeId])[] {
  const ids = new Map(pairs.map(([one, other]) => [`${one.id} ${other.id}`, [one.id, other.id] as const]))
  return [...ids.values()]
}
