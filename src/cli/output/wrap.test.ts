import fc from 'fast-check'
import { expect, test } from 'vitest'
import { widthOf, wrap } from './wrap.ts'

test('breaks between words, and inside a word that is too long', () => {
  expect(wrap('one two three', 8)).toEqual(['one two ', 'three'])
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
})

test('a line begins with a word, not with the space before it', () => {
  expect(wrap('aaaa bbbb cccc', 9)).toEqual(['aaaa ', 'bbbb cccc'])
})

test('[B17] not one character is lost, and no line is wider than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 2, max: 40 }), (text, width) => {
      const lines = wrap(text, width)
      expect(lines.join('')).toBe(text)
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width)
    }),
  )
})

test('[B17] spaces cannot push the rest of a text to the margin', () => {
  const lines = wrap(`short${' '.repeat(50)}Digest: sha256:fake`, 20)
  expect(lines.every((line) => widthOf(line) <= 20)).toBe(true)
})
