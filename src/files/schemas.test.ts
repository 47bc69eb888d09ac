import { expect, test } from 'vitest'
import { z } from 'zod'
import { jsonSchemas, printed } from './schemas.ts'

test.each(Object.entries(jsonSchemas()))('schemas/%s is what the files are validated with', async (name, schema) => {
  // `vitest run src/files/schemas.test.ts -u` writes them anew.
  await expect(`${printed(schema)}\n`).toMatchFileSnapshot(`../../schemas/${name}`)
})

test('every field says what it is for, so that an editor can', () => {
  for (const [name, schema] of Object.entries(jsonSchemas())) {
    expect(undescribed(schema, name)).toEqual([])
  }
})

test('the layout is JSON and loses nothing', () => {
  for (const schema of Object.values(jsonSchemas())) expect(JSON.parse(printed(schema))).toEqual(schema)
})

test('an editor refuses what the reader refuses: unknown fields, durations, ids', () => {
  const policy = z.fromJSONSchema(jsonSchemas()['policy.schema.json'] as Parameters<typeof z.fromJSONSchema>[0])
  const tier = { rank: 1, windowMax: 'PT8H', pools: ['a'] }
  expect(policy.safeParse({ tiers: { low: tier } }).success).toBe(true)
  expect(policy.safeParse({ tiers: { low: { ...tier, windowMax: '8 hours' } } }).success).toBe(false)
  expect(policy.safeParse({ tiers: { low: { ...tier, pools: [] } } }).success).toBe(false)
  expect(policy.safeParse({ tiers: { low: { ...tier, selfApproval: true } } }).success).toBe(false)
  expect(policy.safeParse({ tiers: { Low: tier } }).success).toBe(false)
})

interface JsonSchema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
}

/** Paths of the properties without a description, however deep. */
function undescribed(schema: JsonSchema, path: string): readonly string[] {
  const properties = Object.entries(schema.properties ?? {})
  const own = properties.filter(([, property]) => property.description === undefined).map(([name]) => `${path}.${name}`)
  const inner = properties.flatMap(([name, property]) => undescribed(property, `${path}.${name}`))
  const values =
    typeof schema.additionalProperties === 'object' ? undescribed(schema.additionalProperties, `${path}.*`) : []
  return [...own, ...inner, ...values, ...(schema.items === undefined ? [] : undescribed(schema.items, `${path}[]`))]
}
