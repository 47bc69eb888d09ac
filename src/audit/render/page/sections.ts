/** The second half of the page: how it went over time, by team, entitlement and system, and who approves. */

import { anchor, beside, html, type Markup, nothing } from '../../../report/markup.ts'
import { count, share } from '../../../report/numbers.ts'
import type { Group } from '../../figures/breakdown.ts'
import type { MonthFigures } from '../../figures/months.ts'
import type { ActRow } from '../../figures/rows.ts'
import { line, lines } from './lines.ts'
import { monthBars } from './month-bars.ts'
import type { Tables } from './tables.ts'

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

/** Approvers on the page; the rest stand in the file. */
const approversMax = 50
const pairsMax = 25

export function approvers(tables: Tables): Markup {
  const { deciders, pairs, rows } = tables.report
  if (deciders.length === 0) {
    return html`<section id="approvers"><h2>Approvers</h2><p>The history does not say who approved.</p></section>`
  }
  const acts = (indexes: readonly number[]) => indexes.map((index) => rows.act[index] as ActRow)
  const people = deciders.slice(0, approversMax).map((one) => {
    const numbers = [
      one.changesCount,
      one.decisionsCount,
      one.ownCount,
      one.notIndependentCount,
      one.beneficiariesCount,
    ]
    return line(tables, one.name, numbers.map(count), acts(one.acts))
  })
  const mutual = pairs.slice(0, pairsMax).map((pair) => {
    return line(tables, `${pair.a} and ${pair.b}`, [pair.bForA, pair.aForB].map(count), acts(pair.acts))
  })
  const titles = ['Changes', 'Decisions', 'Changes of their own', 'Not independent in', 'Beneficiaries']
  const more =
    deciders.length > approversMax
      ? html`<p class="meta">The first ${count(approversMax)} of ${count(deciders.length)}.</p>`
      : nothing
  const favours =
    mutual.length === 0
      ? nothing
      : html`<h3>People who approved for each other, in changes</h3>${lines('Who', ['The second for the first', 'The first for the second'], mutual)}`
  return html`<section id="approvers"><h2>Approvers</h2>${lines('Approver', titles, people)}${more}${favours}</section>`
}
