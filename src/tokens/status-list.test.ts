import { describe, expect, test } from 'vitest'
import { packed, unpacked } from './status-list.ts'

describe('the examples of the draft', () => {
  test('of one bit', async () => {
    const at = await unpacked({ bits: 1, lst: 'eNrbuRgAAhcBXQ' })
    const statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    expect(statuses.map((_, place) => (at(place) === 'valid' ? 0 : 1))).toEqual(statuses)
  })

  test('of two bits', async () => {
    const at = await unpacked({ bits: 2, lst: 'eNo76fITAAPfAgc' })
    const names = ['valid', 'invalid', 'suspended', 'invalid']
    const statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    expect(statuses.map((_, place) => at(place))).toEqual(statuses.map((value) => names[value]))
  })
})

test('what is packed is read again, and nothing beyond it', async () => {
  const marked = new Map([
    [0, 'suspended'],
    [7, 'invalid'],
    [4_095, 'suspended'],
  ] as const)
  const at = await unpacked(await packed(4_096, marked))
  for (const place of [0, 1, 7, 8, 4_094, 4_095]) expect(at(place)).toBe(marked.get(place as 0) ?? 'valid')
  for (const place of [4_096, -1, 0.5, Number.NaN]) expect(at(place)).toBeUndefined()
})

test('[fail/closed] what claims to be larger than any list is refused', async () => {
  const bomb = await packed(4 * 2_000_000, new Map())
  expect(bomb.lst.length).toBeLessThan(5_000)
  await expect(unpacked(bomb)).rejects.toThrow('at most')
  await expect(unpacked({ bits: 3 as never, lst: 'eNrbuRgAAhcBXQ' })).rejects.toThrow()
  await expect(unpacked({ bits: 1, lst: 'nothing' })).rejects.toThrow()
})
