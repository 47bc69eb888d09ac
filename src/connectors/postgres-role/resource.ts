/**
 * Which object on the target does a resource name, and which actions fit it? One object has exactly one spelling, so
 * that comparing resources as text compares objects; everything else is refused, never interpreted.
 *
 *     ledger                          the schema ledger
 *     ledger.entries                  a table, view, materialized view, foreign table or sequence
 *     ledger.post(integer, text)      a function or procedure, with its argument types as PostgreSQL writes them
 *     "Ledger"."odd ""name"""         quoted where, and only where, PostgreSQL needs quotes
 */
import { fitName, UnfitSpec } from './name.ts'

export type ResourceKind = 'relation' | 'schema' | 'function'

export interface Resource {
  /** As it stands in the terms. */
  readonly text: string
  readonly kind: ResourceKind
  readonly schema: string
  readonly name: string
  /** Argument types of a function: `integer, text`. Compared as text, never parsed. */
  readonly args: string
}

/** What each kind of object can be used for; `update` of a sequence is `setval`. `maintain` needs PostgreSQL 17. */
export const actionsOf = {
  table: ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'],
  sequence: ['usage', 'select', 'update'],
  schema: ['usage', 'create'],
  function: ['execute'],
} as const

const knownActions = new Set<string>(Object.values(actionsOf).flat())

const identifier = `([a-z_][a-z0-9_$]*|"(?:[^"]|"")+")`
const pattern = new RegExp(String.raw`^${identifier}(?:\.${identifier}(\((.*)\))?)?$`, 'su')
const plain = /^[a-z_][a-z0-9_$]*$/

/** @throws {UnfitSpec} for anything but the one spelling of an object's name. */
export function parseResource(text: string): Resource {
  const match = pattern.exec(text)
  if (match === null) throw new UnfitSpec(`\`${text}\` is not a resource: write \`schema.table\`, quoted where needed`)
  const [, first = '', second, call, args = ''] = match
  const schema = unquote(first, text)
  if (second === undefined) return { text, kind: 'schema', schema, name: '', args: '' }
  if (args.includes('\0') || !args.isWellFormed()) throw new UnfitSpec(`\`${text}\` holds characters no name can hold`)
  return { text, kind: call === undefined ? 'relation' : 'function', schema, name: unquote(second, text), args }
}

/** @throws {UnfitSpec} for an action no kind of object has. */
export function parseAction(action: string): string {
  if (!knownActions.has(action)) {
    throw new UnfitSpec(`\`${action}\` is not an action: use ${[...knownActions].join(', ')}`)
  }
  return action
}

function unquote(written: string, text: string): string {
  if (!written.startsWith('"')) return fitName(written, 'name')
  const name = written.slice(1, -1).replaceAll('""', '"')
  if (plain.test(name))
    throw new UnfitSpec(`\`${text}\`: write \`${name}\` without quotes, so that it has one spelling`)
  return fitName(name, 'name')
}
