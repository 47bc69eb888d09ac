import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bindingHash, type Evaluated, isBound } from './binding.ts'

const evaluated: Evaluated = {
  subject: { type: 'user', id: 'alice@example.com', properties: { act: { sub: 'agent' }, department: 'sales' } },
  resource: { type: 'document', id: 'q4-plan' },
  action: { name: 'can_read' },
  context: { time: '2026-04-30T20:15:00Z', tool: 'reader', arguments: { page: 1.0, draft: null } },
}
const members = ['arguments', 'tool', 'absent']

describe('the digest', () => {
  test('is SHA-256 over canonical JSON of what the draft lists, base64url without padding', () => {
    const text =
      '{"action":{"name":"can_read"},"context":{"arguments":{"draft":null,"page":1},"tool":"reader"},' +
      '"resource":{"id":"q4-plan","type":"document"},' +
      '"subject":{"id":"alice@example.com","properties":{"department":"sales"},"type":"user"}}'
    expect(bindingHash(evaluated, members)).toBe(createHash('sha256').update(text).digest('base64url'))
  })

  test('leaves out who acts and what does not count, and nothing else', () => {
    const own = bindingHash(evaluated, members)
    const same: Partial<Evaluated>[] = [
      { subject: { ...evaluated.subject, properties: { department: 'sales' } } },
      { context: { ...evaluated.context, time: 'later', approval: { id: 'apr_1' } } },
    ]
    for (const parts of same) expect(bindingHash({ ...evaluated, ...parts }, members)).toBe(own)
    const other: Partial<Evaluated>[] = [
      { subject: { ...evaluated.subject, properties: {} } },
      { resource: { ...evaluated.resource, properties: {} } },
      { action: { name: 'can_read', properties: {} } },
      { context: { ...evaluated.context, tool: 'writer' } },
      { context: { ...evaluated.context, absent: null } },
      { context: undefined },
    ]
    for (const parts of other)
      expect(bindingHash({ ...evaluated, ...parts }, members), JSON.stringify(parts)).not.toBe(own)
  })
})

describe('claims', () => {
  test('by digest or member by member are about one question', () => {
    const inline = { ...evaluated, binding_context_members: members }
    const hashed = { binding_hash: bindingHash(evaluated, members), binding_context_members: members }
    for (const claims of [inline, hashed]) {
      expect(isBound(claims, evaluated)).toBe(true)
      expect(isBound(claims, { ...evaluated, action: { name: 'can_write' } })).toBe(false)
      expect(isBound(claims, { ...evaluated, context: { ...evaluated.context, tool: 'writer' } })).toBe(false)
    }
  })

  test('[B06] that say nothing are about nothing', () => {
    expect(isBound({}, evaluated)).toBe(false)
    expect(isBound({ binding_context_members: members }, evaluated)).toBe(false)
    expect(isBound({ binding_hash: bindingHash(evaluated, members), binding_context_members: 'all' }, evaluated)).toBe(
      false,
    )
    expect(isBound({ binding_hash: null }, evaluated)).toBe(false)
    expect(isBound({ ...evaluated, subject: [] }, evaluated)).toBe(false)
  })

  test('without members only subject, resource and action count', () => {
    const { subject, resource, action } = evaluated
    expect(isBound({ subject, resource, action }, { ...evaluated, context: { tool: 'writer' } })).toBe(true)
  })
})
