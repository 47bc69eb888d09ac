/**
 * What can guardrails speak about? The Cedar schema, made from the catalogue of the policy: every action that can be
 * asked for, and the facts of a use. What is not in it is a mistake when the files are read, not a surprise at night.
 */
import type { Guardrails, Policy } from '../core/policy.ts'
import { type Cedar, cedar } from './cedar.ts'

type Shape = Cedar.AttributesOrContext<string>
export type GuardrailSchema = Cedar.SchemaJson<string>

const text = { type: 'String' } as const
const long = { type: 'Long' } as const
const bool = { type: 'Boolean' } as const
const entity = (name: string) => ({ type: 'Entity', name }) as const
const setOf = (name: string) => ({ type: 'Set', element: entity(name) }) as const

const subject = {
  memberOfTypes: ['Team'],
  shape: {
    type: 'Record',
    attributes: { id: text, external: bool, agent: bool, controllers: setOf('Person') },
  } as Shape,
}

const context: Readonly<Record<string, Cedar.TypeOfAttribute<string>>> = {
  now: { type: 'Extension', name: 'datetime' },
  hour: long,
  weekday: text,
  people: setOf('Person'),
  workloads: setOf('Workload'),
  delegationDepth: long,
  tool: { ...text, required: false },
  bytes: { ...long, required: false },
  waiver: {
    type: 'Record',
    attributes: { kind: text, entitlement: text, tier: text, secondsLeft: long },
  },
}

/** @returns every action that something in the catalogue offers, sorted. */
export function actionsOf({ systems }: Pick<Policy, 'systems'>): readonly string[] {
  const entitlements = Object.values(systems).flatMap((system) => Object.values(system.entitlements))
  return [...new Set(entitlements.flatMap(({ actions }) => actions))].sort()
}

/** @throws TypeError when the type of some arguments is none; they were read before, so this is a policy nobody checked. */
export function schemaOf(
  actions: readonly string[],
  { arguments: types }: Pick<Guardrails, 'arguments'>,
): GuardrailSchema {
  const entries = actions.map((action) => [action, actionType(typeOf(action, types))])
  return {
    '': {
      commonTypes: {},
      entityTypes: {
        Person: subject,
        Workload: subject,
        Team: {},
        System: {},
        Resource: {
          memberOfTypes: ['System'],
          shape: { type: 'Record', attributes: { name: text, system: entity('System') } },
        },
      },
      actions: Object.fromEntries(entries),
    },
  }
}

function typeOf(action: string, types: Guardrails['arguments']): Shape | undefined {
  const own = Object.hasOwn(types, action) ? types[action] : undefined
  if (own === undefined) return undefined
  const read = argumentsType(own)
  if ('problem' in read) throw new TypeError(read.problem)
  return read.type
}

function actionType(given: Shape | undefined): Cedar.ActionType<string> {
  const attributes = { ...context, ...(given === undefined ? {} : { arguments: given as Cedar.Type<string> }) }
  return {
    appliesTo: {
      principalTypes: ['Person', 'Workload'],
      resourceTypes: ['Resource'],
      context: { type: 'Record', attributes },
    },
  }
}

/** Reads `{ amount: Long, note?: String }`: a record, and nothing beside it. */
export function argumentsType(written: string): { readonly type: Shape } | { readonly problem: string } {
  const read = cedar().schemaToJson(`type Arguments = ${written};`)
  if (read.type === 'failure') return { problem: read.errors[0]?.message ?? 'is no type of Cedar' }
  const { commonTypes = {}, entityTypes, actions } = read.json[''] ?? { entityTypes: {}, actions: {} }
  const { Arguments: type, ...others } = commonTypes
  const beside = [others, entityTypes, actions].some((part) => Object.keys(part).length > 0)
  // What is written is one type: it cannot close the line and go on with declarations of its own.
  if (type === undefined || beside || Object.keys(read.json).length !== 1)
    return { problem: 'is more than one type of Cedar' }
  if (!('attributes' in type) || type.type !== 'Record') return { problem: 'is no record, such as `{ amount: Long }`' }
  return { type: { type: 'Record', attributes: type.attributes } }
}

/** For editors and Cedar's own tools. */
export function schemaText(schema: GuardrailSchema): string {
  const text = cedar().schemaToText(schema)
  if (text.type === 'failure') throw new TypeError(text.errors[0]?.message ?? 'the schema cannot be written')
  return text.text
}
