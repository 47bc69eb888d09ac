import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dutyNames, matches } from './names.ts'
import type { Duties } from './rules.ts'

function names(duties: readonly string[], read: 'exact' | 'wildcards') {
  const all: Duties = { entitlements: [], functions: [{ id: 'f', name: 'f', duties }], rules: [], dutyNames: read }
  return dutyNames(all)
}

test('patterns match as the regular expression of the same meaning does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 8 })
  fc.assert(
    fc.property(pattern, text, (wanted, given) => {
      const expression = new RegExp(`^${wanted.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      expect(matches(wanted, given)).toBe(expression.test(given))
    }),
    { numRuns: 5000 },
  )
})

test('a pattern made to take forever does not', () => {
  expect(matches(`${'a*'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false)
})

test('by default names are exact, and one that may mean more is doubted', () => {
  const exact = names(['iam:PassRole', 'ec2:RunInstances'], 'exact')
  expect(exact.standsFor('iam:PassRole')).toEqual(['iam:PassRole'])
  expect(exact.standsFor('iam:*')).toEqual([])
  expect(exact.doubt('iam:*')).toBe('pattern-read-as-name')
  expect(exact.doubt('IAM:pass*')).toBe('pattern-read-as-name')
  expect(exact.doubt('IAM:passrole')).toBe('differs-in-case')
  expect(exact.doubt('s3:*')).toBeUndefined()
  expect(exact.doubt('iam:PassRole')).toBeUndefined()
})

test('with wildcards a name stands for everything it matches, in any letter case', () => {
  const loose = names(['iam:PassRole', 'iam:PutRolePolicy', 'ec2:RunInstances'], 'wildcards')
  expect(loose.standsFor('iam:p*')).toEqual(['iam:PassRole', 'iam:PutRolePolicy'])
  expect(loose.standsFor('*')).toHaveLength(3)
  expect(loose.standsFor('EC2:runinstances')).toEqual(['ec2:RunInstances'])
  expect(loose.standsFor('ec2:RunInstance')).toEqual([])
})
