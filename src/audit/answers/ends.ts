/** Questions five and six: does every access have an end, and was it taken away then? */

import { count, counted, share } from '../../report/numbers.ts'
import type { Figure } from '../figures/figure.ts'
import { type AuditReport, figure } from '../report.ts'
import type { Answer } from './answer.ts'
import { unsaid } from './approvals.ts'

export function ends(report: AuditReport): Answer {
  const [none, past, impossible, away, open] = [
    'no-end',
    'past-when-granted',
    'impossible-end',
    'end-taken-away',
    'open-without-end',
  ].map((code) => figure(report, code)) as Five
  const known = none.total - none.unknownCount
  return {
    id: 'ends',
    question: 'Does every access have an end?',
    tone:
      known === 0
        ? 'unknown'
        : none.count + open.count > 0
          ? 'bad'
          : past.count + impossible.count > 0
            ? 'look'
            : 'good',
    verdict: known === 0 ? 'not known' : none.count + open.count > 0 ? 'it does not' : 'it does',
    sentences: [
      known === 0
        ? 'The history does not say when access ends.'
        : `${count(none.count)} of ${counted(known, 'grant')} (${share(none.count, known)}) had no end when they were given; ${counted(open.count, 'grant')} without an end ${open.count === 1 ? 'was' : 'were'} still there on ${report.about.asOf.day}.`,
      ...(away.count === 0 ? [] : [`${counted(away.count, 'act')} took an end away that had been promised.`]),
      ...(past.count === 0
        ? []
        : [`${counted(past.count, 'grant')} had an end that had passed before the access was given.`]),
      ...(impossible.count === 0
        ? []
        : [
            `${counted(impossible.count, 'promise')} ${impossible.count === 1 ? 'names' : 'name'} a day that no calendar has, such as ${impossibleDay(report)}.`,
          ]),
      ...(known === 0 ? [] : unsaid(none.unknownCount, none.total, 'when the access ends')),
    ],
    figures: ['no-end', 'open-without-end', 'end-taken-away', 'past-when-granted', 'impossible-end'],
  }
}

export function removal(report: AuditReport): Answer {
  const [inTime, late, open, within, never] = [
    'removed-in-time',
    'removed-late',
    'open-past-end',
    'open-in-time',
    'removed-without-end',
  ].map((code) => figure(report, code)) as Five
  const promised = inTime.count + late.count + open.count
  const days = report.rows.grant.reduce((sum, { daysPastEnd }) => sum + daysPastEnd, 0)
  const latest = Math.max(0, ...report.rows.grant.map(({ daysLate }) => daysLate))
  const broken = late.count + open.count
  return {
    id: 'removal',
    question: 'Was access taken away when it was promised?',
    tone: promised === 0 ? 'unknown' : broken > 0 ? 'bad' : 'good',
    verdict: promised === 0 ? 'never promised' : broken > 0 ? `${share(broken, promised)} were late` : 'it was',
    sentences: [
      promised === 0
        ? 'No promised end was reached in this history.'
        : `Of ${counted(promised, 'grant')} that reached ${promised === 1 ? 'its' : 'their'} end or were taken away before it, ${count(inTime.count)} (${share(inTime.count, promised)}) were gone in time, ${count(late.count)} were taken away late and ${count(open.count)} were still there on ${report.about.asOf.day}.`,
      ...(days === 0
        ? []
        : [
            `Added up over all grants, access was there for ${counted(days, 'day')} after the end promised at the time${latest === 0 ? '' : `; the longest removal came ${counted(latest, 'day')} late`}.`,
          ]),
      ...(never.count === 0
        ? []
        : [
            `${counted(never.count, 'grant')} ${never.count === 1 ? 'was' : 'were'} taken away with no end promised at the time.`,
          ]),
      ...(within.count === 0
        ? []
        : [`${counted(within.count, 'grant')} still ${within.count === 1 ? 'runs' : 'run'} within the promised end.`]),
    ],
    figures: [
      'removed-in-time',
      'removed-late',
      'open-past-end',
      'open-in-time',
      'removed-without-end',
      'removed-end-unknown',
      'open-end-unknown',
    ],
  }
}

type Five = [Figure, Figure, Figure, Figure, Figure]

function impossibleDay(report: AuditReport): string {
  const [first] = figure(report, 'impossible-end').rows
  const until = first === undefined ? undefined : report.rows.act[first]?.act.until
  return typeof until === 'object' ? until.written : ''
}
