import { describe, expect, test } from 'vitest'
import type { DirectoryNode } from '../directory.ts'
import { lookAlikeKey, lookAlikes } from './look-alikes.ts'

const person = (id: string, name: string, source = 'hr', until?: string): DirectoryNode => ({
  id,
  kind: 'person',
  name,
  source,
  ...(until === undefined ? {} : { until }),
})
const account = (id: string, login: string, on = 'github'): DirectoryNode => ({
  id,
  kind: 'account',
  name: login,
  on,
  login,
  source: on,
})

describe('[B13] names that look alike', () => {
  test.each<[string, string]>([
    ['Maria', 'M\u0430ri\u0430'], // Cyrillic а
    ['Alice', 'AIice'],
    ['j.doe', 'JDoe'],
    ['jose maria', 'Jos\u00e9 Mar\u00eda'],
    ['mark', 'rnark'],
    ['oooo', '0o0O'],
    ['maria', '\uff2d\uff41\uff52\uff49\uff41'], // full width
    ['scope', '\u0455\u0441\u043e\u0440\u0435'], // all Cyrillic
    ['bill', 'b1ll'],
    ['maria', 'ma\u200dria'], // a joiner in between
  ])('%s and %s', (one, other) => {
    expect(lookAlikeKey(other)).toBe(lookAlikeKey(one))
  })

  test.each<[string, string]>([
    ['Maria', 'Mario'],
    ['anna', 'hanna'],
    ['\u540d\u524d', '\u540d\u5b57'],
  ])('%s and %s do not', (one, other) => {
    expect(lookAlikeKey(other)).not.toBe(lookAlikeKey(one))
  })
})

describe('[B02] who may be one', () => {
  const suggested = (...nodes: readonly DirectoryNode[]) => lookAlikes(nodes).suggested

  test('the same name in two sources; and in one when it only looks the same', () => {
    expect(suggested(person('per_a', 'Maria Oliveira'), person('per_b', 'maria oliveira', 'idp'))).toEqual([
      ['per_a', 'per_b'],
    ])
    expect(suggested(person('per_a', 'Maria Oliveira'), person('per_b', 'M\u0430ria Oliveira'))).toEqual([
      ['per_a', 'per_b'],
    ])
    expect(suggested(person('per_a', 'Maria Oliveira'), person('per_b', 'Tom Horak', 'idp'))).toEqual([])
  })

  test('one entry of two sources is one already', () => {
    expect(suggested(person('per_a', 'Maria Oliveira'), person('per_a', 'Maria Oliveira', 'idp'))).toEqual([])
  })

  test('namesakes whom one source has side by side are two people, and are shown', () => {
    const nodes = [person('per_a', 'Maria Silva'), person('per_b', 'Maria Silva')]
    expect(lookAlikes(nodes)).toEqual({ suggested: [], namesakes: [['per_a', 'per_b']], accounts: [] })
  })

  test('[B08] somebody left and somebody of the same name came', () => {
    expect(
      suggested(person('per_a', 'Maria Silva', 'hr', '2026-11-01T00:00:00.000Z'), person('per_b', 'Maria Silva')),
    ).toEqual([['per_a', 'per_b']])
  })

  test('short names look like too much; many of one name are joined by a chain, not by every pair', () => {
    expect(suggested(person('per_a', 'Li'), person('per_b', 'Li', 'idp'))).toEqual([])
    const many = Array.from({ length: 40 }, (_, n) =>
      person(`per_${String(n).padStart(2, '0')}`, 'Maria Silva', `s${n}`),
    )
    expect(suggested(...many)).toHaveLength(39)
  })

  test('logins on one system that are not the same', () => {
    const nodes = [
      account('acc_1', 'admin'),
      account('acc_2', '\u0430dmin'),
      account('acc_3', 'admin', 'gitlab'),
      account('acc_4', 'other'),
    ]
    expect(lookAlikes(nodes).accounts).toEqual([['acc_1', 'acc_2']])
  })
})
