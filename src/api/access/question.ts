/** What a decision point asked, in the words of the house. What cannot be read in one way is a no, with its reason. */
import type { NamedActor, NamedSubject } from '../../core/runtime.ts'
import type { Question } from '../../engine/runtime/check.ts'
import type { Evaluation, SubjectView } from '../schema/access.ts'

/** A chain is read in full or not at all. */
export const actorsMax = 16

/** @returns the question, or what is wrong with it. */
export function questionOf({ subject, action, resource, context = {} }: Evaluation): Question | string {
  const named = subjectOf(subject)
  if (typeof named === 'string') return named
  const system = systemOf(resource)
  if (typeof system !== 'string') return '`resource.properties.system` is not the id of a system'
  const { purpose, arguments: given, bytes, waiver } = context
  const tool = toolOf(context.tool)
  if (typeof tool === 'string') return tool
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && (bytes as number) >= 0))
    return '`context.bytes` is not a whole number'
  if (given !== undefined && !isObject(given)) return '`context.arguments` is not an object'
  if (purpose !== undefined && purpose !== 'ask' && purpose !== 'use')
    return '`context.purpose` is neither `ask` nor `use`'
  if (waiver !== undefined && typeof waiver !== 'string') return '`context.waiver` is not the id of a waiver'
  return {
    subject: named,
    system,
    resource: resource.id,
    action: action.name,
    ...tool,
    ...(given === undefined ? {} : { arguments: given }),
    ...(bytes === undefined ? {} : { bytes: bytes as number }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(waiver === undefined ? {} : { waiver }),
  }
}

/** A name, or a name with the digest of what the tool says of itself now. */
function toolOf(tool: unknown): Pick<Question, 'tool' | 'toolDigest'> | string {
  if (tool === undefined) return {}
  if (typeof tool === 'string') return { tool }
  const { name, digest } = isObject(tool) ? tool : {}
  if (typeof name !== 'string' || (digest !== undefined && typeof digest !== 'string'))
    return '`context.tool` is neither a name nor `{ name, digest }`'
  return { tool: name, ...(digest === undefined ? {} : { toolDigest: digest }) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function systemOf({ type, properties = {} }: Pick<Evaluation['resource'], 'type' | 'properties'>): unknown {
  return Object.hasOwn(properties, 'system') ? properties.system : type
}

export function subjectOf({ type, id, properties = {} }: SubjectView): NamedSubject | string {
  const actors: NamedActor[] = []
  for (let next: unknown = properties.act; next !== undefined; next = (next as { act?: unknown }).act) {
    if (actors.length === actorsMax) return `\`subject.properties.act\` names more than ${actorsMax} actors`
    const actor = actorOf(next)
    if (actor === undefined) return '`subject.properties.act` needs a `sub`, and `iss` is text'
    actors.push(actor)
  }
  return { type, id, actors }
}

function actorOf(value: unknown): NamedActor | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { sub, iss } = value as { sub?: unknown; iss?: unknown }
  if (typeof sub !== 'string' || (iss !== undefined && typeof iss !== 'string')) return undefined
  return iss === undefined ? { sub } : { sub, iss }
}
