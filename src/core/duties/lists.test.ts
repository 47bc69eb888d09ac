import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Growing, type Lists, listed, listsOf, numbersIn, replaced, sliceAt, sortedLists } from './lists.ts'

function plain(lists: Lists): number[][] {
  return Array.from({ length: lists.starts.length - 1 }, (_, owner) => numbersIn(sliceAt(lists, owner)))
}

test('pairs in any order become one ascending list without repeats for each owner', () => {
  const pairs = fc.array(fc.tuple(fc.nat(5), fc.nat(30)))
  fc.assert(
    fc.property(pairs, fc.constantFrom(31, 100_000), (rows, limit) => {
      const lists = sortedLists(
        Uint32Array.from(rows, ([o]) => o),
        Uint32Array.from(rows, ([, i]) => i),
        6,
        limit,
      )
      const expected = Array.from({ length: 6 }, (_, owner) =>
        [...new Set(rows.filter(([o]) => o === owner).map(([, item]) => item))].sort((a, b) => a - b),
      )
      expect(plain(lists)).toEqual(expected)
      expect(lists.items.BYTES_PER_ELEMENT).toBe(limit > 0xffff ? 4 : 2)
    }),
  )
})

test('lists are replaced, emptied, and added at the end', () => {
  const list = fc.array(fc.nat(9), { maxLength: 4 })
  const changes = fc.uniqueArray(fc.tuple(fc.nat(7), list), { selector: ([owner]) => owner })
  fc.assert(
    fc.property(fc.array(list, { maxLength: 6 }), changes, (before, changed) => {
      const sorted = changed
        .toSorted(([a], [b]) => a - b)
        .map(([owner, items]) => [owner, Uint32Array.from(items)] as const)
      const expected = Array.from(
        { length: 8 },
        (_, owner) => changed.find(([o]) => o === owner)?.[1] ?? before[owner] ?? [],
      )
      expect(plain(replaced(listsOf(before, 10), sorted, 8, 10))).toEqual(expected)
    }),
  )
})

test('numbers above 65,535 keep all their bits', () => {
  expect(plain(listsOf([[65_535], [65_536]], 65_537))).toEqual([[65_535], [65_536]])
  expect(plain(listsOf([[65_535]], 65_536))).toEqual([[65_535]])
})

test('a number is found by halving exactly when it is there', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), fc.nat(40), (numbers, wanted) => {
      const items = Uint16Array.from(numbers).sort()
      expect(listed({ items, from: 0, to: items.length }, wanted)).toBe(numbers.includes(wanted))
    }),
  )
})

test('an array grows past its first room', () => {
  const growing = new Growing()
  for (let value = 0; value < 5000; value++) growing.push(value)
  expect(growing.filled()).toEqual(Uint32Array.from({ length: 5000 }, (_, value) => value))
})
