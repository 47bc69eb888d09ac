/**
 * The documented form itself: a JSONL line is a record, a CSV line is one by its columns. An empty cell does not say, a
 * cell `-` says that there is none, and several names stand in one cell with semicolons between them.
 */
import type { Mapper } from '../mapper.ts'
import { type HistoryRecord, listFields, nullableFields, type RecordField, recordFields } from '../record.ts'

export const plain: Mapper = {
  name: 'plain',
  about: 'the form described in the documentation, as JSONL or CSV',
  open: () => (row) => [row as HistoryRecord],
}

/** @returns the record a CSV line stands for, unchecked. */
export function recordOfCells(cells: Readonly<Record<string, string>>): unknown {
  const said = Object.entries(cells).filter(([, cell]) => cell.trim() !== '')
  return Object.fromEntries(said.map(([field, cell]) => [field, valueIn(field as RecordField, cell)]))
}

export { recordFields }

function valueIn(field: RecordField, cell: string): unknown {
  const isNone = cell.trim() === '-'
  if (listFields.includes(field)) return isNone ? [] : namesIn(cell)
  return isNone && nullableFields.includes(field) ? null : cell
}

function namesIn(cell: string): string[] {
  return cell
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
