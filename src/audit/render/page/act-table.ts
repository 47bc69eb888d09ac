/**
 * Acts as an auditor reads them: when and where it is written, what was done to which access, who asked and who
 * approved, and what was found. What a finding rests on stands below it, so that nothing has to be scrolled sideways.
 */

import { html, type Markup, nothing } from '../../../report/markup.ts'
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

export function actTable(rows: readonly ActRow[], { names, about }: AuditReport): Markup {
  const isOneFile = about.files.length === 1
  const hasReasons = rows.some(({ act }) => reasonInWords(act) !== '')
  const body = rows.map((row) => {
    const reason = hasReasons ? html`<td>${reasonInWords(row.act)}</td>` : nothing
    const facts = html`<tr>${when(row, isOneFile)}${what(row)}${access(row)}${people(row)}${reason}${found(row)}</tr>`
    return html`<tbody>${facts}${evidence(row, names, hasReasons ? 5 : 4)}</tbody>
`
  })
  const reasonHead = hasReasons ? html`<th class="reason">Reason</th>` : nothing
  const head = html`<th>When</th><th>What</th><th>For, and what</th><th>Who</th>${reasonHead}<th>Found</th>`
  return html`<div class="rows" tabindex="0"><table class="acts"><thead><tr>${head}</tr></thead>${body}</table></div>`
}

function when({ act }: ActRow, isOneFile: boolean): Markup {
  const place = isOneFile ? `line ${act.place.split(':').at(-1)}` : act.place
  const where = act.change === act.place ? place : `${act.change}, ${place}`
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

function found({ judgement }: ActRow): Markup {
  if (judgement === undefined) return html`<td></td>`
  return html`<td class="found"><b class="${judgement.conclusion}">${verdictInWords(judgement)}</b></td>`
}

/** What the finding rests on, across the whole width: a path has to be read in one line. */
function evidence(row: ActRow, names: AuditReport['names'], columns: number): Markup {
  const others = row.instead === undefined ? [] : othersInWords(row.instead, names)
  const lines = [...evidenceInWords(row, names), ...others]
  if (lines.length === 0) return nothing
  return html`<tr class="evidence"><td></td><td colspan="${columns}">${lines.map((line) => html`<small>${line}</small>`)}</td></tr>`
}
