import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameDn } from './dn.ts'

test('spellings of one name', () => {
  const same = (...names: readonly string[]) => new Set(names.map(sameDn))
  expect(
    same('uid=maria,ou=people,dc=example', 'UID = Maria , OU=People,dc=EXAMPLE', 'uid=m\\61ria,ou=people,dc=example')
      .size,
  ).toBe(1)
  expect(same('cn=Horák\\, Tomáš,dc=x', 'cn=Horák\\2c Tomáš,dc=x', 'cn=Hor\\c3\\a1k\\, Tom\\C3\\A1š,dc=x').size).toBe(1)
  expect(same('cn=a+uid=b,dc=x', 'uid=b+cn=a,dc=x').size).toBe(1)
  expect(same('cn=a  b,dc=x', 'cn=A B,dc=x').size).toBe(1)
  expect(sameDn('')).toBe('')
})

test('[B13] names that are not the same', () => {
  const names = [
    'cn=a\\,dc=x,dc=y',
    'cn=a,dc=x,dc=y',
    'cn=a+dc=x,dc=y',
    'cn=a\\+dc=x,dc=y',
    'cn=a\\ ,dc=y',
    'cn=a,dc=y',
    'cn=а,dc=y',
    'cn=*,dc=y',
  ]
  expect(new Set(names.map(sameDn)).size).toBe(names.length)
})

test('what is no name', () => {
  for (const text of ['maria', 'uid=', 'uid', '=x', 'uid=a,', 'uid=a,,dc=x', 'uid=a\\zz', 'uid=a\\', 'cn=a+,dc=x']) {
    if (text === 'uid=') expect(sameDn(text)).toBe('uid=')
    else expect(sameDn(text), text).toBeUndefined()
  }
})

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => ['string', 'undefined'].includes(typeof sameDn(text))))
})
