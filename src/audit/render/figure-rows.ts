/** The rows behind one number, cell by cell, for whoever asks for exactly these. Nothing is left out and nothing cut. */

import { visible } from '../../report/inert.ts'
import type { Column } from '../../report/sheet.ts'
import type { RowKind, Rows } from '../figures/rows.ts'
import { type AuditReport, type FigureCode, figure } from '../report.ts'
import { columnsFor } from './cells.ts'

export interface FigureRows {
  readonly titles: readonly string[]
  /** Visible already. A column that is empty in every row is left out. */
  readonly cells: readonly (readonly string[])[]
}

/** @throws when there is no such figure: a bug of the caller. */
export function figureRows(report: AuditReport, code: FigureCode): FigureRows {
  const { of, rows } = figure(report, code)
  const columns = columnsFor(report)
  switch (of) {
    case 'act':
      return filled(columns.act, picked(report.rows, of, rows))
    case 'grant':
      return filled(columns.grant, picked(report.rows, of, rows))
    case 'chain':
      return filled(columns.chain, picked(report.rows, of, rows))
    default:
      return of satisfies never
  }
}

function picked<Kind extends RowKind>(rows: Rows, of: Kind, indexes: readonly number[]): Rows[Kind][number][] {
  return indexes.map((index) => rows[of][index] as Rows[Kind][number])
}

function filled<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): FigureRows {
  const told = columns
    .map(({ title, cell }) => ({ title, cells: rows.map((row) => visible(cell(row))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
  return {
    titles: told.map(({ title }) => title),
    cells: rows.map((_, place) => told.map(({ cells }) => cells[place] as string)),
  }
}
