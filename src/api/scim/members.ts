/**
 * Members of a group: put in, taken out and compared one by one. Groups have thousands, and a provider sends them one call at
 * a time, so what a call does not touch is carried along as it is and not read against the schema again.
 */

import { ScimError } from './error.ts'
import { type Condition, conditionsOf } from './filter.ts'
import type { Json } from './normal.ts'

export interface Member {
  readonly value: unknown
  readonly type?: 'User' | 'Group'
}

const types: Readonly<Record<string, 'User' | 'Group'>> = { user: 'User', group: 'Group' }

/** @returns each once, in the order in which they came. Whether they are there is for others to see. */
export function membersIn(sent: unknown): readonly Member[] {
  if (!Array.isArray(sent)) throw new ScimError(400, '`members` is a list', 'invalidValue')
  const members = new Map<unknown, Member>()
  for (const one of sent as readonly unknown[]) {
    if (typeof one !== 'object' || one === null) throw new ScimError(400, 'a member is an object', 'invalidValue')
    const { value, type } = one as Json
    members.set(value, { value, ...(type === undefined ? {} : { type: typeOf(type) }) })
  }
  return [...members.values()]
}

function typeOf(type: unknown): 'User' | 'Group' {
  const known = typeof type === 'string' ? types[type.toLowerCase()] : undefined
  if (known === undefined) throw new ScimError(400, 'the `type` of a member is `User` or `Group`', 'invalidValue')
  return known
}

export interface MembersChange {
  readonly op: 'add' | 'replace' | 'remove'
  /** Inside the brackets. */
  readonly filter?: string
  readonly value?: unknown
}

/** @returns the members afterwards; `unknown-form` for what the library has to read. */
export function changedMembers(
  before: unknown,
  { op, filter, value }: MembersChange,
): readonly Member[] | 'unknown-form' {
  const members = (before ?? []) as readonly Member[]
  if (filter !== undefined) {
    const named = op === 'remove' && value === undefined ? onlyValue(filter) : undefined
    return named === undefined ? 'unknown-form' : members.filter((member) => member.value !== named)
  }
  if (op === 'remove' && value === undefined) return []
  const said = membersIn(value)
  if (op === 'replace') return said
  if (op === 'add') return membersIn([...members, ...said])
  const gone = new Set(said.map((member) => member.value))
  return members.filter((member) => !gone.has(member.value))
}

/** `value eq "…"` and nothing else. */
function onlyValue(filter: string): string | undefined {
  const conditions = conditionsOf('Group', `members[${filter}]`)
  const [only] = conditions as readonly [Condition]
  return conditions.length === 1 && only.part?.name === 'value' && typeof only.equals === 'string'
    ? only.equals
    : undefined
}

export function areSameMembers(one: unknown, other: unknown): boolean {
  const [a, b] = [(one ?? []) as readonly Member[], (other ?? []) as readonly Member[]]
  return a.length === b.length && a.every(({ value, type }, at) => value === b[at]?.value && type === b[at]?.type)
}
