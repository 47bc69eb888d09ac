/** Drift for people: first how much is known, then what was found. What could not be read is said loudly, never left out. */
import type { DriftDetail, DriftFindingView, DriftTargetView, DriftView } from '../../client/index.ts'
import { fields } from './fields.ts'
import { counted, instantSeen } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { table } from './table.ts'
import { quoted, visible, visibleLines } from './visible.ts'

export function driftLines(page: Page, drift: DriftView): readonly string[] {
  const { findings, targets, next, names } = drift
  return [
    driftHeadline(page, drift),
    ...(targets.length === 0 ? [] : ['', ...targetLines(page, targets, names)]),
    ...findings.flatMap((finding) => ['', ...findingLines(page, finding, names)]),
    ...(next === undefined ? [] : ['', `there are more: --after ${visible(next)}`]),
  ]
}

/** What a look is worth in one line: what cannot be read is never clean. */
export function driftHeadline({ paint }: Page, { state, totals }: DriftView): string {
  const unknown = totals.targetsUnknown === 0 ? '' : `, ${counted(totals.targetsUnknown, 'target')} UNKNOWN`
  switch (state) {
    case 'none':
      return paint.good('nothing drifted: every target was read lately')
    case 'found':
      return paint.bad(`${counted(totals.open, 'open finding')}, ${totals.unreviewed} not looked back on${unknown}`)
    case 'unknown':
      return paint.warn(`nothing is open, and not everything could be read: what is there now is not known${unknown}`)
    default:
      return state satisfies never
  }
}

function targetLines(page: Page, targets: readonly DriftTargetView[], names: Names): readonly string[] {
  const columns = [
    { title: 'Target', cell: ({ system }: DriftTargetView) => named(system, names) },
    {
      title: 'Known',
      cell: ({ known }: DriftTargetView) => (known === 'current' ? 'current' : known.toUpperCase()),
      paint: (text: string, { known }: DriftTargetView) =>
        known === 'current' ? page.paint.good(text) : page.paint.warn(text),
    },
    {
      title: 'Last good reading',
      cell: ({ readAt }: DriftTargetView) => (readAt === undefined ? 'never' : instantSeen(readAt, page)),
    },
    { title: 'Open', cell: ({ openCount }: DriftTargetView) => String(openCount) },
    {
      title: 'Why not known',
      cell: ({ failure, unread }: DriftTargetView) =>
        [failure, ...unread.map(({ entitlement, reason }) => `${entitlement}: ${reason}`)]
          .flatMap((text) => (text === undefined ? [] : visible(text)))
          .join('; '),
    },
  ]
  return table(page, columns, targets)
}

export function findingLines(page: Page, finding: DriftFindingView, names: Names): readonly string[] {
  const { kind, status, says, advice, review } = finding
  const mark = status === 'open' ? page.paint.bad(kind) : page.paint.faint(`${kind}, ended`)
  return [
    `${mark}  ${visible(says)}`,
    ...fields(page, [
      ['Finding', visible(finding.id)],
      ['What', whatOf(finding, names)],
      ['Account', finding.account === undefined ? [] : quoted(finding.account)],
      ['Whose', finding.holder === undefined ? [] : named(finding.holder, names)],
      ['Ways', finding.ways.map(visible)],
      ['Ends', endsOf(page, finding)],
      ['Waivers', finding.waivers.map(visible)],
      [
        'Found',
        `${instantSeen(finding.since, page)}${finding.timesCount > 1 ? `, for the ${finding.timesCount}. time` : ''}`,
      ],
      ['Last seen', lastSeen(page, finding)],
      [
        'Over',
        finding.endedAt === undefined
          ? []
          : `${instantSeen(finding.endedAt, page)}: ${visible(finding.endedBecause ?? '')}`,
      ],
      [
        'Review',
        review === undefined
          ? []
          : [
              `${review.finding} by ${named(review.by, names)}, ${instantSeen(review.at, page)}`,
              ...visibleLines(review.note),
            ],
      ],
      ['Do', status === 'open' ? visible(advice) : []],
    ]),
  ]
}

function whatOf({ entitlement, system }: DriftFindingView, names: Names): string {
  return `${entitlement === undefined ? 'everything' : visible(entitlement)} on ${named(system, names)}`
}

function endsOf(page: Page, { wantedUntil, seenUntil }: DriftFindingView): readonly string[] {
  if (seenUntil === undefined || wantedUntil === undefined) return []
  const seen = seenUntil === 'never' ? 'never' : instantSeen(seenUntil, page)
  return [`${seen} on the target, ${instantSeen(wantedUntil, page)} by the waiver`]
}

function lastSeen(page: Page, { seenAt, known, status }: DriftFindingView) {
  if (status === 'ended' || seenAt === undefined) return []
  const seen = instantSeen(seenAt, page)
  return known === 'current' ? seen : [{ text: `${seen}; the target could not be read since`, brush: page.paint.warn }]
}

export function detailLines(page: Page, { finding, events, names }: DriftDetail): readonly string[] {
  return [
    ...findingLines(page, finding, names),
    '',
    ...events.map(({ type, at, by }) => `  ${instantSeen(at, page)}  ${visible(type)} by ${named(by, names)}`),
  ]
}
