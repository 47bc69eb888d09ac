/** The second half of the page: over time, by team and entitlement, who approves, what is unknown, how it was counted. */
import type { Group } from '../../figures/breakdown.ts'
import type { MonthFigures } from '../../figures/months.ts'
import type { ActRow } from '../../figures/rows.ts'
import { rulesFor } from '../../figures/rules.ts'
import type { AuditReport } from '../../report.ts'
import { count, counted, share } from '../../words.ts'
import { monthBars } from './charts.ts'
import { anchor, beside, type Content, coded, html, type Markup, nothing } from './markup.ts'
import { rowsOf, type Tables, table, tellingFirst } from './tables.ts'

/** Rows behind a month or a group: enough to see what it is about. */
const sampleMax = 20
/** Groups on the page; the rest stand in the file. */
const groupsMax = 25

export function overTime(tables: Tables): Markup {
  const { months } = tables.report
  return html`<section id="over-time"><h2>Over time</h2>
<div class="card"><h3>Decisions by month</h3>${monthBars('Decisions by month', months, [
    { label: 'independent', shade: 'good', value: ({ independent }) => independent },
    { label: 'not independent', shade: 'bad', value: ({ notIndependent }) => notIndependent },
    { label: 'unknown', shade: 'unknown', value: ({ unknown }) => unknown },
  ])}</div>
<div class="card"><h3>Extensions by month</h3>${monthBars('Extensions by month', months, [
    { label: 'before the end', shade: 'plain', value: ({ extended, extendedAfterEnd }) => extended - extendedAfterEnd },
    { label: 'after the end had passed', shade: 'bad', value: ({ extendedAfterEnd }) => extendedAfterEnd },
  ])}</div>
${lines(
  'Month',
  monthColumns.map(([title]) => title),
  monthLines(tables),
)}</section>`
}

const monthColumns: readonly (readonly [string, (month: MonthFigures) => number])[] = [
  ['Granted', ({ granted }) => granted],
  ['Removed', ({ removed }) => removed],
  ['Extended', ({ extended }) => extended],
  ['after the end', ({ extendedAfterEnd }) => extendedAfterEnd],
  ['Independent', ({ independent }) => independent],
  ['Not independent', ({ notIndependent }) => notIndependent],
  ['Unknown', ({ unknown }) => unknown],
  ['In force', ({ inTime, pastEnd, withoutEnd, endUnknown }) => inTime + pastEnd + withoutEnd + endUnknown],
  ['past its end', ({ pastEnd }) => pastEnd],
]

function monthLines(tables: Tables): Markup[] {
  const byMonth = Map.groupBy(tables.report.rows.act, ({ act }) => act.month)
  return tables.report.months.map((month) => {
    const cells = monthColumns.map(([, value]) => count(value(month)))
    return line(tables, html`${month.month}`, cells, byMonth.get(month.month) ?? [], anchor('month', month.month))
  })
}

/** Like a table, but every line opens to its rows over the whole width. */
function lines(first: string, titles: readonly string[], rows: readonly Markup[]): Markup {
  const head = html`<div class="line head"><span>${first}</span>${titles.map((title) => html`<span>${title}</span>`)}</div>`
  return html`<div class="lines of-${titles.length}" tabindex="0"><div class="inner">${head}${rows}</div></div>`
}

function line(tables: Tables, name: Content, cells: readonly string[], acts: readonly ActRow[], id?: string): Markup {
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

export function byGroup(tables: Tables): Markup {
  const { team, entitlement, system } = tables.report.groups
  return html`<section id="groups"><h2>By team, entitlement and system</h2>${groupTable(tables, 'Team', 'teams.csv', team)}${groupTable(tables, 'Entitlement', 'entitlements.csv', entitlement)}${groupTable(tables, 'System', 'systems.csv', system)}</section>`
}

const groupColumns: readonly (readonly [string, (group: Group) => string])[] = [
  ['Grants', ({ grantsCount }) => count(grantsCount)],
  ['Decisions', ({ decisionsCount }) => count(decisionsCount)],
  ['One person alone', ({ onePersonCount }) => count(onePersonCount)],
  [
    'Not independent',
    ({ notIndependentCount, decisionsCount }) =>
      `${count(notIndependentCount)} (${share(notIndependentCount, decisionsCount)})`,
  ],
  ['Unknown', ({ unknownCount }) => count(unknownCount)],
  ['Extended', ({ extendedCount }) => count(extendedCount)],
  ['too late', ({ extendedAfterEndCount }) => count(extendedAfterEndCount)],
  ['Without end', ({ withoutEndCount }) => count(withoutEndCount)],
  ['Removed late', ({ removedLateCount }) => count(removedLateCount)],
  ['Still past end', ({ openPastEndCount }) => count(openPastEndCount)],
  ['Days past end', ({ daysPastEnd }) => count(daysPastEnd)],
]

function groupTable(tables: Tables, title: string, file: string, groups: readonly Group[]): Markup {
  if (groups.length === 0 || (groups.length === 1 && groups[0]?.name === undefined)) {
    return html`<h3>${title}</h3><p class="meta">The history does not say.</p>`
  }
  const rows = groups.slice(0, groupsMax).map((group) => {
    const acts = group.acts.map((index) => tables.report.rows.act[index] as ActRow)
    const cells = groupColumns.map(([, value]) => value(group))
    return line(tables, nameOf(group), cells, acts)
  })
  const { csvFolder } = tables.options
  const link =
    csvFolder === undefined ? nothing : html` All of them are in <a href="${beside(csvFolder, file)}">${file}</a>.`
  const more =
    groups.length > groupsMax
      ? html`<p class="meta">The ${count(groupsMax)} with the most grants of ${count(groups.length)}.${link}</p>`
      : nothing
  return html`<h3>${title}</h3>${lines(
    title,
    groupColumns.map(([name]) => name),
    rows,
  )}${more}`
}

function nameOf({ name, spellings }: Group): Markup {
  if (name === undefined) return html`<i>not said</i>`
  const others = spellings.slice(1)
  return others.length === 0
    ? html`${name}`
    : html`<span title="${others.join(', ')}">${name} <span class="of">(also spelled ${others.join(', ')})</span></span>`
}

export function approvers({ report }: Tables): Markup {
  const { deciders, pairs } = report
  if (deciders.length === 0)
    return html`<section id="approvers"><h2>Approvers</h2><p>The history does not say who approved.</p></section>`
  const columns = [
    { title: 'Approver', cell: ({ name }: (typeof deciders)[number]) => name },
    { title: 'Changes', number: true, cell: ({ changesCount }: (typeof deciders)[number]) => count(changesCount) },
    {
      title: 'Decisions',
      number: true,
      cell: ({ decisionsCount }: (typeof deciders)[number]) => count(decisionsCount),
    },
    { title: 'Changes of their own', number: true, cell: ({ ownCount }: (typeof deciders)[number]) => count(ownCount) },
    {
      title: 'Not independent in',
      number: true,
      cell: ({ notIndependentCount }: (typeof deciders)[number]) => count(notIndependentCount),
    },
    {
      title: 'Beneficiaries',
      number: true,
      cell: ({ beneficiariesCount }: (typeof deciders)[number]) => count(beneficiariesCount),
    },
  ]
  const pairColumns = [
    { title: 'One', cell: ({ a }: (typeof pairs)[number]) => a },
    { title: 'The other', cell: ({ b }: (typeof pairs)[number]) => b },
    { title: 'The other for one', number: true, cell: ({ bForA }: (typeof pairs)[number]) => count(bForA) },
    { title: 'One for the other', number: true, cell: ({ aForB }: (typeof pairs)[number]) => count(aForB) },
  ]
  return html`<section id="approvers"><h2>Approvers</h2>${table(columns, deciders.slice(0, 50))}${pairs.length === 0 ? nothing : html`<h3>People who approved for each other, in changes</h3>${table(pairColumns, pairs.slice(0, 25))}`}</section>`
}

export function silences({ silences: list }: AuditReport): Markup {
  const rows = list.map(
    ({ what, count: held, total, ofWhat }) =>
      html`<tr><td>${what}</td><td class="number">${count(held)}</td><td class="number">${count(total)} ${ofWhat}</td></tr>`,
  )
  return html`<section id="unknown"><h2>What the history does not say</h2><p>None of this was counted in anybody’s favour. One decision may stand in several lines.</p>${list.length === 0 ? html`<p>Nothing is missing.</p>` : html`<div class="rows groups"><table><tbody>${rows}</tbody></table></div>`}</section>`
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
<p>Every decision was judged by the same rules as a request of today: by relations between people at that time, never by title. “Independent” is said only where the history names everybody involved, the directory covers that time and knows them, and nothing was found. A figure counts the rows for which its rule holds; rows about which nobody can say are counted on neither side.</p>
<p>The history was read with the mapper <code>${about.mapper}</code> and is taken to be complete up to ${about.asOf.day}.</p>${csv}
<div class="rows groups"><table><tbody>${files}${sources}</tbody></table></div>
<details><summary>All figures and their rules</summary><div class="rows groups"><table><thead><tr><th>Code</th><th>Figure</th><th>Rule</th></tr></thead><tbody>${rules}</tbody></table></div></details></section>
<footer><p>This page holds no script and loads nothing from anywhere.</p></footer>`
}
