import { expect, test } from 'vitest'
import type { Page } from './page.ts'
import { paintFor } from './paint.ts'
import { type Column, table } from './table.ts'

const page: Page = { nowMillis: 0, timeZone: 'UTC', paint: paintFor(false), width: 100, tableWidth: 40 }
const columns: readonly Column<readonly [string, string]>[] = [
  { title: 'Waiver', cell: ([id]) => id },
  { title: 'State', cell: ([, state]) => state },
]

test('rows that fit stand in columns', () => {
  expect(
    table(page, columns, [
      ['wvr_1', 'active'],
      ['wvr_22', 'ended'],
    ]),
  ).toEqual(['Waiver  State', 'wvr_1   active', 'wvr_22  ended'])
})

test('rows that do not fit become blocks, and nothing is cut', () => {
  const long = 'x'.repeat(60)
  expect(
    table(page, columns, [
      ['wvr_1', long],
      ['wvr_2', ''],
    ]),
  ).toEqual(['Waiver  wvr_1', `State   ${long}`, '', 'Waiver  wvr_2'])
})

test('wide letters keep their columns', () => {
  const lines = table(page, columns, [
    ['田辺', 'a'],
    ['x', 'b'],
  ])
  expect(lines).toEqual(['Waiver  State', '田辺    a', 'x       b'])
})
