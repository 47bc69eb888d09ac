/** Coverage as a picture: one row as a calendar, several as lines of hours. */
import { millisOf } from '../../core/time.ts'
import { wallTime } from '../../lib/days.ts'
import { type HeatCell, type HeatPanel, type HeatShade, heatMap } from '../../report/heat-map.ts'
import {
  type CoverageReport,
  daysOf,
  type HourState,
  type ReportRow,
  stateOf,
  statesWorstFirst,
} from './coverage-map.ts'
import type { Names, Page } from './page.ts'

const shades: Readonly<Record<HourState, HeatShade>> = {
  uncovered: 'none',
  unplanned: 'unplanned',
  'just-enough': 'just',
  'to-spare': 'spare',
  'nobody-asks': 'empty',
}

const words: Readonly<Record<HourState, string>> = {
  uncovered: 'nobody independent on duty',
  unplanned: 'not planned yet',
  'just-enough': 'just enough',
  'to-spare': 'more than needed',
  'nobody-asks': 'nobody asks',
}

export function coverageSvg(page: Page, report: CoverageReport, names: Names, calendar: boolean): string {
  const from = millisOf(report.from)
  const until = from + report.hours * 3_600_000
  const { uncoveredHours, rows } = report.totals
  const found =
    uncoveredHours === 0
      ? 'somebody independent is on duty at every hour'
      : `${uncoveredHours} of ${report.hours} hours uncovered`
  return heatMap({
    title:
      calendar && rows === 1 && report.rows[0] !== undefined
        ? nameOf(report.rows[0], names)
        : 'Who could decide, hour by hour',
    subtitle: `${wallTime(from, page.timeZone)} to ${wallTime(until, page.timeZone)}, ${page.timeZone}: ${found}`,
    legend: statesWorstFirst.map((state) => ({ shade: shades[state], text: words[state] })),
    panels: calendar
      ? report.rows.map((row) => calendarPanel(page, report, row, names))
      : [overviewPanel(page, report, names)],
    cellWidth: calendar ? 26 : Math.max(1.4, Math.min(6, 1100 / report.hours)),
  })
}

function calendarPanel(page: Page, report: CoverageReport, row: ReportRow, names: Names): HeatPanel {
  const single = report.totals.rows === 1
  return {
    title: single ? '' : `${nameOf(row, names)}: ${row.uncovered.length} of ${report.hours} hours uncovered`,
    marks: Array.from({ length: 8 }, (_, place) => ({
      place: place * 3,
      text: `${String(place * 3).padStart(2, '0')}:00`,
    })),
    rows: daysOf(report, page).map(({ label, slots }) => {
      const missing = slots.flat().filter((hour) => stateOf(row, hour) === 'uncovered').length
      return {
        label,
        note: missing === 0 ? '' : `${missing} h`,
        cells: slots.map((hours, clock) => {
          const worst = hours.toSorted((a, b) => rank(row, a) - rank(row, b))[0]
          return worst === undefined ? undefined : cellOf(row, worst, `${label} ${String(clock).padStart(2, '0')}:00`)
        }),
      }
    }),
  }
}

function overviewPanel(page: Page, report: CoverageReport, names: Names): HeatPanel {
  const days = daysOf(report, page)
  const weekly = days.length > 10
  return {
    title: `${report.rows.length} of ${report.totals.rows} who could ask, those with most uncovered hours first`,
    marks: days
      .filter(({ label }, place) => place > 0 && (!weekly || label.startsWith('Mon')))
      .map(({ label, slots }) => ({ place: slots.flat()[0] ?? 0, text: label })),
    rows: report.rows.map((row) => ({
      label: nameOf(row, names),
      note: row.uncovered.length === 0 ? '' : `${row.uncovered.length} h`,
      cells: row.counts.map((_, hour) => cellOf(row, hour, '')),
    })),
  }
}

function cellOf(row: ReportRow, hour: number, when: string): HeatCell {
  const state = stateOf(row, hour)
  const callable = row.callable[hour] ?? 0
  const called = state === 'uncovered' && callable > 0 ? `; ${callable} could be called` : ''
  const count = row.counts[hour] ?? null
  const people = count === null ? '' : `, ${count} of ${row.needed[hour]} on duty`
  return { shade: shades[state], title: `${when}${when === '' ? '' : ': '}${words[state]}${people}${called}` }
}

function rank(row: ReportRow, hour: number): number {
  return statesWorstFirst.indexOf(stateOf(row, hour))
}

function nameOf({ group, system }: ReportRow, names: Names): string {
  const name = (id: string) => (Object.hasOwn(names, id) ? (names[id] as string) : id)
  return system === undefined ? name(group) : `${name(group)} on ${name(system)}`
}
