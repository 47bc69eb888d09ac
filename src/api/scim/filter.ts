/**
 * Which resources a client looks for: comparisons by `eq`, joined by `and`. Nothing else is offered, and what is not offered
 * is refused rather than answered with too much.
 */
import type { ScimKind } from '../../store/scim-contract.ts'
import { type AttributeKind, filterOf, schemas } from './definitions.ts'
import { ScimError } from './error.ts'
import type { Json } from './normal.ts'

export interface Condition {
  readonly extension?: string
  readonly attribute: AttributeKind
  /** Of a complex attribute. */
  readonly part?: AttributeKind
  readonly equals: unknown
}

/** @throws {ScimError} for anything but `eq` and `and` over attributes of the schema. */
export function conditionsOf(kind: ScimKind, expression: string): readonly Condition[] {
  const parsed = parse(expression)
  const [only] = parsed
  if (parsed.length !== 1 || !isObject(only)) throw notOffered('only `and` joins comparisons')
  return Object.entries(only).flatMap(([name, value]) => conditionsIn(kind, name, value))
}

/** The library does not know quotes inside of strings, so it is given their numbers instead and never sees what they say. */
function parse(expression: string): readonly unknown[] {
  try {
    const texts: string[] = []
    const numbered = expression.replaceAll(/"(?:[^"\\]|\\.)*"/gs, (text) => {
      texts.push(JSON.parse(text) as string)
      return `"${texts.length - 1}"`
    })
    return filterOf(numbered).map((one) => withTexts(one, texts))
  } catch {
    throw notOffered('the filter cannot be read')
  }
}

function withTexts(value: unknown, texts: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const last = value.length - 1
    return value.map((one, index) =>
      index === last && index > 0 && typeof one === 'string' ? texts[Number(one)] : one,
    )
  }
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTexts(one, texts)]))
}

function conditionsIn(kind: ScimKind, name: string, value: unknown): readonly Condition[] {
  const { attributes, extensions } = schemas[kind]
  const extension = [...extensions.keys()].find((urn) => name.toLowerCase().startsWith(`${urn}:`))
  const within = extension === undefined ? attributes : extensions.get(extension)
  const attribute = within?.get(
    extension === undefined ? name.toLowerCase() : name.slice(extension.length + 1).toLowerCase(),
  )
  if (attribute === undefined) throw notOffered('the filter names an attribute that is not there')
  const common = { attribute, ...(extension === undefined ? {} : { extension }) }
  if (Array.isArray(value)) {
    // `members eq "x"` is how some ask for a member.
    const part = attribute.type === 'complex' ? attribute.parts.get('value') : undefined
    return [{ ...common, ...(part === undefined ? {} : { part }), equals: compared(value) }]
  }
  if (!isObject(value)) throw notOffered('the filter cannot be read')
  return Object.entries(value).map(([partName, comparison]) => {
    const part = attribute.parts.get(partName.toLowerCase())
    if (part === undefined || !Array.isArray(comparison))
      throw notOffered('the filter names an attribute that is not there')
    return { ...common, part, equals: compared(comparison) }
  })
}

function compared(comparison: readonly unknown[]): unknown {
  const [operator, value] = comparison
  if (comparison.length !== 2 || String(operator).toLowerCase() !== 'eq') throw notOffered('only `eq` compares')
  return value
}

export function matches(resource: Json, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => holds(resource, condition, conditions))
}

/** Conditions on parts of one attribute hold for one and the same of its values. */
function holds(resource: Json, { extension, attribute, part, equals }: Condition, all: readonly Condition[]): boolean {
  const scope = extension === undefined ? resource : extensionIn(resource, extension)
  const value = scope[attribute.name]
  if (part === undefined) return listOf(value).some((one) => isEqual(attribute, one, equals))
  const together = all.filter((other) => other.attribute === attribute && other.part !== undefined)
  return listOf(value).some((one) => together.every((other) => isPartEqual(one, other)))
}

function isPartEqual(value: unknown, { part, equals }: Condition): boolean {
  return part !== undefined && isObject(value) && isEqual(part, value[part.name], equals)
}

function isEqual({ caseExact, type }: AttributeKind, value: unknown, wanted: unknown): boolean {
  if (typeof value === 'string' && typeof wanted === 'string' && !caseExact && type !== 'reference')
    return value.toLowerCase() === wanted.toLowerCase()
  if (typeof value === 'boolean' && typeof wanted === 'string') return String(value) === wanted.toLowerCase()
  return value === wanted
}

function extensionIn(resource: Json, urn: string): Json {
  const name = Object.keys(resource).find((key) => key.toLowerCase() === urn)
  const value = name === undefined ? undefined : resource[name]
  return isObject(value) ? value : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notOffered(detail: string): ScimError {
  return new ScimError(400, `${detail}; filters take \`eq\` and \`and\``, 'invalidFilter')
}
