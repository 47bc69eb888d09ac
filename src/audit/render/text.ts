/**
 * The report for a terminal: the same sentences, the ten answers with their figures, and the years and groups in short.
 * Every line that holds somebody else's text is made visible; nothing is cut.
 */

import { visible } from '../../report/inert.ts'
import { count, share } from '../../report/numbers.ts'
import type { Answer, Tone } from '../answers/answer.ts'
import { answersOf } from '../answers/answers.ts'
import { headline } from '../answers/headline.ts'
import type { Group } from '../figures/breakdown.ts'
import type { MonthFigures } from '../figures/months.ts'
import { type AuditReport, figure } from '../report.ts'

type Brush = (text: string) => string

export interface TextPage {
  /** Columns for sentences. */
  readonly width: number
  readonly paint: Readonly<Record<'strong' | 'faint' | 'good' | 'bad' | 'warn', Brush>>
}

const plainBrush: Brush = (text) => text
export const plainPage: TextPage = {
  width: 100,
  paint: { strong: plainBrush, faint: plainBrush, good: plainBrush, bad: plainBrush, warn: plainBrush },
}

/** Groups and people shown; the CSV files have all. */
const listMax = 8

export function textReport(report: AuditReport, page: TextPage = plainPage): readonly string[] {
  const { about } = report
  return [
    page.paint.strong(`What happened before: ${about.files.map(({ name }) => visible(name)).join(', ')}`),
    ...headline(report).flatMap((sentence) => wrapped(sentence, page.width, '  ')),
    ...answersOf(report).flatMap((answer, place) => answerLines(report, answer, place + 1, page)),
    '',
    page.paint.strong('By year'),
    ...grid(yearTitles, yearsOf(report), page),
    ...groupLines('By team', report.groups.team, page),
    ...groupLines('By entitlement', report.groups.entitlement, page),
    ...silenceLines(report, page),
  ]
}

function answerLines(report: AuditReport, answer: Answer, number: number, page: TextPage): string[] {
  const { question, tone, verdict, sentences, figures } = answer
  const found = figures.map((code) => figure(report, code)).filter((one) => one.count > 0)
  const rows = found.map((one) => [
    count(one.count),
    `of ${count(one.baseCount)}`,
    share(one.count, one.baseCount),
    one.label,
    one.code,
  ])
  return [
    '',
    `${page.paint.strong(`${number}. ${question}`)} ${brushOf(tone, page)(verdict)}`,
    ...sentences.flatMap((sentence) => wrapped(sentence, page.width, '   ')),
    ...aligned(rows, [true, true, true]).map((line) => `     ${page.paint.faint(line)}`),
  ]
}

function brushOf(tone: Tone, { paint }: TextPage): Brush {
  switch (tone) {
    case 'bad':
      return paint.bad
    case 'look':
      return paint.warn
    case 'good':
      return paint.good
    case 'unknown':
      return paint.faint
    default:
      return tone satisfies never
  }
}

const yearTitles = ['Year', 'Granted', 'Removed', 'Extended', 'too late', 'Independent', 'Not', 'Unknown']

function yearsOf({ months }: AuditReport): string[][] {
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4))
  return [...years].map(([year, own]) => {
    const sum = (value: (month: MonthFigures) => number) => count(own.reduce((total, month) => total + value(month), 0))
    return [
      year,
      sum(({ granted }) => granted),
      sum(({ removed }) => removed),
      sum(({ extended }) => extended),
      sum(({ extendedAfterEnd }) => extendedAfterEnd),
      sum(({ independent }) => independent),
      sum(({ notIndependent }) => notIndependent),
      sum(({ unknown }) => unknown),
    ]
  })
}

const groupTitles = ['', 'Grants', 'Decisions', 'Independent', 'Not', 'Unknown', 'Extended', 'too late', 'Removed late']

function groupLines(title: string, groups: readonly Group[], page: TextPage): string[] {
  if (groups.every(({ name }) => name === undefined)) return []
  const rows = groups
    .slice(0, listMax)
    .map((group) => [
      visible(group.name ?? '(not said)'),
      count(group.grantsCount),
      count(group.decisionsCount),
      count(group.independentCount),
      count(group.notIndependentCount),
      count(group.unknownCount),
      count(group.extendedCount),
      count(group.extendedAfterEndCount),
      count(group.removedLateCount),
    ])
  const more = groups.length > listMax ? [page.paint.faint(`  and ${count(groups.length - listMax)} more`)] : []
  return ['', page.paint.strong(title), ...grid(groupTitles, rows, page), ...more]
}

function silenceLines({ silences }: AuditReport, page: TextPage): string[] {
  if (silences.length === 0) return []
  const rows = silences.map(({ what, count: held, total, ofWhat }) => [
    count(held),
    `of ${count(total)} ${ofWhat}`,
    what,
  ])
  return ['', page.paint.strong('What the history does not say'), ...aligned(rows, [true]).map((line) => `  ${line}`)]
}

function grid(titles: readonly string[], rows: readonly (readonly string[])[], page: TextPage): string[] {
  const numbers = titles.map((_, column) => column > 0)
  const [head = '', ...lines] = aligned([titles, ...rows], numbers)
  return [page.paint.faint(`  ${head}`), ...lines.map((line) => `  ${line}`)]
}

/** Columns one below the other; those marked stand to the right. */
function aligned(rows: readonly (readonly string[])[], toTheRight: readonly boolean[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => lengthOf(row[column] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] as number) - lengthOf(cell))
        return toTheRight[column] ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd(),
  )
}

function lengthOf(text: string): number {
  return [...text].length
}

function wrapped(sentence: string, width: number, margin: string): string[] {
  const lines: string[] = []
  let line = margin
  for (const word of visible(sentence).split(' ')) {
    if (line !== margin && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line)
      line = margin
    }
    line += line === margin ? word : ` ${word}`
  }
  return [...lines, line]
}
