/**
 * One use in the words of Cedar. Names become entities of their own kind, so that no name can be taken for another; and
 * arguments become plain values, so that none of them can pass for an entity. What cannot be said in one way is not said.
 */
import type { GuardrailQuestion, GuardrailSubject } from '../core/runtime.ts'
import type { Cedar } from './cedar.ts'

export type Call = Pick<Cedar.AuthorizationCall, 'principal' | 'action' | 'resource' | 'context' | 'entities'>

const depthMax = 32
const valuesMax = 2_000
const charactersMax = 100_000

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** @param takesArguments whether the schema has arguments for this action. @returns `undefined` when it cannot be said. */
export function callFor(question: GuardrailQuestion, takesArguments: boolean): Call | undefined {
  const { principal, chain, system, resource, action } = question
  // A system's id has no slash, so where it ends is beyond doubt; a resource of the same name elsewhere is another one.
  const place = { type: 'Resource', id: `${system}/${resource}` }
  const given = takesArguments ? plainValue(question.arguments ?? {}) : undefined
  if (takesArguments && given === undefined) return undefined
  if (![action, resource, question.tool ?? ''].every((name) => name.isWellFormed())) return undefined
  return {
    principal: uidOf(principal),
    action: { type: 'Action', id: action },
    resource: place,
    context: contextOf(question, given),
    entities: [
      ...entitiesOf([principal, ...chain]),
      {
        uid: place,
        attrs: { name: resource, system: named('System', system) },
        parents: [{ type: 'System', id: system }],
      },
    ],
  }
}

function contextOf(question: GuardrailQuestion, given: Cedar.CedarValueJson | undefined): Cedar.Context {
  const { principal, chain, at, tool, bytes, waiver } = question
  const of = (kind: GuardrailSubject['kind']) => chain.filter((one) => one.kind === kind)
  const now = new Date(at)
  const people = new Set([...principal.controllers, ...chain.flatMap(({ controllers }) => controllers)])
  return {
    now: { __extn: { fn: 'datetime', arg: at } },
    hour: now.getUTCHours(),
    weekday: weekdays[now.getUTCDay()] as string,
    people: [...people].map((id) => named('Person', id)),
    workloads: of('workload').map(({ id }) => named('Workload', id)),
    delegationDepth: chain.length,
    ...(tool === undefined ? {} : { tool }),
    ...(bytes === undefined ? {} : { bytes }),
    waiver: { ...waiver },
    ...(given === undefined ? {} : { arguments: given }),
  }
}

function entitiesOf(subjects: readonly GuardrailSubject[]): Cedar.EntityJson[] {
  // The same somebody may stand in the chain twice; Cedar wants each entity once.
  const each = new Map(subjects.map((one) => [one.id, one]))
  return [...each.values()].map((one) => ({
    uid: uidOf(one),
    attrs: {
      id: one.id,
      agent: one.agent,
      external: one.external,
      controllers: one.controllers.map((id) => named('Person', id)),
    },
    parents: one.teams.map((id) => ({ type: 'Team', id })),
  }))
}

function uidOf({ kind, id }: GuardrailSubject): Cedar.TypeAndId {
  return { type: kind === 'person' ? 'Person' : 'Workload', id }
}

function named(type: string, id: string): Cedar.CedarValueJson {
  return { __entity: { type, id } }
}

/** @returns the value; `undefined` when it is deeper or larger than can be looked at, or not what it seems. */
function plainValue(given: unknown): Cedar.CedarValueJson | undefined {
  let left = { values: valuesMax, characters: charactersMax }
  const take = (characters: number) => {
    left = { values: left.values - 1, characters: left.characters - characters }
    return left.values >= 0 && left.characters >= 0
  }
  const isPlain = (value: unknown, depth: number): boolean => {
    if (depth > depthMax) return false
    if (typeof value === 'string') return take(value.length) && value.isWellFormed()
    // A number that lost digits on its way would be compared as another one.
    if (typeof value === 'number') return take(0) && Number.isSafeInteger(value)
    if (typeof value === 'boolean') return take(0)
    if (typeof value !== 'object' || value === null) return false
    if (Array.isArray(value)) return take(0) && value.every((one) => isPlain(one, depth + 1))
    return (
      take(0) && Object.entries(value).every(([key, one]) => isName(key) && take(key.length) && isPlain(one, depth + 1))
    )
  }
  return isPlain(given, 0) ? (given as Cedar.CedarValueJson) : undefined
}

/** In Cedar's JSON `__entity` and `__extn` make something else of an object than what it is. */
function isName(key: string): boolean {
  return !key.startsWith('__') && key.isWellFormed()
}
