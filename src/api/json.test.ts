import fc from 'fast-check'
import { expect, test } from 'vitest'
import { depthMax, readJson } from './json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const wrong = (text: string) => {
  const read = readJson(bytes(text))
  return 'wrong' in read ? read.wrong : undefined
}

test('whatever JSON can say in one way is read as the language reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const own = JSON.stringify(JSON.parse(text))
      // Some generated texts use the one key that is never taken.
      fc.pre(!own.includes('"__proto__":'))
      expect(readJson(bytes(own))).toEqual({ value: JSON.parse(own) })
    }),
  )
})

test('strings full of brackets, colons and escapes hide nothing', () => {
  const value = { 'a"b': '{"a":1,"a":2}', '\\': ['}', ']:', '\\"', '\\\\'], ':': { '"': '\\' } }
  expect(readJson(bytes(JSON.stringify(value, null, 2)))).toEqual({ value })
})

test('[B14] a key that stands there twice is refused, at any depth and however it is spelled', () => {
  expect(wrong('{"a":1,"a":2}')).toBe('the key `a` stands there twice')
  expect(wrong('{"a":[{"b":1, "\\u0062" : 2}]}')).toBe('the key `b` stands there twice')
  expect(wrong('{"a":{"b":1},"c":{"b":1}}')).toBeUndefined()
  expect(wrong('{"a":"a","b":"a"}')).toBeUndefined()
})

test('[B14] the key `__proto__` is refused, also spelled with escapes', () => {
  expect(wrong('{"__proto__":{}}')).toBe('the key `__proto__` is never taken')
  expect(wrong('{"a":[{"\\u005f_proto__":1}]}')).toBe('the key `__proto__` is never taken')
  expect(wrong('{"a":"__proto__"}')).toBeUndefined()
})

test('deep nesting is refused before anything walks over it', () => {
  expect(wrong('['.repeat(depthMax) + ']'.repeat(depthMax))).toBeUndefined()
  expect(wrong('['.repeat(depthMax + 1) + ']'.repeat(depthMax + 1))).toBe(`the body is nested deeper than ${depthMax}`)
  expect(wrong(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toMatch(/nested deeper/)
})

test('trailing text, a byte order mark, comments, bad UTF-8 and nothing at all are no JSON', () => {
  for (const text of ['{} {}', '{}x', '\ufeff{}', '{}//', "{'a':1}", '{"a":1,}', 'NaN'])
    expect(wrong(text)).toBe('the body is not JSON')
  expect(wrong('')).toMatch(/empty/)
  expect(readJson(new Uint8Array([0x22, 0xff, 0x22]))).toEqual({ wrong: 'the body is not UTF-8' })
  expect(readJson(new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]))).toEqual({ wrong: 'the body is not UTF-8' })
})
