import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forbiddenByConditions } from '../conditions.ts'
import { exactCall } from './exact-call.ts'

const noon = '2026-11-22T12:00:00.000Z'
const passes = (conditions: NonNullable<ReturnType<typeof exactCall>>, given: Readonly<Record<string, unknown>>) =>
  forbiddenByConditions(conditions, { resource: 'r', tool: 't', arguments: given, delegationDepth: 0 }, noon) ===
  undefined

const plain = fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), fc.boolean())
const name = fc.stringMatching(/^[a-z/~]{1,6}$/)
const nested = fc.letrec<{ call: Record<string, unknown> }>((tie) => ({
  call: fc.dictionary(
    name,
    fc.oneof({ depthSize: 'small' }, plain, fc.array(plain, { minLength: 1, maxLength: 3 }), tie('call')),
    { minKeys: 1, maxKeys: 4 },
  ),
})).call

describe('conditions for exactly one call', () => {
  test('[terms/bound] allow it, and no other', () => {
    fc.assert(
      fc.property(nested, nested, (call, other) => {
        const conditions = exactCall({ tool: 't', arguments: call })
        fc.pre(conditions !== undefined)
        expect(passes(conditions, call)).toBe(true)
        expect(passes(conditions, other)).toBe(same(call, other))
      }),
    )
  })

  test('[B09] a list is allowed as it is: nothing more, nothing less, and in this order', () => {
    const conditions = exactCall({ tool: 't', arguments: { ids: [1, 2, 2], to: { tags: ['a'] } } })
    expect(conditions?.arguments).toEqual([
      { argument: '/ids/*', exactly: [1, 2, 2] },
      { argument: '/to/tags/*', exactly: ['a'] },
    ])
    const given = (ids: unknown) => passes(conditions ?? {}, { ids, to: { tags: ['a'] } })
    expect(given([1, 2, 2])).toBe(true)
    for (const other of [[2, 1, 2], [1, 2], [1, 2, 2, 2], ['1', 2, 2], [1, [2, 2]], 1, [], { 0: 1 }])
      expect(given(other), JSON.stringify(other)).toBe(false)
  })

  test('a tool is the one that it is now', () => {
    const digest = `sha256:${'0'.repeat(64)}`
    expect(exactCall({ tool: 't', toolDigest: digest })).toEqual({ tools: [{ name: 't', digest }] })
    expect(exactCall({})).toEqual({})
    expect(exactCall({ arguments: {} })).toEqual({ argumentsClosed: true })
  })

  test.each([
    { list: [[1]] },
    { list: [{ a: 1 }, { b: 2 }] },
    { list: [] },
    { list: [null] },
    { empty: {} },
    { nothing: null },
    { deep: { list: [] } },
    { '': 1 },
    { '*': 1 },
    { long: 'x'.repeat(1_001) },
    { 'hidden\u202e': 1 },
  ])('[B06] what no conditions say exactly is said by none: %j', (call) => {
    expect(exactCall({ arguments: call })).toBeUndefined()
  })
})

function same(a: unknown, b: unknown): boolean {
  const written = (value: unknown) =>
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'object' && part !== null
        ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
        : part,
    )
  return written(a) === written(b)
}
