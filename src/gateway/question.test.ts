import { expect, test } from 'vitest'
import { gatewaySchema } from './config.ts'
import { toolDigest } from './pin.ts'
import { questionFor } from './question.ts'

const config = gatewaySchema.parse({
  system: 'sys_files',
  subject: 'wl_agent',
  tools: {
    read: { resource: { argument: 'path' } },
    list: 'open',
    write: { resource: 'everything', action: 'change' },
  },
})
const call = (tool: string, given: Readonly<Record<string, unknown>> = {}) =>
  questionFor({ tool, digest: 'sha256:0', arguments: given }, config)

test('a tool is asked about as exactly one access', () => {
  expect(call('read', { path: '/data/a', encoding: 'utf8' })).toEqual({
    subject: { type: 'workload', id: 'wl_agent' },
    action: { name: 'read' },
    resource: { type: 'sys_files', id: '/data/a' },
    context: {
      purpose: 'use',
      tool: { name: 'read', digest: 'sha256:0' },
      arguments: { path: '/data/a', encoding: 'utf8' },
    },
  })
  expect(call('write')).toMatchObject({ action: { name: 'change' }, resource: { id: 'everything' } })
  expect(call('list')).toBe('open')
})

test.each(['constructor', '__proto__', 'toString', 'READ', 'read ', ''])('[B13] no rule is found for %j', (tool) => {
  expect(call(tool)).toHaveProperty('notCovered')
})

test('[B13] an argument that every object inherits names nothing', () => {
  const inherits = gatewaySchema.parse({ ...config, tools: { read: { resource: { argument: 'constructor' } } } })
  expect(questionFor({ tool: 'read', digest: '', arguments: {} }, inherits)).toHaveProperty('notCovered')
})

test('[B09] whatever a tool says of itself is in its digest, and what it leaves out is not', () => {
  const tool = { name: 'read', description: 'Reads a file.', inputSchema: { type: 'object' } }
  const digest = toolDigest(tool)
  expect(toolDigest({ ...tool, title: undefined, annotations: undefined })).toBe(digest)
  for (const change of [
    { name: 'write' },
    { description: 'Reads a file. ' },
    { title: 'Read' },
    { inputSchema: { type: 'object', properties: {} } },
    { outputSchema: {} },
    { annotations: { readOnlyHint: true } },
  ])
    expect(toolDigest({ ...tool, ...change })).not.toBe(digest)
})

test.each([
  [{ system: 'files' }, 'system'],
  [{ subject: 'agent' }, 'subject'],
  [{ tools: { read: 'closed' } }, 'tools'],
  [{ colour: 'red' }, 'colour'],
])('a configuration that does not fit is refused: %j', (part, at) => {
  const read = gatewaySchema.safeParse({ ...config, ...part })
  expect(read.success).toBe(false)
  expect(JSON.stringify(read.error?.issues)).toContain(at)
})
