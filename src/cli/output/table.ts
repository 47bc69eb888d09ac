/**
 * Rows for people: a table where it fits, one block a row where it does not. Nothing is ever cut: a narrow terminal makes
 * a listing longer, not poorer.
 */
import CliTable from 'cli-table3'
import type { Page } from './page.ts'
import { widthOf } from './wrap.ts'

export interface Column<Row> {
  readonly title: string
  /** One line, visible already. */
  readonly cell: (row: Row) => string
  /** How the cell is coloured; applied after measuring. */
  readonly paint?: (text: string, row: Row) => string
}

export function table<Row>(page: Page, columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)))
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? ''))),
  )
  const total = widths.reduce((sum, width) => sum + width + 2, 0)
  return total > page.tableWidth ? blocks(page, columns, rows, cells) : grid(page, columns, rows, cells)
}

function grid<Row>(
  { paint }: Page,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  cells: readonly (readonly string[])[],
): readonly string[] {
  const drawn = new CliTable({
    head: columns.map(({ title }) => paint.strong(title)),
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  for (const [index, row] of rows.entries()) {
    drawn.push(columns.map((column, place) => painted(column, cells[index]?.[place] ?? '', row)))
  }
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

function blocks<Row>(
  { paint }: Page,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  cells: readonly (readonly string[])[],
): readonly string[] {
  const width = Math.max(...columns.map(({ title }) => widthOf(title)))
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...columns.flatMap((column, place) => {
      const cell = cells[index]?.[place] ?? ''
      return cell === '' ? [] : [`${paint.strong(column.title.padEnd(width))}  ${painted(column, cell, row)}`]
    }),
  ])
}

function painted<Row>({ paint }: Column<Row>, cell: string, row: Row): string {
  return paint === undefined ? cell : paint(cell, row)
}

const edges = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
] as const
const borderless = Object.fromEntries(edges.map((edge) => [edge, '']))
