/** Which hours are uncovered, why each of those on duty is out, and what would close the hours, in words. */
import { millisOf } from '../../core/time.ts'
import { wallTime } from '../../lib/days.ts'
import { conflictLines } from './conflicts.ts'
import { type CoverageReport, calendarLines, legendLine, overviewLines, type ReportRow } from './coverage-map.ts'
import { counted } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { quoted, visible } from './visible.ts'
import { wrap as wrapped } from './wrap.ts'

type SharedGap = CoverageReport['gaps'][number]

/** More than this a week is no rota but a person who never sleeps. */
const hoursAWeekMax = 48

export function coverageLines(page: Page, report: CoverageReport, names: Names, calendar: boolean): readonly string[] {
  const { paint } = page
  return [
    ...headLines(page, report),
    '',
    ...(calendar
      ? report.rows.flatMap((row) => calendarOf(page, report, row, names))
      : overviewOf(page, report, names)),
    legendLine(page, calendar),
    ...(report.gaps.length === 0 ? [] : ['', paint.strong('Why')]),
    ...report.gaps.flatMap((gap) => gapLines(page, gap, names)),
    ...(report.gapsLeft === 0
      ? []
      : [paint.faint(`  and ${counted(report.gapsLeft, 'more gap')}; ask for one team, or use --json`)]),
    ...remedyLines(page, report, names),
    ...noteLines(page, report),
  ]
}

function headLines(page: Page, report: CoverageReport): readonly string[] {
  const { rows, rowsUncovered, uncovered, uncoveredHours } = report.totals
  const until = millisOf(report.from) + report.hours * 3_600_000
  const when = `${wallTime(millisOf(report.from), page.timeZone)} to ${wallTime(until, page.timeZone)}, ${page.timeZone}`
  const said =
    rows === 0
      ? page.paint.warn('nobody asks for anything here')
      : uncovered === 0
        ? page.paint.good('somebody independent is on duty at every hour')
        : page.paint.bad(
            `${uncoveredHours} of ${report.hours} hours are uncovered${rows === 1 ? '' : ` for somebody, ${counted(uncovered, 'hour')} in ${rowsUncovered} of ${rows} rows`}`,
          )
  return [`${when}: ${said}`]
}

function overviewOf(page: Page, report: CoverageReport, names: Names): readonly string[] {
  const left =
    report.rowsLeft === 0
      ? []
      : [page.paint.faint(`and ${counted(report.rowsLeft, 'more row')} with no more uncovered hours than these`)]
  return [...overviewLines(page, report, (row) => nameOf(row, names)), ...left, '']
}

function calendarOf(page: Page, report: CoverageReport, row: ReportRow, names: Names): readonly string[] {
  const asks =
    row.kind === 'workload' ? '' : `, ${counted(row.askers, 'person').replace('persons', 'people')} who could ask`
  return [page.paint.strong(`${nameOf(row, names)}${asks}`), ...calendarLines(page, report, row), '']
}

function nameOf({ group, system }: ReportRow, names: Names): string {
  return system === undefined ? named(group, names) : `${named(group, names)} on ${named(system, names)}`
}

function gapLines(page: Page, gap: SharedGap, names: Names): readonly string[] {
  const { paint } = page
  const onDuty = gap.people.filter((one) => one.onDuty)
  const free = gap.people.filter((one) => one.independent && !one.onDuty && !one.away).map(({ person }) => person)
  const away = gap.people.filter((one) => one.independent && one.away).map(({ person }) => person)
  const asks = `${named(gap.asker, names)} asks for ${named(gap.system, names)}, tier ${quoted(gap.tier)}: ${gap.count} of ${gap.needed} on duty in ${gap.pools.map(quoted).join(', ')}`
  return [
    '',
    ...wrap(`${gap.planned ? '' : 'not planned yet: '}${spanWords(page, gap)}`, page.width - 9).map(
      (line, place) => `${place === 0 ? paint.bad(`${gap.hours} h`.padStart(7)) : '       '}  ${line}`,
    ),
    ...wrap(asks, page.width - 9).map((line) => `         ${line}`),
    ...(onDuty.length === 0 ? [`         ${paint.warn('nobody of the pools is on duty')}`] : []),
    ...onDuty.flatMap(({ person, independent, conflicts }) => [
      `         on duty: ${named(person, names)}${independent ? paint.good(', independent') : ''}`,
      ...conflictLines(page, conflicts.slice(0, 1), names, 11),
    ]),
    ...listLine(page, 'the same for', gap.alsoFor, names),
    ...listLine(page, 'could be called', free, names),
    ...listLine(page, 'away', away, names),
  ]
}

function wrap(text: string, width: number): readonly string[] {
  return wrapped(text, width).map((line) => line.trimEnd())
}

const spansShown = 3

function spanWords({ timeZone }: Page, { spans }: SharedGap): string {
  const told = spans
    .slice(0, spansShown)
    .map(({ start, end }) => `${wallTime(millisOf(start), timeZone)} to ${endWords(start, end, timeZone)}`)
  const left = spans.length - told.length
  return left > 0 ? `${told.join('; ')}; and ${counted(left, 'more time')}` : told.join('; ')
}

/** The day only where it is another one. */
function endWords(start: string, end: string, zone: string): string {
  const [from, to] = [wallTime(millisOf(start), zone), wallTime(millisOf(end), zone)]
  return from.slice(0, -6) === to.slice(0, -6) ? to.slice(-5) : to
}

function listLine(page: Page, label: string, people: readonly string[], names: Names): readonly string[] {
  if (people.length === 0) return []
  const text = `${label}: ${people.map((person) => named(person, names)).join(', ')}`
  return wrap(text, page.width - 9).map((line) => `         ${page.paint.faint(line)}`)
}

function remedyLines(page: Page, { remedy, hours }: CoverageReport, names: Names): readonly string[] {
  if (remedy === undefined) return []
  const { paint } = page
  const { steps, search, before, after, unclosable, couldShare, lookedAt } = remedy
  const smallest = search === 'exact' ? 'no smaller number of people would do' : 'found greedily: fewer people might do'
  const asked =
    lookedAt === undefined ? '' : `; ${lookedAt.people} of ${lookedAt.of} people were looked at for joining a pool`
  const long = steps.filter((step) => (step.hours / hours) * 168 > hoursAWeekMax)
  return [
    '',
    paint.strong(
      steps.length === 0
        ? 'No change to a pool or a rota would close these hours'
        : 'The smallest change that closes them',
    ),
    ...(steps.length === 0 ? [] : [paint.faint(`  ${smallest}${asked}`)]),
    ...steps.flatMap((step) => stepLines(page, step, names)),
    ...(long.length === 0
      ? []
      : wrap(
          `more than ${hoursAWeekMax} h a week is more than one person can do${couldShare.length === 0 ? '; nobody else of the pools could share them' : `: ${couldShare.map((one) => named(one, names)).join(', ')} could share`}`,
          page.width - 4,
        ).map((line) => `  ${paint.warn(line)}`)),
    ...(unclosable === 0
      ? []
      : wrap(
          `${unclosable} h cannot be closed by anybody who was looked at: bring in an outside approver, who works for none of these teams and is on none of these rotas`,
          page.width - 4,
        ).map((line) => `  ${paint.bad(line)}`)),
    ...(steps.length === 0
      ? []
      : [
          `  computed again with the change: ${after === 0 ? paint.good('nothing is uncovered') : paint.warn(`${after} of ${before} h stay uncovered`)}`,
        ]),
  ]
}

function stepLines(
  page: Page,
  step: NonNullable<CoverageReport['remedy']>['steps'][number],
  names: Names,
): readonly string[] {
  const { kind, person, pool, rota, spans, hours, countsFrom } = step
  const turns = rota === undefined ? '' : `${kind === 'join' ? ' and takes' : ''} turns on ${named(rota, names)}`
  const what =
    kind === 'join' ? `joins the pool ${quoted(pool)}${turns}` : `takes more${turns}, for the pool ${quoted(pool)}`
  const from = countsFrom === undefined ? '' : `; counts from ${wallTime(millisOf(countsFrom), page.timeZone)}`
  const first = spans
    .slice(0, spansShown)
    .map(({ start, end }) => `${wallTime(millisOf(start), page.timeZone)} to ${endWords(start, end, page.timeZone)}`)
  const left = spans.length - first.length
  const when = `${hours} h: ${first.join('; ')}${left > 0 ? `; and ${counted(left, 'more time')}` : ''}`
  return [
    ...wrap(`${named(person, names)} ${what}${from}`, page.width - 4).map(
      (line, place) => `  ${place === 0 ? page.paint.good('+') : ' '} ${line}`,
    ),
    ...wrap(when, page.width - 6).map((line) => `      ${page.paint.faint(line)}`),
  ]
}

/** What the map does not show by itself. */
function noteLines(page: Page, { pools, from, hours }: CoverageReport): readonly string[] {
  const end = millisOf(from) + hours * 3_600_000
  const always = pools.filter(({ rotas }) => rotas.length === 0).map(({ pool }) => quoted(pool))
  const ending = pools.filter(
    ({ plannedUntil }) => plannedUntil !== undefined && (plannedUntil === null || millisOf(plannedUntil) < end),
  )
  return [
    ...(always.length === 0
      ? []
      : [
          '',
          ...wrap(
            `Without a rota everybody in ${always.join(', ')} counts as on duty at all hours, unless away.`,
            page.width,
          ).map(page.paint.faint),
        ]),
    ...ending.map(({ pool, plannedUntil }) =>
      page.paint.faint(
        `The rotas of ${quoted(pool)} say who is on duty ${plannedUntil === null || plannedUntil === undefined ? 'at no time' : `until ${visible(wallTime(millisOf(plannedUntil), page.timeZone))}`}.`,
      ),
    ),
  ]
}
