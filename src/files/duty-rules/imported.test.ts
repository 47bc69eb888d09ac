import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idPattern } from '../values.ts'
import { FunctionIds, idOf } from './imported.ts'

test('any name becomes an id that a policy file takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(idOf(name)).toMatch(idPattern)
    }),
  )
  expect(idOf('Process / Execute Vendor Payment')).toBe('process-execute-vendor-payment')
  expect(idOf('Überweisung')).toBe('uberweisung')
  expect(idOf('支払')).toBe('unnamed')
})

test('the same name with other duties is another function; the same duties in another order are the same', () => {
  const ids = new FunctionIds()
  expect(ids.idFor('Pay', ['F110', 'F-53'])).toBe('pay')
  expect(ids.idFor('Pay', ['F-53', 'F110', 'F110'])).toBe('pay')
  expect(ids.idFor('Pay', ['F110'])).toBe('pay-2')
  expect(ids.idFor('pay', ['F110'])).toBe('pay-3')
  expect(ids.idFor(`${'x'.repeat(70)}1`, ['a'])).toHaveLength(64)
  expect(ids.idFor(`${'x'.repeat(70)}2`, ['a'])).toBe(`${'x'.repeat(60)}-2`)
  expect(ids.counts(3)).toEqual({ rules: 3, functionNames: 4, functions: 5, duties: 3 })
})
