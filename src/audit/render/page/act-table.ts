/**
 * Acts as an auditor reads them: when and where it is written, what was done to which access, who asked and who
 * approved, and what was found. Six columns, so that the finding is on the screen without scrolling sideways.
 */
import type { ActRow } from '../../figures/rows.ts'
import type { AuditReport } from '../../report.ts'
import { actInWords } from '../../words.ts'
import {
  accessInWords,
  approvedInWords,
  endInWords,
  evidenceInWords,
  othersInWords,
  peopleInWords,
  reasonInWords,
  verdictInWords,
} from '../cells.ts'
import { html, type Markup, nothing } from './markup.ts'

export function actTable(rows: readonly ActRow[], { names }: AuditReport): Markup {
  const hasReasons = rows.some(({ act }) => reasonInWords(act) !== '')
  const body = rows.map(
    (
      row,
    ) => html`<tr>${when(row)}${what(row)}${access(row)}${people(row)}${hasReasons ? html`<td>${reasonInWords(row.act)}</td>` : nothing}${found(row, names)}</tr>
`,
  )
  const head = html`<th>When and where</th><th>What</th><th>For, and what</th><th>Who</th>${hasReasons ? html`<th>Reason</th>` : nothing}<th>Found</th>`
  return html`<div class="rows" tabindex="0"><table class="acts"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

function when({ act }: ActRow): Markup {
  const where = act.change === act.place ? act.place : `${act.change}, ${act.place}`
  return html`<td>${act.day}<small>${where}</small></td>`
}

function what(row: ActRow): Markup {
  const end = endInWords(row)
  return html`<td>${actInWords(row.act, row.meaning)}<small>${end === 'unknown' ? 'end unknown' : end === 'none' ? 'no end' : `end ${end}`}</small></td>`
}

function access({ act }: ActRow): Markup {
  return html`<td>${act.beneficiary ?? 'unknown'}<small>${accessInWords(act)}</small></td>`
}

function people({ act }: ActRow): Markup {
  return html`<td><small class="who">asked</small> ${peopleInWords(act.askedBy)}<br><small class="who">approved</small> ${approvedInWords(act)}</td>`
}

function found(row: ActRow, names: AuditReport['names']): Markup {
  const { judgement, instead } = row
  const verdict =
    judgement === undefined ? nothing : html`<b class="${judgement.conclusion}">${verdictInWords(judgement)}</b>`
  const lines = [...evidenceInWords(row, names), ...(instead === undefined ? [] : othersInWords(instead, names))]
  return html`<td class="found">${verdict}${lines.map((line) => html`<small>${line}</small>`)}</td>`
}
