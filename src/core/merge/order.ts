/**
 * In which order do facts stand? In one that depends on nothing but the facts, so that equal directories are equal
 * bytes. Texts are ordered by code unit, never by language.
 */
import type { Absence, DirectoryNode, Relation, Shift, SourceId, StandingAccess } from '../directory.ts'

/** Of lists of which no source's facts are walked. */
export interface ListOrder<Fact> {
  /** 0 for what is the same fact, said again. */
  readonly key: (a: Fact, b: Fact) => number
  /** 0 only for facts that are equal in everything. */
  readonly full: (a: Fact, b: Fact) => number
  /** What both compare first. */
  readonly first: (fact: Fact) => string
}

export interface Order<Fact> extends ListOrder<Fact> {
  /** The same key for facts of one source, which need not name it. */
  readonly about: (a: Said<Fact>, b: Said<Fact>) => number
}

/** What one source says: the same order, without the source. */
export type Said<Fact> = Omit<Fact, 'source'>

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function aboutNodes(a: Said<DirectoryNode>, b: Said<DirectoryNode>): number {
  return compare(a.id, b.id) || compare(a.kind, b.kind)
}

function aboutRelations(a: Said<Relation>, b: Said<Relation>): number {
  return compare(a.from, b.from) || compare(a.relation, b.relation) || compare(a.to, b.to)
}

function aboutAccess(a: Said<StandingAccess>, b: Said<StandingAccess>): number {
  return compare(a.holder, b.holder) || compare(a.system, b.system) || compare(a.entitlement, b.entitlement)
}

function compareShifts(a: Shift, b: Shift): number {
  return (
    compare(a.rota, b.rota) ||
    compare(a.start, b.start) ||
    compare(a.end, b.end) ||
    compare(a.person, b.person) ||
    compare(a.source, b.source)
  )
}

function compareAbsences(a: Absence, b: Absence): number {
  return (
    compare(a.person, b.person) || compare(a.start, b.start) || compare(a.end, b.end) || compare(a.source, b.source)
  )
}

export const nodeOrder: Order<DirectoryNode> = orderBy(aboutNodes, ({ id }) => id)
export const relationOrder: Order<Relation> = orderBy(aboutRelations, ({ from }) => from)
export const accessOrder: Order<StandingAccess> = orderBy(aboutAccess, ({ holder }) => holder)

function orderBy<Fact extends { readonly source: SourceId }>(
  about: Order<Fact>['about'],
  first: Order<Fact>['first'],
): Order<Fact> {
  const key = (a: Fact, b: Fact) => about(a, b) || compare(a.source, b.source)
  return { about, key, full: (a, b) => key(a, b) || compareRest(a, b), first }
}

export const shiftOrder: ListOrder<Shift> & { readonly name: (shift: Shift) => string } = {
  key: compareShifts,
  full: compareShifts,
  first: ({ rota }) => rota,
  /** Unambiguous whatever the ids contain. */
  name: ({ rota, start, end, person, source }) => JSON.stringify([rota, start, end, person, source]),
}

export const absenceOrder: ListOrder<Absence> = {
  key: compareAbsences,
  full: compareAbsences,
  first: ({ person }) => person,
}

/** Facts with the same key are rare, so the slow way is good enough. */
function compareRest(a: object, b: object): number {
  return compare(inOrder(a), inOrder(b))
}

function inOrder(fact: object): string {
  return JSON.stringify(Object.entries(fact).sort(([a], [b]) => compare(a, b)))
}

/** Lists that are known to be in order. */
const ordered = new WeakSet<readonly unknown[]>()

type Sorting<Fact> = Pick<ListOrder<Fact>, 'full' | 'first'>

/** @returns the same array when it is in order already, as facts that were merged before always are. */
export function sorted<Fact>(facts: readonly Fact[], order: Sorting<Fact>): readonly Fact[] {
  if (ordered.has(facts)) return facts
  const isSorted = facts.every((fact, i) => i === 0 || order.full(facts[i - 1] as Fact, fact) <= 0)
  return isSorted ? facts : sortedAnew(facts, order)
}

/** Many facts are about few things: those are put in order first, and facts only within one of them. */
function sortedAnew<Fact>(facts: readonly Fact[], { full, first }: Sorting<Fact>): readonly Fact[] {
  const groups = Map.groupBy(facts, first)
  const all: Fact[] = []
  for (const name of [...groups.keys()].sort(compare))
    for (const fact of (groups.get(name) as Fact[]).sort(full)) all.push(fact)
  return all
}

/** The same for facts in force, which nobody changes: looked through once, they are known to be in order. */
export function settled<Fact>(facts: readonly Fact[], order: Sorting<Fact>): readonly Fact[] {
  const made = sorted(facts, order)
  ordered.add(made)
  return made
}

/** What is left of a list in order is in order. */
export function partOf<Fact>(facts: readonly Fact[], isWanted: (fact: Fact) => boolean): readonly Fact[] {
  if (facts.every(isWanted)) return facts
  const wanted = facts.filter(isWanted)
  if (ordered.has(facts)) ordered.add(wanted)
  return wanted
}

/** @returns both, each in order, as one list in order. Few of one among many of the other cost little more than a copy. */
export function interleaved<Fact>(
  one: readonly Fact[],
  other: readonly Fact[],
  { key }: Pick<ListOrder<Fact>, 'key'>,
): readonly Fact[] {
  const [many, few] = one.length < other.length ? [other, one] : [one, other]
  if (few.length === 0) {
    ordered.add(many)
    return many
  }
  const all: Fact[] = []
  let at = 0
  for (const fact of few) {
    const end = firstAfter(many, fact, at, key)
    for (; at < end; at++) all.push(many[at] as Fact)
    all.push(fact)
  }
  for (; at < many.length; at++) all.push(many[at] as Fact)
  ordered.add(all)
  return all
}

/** Looks ahead in steps that double, so that neighbours are found at once and far ones soon. */
function firstAfter<Fact>(facts: readonly Fact[], fact: Fact, from: number, key: Order<Fact>['key']): number {
  let [low, step] = [from, 1]
  while (low + step <= facts.length && key(facts[low + step - 1] as Fact, fact) < 0) {
    low += step
    step *= 2
  }
  let high = Math.min(facts.length, low + step)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (key(facts[middle] as Fact, fact) < 0) low = middle + 1
    else high = middle
  }
  return low
}
