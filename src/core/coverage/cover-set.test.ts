import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { greedySet, type Need, smallestSet } from './cover-set.ts'

const need = fc
  .tuple(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 2 }))
  .map(([options, needed]): Need => ({ options, needed: Math.min(needed, options.length) }))

function isEnough(people: readonly number[], needs: readonly Need[]): boolean {
  return needs.every(({ options, needed }) => options.filter((one) => people.includes(one)).length >= needed)
}

/** Every subset of eight people, smallest first. */
const subsets = Array.from({ length: 256 }, (_, bits) => [...Array(8).keys()].filter((one) => bits & (1 << one))).sort(
  (a, b) => a.length - b.length,
)

describe('smallestSet', () => {
  test('is as small as any, and enough', () => {
    fc.assert(
      fc.property(fc.array(need, { maxLength: 10 }), (needs) => {
        const { people, search } = smallestSet(needs)
        expect(search).toBe('exact')
        expect(isEnough(people, needs)).toBe(true)
        expect(people.length).toBe(subsets.find((one) => isEnough(one, needs))?.length)
      }),
    )
  })

  test('says when it had to be greedy, and is enough all the same', () => {
    const needs = Array.from({ length: 120 }, (_, i) => ({
      options: Array.from({ length: 12 }, (_, j) => (i * 37 + j * j * 11 + j) % 150),
      needed: 1,
    })).map(({ options, needed }) => ({ options: [...new Set(options)], needed }))
    const { people, search } = smallestSet(needs)
    expect(search).toBe('greedy')
    expect(isEnough(people, needs)).toBe(true)
  })

  test('the greedy way is enough whatever is needed', () => {
    fc.assert(fc.property(fc.array(need, { maxLength: 10 }), (needs) => isEnough(greedySet(needs), needs)))
  })

  test('what nobody could meet is a bug of whoever asks', () => {
    expect(() => smallestSet([{ options: [1], needed: 2 }])).toThrow('bug')
  })
})
