/** Is this an event of OCSF 1.8.0? By the published attributes, requirements, enumerations and constraints. */
import { readFileSync } from 'node:fs'

interface Attribute {
  readonly type: string
  readonly object_type?: string
  readonly is_array?: boolean
  readonly requirement?: 'required' | 'recommended' | 'optional'
  readonly profiles?: readonly string[]
  readonly enum?: readonly string[]
}

interface Shape {
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly constraints?: { readonly at_least_one?: readonly string[] }
}

interface Schema {
  readonly classes: Readonly<Record<string, Shape & { readonly uid: number; readonly category_uid: number }>>
  readonly objects: Readonly<Record<string, Shape>>
}

const schema = JSON.parse(readFileSync(new URL('schemas/ocsf-1.8.0.json', import.meta.url), 'utf8')) as Schema

/** @returns what is wrong with the event, place by place; empty when it is one. */
export function ocsfProblems(event: Readonly<Record<string, unknown>>): readonly string[] {
  const shape = Object.values(schema.classes).find(({ uid }) => uid === event.class_uid)
  if (shape === undefined) return [`class_uid: ${String(event.class_uid)} is no class in use`]
  return [
    ...(event.category_uid === shape.category_uid ? [] : ['category_uid: is not the class’s']),
    ...(event.type_uid === Number(event.class_uid) * 100 + Number(event.activity_id)
      ? []
      : ['type_uid: does not follow']),
    ...problemsIn(event, shape, ''),
  ]
}

function problemsIn(value: Readonly<Record<string, unknown>>, shape: Shape, at: string): readonly string[] {
  const { attributes, constraints } = shape
  const missing = Object.entries(attributes)
    // Attributes of a profile are asked for only where the profile is applied.
    .filter(
      ([name, { requirement, profiles }]) => requirement === 'required' && profiles === undefined && !(name in value),
    )
    .map(([name]) => `${at}${name}: is required`)
  const oneOf = constraints?.at_least_one
  const none =
    oneOf !== undefined && !oneOf.some((name) => name in value) ? [`${at}: needs one of ${oneOf.join(', ')}`] : []
  const wrong = Object.entries(value).flatMap(([name, content]) => {
    const attribute = attributes[name]
    return attribute === undefined ? [`${at}${name}: is unknown`] : wrongIn(content, attribute, `${at}${name}`)
  })
  return [...missing, ...none, ...wrong]
}

function wrongIn(content: unknown, attribute: Attribute, at: string): readonly string[] {
  if (attribute.is_array) {
    if (!Array.isArray(content)) return [`${at}: is no list`]
    return content.flatMap((one) => wrongIn(one, { ...attribute, is_array: false }, at))
  }
  if (attribute.enum !== undefined && !attribute.enum.includes(String(content)))
    return [`${at}: ${String(content)} is not in the list`]
  switch (attribute.type) {
    case 'object_t': {
      // `object` itself may hold anything.
      const shape = schema.objects[attribute.object_type ?? '']
      if (typeof content !== 'object' || content === null) return [`${at}: is no object`]
      return shape === undefined || attribute.object_type === 'object'
        ? []
        : problemsIn(content as Record<string, unknown>, shape, `${at}.`)
    }
    case 'integer_t':
    case 'long_t':
    case 'timestamp_t':
      return Number.isSafeInteger(content) ? [] : [`${at}: is no whole number`]
    default:
      return typeof content === 'string' ? [] : [`${at}: is no text`]
  }
}
