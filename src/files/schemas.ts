/**
 * The JSON Schemas that editors use, made from the schemas that validate, so that what is underlined in an editor is
 * what would be refused. `schemas.test.ts` keeps the published files equal to these.
 */
import { z } from 'zod'
import { casesSchema } from './cases-schema.ts'
import { directorySchema } from './directory-schema.ts'
import { policySchema } from './policy-schema.ts'

const lineWidth = 120

/** File name → JSON Schema (draft 2020-12) of what people write, before defaults. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return {
    'policy.schema.json': jsonSchema(policySchema),
    'directory.schema.json': jsonSchema(directorySchema),
    'cases.schema.json': jsonSchema(casesSchema),
  }
}

/** @returns JSON in the layout of this repository: short lists of plain values on one line. */
export function printed(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const line = `[${value.map((each) => printed(each)).join(', ')}]`
    const plain = value.every((each) => typeof each !== 'object' || each === null)
    if (plain && indent.length + line.length < lineWidth - 24) return line
    return block(
      '[',
      ']',
      indent,
      value.map((each) => inner + printed(each, inner)),
    )
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  return block(
    '{',
    '}',
    indent,
    entries.map(([key, each]) => `${inner}${JSON.stringify(key)}: ${printed(each, inner)}`),
  )
}

function block(open: string, close: string, indent: string, lines: readonly string[]): string {
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })
}

interface Field {
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, Field>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Field | boolean
  readonly items?: Field
  readonly anyOf?: readonly Field[]
}

/** @returns a Markdown table of every field with its path, what it takes and what it is for; `*` stands for an id. */
export function fieldTable(schema: object): string {
  const rows = rowsOf(schema as Field, '').map(
    ([path, takes, description]) => `| \`${path}\` | ${takes} | ${description} |`,
  )
  return ['| field | takes | what it is for |', '|---|---|---|', ...rows].join('\n')
}

function rowsOf(field: Field, path: string): readonly (readonly [string, string, string])[] {
  const own = Object.entries(field.properties ?? {}).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`
    const needed = field.required?.includes(name) ? ', needed' : ''
    return [[at, `${takes(inner)}${needed}`, inner.description ?? ''] as const, ...rowsOf(inner, at)]
  })
  const values = typeof field.additionalProperties === 'object' ? rowsOf(field.additionalProperties, `${path}.*`) : []
  const items = [field.items, ...(field.items?.anyOf ?? [])].flatMap((item) =>
    item === undefined ? [] : rowsOf(item, `${path}[]`),
  )
  return [...own, ...values, ...items]
}

function takes(field: Field): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ')
  if (field.type === 'array') return `list of ${field.items === undefined ? 'values' : takes(field.items)}`
  if (field.type === 'object') return 'mapping'
  if (field.type === 'boolean') return '`true`, `false`'
  if (field.type === 'integer') return 'whole number'
  if (field.pattern?.startsWith('^P')) return 'duration'
  if (field.pattern?.startsWith('^[0-9]{4}')) return 'moment'
  if (field.pattern?.startsWith('^[a-z0-9]')) return 'id'
  return 'text'
}
