/** The end of the page: what the history does not say, and how everything was counted. */

import { beside, coded, html, type Markup, nothing } from '../../../report/markup.ts'
import { count, counted } from '../../../report/numbers.ts'
import { rulesFor } from '../../figures/rules.ts'
import type { Silence } from '../../figures/silences.ts'
import { rowsOf, type Tables } from './tables.ts'

export function silences(tables: Tables): Markup {
  const list = tables.report.silences
  const shown =
    list.length === 0
      ? html`<p>Nothing is missing.</p>`
      : html`<div class="figures">${list.map((one) => silence(tables, one))}</div>`
  return html`<section id="unknown"><h2>What the history does not say</h2><p>None of this was counted in anybody’s favour. One decision may stand in several lines.</p>${shown}</section>`
}

function silence(tables: Tables, { what, count: held, total, ofWhat, of, rows }: Silence): Markup {
  return html`<details><summary><span class="dot"></span><b>${count(held)}</b> <span class="of">of ${count(total)} ${ofWhat}:</span> ${what}</summary>${rowsOf(tables, of, rows)}</details>`
}

export function method({ report, options }: Tables): Markup {
  const { about } = report
  const rules = rulesFor(about.settings).map(
    ({ code, label, rule }) => html`<tr><td><code>${code}</code></td><td>${label}</td><td>${coded(rule)}</td></tr>`,
  )
  const files = about.files.map(
    ({ name, linesCount, digest }) =>
      html`<tr><td>${name}</td><td class="number">${counted(linesCount, 'line')}</td><td>${digest}</td></tr>`,
  )
  const sources = (about.directory?.sources ?? []).map(
    ({ id, revision, observedAt }) =>
      html`<tr><td>directory ${id}</td><td>read ${observedAt}</td><td>${revision}</td></tr>`,
  )
  const csv =
    options.csvFolder === undefined
      ? nothing
      : html`<p>Every row is in the CSV files in <a href="${beside(options.csvFolder)}">${options.csvFolder}</a>; the column <code>Figures</code> says which figures count it.</p>`
  return html`<section id="method"><h2>How it was counted</h2>
<p>Every decision was judged by the same rules as a request of today: by relations between people at that time, never by title. “Independent” is said only where the history names everybody involved, the directory covers that time and knows them, and nothing was found. A figure counts the rows for which its rule holds; rows about which nobody can say are counted on neither side. The figures are about records, not verdicts on anyone.</p>
<p>The history was read with the mapper <code>${about.mapper}</code> and is taken to be complete up to ${about.asOf.day}.</p>${csv}
<div class="rows groups"><table><tbody>${files}${sources}</tbody></table></div>
<details><summary>All figures and their rules</summary><div class="rows groups"><table><thead><tr><th>Code</th><th>Figure</th><th>Rule</th></tr></thead><tbody>${rules}</tbody></table></div></details></section>
<footer><p>This page holds no script and loads nothing from anywhere.</p></footer>`
}
