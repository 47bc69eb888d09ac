/** Conflicts of duties in words: who holds one, through what, what answers for it, and what would end it. */
import type { DutiesView, DutyFixesView, DutyHolderView } from '../../client/index.ts'
import { conflictPath } from './conflicts.ts'
import { instantIn } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { table } from './table.ts'
import { visible } from './visible.ts'
import { wrap as wrapped } from './wrap.ts'

export type DutiesReport = Omit<DutiesView, 'names'>
export type HolderReport = Omit<DutyHolderView, 'names'>
export type FixesReport = Omit<DutyFixesView, 'names'>
type Row = DutiesReport['conflicts'][number]
type Broken = NonNullable<HolderReport['adds']>['breaks'][number]

export function dutiesLines(page: Page, report: DutiesReport, names: Names): readonly string[] {
  const { paint } = page
  const { totals } = report
  const { conflicts, holders, covered, uncovered } = totals
  const head =
    conflicts === 0
      ? paint.good('nobody holds a conflict')
      : `${counted(conflicts, 'conflict')} of ${counted(holders, 'holder')}: ${uncovered === 0 ? paint.good('all of them covered') : paint.bad(`${uncovered} covered by nothing`)}${covered === 0 ? '' : `, ${covered} covered`}`
  return [
    `${counted(report.assignments, 'assignment')} of ${counted(report.holders, 'holder')} under ${counted(report.rules, 'rule')}: ${head}`,
    ...(conflicts === 0 ? [] : ['', ...ruleTable(page, report)]),
    ...(report.conflicts.length === 0 ? [] : ['', paint.strong('Who, and through what')]),
    ...report.conflicts.flatMap((row) => rowLines(page, row, names)),
    ...(report.conflictsLeft === 0
      ? []
      : [
          '',
          paint.faint(
            `and ${counted(report.conflictsLeft, 'more conflict')}; --rule or --holder shows fewer, --limit more`,
          ),
        ]),
    ...aloneLines(page, report),
    ...idleLines(page, report, names),
    ...undescribedLines(page, report),
  ]
}

export function holderLines(page: Page, report: HolderReport, names: Names): readonly string[] {
  const { paint } = page
  const { holder, conflicts, origins, fix, adds, entitlements } = report
  return [
    `${paint.strong(named(holder, names))} holds ${counted(entitlements.length, 'entitlement')} and ${conflicts.length === 0 ? paint.good('no conflict') : paint.bad(counted(conflicts.length, 'conflict'))}`,
    ...conflicts.flatMap((row) => rowLines(page, row, names)),
    ...(origins.some(({ by }) => by.length > 0) ? ['', paint.strong('How they come to hold it')] : []),
    ...origins.flatMap(({ entitlement, by }) => originLines(page, entitlement, by, names)),
    ...(fix === undefined
      ? []
      : [
          '',
          `${paint.strong('The least to give up')}: ${fix.drop.map(visible).join(', ')}${fix.smallest ? '' : ' (less may do)'}`,
        ]),
    ...(adds === undefined ? [] : addsLines(page, adds)),
  ]
}

export function fixesLines(page: Page, report: FixesReport, names: Names, uncovered: boolean): readonly string[] {
  const { paint } = page
  const { conflictsCount, stubbornCount, assignments, entitlements, plan } = report
  const which = uncovered ? 'conflict that nothing covers' : 'conflict'
  if (conflictsCount === 0) return [paint.good(`there is no ${which}`)]
  return [
    `${uncovered ? counted(conflictsCount, 'conflict').concat(' that nothing covers') : counted(conflictsCount, which)}${stubbornCount === 0 ? '' : `; ${stubbornCount} end with no single drop, since every side is held in several ways`}`,
    '',
    paint.strong('Entitlements, taken from everybody whom they cost a conflict'),
    ...table(
      page,
      [
        { title: 'Entitlement', cell: ({ entitlement }) => visible(entitlement) },
        { title: 'From', cell: ({ holdersCount }) => String(holdersCount) },
        { title: 'Ends', cell: ({ resolvesCount }) => String(resolvesCount) },
      ],
      entitlements,
    ),
    '',
    paint.strong('Single assignments'),
    ...table(
      page,
      [
        { title: 'Holder', cell: ({ holder }) => named(holder, names) },
        { title: 'Entitlement', cell: ({ entitlement }) => visible(entitlement) },
        { title: 'Ends', cell: ({ resolves }) => resolves.map(visible).join(', ') },
      ],
      assignments,
    ),
    '',
    `${paint.strong('A plan')}: ${counted(plan.dropsCount, 'drop')} end ${plan.resolvedCount} of ${conflictsCount}, ${plan.remainingCount} stay; greedy across holders`,
    ...plan.steps.flatMap(({ holder, drop, resolves }) =>
      wrap(
        page,
        `${named(holder, names)} gives up ${drop.map(visible).join(', ')}: ends ${resolves.map(visible).join(', ')}`,
        2,
      ),
    ),
  ]
}

function ruleTable(page: Page, { byRule }: DutiesReport): readonly string[] {
  const { paint } = page
  return table(
    page,
    [
      { title: 'Rule', cell: ({ rule }) => visible(rule) },
      {
        title: 'Severity',
        cell: ({ severity }) => severity,
        paint: (text, { severity }) => (severity === 'critical' || severity === 'high' ? paint.bad(text) : text),
      },
      { title: 'Holders', cell: ({ holders }) => String(holders) },
      {
        title: 'Uncovered',
        cell: ({ uncovered }) => String(uncovered),
        paint: (text, { uncovered }) => (uncovered > 0 ? paint.bad(text) : paint.good(text)),
      },
      { title: 'What', cell: ({ name }) => visible(name) },
    ],
    byRule,
  )
}

function rowLines(page: Page, row: Row, names: Names): readonly string[] {
  const { paint } = page
  const state =
    row.coveredBy.length > 0
      ? paint.good(`covered by ${row.coveredBy.map(visible).join(', ')}`)
      : paint.bad(
          row.notCoveredBy.length === 0
            ? 'covered by nothing'
            : `covered by nothing: ${row.notCoveredBy.map(({ id, why }) => `${visible(id)} ${whyWords[why]}`).join('; ')}`,
        )
  return [
    '',
    `  ${named(row.holder, names)}  ${paint.strong(visible(row.rule))} ${paint.faint(`(${row.severity})`)}  ${state}`,
    ...sideLines(page, row),
  ]
}

const whyWords = {
  'not-begun': 'has not begun',
  ended: 'has ended',
  'time-unreadable': 'has a time that cannot be read',
  'control-not-accepted': 'has a control that the rule does not take',
  'control-not-kept': 'has no evidence in time',
  'control-owner-is-holder': 'is watched by the holder',
  'other-access': 'names other access',
} as const

function sideLines(page: Page, { sides }: Pick<Broken, 'sides'>): readonly string[] {
  return sides.flatMap(({ function: id, name, through }) => {
    const ways = through.map(
      ({ path, duties }) =>
        `${path.map(visible).join(' › ')}${duties.length === 0 ? '' : ` (${duties.map(visible).join(', ')})`}`,
    )
    const called = name === id || name === '' ? visible(id) : `${visible(name)}`
    return wrap(page, `${called}: ${ways.join(', ')}`, 6)
  })
}

function originLines(
  page: Page,
  entitlement: string,
  by: HolderReport['origins'][number]['by'],
  names: Names,
): readonly string[] {
  return by.flatMap((origin, place) => {
    const head = place === 0 ? `  ${visible(entitlement)}` : ''
    const how =
      origin.kind === 'waiver'
        ? `by the waiver ${visible(origin.waiver)} for ${named(origin.beneficiary, names)}, until ${instantIn(origin.until, page.timeZone)}`
        : `${origin.path.length === 0 ? 'stated for them' : conflictPath(origin.path, names)}, says ${visible(origin.source)}`
    return [...(head === '' ? [] : [head]), ...wrap(page, how, 6)]
  })
}

function addsLines(
  page: Page,
  { breaks, joins, held, undescribed }: NonNullable<HolderReport['adds']>,
): readonly string[] {
  const { paint } = page
  const told = (title: string, list: readonly Broken[], brush: (text: string) => string) =>
    list.flatMap((one) => [
      `  ${brush(title)} ${paint.strong(visible(one.rule))} ${paint.faint(`(${one.severity})`)}: ${visible(one.name)}`,
      ...sideLines(page, one),
    ])
  return [
    '',
    paint.strong('With what was asked about as well'),
    ...(breaks.length + joins.length === 0 ? [`  ${paint.good('no rule would be broken by it')}`] : []),
    ...told('would break', breaks, paint.bad),
    ...told('breaks already, by one more way', joins, paint.warn),
    ...(held.length === 0 ? [] : [`  held already: ${held.map(visible).join(', ')}`]),
    ...(undescribed.length === 0
      ? []
      : [
          `  ${paint.warn(`no rule describes ${undescribed.map(visible).join(', ')}: what it would add is not known`)}`,
        ]),
  ]
}

function aloneLines(page: Page, { alone }: DutiesReport): readonly string[] {
  if (alone.length === 0) return []
  const told = alone
    .slice(0, listMax)
    .map(({ entitlement, rules }) => `  ${visible(entitlement)}: ${rules.map(visible).join(', ')}`)
  const more = alone.length > listMax ? [page.paint.faint(`  and ${alone.length - listMax} more`)] : []
  return ['', page.paint.strong('Entitlements that break a rule by themselves: change these first'), ...told, ...more]
}

function idleLines(page: Page, { idle }: DutiesReport, names: Names): readonly string[] {
  if (idle.length === 0) return []
  const told = idle.map(
    ({ id, holder, rule }) => `  ${visible(id)}: ${named(holder, names)} does not break ${visible(rule)}`,
  )
  return ['', page.paint.strong('Covers of something that nobody breaks'), ...told]
}

function undescribedLines(page: Page, { undescribed }: DutiesReport): readonly string[] {
  if (undescribed.length === 0) return []
  const told = undescribed
    .slice(0, listMax)
    .map(({ entitlement, holdersCount }) => `${visible(entitlement)} (${holdersCount})`)
  const more = undescribed.length > listMax ? `, and ${undescribed.length - listMax} more` : ''
  return [
    '',
    page.paint.warn('Held and described by no rule, so they may hide a conflict:'),
    ...wrap(page, `${told.join(', ')}${more}`, 2),
  ]
}

const listMax = 10

function wrap({ width }: Page, text: string, indent: number): readonly string[] {
  const margin = ' '.repeat(indent)
  return wrapped(text, Math.max(30, width - indent)).map((line) => `${margin}${line}`.trimEnd())
}

function counted(count: number, noun: string): string {
  return `${String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')} ${noun}${count === 1 ? '' : 's'}`
}
