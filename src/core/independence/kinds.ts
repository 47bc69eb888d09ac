/**
 * Kinds of relations as numbers and as sets of bits, so that a rule names all the kinds it follows at once and a node
 * that has none of them is passed by with one look.
 */
import type { RelationKind } from '../directory.ts'

const relationKinds = [
  'member-of',
  'part-of',
  'maintains',
  'reports-to',
  'belongs-to',
  'same-as',
  'owns',
  'operates',
  'created',
  'holds-credential-of',
  'can-change',
  'delegates-to',
  'delegate-of',
  'administers',
  'on-rota',
  'sponsors',
] as const satisfies readonly RelationKind[]

/** `belongs-to` of an account about which nothing else is said, so that it leads nobody anywhere. */
export const soleAccountNumber = relationKinds.length

/** By number. */
export const kindNames: readonly RelationKind[] = [...relationKinds, 'belongs-to']

const numbersByKind = new Map<string, number>(relationKinds.map((kind, number) => [kind, number]))

/** `-1` for what is no kind of relation. */
export function kindNumber(kind: RelationKind): number {
  return numbersByKind.get(kind) ?? -1
}

/** One bit for each kind. */
export type KindSet = number

export function kindSet(...kinds: readonly RelationKind[]): KindSet {
  return kindNames.reduce((set, kind, number) => (kinds.includes(kind) ? set | (1 << number) : set), 0)
}

export const everyKind: KindSet = kindSet(...relationKinds)

/** Accounts that tell nothing about whoever they belong to: most accounts, and not worth a step. */
export const soleAccounts: KindSet = 1 << soleAccountNumber

export function countBits(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
