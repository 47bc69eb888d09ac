/**
 * In which order do facts stand? In one that depends on nothing but the facts, so that equal directories are equal
 * bytes. Texts are ordered by code unit, never by language.
 */
import type { Absence, DirectoryNode, Relation, Shift, StandingAccess } from '../directory.ts'

export interface Order<Fact> {
  /** 0 for what is the same fact, said again. */
  readonly key: (a: Fact, b: Fact) => number
  /** 0 only for facts that are equal in everything. */
  readonly full: (a: Fact, b: Fact) => number
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareNodeKeys(a: DirectoryNode, b: DirectoryNode): number {
  return compare(a.id, b.id) || compare(a.kind, b.kind) || compare(a.source, b.source)
}

function compareRelationKeys(a: Relation, b: Relation): number {
  return (
    compare(a.from, b.from) || compare(a.relation, b.relation) || compare(a.to, b.to) || compare(a.source, b.source)
  )
}

function compareAccessKeys(a: StandingAccess, b: StandingAccess): number {
  return (
    compare(a.holder, b.holder) ||
    compare(a.system, b.system) ||
    compare(a.entitlement, b.entitlement) ||
    compare(a.source, b.source)
  )
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

export const nodeOrder: Order<DirectoryNode> = {
  key: compareNodeKeys,
  full: (a, b) => compareNodeKeys(a, b) || compareRest(a, b),
}

export const relationOrder: Order<Relation> = {
  key: compareRelationKeys,
  full: (a, b) => compareRelationKeys(a, b) || compareRest(a, b),
}

export const accessOrder: Order<StandingAccess> = {
  key: compareAccessKeys,
  full: (a, b) => compareAccessKeys(a, b) || compareRest(a, b),
}

export const shiftOrder: Order<Shift> & { readonly name: (shift: Shift) => string } = {
  key: compareShifts,
  full: compareShifts,
  /** Unambiguous whatever the ids contain. */
  name: ({ rota, start, end, person, source }) => JSON.stringify([rota, start, end, person, source]),
}

export const absenceOrder: Order<Absence> = { key: compareAbsences, full: compareAbsences }

/** Facts with the same key are rare, so the slow way is good enough. */
function compareRest(a: object, b: object): number {
  return compare(inOrder(a), inOrder(b))
}

function inOrder(fact: object): string {
  return JSON.stringify(Object.entries(fact).sort(([a], [b]) => compare(a, b)))
}

/** @returns the same array when it is in order already, as facts that were merged before always are. */
export function sorted<Fact>(facts: readonly Fact[], order: Order<Fact>): readonly Fact[] {
  const isSorted = facts.every((fact, i) => i === 0 || order.full(facts[i - 1] as Fact, fact) <= 0)
  return isSorted ? facts : facts.toSorted(order.full)
}
