import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mixedScripts, quoted, visible, visibleLines } from './visible.ts'

test.each([
  ['\u001b[2J\u001b[1;1Happroved', '\\u{1b}[2J\\u{1b}[1;1Happroved'],
  ['\u009b31mred', '\\u{9b}31mred'],
  [
    '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
    '\\u{1b}]8;;https://evil.example\\u{7}click\\u{1b}]8;;\\u{7}',
  ],
  ['ok\rdenied', 'ok\\u{d}denied'],
  ['a\nDigest: sha256:0', 'a\\u{a}Digest: sha256:0'],
  ['invoice\u202egpj.exe', 'invoice\\u{202e}gpj.exe'],
  ['\u2066read\u2069 write', '\\u{2066}read\\u{2069} write'],
  ['ad\u200bmin', 'ad\\u{200b}min'],
  ['ad\u00admin', 'ad\\u{ad}min'],
  ['\u{e0041}\u{e0042}tagged', '\\u{e0041}\\u{e0042}tagged'],
  ['\u3164name', '\\u{3164}name'],
  ['blank\u2800braille', 'blank\\u{2800}braille'],
  ['no\u00a0break', 'no\\u{a0}break'],
  ['heart\ufe0f', 'heart\\u{fe0f}'],
  ['\ue000private', '\\u{e000}private'],
  ['\ud800lone', '\\u{d800}lone'],
  ['\u0301first', '\\u{301}first'],
])('[B17] %j is shown as it is', (hostile, shown) => {
  expect(visible(hostile)).toBe(shown)
})

test('[B17] marks do not pile up over other lines', () => {
  expect(visible(`z${'\u0334'.repeat(6)}`)).toBe(`z${'\u0334'.repeat(4)}\\u{334}\\u{334}`)
})

test('plain names of the world stay as they are', () => {
  for (const name of ['Tomáš Horák', 'João Batista Prado', 'Ștefan', '田辺 愛子', 'Богдан', 'a\\b', 'é'])
    expect(visible(name)).toBe(name)
})

test('[B17] an escape that was typed does not pass for one of ours', () => {
  expect(visible('\\u{202e}')).toBe('\\u{5c}u{202e}')
})

test('[B17] what is shown tells every two texts apart, and holds nothing that cannot be seen', () => {
  const read = (shown: string) =>
    shown.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const shown = visible(text)
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/u)
      expect(read(shown)).toBe(text)
    }),
  )
})

test('[B17] a quotation cannot be ended from inside', () => {
  expect(quoted('x` and approved by `y')).toBe('`x\\u{60} and approved by \\u{60}y`')
})

test('lines stay lines where they may', () => {
  expect(visibleLines('one\r\ntwo\nthree\rfour')).toEqual(['one', 'two', 'three\\u{d}four'])
})

test('[B13] letters of two alphabets in one word are noticed', () => {
  expect(mixedScripts('\u0430dmin')).toEqual(['Latin', 'Cyrillic'])
  expect(mixedScripts('Bohdan Богдан')).toEqual([])
  expect(mixedScripts('payments.ledger_2')).toEqual([])
})
