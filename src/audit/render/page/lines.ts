/** A table whose every line opens to its rows: for months, groups and people, of which there are many. */

import { beside, type Content, html, type Markup, nothing } from '../../../report/markup.ts'
import { count, counted } from '../../../report/numbers.ts'
import type { ActRow } from '../../figures/rows.ts'
import { rowsOf, type Tables, tellingFirst } from './tables.ts'

/** Rows behind a line: enough to see what it is about. */
const sampleMax = 20

/** Like a table, but every line opens to its rows over the whole width. */
export function lines(first: string, titles: readonly string[], rows: readonly Markup[]): Markup {
  const head = html`<div class="line head"><span>${first}</span>${titles.map((title) => html`<span>${title}</span>`)}</div>`
  return html`<div class="lines of-${titles.length}" tabindex="0"><div class="inner">${head}${rows}</div></div>`
}

export function line(
  tables: Tables,
  name: Content,
  cells: readonly string[],
  acts: readonly ActRow[],
  id?: string,
): Markup {
  const marked = id === undefined ? nothing : html` id="${id}"`
  const shown = html`<span>${name}</span>${cells.map((cell) => html`<span>${cell}</span>`)}`
  if (acts.length === 0) return html`<div class="line empty"${marked}>${shown}</div>`
  return html`<details${marked}><summary class="line">${shown}</summary>${sample(tables, acts)}</details>
`
}

/** The rows worth looking at first. */
function sample(tables: Tables, acts: readonly ActRow[]): Markup {
  const rows = tellingFirst(acts)
  const { csvFolder } = tables.options
  const all =
    csvFolder === undefined
      ? nothing
      : html` All of them are in <a href="${beside(csvFolder, 'acts.csv')}">acts.csv</a>.`
  const few = { ...tables, options: { rowsMax: sampleMax } }
  const note =
    rows.length > sampleMax
      ? html`<p class="rule">${count(sampleMax)} of ${counted(rows.length, 'act')}, findings first.${all}</p>`
      : nothing
  return html`${note}${rowsOf(few, 'act', rows.slice(0, sampleMax))}`
}
