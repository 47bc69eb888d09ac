/**
 * Rows as CSV (RFC 4180). A cell that a spreadsheet would run as a formula is made plain text, and every character of what
 * others wrote can be seen.
 */
import { visible } from './inert.ts'

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  /** Right-aligned, for numbers. */
  readonly number?: boolean
}

export function sheet<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  return `${lines.map((cells) => cells.map(csvCell).join(',')).join('\r\n')}\r\n`
}

/** Spreadsheets run what begins like this, whatever the quotes around it. */
const formula = /^\s*[=+\-@|%]/

export function csvCell(text: string): string {
  const seen = visible(text)
  const inert = formula.test(seen) && !/^-?\d+(\.\d+)?$/.test(seen) ? `'${seen}` : seen
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
