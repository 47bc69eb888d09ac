/**
 * What clients send and the standard does not: attribute names in another case, `"True"` for true, a manager as bare text,
 * members of an object named `name.givenName`. Brought into the form of the schema before anything looks at it. What no
 * schema names is left out, and so is what no client may set.
 */
import type { ScimKind } from '../../store/scim-contract.ts'
import { type AttributeKind, schemas } from './definitions.ts'
import { ScimError } from './error.ts'

export type Json = Readonly<Record<string, unknown>>

/** Set by us, or none of our business: secrets are not kept. */
const notTheirs: ReadonlySet<string> = new Set(['schemas', 'id', 'meta', 'groups', 'password'])

export interface Path {
  /** URN of the extension, as the schema has it. */
  readonly extension?: string
  readonly attribute: AttributeKind
  /** Inside the brackets, as it was written. */
  readonly filter?: string
  readonly part?: AttributeKind
}

/** A whole resource. */
export function normalResource(kind: ScimKind, body: unknown): Json {
  const given = objectOr(body, 'a resource is a JSON object')
  const known: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const extension = schemas[kind].extensions.get(name.toLowerCase())
    if (extension !== undefined) {
      const parts = entriesIn(extension, objectOr(value, `\`${name}\` is an object`))
      if (Object.keys(parts).length > 0) known[urnOf(kind, name)] = parts
      continue
    }
    const attribute = schemas[kind].attributes.get(name.toLowerCase())
    if (attribute === undefined || notTheirs.has(attribute.name)) continue
    const normal = normalValue(attribute, value)
    if (normal !== undefined) known[attribute.name] = normal
  }
  return known
}

/** @returns the value in the form of its attribute; undefined where nothing is set. */
export function normalValue(attribute: AttributeKind, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (attribute.multiValued) {
    const list = (Array.isArray(value) ? value : [value]).map((one) => single(attribute, one))
    return list.length === 0 ? undefined : list
  }
  return single(attribute, value)
}

function single(attribute: AttributeKind, value: unknown): unknown {
  const { type, name, parts } = attribute
  if (type === 'boolean') return booleanOf(value)
  if (type !== 'complex') return value
  // A manager is sent as the bare id by some, and as nothing when there is none.
  if (typeof value === 'string') return value === '' ? undefined : { value }
  return entriesIn(parts, objectOr(value, `\`${name}\` is an object`))
}

function entriesIn(attributes: ReadonlyMap<string, AttributeKind>, given: Json): Json {
  const known: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const attribute = attributes.get(name.toLowerCase())
    const normal = attribute && normalValue(attribute, value)
    if (attribute !== undefined && normal !== undefined) known[attribute.name] = normal
  }
  return known
}

function booleanOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const lower = value.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : value
}

const pathPattern = /^(?:(urn:[A-Za-z0-9:._-]+):)?([A-Za-z$][\w$-]*)(?:\[(.+)\])?(?:\.([A-Za-z$][\w$-]*))?$/s

/** @returns undefined for a path that leads into no schema of ours. @throws {ScimError} for one nobody can read. */
export function pathOf(kind: ScimKind, text: string): Path | undefined {
  const [, urn, name = '', filter, partName] = pathPattern.exec(text) ?? []
  if (name === '') throw new ScimError(400, 'the path cannot be read', 'invalidPath')
  const schema = schemas[kind]
  const own = urn === undefined || urn.toLowerCase() === schema.id.toLowerCase()
  const attributes = own ? schema.attributes : schema.extensions.get(urn.toLowerCase())
  const attribute = attributes?.get(name.toLowerCase())
  if (attribute === undefined || notTheirs.has(attribute.name)) return undefined
  const part = partName === undefined ? undefined : attribute.parts.get(partName.toLowerCase())
  if (partName !== undefined && part === undefined) return undefined
  return {
    attribute,
    ...(own ? {} : { extension: urnOf(kind, urn) }),
    ...(filter === undefined ? {} : { filter }),
    ...(part === undefined ? {} : { part }),
  }
}

export function spelled({ extension, attribute, filter, part }: Path): string {
  const prefix = extension === undefined ? '' : `${extension}:`
  return `${prefix}${attribute.name}${filter === undefined ? '' : `[${filter}]`}${part === undefined ? '' : `.${part.name}`}`
}

/** As the library spells it. */
function urnOf(kind: ScimKind, urn: string): string {
  for (const [lower] of schemas[kind].extensions)
    if (lower === urn.toLowerCase()) return lower.replace(':user', ':User')
  return urn
}

export function objectOr(value: unknown, otherwise: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ScimError(400, otherwise, 'invalidSyntax')
  return value as Json
}
