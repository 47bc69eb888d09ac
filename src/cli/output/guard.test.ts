import fc from 'fast-check'
import { expect, test } from 'vitest'
import { guarded, guardedJson } from './guard.ts'
import { paintFor } from './paint.ts'

test('[B17] nothing but our own colours reaches the terminal', () => {
  const { bad } = paintFor(true)
  expect(guarded(bad('refused'), true)).toBe('\u001b[31mrefused\u001b[39m')
  expect(guarded('\u001b[8mhidden\u001b[2J', true)).toBe('\\u{1b}[8mhidden\\u{1b}[2J')
  expect(guarded('\u001b[31mred', false)).toBe('\\u{1b}[31mred')
})

test('[B17] JSON says the same and holds nothing unseen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const json = guardedJson({ [text]: text })
      expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u)
      expect(JSON.parse(json)).toEqual({ [text]: text })
    }),
  )
})
