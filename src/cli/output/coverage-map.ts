/**
 * Coverage as a map in the terminal. Hours in which nobody independent is on duty are solid blocks, everything else is a
 * number of people, so that it reads the same without colours.
 */
import type { CoverageView } from '../../client/index.ts'
import { millisOf } from '../../core/time.ts'
import { type LocalDay, localDays } from '../../lib/days.ts'
import type { Page } from './page.ts'
import { widthOf } from './wrap.ts'

/** As the server answers, or as it was computed here from files. */
export type CoverageReport = Omit<CoverageView, 'names'>
export type ReportRow = CoverageReport['rows'][number]

export type HourState = 'uncovered' | 'unplanned' | 'just-enough' | 'to-spare' | 'nobody-asks'

export function stateOf(row: ReportRow, hour: number): HourState {
  const [count, needed] = [row.counts[hour] ?? null, row.needed[hour] ?? null]
  if (count === null || needed === null) return 'nobody-asks'
  if (count < needed) return row.unplanned.includes(hour) ? 'unplanned' : 'uncovered'
  return count === needed ? 'just-enough' : 'to-spare'
}

/** Worst first: what one cell says that stands for several hours. */
export const statesWorstFirst: readonly HourState[] = [
  'uncovered',
  'unplanned',
  'just-enough',
  'to-spare',
  'nobody-asks',
]

export function daysOf({ from, hours }: CoverageReport, { timeZone }: Pick<Page, 'timeZone'>): readonly LocalDay[] {
  return localDays(millisOf(from), hours, timeZone)
}

/** One row as a calendar: a line a day, a cell an hour. */
export function calendarLines(page: Page, report: CoverageReport, row: ReportRow): readonly string[] {
  const { paint } = page
  const head = [0, 3, 6, 9, 12, 15, 18, 21].map((hour) => String(hour).padStart(2, '0').padEnd(6)).join('')
  const lines = daysOf(report, page).map(({ label, slots }) => {
    const cells = slots.map((hours) => hourCell(page, row, hours)).join('')
    return `${label.padEnd(12)}${cells}`.trimEnd()
  })
  return [paint.faint(`${' '.repeat(12)}${head}`.trimEnd()), ...lines]
}

/** One line a row, a column a day: how many hours of it are uncovered. */
export function overviewLines(
  page: Page,
  report: CoverageReport,
  nameOf: (row: ReportRow) => string,
): readonly string[] {
  const days = daysOf(report, page)
  const names = report.rows.map(nameOf)
  const label = Math.max(4, ...names.map(widthOf))
  const wide = label + 8 + days.length * 3 <= page.tableWidth
  const lines = report.rows.map((row, place) => {
    const cells = days.map((day) => dayCell(page, row, day, wide)).join('')
    const name = names[place] as string
    const total = `${row.uncovered.length} h`.padStart(7)
    return `${name}${' '.repeat(label - widthOf(name))}${row.uncovered.length === 0 ? total : page.paint.bad(total)} ${cells}`
  })
  return [page.paint.faint(`${' '.repeat(label + 8)}${dayHead(days, wide)}`.trimEnd()), ...lines]
}

export function legendLine({ paint }: Page, calendar: boolean): string {
  const shown = calendar
    ? [
        `${paint.bad('██')} nobody independent on duty`,
        `${paint.warn(' 1')} just enough`,
        `${paint.good(' 2')} more than needed`,
        `${paint.faint('░░')} not planned yet`,
        `${paint.faint(' ·')} nobody asks`,
      ]
    : [
        `${paint.bad('24')} hours of the day uncovered`,
        `${paint.good('·')} none`,
        `${paint.faint('░')} not planned yet`,
      ]
  return shown.join('   ')
}

function hourCell({ paint }: Page, row: ReportRow, hours: readonly number[]): string {
  if (hours.length === 0) return '  '
  const worst = statesWorstFirst.find((state) => hours.some((hour) => stateOf(row, hour) === state)) as HourState
  const count = Math.min(99, ...hours.map((hour) => row.counts[hour] ?? 99))
  switch (worst) {
    case 'uncovered':
      return paint.bad('██')
    case 'unplanned':
      return paint.faint('░░')
    case 'just-enough':
      return paint.warn(String(count).padStart(2))
    case 'to-spare':
      return paint.good(String(count).padStart(2))
    case 'nobody-asks':
      return paint.faint(' ·')
    default:
      return worst satisfies never
  }
}

const shades = [' ', '░', '▒', '▓', '█'] as const

function dayCell({ paint }: Page, row: ReportRow, { slots }: LocalDay, wide: boolean): string {
  const hours = slots.flat()
  const uncovered = hours.filter((hour) => stateOf(row, hour) === 'uncovered').length
  const isUnplanned = hours.some((hour) => stateOf(row, hour) === 'unplanned')
  if (uncovered === 0) {
    const mark = isUnplanned ? paint.faint('░') : paint.good('·')
    return wide ? `  ${mark}` : mark
  }
  const brush = uncovered * 2 >= hours.length ? paint.bad : paint.warn
  if (wide) return brush(String(uncovered).padStart(3))
  return brush(shades[Math.max(1, Math.ceil((uncovered / hours.length) * 4))] as string)
}

/** The day of the month over each Monday and over the first day. */
function dayHead(days: readonly LocalDay[], wide: boolean): string {
  const width = wide ? 3 : 1
  let head = ''
  for (const [place, { label }] of days.entries()) {
    if ((place > 0 && !label.startsWith('Mon')) || head.length > place * width) continue
    head = `${head.padEnd(place * width)}${wide ? ' ' : ''}${label} `
  }
  return head
}
