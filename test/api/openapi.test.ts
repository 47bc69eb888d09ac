/** The published document: OpenAPI 3.1 by its own rules, complete, and described in words down to every member. */
import { beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../src/client/index.ts'
import { openSurface, type Surface } from './support/surface.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document is looked at member by member
type Json = any

let surface: Surface
let document: Json

beforeAll(async () => {
  surface = await openSurface()
  document = (await surface.get('', '/openapi.json')).body
})

const methods = ['get', 'post', 'put', 'delete', 'patch', 'head', 'options', 'trace']
const operations = () =>
  Object.entries(document.paths as object).flatMap(([path, item]) =>
    Object.entries(item as Json).map(([method, operation]) => ({ path, method, operation: operation as Json })),
  )

describe('the document', () => {
  test('is OpenAPI 3.1 in every object it uses', () => {
    expect(document.openapi).toBe('3.1.0')
    only(document, ['openapi', 'info', 'servers', 'tags', 'paths', 'components', 'security'], '')
    only(document.info, ['title', 'version', 'description', 'license'], 'info')
    only(document.components, ['schemas', 'securitySchemes'], 'components')
    for (const name of Object.keys(document.components?.schemas as object)) expect(name).toMatch(/^[a-zA-Z0-9._-]+$/)
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, method, operation } of operations()) {
      expect(path).toMatch(/^\//)
      expect(methods).toContain(method)
      checkOperation(operation, path, `${method} ${path}`)
    }
  })

  test('is made of JSON Schema 2020-12 whose references lead somewhere', () => {
    const schemas = document.components?.schemas as Json
    for (const [name, schema] of Object.entries(schemas)) checkSchema(schema as Json, name)
    const used = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref as string)
    for (const ref of used) expect(Object.keys(schemas), ref).toContain(ref.replace('#/components/schemas/', ''))
    for (const name of Object.keys(schemas)) expect(used, `${name} is used`).toContain(`#/components/schemas/${name}`)
  })

  test('describes every member of every body, every parameter and every answer', () => {
    const bare: string[] = []
    const visit = (schema: Json, at: string): void => {
      for (const [name, member] of Object.entries((schema.properties ?? {}) as object) as [string, Json][]) {
        if (member.description === undefined && member.$ref === undefined) bare.push(`${at}.${name}`)
        visit(member, `${at}.${name}`)
      }
      for (const key of ['items', 'additionalProperties'] as const)
        if (typeof schema[key] === 'object') visit(schema[key] as Json, `${at}[]`)
      for (const key of ['anyOf', 'oneOf', 'allOf'] as const)
        for (const one of (schema[key] ?? []) as Json[]) visit(one, at)
    }
    for (const [name, schema] of Object.entries(document.components?.schemas as object) as [string, Json][]) {
      if (schema.description === undefined) bare.push(name)
      visit(schema, name)
    }
    for (const { path, operation } of operations()) {
      for (const parameter of (operation.parameters ?? []) as Json[]) {
        if (parameter.description === undefined && parameter.schema?.description === undefined)
          bare.push(`${path} ${parameter.name}`)
      }
      if (operation.summary === undefined) bare.push(path)
    }
    expect(bare).toEqual([])
  })

  test('has every route there is, and no other', () => {
    const served = routesOf(surface).sort()
    const written = operations().map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    )
    expect(written.sort()).toEqual(served)
  })

  test('names every operation as the client does', () => {
    // Addresses of tiles have parts without number, which OpenAPI cannot say.
    const client = Object.keys(createClient({ baseUrl: 'http://x', token: () => '' })).filter(
      (name) => name !== 'logTile',
    )
    const own = ['logKey', 'metrics', 'openapi', 'problemKind', 'problemKinds']
    const ids = operations()
      .filter(({ path, operation }) => !ofStandards.test(path) || client.includes(operation.operationId ?? ''))
      .map(({ operation }) => operation.operationId)
    expect([...client, ...own].sort()).toEqual(ids.sort())
  })

  test('says of every write that it honours an Idempotency-Key, and of every private route that it needs a token', () => {
    for (const { path, method, operation } of operations()) {
      const headers = ((operation.parameters ?? []) as Json[])
        .filter((one) => (one.in as string) === 'header')
        .map(({ name }) => name)
      const own = !ofStandards.test(path)
      expect(headers, path).toEqual(method === 'post' && own ? ['idempotency-key'] : [])
      const needsToken = path.startsWith('/v1/') || path.startsWith('/access/') || path === '/oauth/introspect'
      expect(operation.security, path).toEqual(needsToken ? undefined : [])
    }
  })
})

/** Addresses of standards, which have clients of their own. */
const ofStandards = /^\/(?:access|oauth|\.well-known)\//

/** By the router's own tree. The page, the catch-alls and HEAD beside GET are no operations. */
function routesOf({ api }: Surface): string[] {
  const found: string[] = []
  const tree = api.printRoutes({ commonPrefix: false })
  const stack: string[] = []
  for (const line of tree.split('\n')) {
    const match = /^((?:[│ ] {3})*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line)
    if (match === null) continue
    const [, indent = '', part = '', verbs = ''] = match
    const depth = indent.length / 4
    stack.length = depth
    stack.push(part)
    const path = stack.join('')
    for (const verb of verbs.split(', ').filter(Boolean)) {
      const hidden = path.startsWith('/docs') || path.endsWith('*') || verb === 'HEAD'
      if (!hidden) found.push(`${verb} ${path}`)
    }
  }
  return found
}

function checkOperation(operation: Json, path: string, at: string): void {
  only(
    operation,
    ['operationId', 'tags', 'summary', 'description', 'parameters', 'requestBody', 'responses', 'security'],
    at,
  )
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  const parameters = (operation.parameters ?? []) as Json[]
  for (const parameter of parameters) {
    only(parameter, ['name', 'in', 'description', 'required', 'schema', 'example', 'examples'], at)
    expect(['query', 'header', 'path']).toContain(parameter.in)
    if ((parameter.in as string) === 'path') expect(parameter.required, at).toBe(true)
    checkSchema(parameter.schema as Json, `${at} ${parameter.name}`)
  }
  const inPath = parameters.filter((one) => (one.in as string) === 'path').map(({ name }) => name)
  expect(inPath, at).toEqual(named)
  const known = new Set(((document.tags ?? []) as Json[]).map(({ name }) => name))
  for (const tag of (operation.tags ?? []) as Json[]) expect(known, at).toContain(tag)
  if (operation.requestBody !== undefined) checkContent(operation.requestBody, at)
  expect(Object.keys(operation.responses as object).length, at).toBeGreaterThan(0)
  for (const [status, response] of Object.entries(operation.responses as object) as [string, Json][]) {
    expect(status, at).toMatch(/^(?:default|[1-5](?:[0-9]{2}|XX))$/)
    expect(typeof response.description, `${at} ${status}`).toBe('string')
    only(response, ['description', 'content', 'headers'], `${at} ${status}`)
    checkContent(response, `${at} ${status}`)
  }
}

function checkContent(holder: Json, at: string): void {
  for (const [type, media] of Object.entries((holder.content ?? {}) as object) as [string, Json][]) {
    expect(
      [
        'application/statuslist+jwt',
        'application/x-www-form-urlencoded',
        'application/octet-stream',
        'application/json',
        'application/problem+json',
        'text/plain',
        'text/event-stream',
      ],
      at,
    ).toContain(type)
    only(media, ['schema', 'example', 'examples'], at)
    checkSchema(media.schema as Json, at)
  }
}

const keywords =
  '$ref type enum const description title default examples format pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf items prefixItems minItems maxItems uniqueItems properties required additionalProperties propertyNames anyOf oneOf allOf not'.split(
    ' ',
  )

function checkSchema(schema: Json, at: string): void {
  if (typeof schema === 'boolean') return
  only(schema, keywords, at)
  for (const type of [schema.type ?? []].flat())
    expect(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'], at).toContain(type)
  if (schema.pattern !== undefined) expect(() => new RegExp(schema.pattern, 'u'), at).not.toThrow()
  const properties = (schema.properties ?? {}) as Json
  for (const name of (schema.required ?? []) as Json[]) expect(Object.keys(properties), at).toContain(name)
  for (const [name, member] of Object.entries(properties) as [string, Json][]) checkSchema(member, `${at}.${name}`)
  for (const key of ['items', 'additionalProperties', 'propertyNames', 'not'] as const)
    if (schema[key] !== undefined) checkSchema(schema[key] as Json, `${at}.${key}`)
  for (const key of ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const)
    for (const one of (schema[key] ?? []) as Json[]) checkSchema(one, at)
}

function only(value: Json | undefined, keys: readonly string[], at: string): void {
  const strange = Object.keys(value ?? {}).filter((key) => !keys.includes(key))
  expect(strange, at).toEqual([])
}
