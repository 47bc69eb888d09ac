import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sheet } from '../../report/sheet.ts'
import { parseCsv } from './csv.ts'

test('cells by column, with the line in which each row begins', () => {
  expect(parseCsv('\uFEFFa,b\r\n1,"x\ny"\r\n\n2,"say ""yes"", please"\n')).toEqual({
    rows: [
      { line: 2, cells: { a: '1', b: 'x\ny' } },
      { line: 5, cells: { a: '2', b: 'say "yes", please' } },
    ],
  })
})

test.each([
  ['', 1, 'is empty; the first line names the columns'],
  ['a,a\n1,2', 1, 'the column `a` stands there twice; keep one'],
  ['a,b\n1,2\n1', 3, 'has 1 cells where the first line has 2'],
  ['a,b\n1,2,3', 2, 'has 3 cells where the first line has 2'],
  ['a\n"x', 2, 'has a cell whose closing `"` is missing'],
  ['a\n"x"y', 2, 'goes on behind the closing `"` of a cell'],
  ['a\nx"y', 2, 'holds `"` inside a cell that does not begin with one; quote the cell and double it'],
])('[B07] %j is refused with its line', (text, line, message) => {
  expect(parseCsv(text)).toEqual({ problem: { line, message } })
})

test('what is written as CSV reads as the same cells', () => {
  // Characters that a report makes visible, and the mark before a formula, are tried elsewhere.
  const cell = fc
    .string({ unit: fc.constantFrom('a', '"', ',', ' ', 'é', '1'), maxLength: 6 })
    .filter((text) => text !== '')
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      const columns = ['a', 'b'].map((title, place) => ({
        title,
        cell: (row: readonly string[]) => row[place] as string,
      }))
      const read = parseCsv(sheet(columns, rows))
      expect('rows' in read && read.rows.map(({ cells }) => [cells.a, cells.b])).toEqual(rows)
    }),
  )
})
