/** How it stands and how it went, for people: what somebody should see to first, then the figures. */
import type { ApprovalsView, DriftView, FiguresView, Removals, Reviews } from '../../client/index.ts'
import { driftHeadline } from './drift-lines.ts'
import { type Field, fields } from './fields.ts'
import { counted, instantSeen, spoken } from './moments.ts'
import { named } from './names.ts'
import type { Page } from './page.ts'
import { reviewsLines } from './reviews-lines.ts'
import { table } from './table.ts'
import { visible } from './visible.ts'

export interface Oversight {
  readonly removals: Removals
  readonly reviews: Reviews
  readonly drift: DriftView
  /** Absent: not for whoever asks. */
  readonly figures?: FiguresView
  readonly approvals?: ApprovalsView
}

export function oversightLines(page: Page, seen: Oversight): readonly string[] {
  const { removals, reviews, drift, figures, approvals } = seen
  const { paint } = page
  return [
    ...(figures === undefined ? [] : [...standingLines(page, figures), '']),
    paint.strong('Removals'),
    ...removalLines(page, removals),
    '',
    paint.strong('Reviews'),
    ...reviewsLines(page, reviews),
    '',
    paint.strong('Drift'),
    driftHeadline(page, drift),
    ...(drift.state === 'none' ? [] : ['see `countersign drift`']),
    '',
    ...(figures === undefined ? [paint.faint(notForYou)] : figuresLines(page, figures)),
    ...(approvals === undefined ? [] : ['', paint.strong('Who approved for whom'), ...pairLines(page, approvals)]),
  ]
}

const notForYou =
  'figures about everybody are for those who decide the rules, founders, reviewers and the security pool'

function standingLines(page: Page, { standing }: FiguresView): readonly string[] {
  const { open, live, reviewsOpen, reviewsOverdue, removalsOpen } = standing
  const brush = (bad: number) => (bad > 0 ? page.paint.bad : page.paint.good)
  return fields(page, [
    ['Removals', [{ text: `${removalsOpen} open: should be gone, not yet seen to be`, brush: brush(removalsOpen) }]],
    ['Reviews', [{ text: `${reviewsOverdue} overdue, of ${reviewsOpen} that are open`, brush: brush(reviewsOverdue) }]],
    ['Live access', `${live}, of ${counted(open, 'open waiver')}`],
  ])
}

type Removal = Removals['removals'][number]

function removalLines(page: Page, { removals, complete, names }: Removals): readonly string[] {
  if (removals.length === 0) return [page.paint.good('everything that ended was read back, and is gone')]
  const columns = [
    { title: 'Waiver', cell: ({ waiver }: Removal) => visible(waiver) },
    { title: 'Whose', cell: ({ beneficiary }: Removal) => named(beneficiary, names) },
    {
      title: 'What',
      cell: ({ entitlement, system }: Removal) => `${visible(entitlement)} on ${named(system, names)}`,
    },
    {
      title: 'State',
      cell: ({ status, overdue }: Removal) => `${visible(status)}, ${overdue ? 'OVERDUE' : 'under way'}`,
      paint: (text: string, { overdue }: Removal) => (overdue ? page.paint.bad(text) : page.paint.warn(text)),
    },
    { title: 'Since', cell: ({ since }: Removal) => instantSeen(since, page) },
    {
      title: 'Failed',
      cell: ({ failures, lastFailure }: Removal) =>
        failures === 0
          ? ''
          : `${counted(failures, 'time')}${lastFailure === undefined ? '' : `: ${visible(lastFailure)}`}`,
    },
  ]
  return [...table(page, columns, removals), ...(complete ? [] : ['there are more than could be looked at'])]
}

type Stretch = FiguresView['stretches'][number]
type Spread = FiguresView['decided']
type Refusal = FiguresView['refusals'][number]

function figuresLines(page: Page, figures: FiguresView): readonly string[] {
  const { period, by, stretches, refusals } = figures
  const { paint } = page
  const busy = stretches.filter(({ asked, countersigned, denied, undecided, refusedAttempts, envelopesOpened }) =>
    [asked, countersigned, denied, undecided, refusedAttempts, envelopesOpened].some((count) => count > 0),
  )
  const title = paint.strong(`From ${dayOf(period.start)} to now, as of ${instantSeen(figures.asOf, page)}`)
  if (busy.length === 0) return [title, 'nothing was asked for in this time']
  return [
    title,
    ...fields(page, [...sumFields(stretches)]),
    '',
    ...table(page, stretchColumns(by), busy),
    '',
    ...table(page, spreadColumns, [
      { name: 'asked, decided', ...figures.decided },
      { name: 'started, ended', ...figures.open },
      { name: 'ended, seen to be gone', ...figures.removed },
    ]),
    '',
    paint.strong('Refused for what'),
    ...(refusals.length === 0 ? ['no attempt was refused in this time'] : table(page, refusalColumns, refusals)),
  ]
}

function sumFields(stretches: readonly Stretch[]): readonly Field[] {
  const sum = (of: (one: Stretch) => number) => String(stretches.reduce((all, one) => all + of(one), 0))
  return [
    ['Asked', sum(({ asked }) => asked)],
    ['Countersigned', sum(({ countersigned }) => countersigned)],
    ['Denied', sum(({ denied }) => denied)],
    ['Undecided', sum(({ undecided }) => undecided)],
    ['Refused', sum(({ refusedAttempts }) => refusedAttempts)],
    ['Envelopes', sum(({ envelopesOpened }) => envelopesOpened)],
  ]
}

/** Days and weeks in which nothing happened are left out. */
function stretchColumns(by: FiguresView['by']) {
  return [
    { title: by === 'day' ? 'Day' : 'Week from', cell: ({ start }: Stretch) => dayOf(start) },
    { title: 'Asked', cell: ({ asked }: Stretch) => String(asked) },
    { title: 'Countersigned', cell: ({ countersigned }: Stretch) => String(countersigned) },
    { title: 'Denied', cell: ({ denied }: Stretch) => String(denied) },
    { title: 'Undecided', cell: ({ undecided }: Stretch) => String(undecided) },
    { title: 'Refused', cell: ({ refusedAttempts }: Stretch) => String(refusedAttempts) },
    { title: 'Envelopes', cell: ({ envelopesOpened }: Stretch) => String(envelopesOpened) },
    {
      title: 'Half decided within',
      cell: ({ decidedMedianSeconds }: Stretch) => lengthOf(decidedMedianSeconds),
    },
  ]
}

const spreadColumns = [
  { title: 'From, to', cell: ({ name }: Spread & { readonly name: string }) => name },
  { title: 'Counted', cell: ({ count }: Spread) => String(count) },
  { title: 'Half within', cell: ({ median }: Spread) => lengthOf(median) },
  { title: 'Nine of ten within', cell: ({ slowestTenth }: Spread) => lengthOf(slowestTenth) },
  { title: 'Longest', cell: ({ longest }: Spread) => lengthOf(longest) },
]

const refusalColumns = [
  { title: 'Refusal', cell: ({ code }: Refusal) => visible(code) },
  { title: 'Times', cell: ({ count }: Refusal) => String(count) },
]

type Pair = ApprovalsView['pairs'][number]

function pairLines(page: Page, { pairs, pairsCount, mutualCount, names }: ApprovalsView): readonly string[] {
  if (pairs.length === 0) return ['nobody approved anything in this time']
  const columns = [
    { title: 'Countersigned', cell: ({ countersigner }: Pair) => named(countersigner, names) },
    { title: 'For', cell: ({ person }: Pair) => named(person, names) },
    { title: 'Waivers', cell: ({ count }: Pair) => String(count) },
    {
      title: 'The other way round',
      cell: ({ back }: Pair) => (back === 0 ? 'never' : String(back)),
      paint: (text: string, { back }: Pair) => (back === 0 ? text : page.paint.warn(text)),
    },
    { title: 'Last', cell: ({ lastAt }: Pair) => instantSeen(lastAt, page) },
  ]
  const mutual =
    mutualCount === 0
      ? page.paint.good('no two approved for each other')
      : page.paint.warn(`${mutualCount === 1 ? 'two' : `${mutualCount} times two`} approved for each other`)
  const left = pairsCount - pairs.length
  return [mutual, ...table(page, columns, pairs), ...(left > 0 ? [`${counted(left, 'more pair')}, not listed`] : [])]
}

function dayOf(instant: string): string {
  return instant.slice(0, 10)
}

/** @param seconds absent: there was nothing to measure */
function lengthOf(seconds: number | undefined): string {
  return seconds === undefined ? '–' : spoken(Math.ceil(seconds))
}
