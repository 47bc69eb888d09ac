/**
 * The longest stays as lines of time: when there was access, when it outlived its promise, and each time the end was
 * moved. One look shows what "temporary" had become.
 */

import { legend, px } from '../../../report/charts.ts'
import { html, type Markup, nothing } from '../../../report/markup.ts'
import { counted } from '../../../report/numbers.ts'
import { longestStays } from '../../answers/extensions.ts'
import { isEnd, isPast, laterDay, numberOfDay } from '../../calendar.ts'
import type { ChainRow } from '../../figures/rows.ts'
import type { GrantLife } from '../../lives/life.ts'
import { lastOf } from '../../lives/life.ts'
import type { AuditReport } from '../../report.ts'
import { accessInWords } from '../cells.ts'

const width = 900
const label = 300
const right = 96
const gap = 30
const labelLengthMax = 46

export function stayLines(report: AuditReport, limit: number): Markup {
  const stays = longestOfEach(report).slice(0, limit)
  if (stays.length === 0) return nothing
  const { first, asOf } = report.about
  const [from, to] = [numberOfDay(first), Math.max(numberOfDay(asOf.day), numberOfDay(report.about.last)) + 1]
  const x = (day: string) => label + ((numberOfDay(day) - from) / (to - from)) * (width - label - right)
  const rows = stays.map(({ chain }, place) => {
    const lives = chain.grants.map((index) => (report.rows.grant[index] as AuditReport['rows']['grant'][number]).life)
    const name = `${chain.beneficiary ?? ''} ${accessInWords(chain)}`.trim()
    return html`<g><title>${name}: ${counted(chain.daysInForce, 'day')}, extended ${counted(chain.laterCount, 'time')}</title><text class="ink" x="${label - 8}" y="${place * gap + 19}" text-anchor="end">${shortened(name)}</text>${lives.map((life) => lineOf(life, place * gap + 6, x, report))}<text x="${width - right + 6}" y="${place * gap + 19}">${counted(chain.daysInForce, 'day')}</text></g>`
  })
  const years = yearsBetween(first, asOf.day).map(
    (year) =>
      html`<line class="axis" x1="${px(x(`${year}-01-01`))}" x2="${px(x(`${year}-01-01`))}" y1="0" y2="${stays.length * gap}"/><text x="${px(x(`${year}-01-01`) + 3)}" y="${stays.length * gap + 14}">${year}</text>`,
  )
  return html`<h3>The longest stay of each of the ${stays.length} who stayed longest</h3><div class="chart"><svg viewBox="0 0 ${width} ${stays.length * gap + 20}" role="img" aria-label="The longest stays">${years}${rows}</svg></div>${legend(
    [
      { label: 'access within the promised end; a gap is an end that was moved', shade: 'plain' },
      { label: 'access with no end', shade: 'look' },
      { label: 'access after the promised end', shade: 'bad' },
      { label: 'end not known', shade: 'unknown' },
    ],
  )}`
}

/** One stay of each beneficiary: somebody with the same access in twenty places would fill the picture alone. */
function longestOfEach(report: AuditReport): ChainRow[] {
  const longest = new Map<string, ChainRow>()
  for (const row of longestStays(report, report.rows.chain.length)) {
    const key = row.chain.beneficiary ?? `${row.index}`
    if (!longest.has(key) && row.chain.daysInForce > 0) longest.set(key, row)
  }
  return [...longest.values()]
}

/** The bar itself may be cut at its label, since the whole name is said when it is pointed at and in the table below. */
function shortened(name: string): string {
  const letters = [...name]
  return letters.length <= labelLengthMax ? name : `${letters.slice(0, labelLengthMax - 1).join('')}…`
}

function lineOf(life: GrantLife, y: number, x: (day: string) => number, { about }: AuditReport): Markup[] {
  const last = lastOf(life, about.asOf)
  const bar = (shade: string, from: string, until: string) =>
    from >= until
      ? nothing
      : html`<rect class="${shade}" x="${px(x(from))}" y="${y}" width="${px(Math.max(1, x(until) - x(from)))}" height="18"/>`
  const start = life.start?.day ?? about.first
  const pieces = life.promises.map(({ day, end }, turn) => {
    const until = life.promises[turn + 1] ?? last
    const from = turn === 0 ? start : day
    if (end === 'unknown') return bar('unknown', from, until.day)
    if (!isEnd(end)) return bar('look', from, until.day)
    if (!isPast(end, until)) return bar('plain', from, until.day)
    const passed = laterDay(end.day, from)
    return html`${bar('plain', from, passed)}${bar('bad', passed, until.day)}`
  })
  const ticks = life.promises
    .slice(1)
    .map(({ day }) => html`<line class="tick" x1="${px(x(day))}" x2="${px(x(day))}" y1="${y - 1}" y2="${y + 19}"/>`)
  return [...pieces, ...ticks]
}

function yearsBetween(first: string, last: string): string[] {
  const [from, to] = [Number(first.slice(0, 4)) + 1, Number(last.slice(0, 4))]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => String(from + index))
}
