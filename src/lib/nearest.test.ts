import fc from 'fast-check'
import { expect, test } from 'vitest'
import { didYouMean, editDistance, nearest } from './nearest.ts'

test('a dropped, doubled, wrong or swapped letter is found', () => {
  const names = ['security-approvers', 'risk', 'outside-approvers']
  for (const written of ['security-aprovers', 'securrity-approvers', 'securlty-approvers', 'secuirty-approvers']) {
    expect(nearest(written, names)).toEqual(['security-approvers'])
  }
})

test('case, dashes, underscores and spaces do not hide a name', () => {
  expect(nearest('Security_Approvers', ['security-approvers'])).toEqual(['security-approvers'])
})

test('nothing close means no suggestion', () => {
  expect(nearest('payroll', ['risk', 'security'])).toEqual([])
  expect(didYouMean('payroll', ['risk'])).toBe('')
})

test('closest first, then the alphabet, and never more than asked for', () => {
  expect(nearest('maria', ['mario', 'marie', 'maria', 'zzzzz'], 2)).toEqual(['maria', 'marie'])
  expect(didYouMean('maria', ['mario', 'marie'])).toBe('; did you mean `marie` or `mario`?')
})

test('long words are compared by equality only', () => {
  const long = 'a'.repeat(200)
  expect(nearest(long, [long, `${long}b`])).toEqual([long])
})

test('the distance is symmetric, zero exactly for equal words, and cut off above the limit', () => {
  const word = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, max) => {
      const distance = editDistance(a, b)
      expect(editDistance(b, a)).toBe(distance)
      expect(distance === 0).toBe(a === b)
      expect(editDistance(a, b, max)).toBe(distance <= max ? distance : max + 1)
    }),
  )
})
