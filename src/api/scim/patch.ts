/**
 * A PATCH in every form that identity providers send it, applied by the library one operation at a time: each sees what the
 * ones before it left. Taking away what is not there, and adding what is there already, succeed and change nothing.
 */
import type { ScimKind } from '../../store/scim-contract.ts'
import { type AttributeKind, patched, patchSchema } from './definitions.ts'
import { invalid, ScimError } from './error.ts'
import { type Condition, conditionsOf, matches } from './filter.ts'
import { changedMembers, type Member } from './members.ts'
import { type Json, normalValue, objectOr, type Path, pathOf, spelled } from './normal.ts'

const operationsMax = 1_000

interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: Path
  readonly value?: unknown
}

/** @returns the resource after the whole message, or nothing of it: one operation that cannot be applied refuses them all. */
export async function applyPatch(kind: ScimKind, resource: Json, message: unknown): Promise<Json> {
  let after = resource
  for (const given of operationsOf(message)) {
    for (const operation of expanded(kind, given)) after = await applied(kind, after, operation)
  }
  return after
}

function operationsOf(message: unknown): readonly Json[] {
  const {
    schemas,
    Operations,
    operations = Operations,
  } = objectOr(message, 'a PATCH is a JSON object') as {
    schemas?: unknown
    Operations?: unknown
    operations?: unknown
  }
  if (!Array.isArray(schemas) || !schemas.includes(patchSchema))
    throw new ScimError(400, `a PATCH names the schema \`${patchSchema}\``, 'invalidSyntax')
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > operationsMax)
    throw new ScimError(400, `a PATCH has 1 to ${operationsMax} operations`, 'invalidValue')
  return operations.map((operation) => objectOr(operation, 'an operation is a JSON object'))
}

/** An operation without a path sets several attributes; each becomes one of its own. */
function expanded(kind: ScimKind, { op, path, value }: Json): readonly Operation[] {
  const verb = typeof op === 'string' ? op.toLowerCase() : ''
  if (verb !== 'add' && verb !== 'replace' && verb !== 'remove')
    throw new ScimError(400, 'an operation is `add`, `replace` or `remove`', 'invalidSyntax')
  if (path !== undefined && path !== null && typeof path !== 'string')
    throw new ScimError(400, 'a path is text', 'invalidPath')
  if (typeof path === 'string' && path !== '' && !isSchemaAlone(path)) {
    const read = pathOf(kind, path)
    // What no schema of ours names is not stored, so there is nothing to change.
    return read === undefined ? [] : [{ op: verb, path: read, value }]
  }
  if (verb === 'remove') throw new ScimError(400, '`remove` needs a path', 'noTarget')
  const prefix = typeof path === 'string' && path !== '' ? `${path}:` : ''
  return Object.entries(objectOr(value, '`add` and `replace` without a path take an object')).flatMap(([name, one]) =>
    isSchemaAlone(name) && prefix === ''
      ? expanded(kind, { op, path: name, value: one })
      : expanded(kind, { op, path: `${prefix}${name}`, value: one }),
  )
}

/** `urn:…:User`, whose members are attributes, and not `urn:…:User:department`. */
function isSchemaAlone(path: string): boolean {
  return /^urn:ietf:params:scim:schemas:(?:core|extension:[\w-]+):2\.0:(?:User|Group)$/i.test(path)
}

async function applied(kind: ScimKind, resource: Json, operation: Operation): Promise<Json> {
  if (kind === 'Group' && operation.path.attribute.name === 'members') {
    const members = membersAfter(resource, operation)
    if (members !== 'unknown-form') return { ...resource, members }
  }
  const settled = settle(kind, resource, operation)
  if (settled === undefined) return resource
  const { op, path, value } = settled
  try {
    // The library reads all it is given against the schema; of members it is given none that it need not change.
    const { members, ...others } = resource
    const given = kind === 'Group' && path.attribute.name !== 'members' && members !== undefined ? others : resource
    const after = await patched(kind, given, { op, path: spelled(path), ...(value === undefined ? {} : { value }) })
    if (after === undefined) return resource
    return withoutRepeats((given === resource ? after : { ...after, members }) as Json)
  } catch (error) {
    throw invalid(error)
  }
}

function membersAfter(resource: Json, { op, path, value }: Operation): ReturnType<typeof changedMembers> {
  if (path.part !== undefined) return 'unknown-form'
  const normal = normalValue(path.attribute, value)
  // Nothing to put in is nothing to do; nothing in their place is nobody.
  if (normal === undefined && op === 'add') return (resource.members ?? []) as readonly Member[]
  const filter = path.filter === undefined ? {} : { filter: path.filter }
  return changedMembers(resource.members, {
    op: normal === undefined ? 'remove' : op,
    ...filter,
    ...(normal === undefined ? {} : { value: normal }),
  })
}

/** @returns the operation as the library takes it; undefined when there is nothing to do. */
function settle(kind: ScimKind, resource: Json, { op, path, value }: Operation): Operation | undefined {
  const { attribute, filter, part } = path
  const there = valueAt(resource, path)
  if (filter !== undefined && !attribute.multiValued)
    throw new ScimError(400, `\`${attribute.name}\` has one value only`, 'invalidPath')
  const conditions = filter === undefined ? undefined : conditionsOf(kind, `${attribute.name}[${filter}]`)
  const found = conditions === undefined ? there !== undefined : matches(resource, conditions)
  if (part !== undefined && !attribute.multiValued) return asWhole(path, part, there, op, value)
  if (op === 'remove') {
    if (!found) return undefined
    const list = value === undefined ? undefined : normalValue(attribute, value)
    return { op, path, ...(list === undefined ? {} : { value: list }) }
  }
  const normal = normalValue(part ?? attribute, value)
  if (normal === undefined) return found ? { op: 'remove', path } : undefined
  if (conditions !== undefined && !found) return asNewValue(path, conditions, normal)
  return { op, path, value: normal }
}

/** A part of an attribute that has one value: the whole is set anew, whether it was there or not. */
function asWhole(
  path: Path,
  part: AttributeKind,
  there: unknown,
  op: Operation['op'],
  value: unknown,
): Operation | undefined {
  const { [part.name]: before, ...others } = (there ?? {}) as Json
  const normal = op === 'remove' ? undefined : normalValue(part, value)
  if (normal === before) return undefined
  const whole = normal === undefined ? others : { ...others, [part.name]: normal }
  return Object.keys(whole).length === 0
    ? { op: 'remove', path: withoutPart(path) }
    : { op: 'replace', path: withoutPart(path), value: whole }
}

/** `emails[type eq "work"].value` where there is no such e-mail: it is added, as whoever sends this means it. */
function asNewValue(path: Path, conditions: readonly Condition[], value: unknown): Operation {
  const stated = Object.fromEntries(conditions.map(({ part, equals }) => [part?.name ?? 'value', booleans(equals)]))
  const fresh = path.part === undefined ? { ...stated, ...(value as object) } : { ...stated, [path.part.name]: value }
  const { filter: _, ...whole } = withoutPart(path)
  return { op: 'add', path: whole, value: [fresh] }
}

function booleans(value: unknown): unknown {
  return value === 'True' || value === 'true' ? true : value === 'False' || value === 'false' ? false : value
}

function withoutPart({ part: _, ...path }: Path): Path {
  return path
}

function valueAt(resource: Json, { extension, attribute }: Path): unknown {
  const scope = extension === undefined ? resource : resource[extension]
  return typeof scope === 'object' && scope !== null ? (scope as Json)[attribute.name] : undefined
}

/** Somebody is a member once, however often they are added. */
function withoutRepeats(resource: Json): Json {
  const { members } = resource
  if (!Array.isArray(members)) return resource
  const unique = new Map(members.map((member: Json) => [member.value, member]))
  return { ...resource, members: [...unique.values()] }
}
