/**
 * Rows behind a number. A page stays quick with at most so many of them; what is left out is counted on the spot, with
 * the file that has all.
 */

import { beside, type Content, coded, html, type Markup, nothing } from '../../../report/markup.ts'
import { count, counted, share } from '../../../report/numbers.ts'
import type { Column } from '../../../report/sheet.ts'
import type { Figure } from '../../figures/figure.ts'
import type { ActRow, RowKind } from '../../figures/rows.ts'
import { type AuditReport, figure as figureIn } from '../../report.ts'
import { type Columns, columnsFor } from '../cells.ts'
import { actTable } from './act-table.ts'

export interface PageOptions {
  /** Rows shown behind one figure. */
  readonly rowsMax: number
  /** Folder with the CSV files, as a link from the page; absent when there are none. */
  readonly csvFolder?: string
}

export interface Tables {
  readonly report: AuditReport
  readonly columns: Columns
  readonly options: PageOptions
}

export function tablesFor(report: AuditReport, options: PageOptions): Tables {
  return { report, columns: columnsFor(report), options }
}

const csvOf: Readonly<Record<RowKind, string>> = { act: 'acts.csv', grant: 'grants.csv', chain: 'stays.csv' }
const nouns: Readonly<Record<RowKind, string>> = { act: 'act', grant: 'grant', chain: 'stay' }

/** Every figure of an answer: those with rows to open, the others in one line. */
export function figureList(tables: Tables, codes: readonly string[]): Markup {
  const figures = codes.map((code) => figureIn(tables.report, code))
  const open = figures.filter(({ count: held }) => held > 0)
  const empty = figures.filter(({ count: held, unknownCount, total }) => held === 0 && unknownCount < total)
  const silent = figures.filter(
    ({ count: held, unknownCount, total }) => held === 0 && total > 0 && unknownCount === total,
  )
  const line = (title: string, list: readonly Figure[]) =>
    list.length === 0 ? nothing : html`<p class="zero">${title} ${list.map(({ label }) => label).join('; ')}.</p>`
  return html`<div class="figures">${open.map((one) => figureDetails(tables, one))}</div>${line('None:', empty)}${line('The history does not say:', silent)}`
}

function figureDetails(tables: Tables, figure: Figure): Markup {
  const { code, weight, label, rule, count: held, total, unknownCount, baseCount, of } = figure
  const silent =
    unknownCount === 0 ? '' : `; about ${count(unknownCount)}${baseCount === total ? '' : ' more'} nobody can say`
  return html`<details id="figure-${code}"><summary><span class="dot ${weight}"></span><b>${count(held)}</b> <span class="of">of ${counted(baseCount, nounOf(figure))} (${share(held, baseCount)})</span> ${label}<span class="of">${silent}</span></summary>
<p class="rule">Counted: ${coded(rule)}. <code>${code}</code></p>${rowsOf(tables, of, figure.rows, code)}</details>`
}

function nounOf(figure: Figure): string {
  const { of, code, parts } = figure
  if (of !== 'act') return nouns[of]
  if (code.startsWith('extended-')) return 'extension'
  const decided = Object.entries(parts ?? {}).filter(([, part]) => part.total > 0)
  const decidedCount = decided.reduce((sum, [, part]) => sum + part.total, 0)
  if (decidedCount < figure.total - figure.unknownCount) return 'act'
  return decided.length === 1 && decided[0]?.[0] === 'grant' ? 'grant' : 'decision'
}

/** @param filter what the column `Figures` of the CSV file holds for exactly these rows. */
export function rowsOf(
  { report, columns, options }: Tables,
  of: RowKind,
  indexes: readonly number[],
  filter?: string,
): Markup {
  const shown = indexes.slice(0, options.rowsMax)
  switch (of) {
    case 'act':
      return html`${actTable(pick(report.rows.act, shown), report)}${note(of, indexes.length, options, filter)}`
    case 'grant':
      return table(columns.grant, pick(report.rows.grant, shown), note(of, indexes.length, options, filter))
    case 'chain':
      return table(columns.chain, pick(report.rows.chain, shown), note(of, indexes.length, options, filter))
    default:
      return of satisfies never
  }
}

function pick<Row>(rows: readonly Row[], indexes: readonly number[]): Row[] {
  return indexes.map((index) => rows[index] as Row)
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], after: Markup = nothing): Markup {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map(column.cell) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
  const head = filled.map(({ title, number }) => html`<th${number ? html` class="number"` : nothing}>${title}</th>`)
  const body = rows.map(
    (_, row) => html`<tr>${filled.map((column) => cellOf(column, column.cells[row] as string))}</tr>
`,
  )
  return html`<div class="rows" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${after}`
}

function cellOf<Row>({ number }: Column<Row>, cell: Content): Markup {
  return html`<td${number ? html` class="number"` : nothing}>${cell}</td>`
}

function note(of: RowKind, total: number, { rowsMax, csvFolder }: PageOptions, filter: string | undefined): Markup {
  const where =
    filter === undefined ? nothing : html`, those with <code>${filter}</code> in the column <code>Figures</code>`
  const file =
    csvFolder === undefined
      ? nothing
      : html` All rows are in <a href="${beside(csvFolder, csvOf[of])}">${csvOf[of]}</a>${where}.`
  if (total <= rowsMax) return total < 10 ? nothing : html`<p class="rule">All ${counted(total, nouns[of])} shown.</p>`
  return html`<p class="rule">The first ${count(rowsMax)} of ${counted(total, nouns[of])} are shown, in the order of the history.${file}</p>`
}

/** Rows of some acts that anybody would want to look at first: something was found, then the unknown. */
export function tellingFirst(rows: readonly ActRow[]): number[] {
  const rank = ({ judgement, meaning }: ActRow) =>
    judgement?.conclusion === 'not-independent'
      ? 0
      : meaning.afterEnd && meaning.move === 'later'
        ? 1
        : judgement === undefined
          ? 3
          : 2
  return [...rows].sort((a, b) => rank(a) - rank(b) || a.index - b.index).map(({ index }) => index)
}
