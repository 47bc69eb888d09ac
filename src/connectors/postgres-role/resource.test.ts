import fc from 'fast-check'
import { escapeIdentifier } from 'pg'
import { describe, expect, test } from 'vitest'
import { fitName, roleNameOf, UnfitSpec } from './name.ts'
import { parseAction, parseResource } from './resource.ts'

const plain = /^[a-z_][a-z0-9_$]*$/
const spelled = (name: string) => (plain.test(name) ? name : escapeIdentifier(name).replace(/^ E/, ''))
const names = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((name) => !name.includes('\0') && Buffer.byteLength(name) <= 63)

describe('resources', () => {
  test.each([
    ['ledger', { kind: 'schema', schema: 'ledger', name: '', args: '' }],
    ['ledger.entries', { kind: 'relation', schema: 'ledger', name: 'entries', args: '' }],
    ['"Ledger"."a.b"', { kind: 'relation', schema: 'Ledger', name: 'a.b', args: '' }],
    ['ledger."say ""hi"""', { kind: 'relation', schema: 'ledger', name: 'say "hi"', args: '' }],
    ['ledger.post(integer, text)', { kind: 'function', schema: 'ledger', name: 'post', args: 'integer, text' }],
    ['ledger.now()', { kind: 'function', schema: 'ledger', name: 'now', args: '' }],
  ])('%s', (text, expected) => {
    expect(parseResource(text)).toEqual({ text, ...expected })
  })

  test.each([
    '',
    '.',
    'a.',
    '.b',
    'a.b.c',
    'Ledger.entries',
    'ledger.Entries',
    ' ledger.entries',
    'ledger.entries ',
    'ledger. entries',
    'ledger.*',
    '"ledger".entries',
    'ledger."entries"',
    'ledger."unclosed',
    'ledger."a"b"',
    'ledger.entries;',
    'ledger.entries--',
    'entri\u0435s',
    `ledger.${'n'.repeat(64)}`,
    'ledger."a\0b"',
    'ledger."\ud800"',
    'ledger.post(',
    'ledger.post(text))x',
    "ledger.'entries'",
    '""',
    'ledger.""',
  ])('[B13] %j is refused', (text) => {
    expect(() => parseResource(text)).toThrow(UnfitSpec)
  })

  test('[B13] every pair of names has one spelling, which leads back to it', () => {
    fc.assert(
      fc.property(names, names, (schema, name) => {
        const parsed = parseResource(`${spelled(schema)}.${spelled(name)}`)
        expect([parsed.schema, parsed.name]).toEqual([schema, name])
      }),
    )
  })

  test('[B13] two texts that are read never name the same object', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'A', '"', '.', '\\', '(', ')', ' ', '\u00e9'), maxLength: 10 })
    const read = (one: string) => {
      try {
        const { kind, schema, name, args } = parseResource(one)
        return JSON.stringify([kind, schema, name, args])
      } catch (error) {
        if (error instanceof UnfitSpec) return undefined
        throw error
      }
    }
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(one !== other)
        const [a, b] = [read(one), read(other)]
        expect(a === undefined || a !== b).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('only known actions', () => {
    expect(parseAction('select')).toBe('select')
    for (const wrong of ['SELECT', 'all', 'select, insert', '', 'toString'])
      expect(() => parseAction(wrong)).toThrow(UnfitSpec)
  })
})

describe('role names', () => {
  test('[B13] two grants never share a role', () => {
    const grant = fc.string({ minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(grant, grant, (a, b) => {
        fc.pre(a !== b && [a, b].every((one) => Buffer.byteLength(one) <= 51 && !one.includes('\0')))
        expect(roleNameOf(a)).not.toBe(roleNameOf(b))
      }),
    )
  })

  test('[B13] 63 bytes fit, 64 do not, however few characters they are', () => {
    expect(fitName('\u00e9'.repeat(31), 'name')).toHaveLength(31)
    expect(() => fitName('\u00e9'.repeat(32), 'name')).toThrow(/has 64 bytes/)
    expect(() => roleNameOf('g'.repeat(52))).toThrow(UnfitSpec)
  })
})
