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
