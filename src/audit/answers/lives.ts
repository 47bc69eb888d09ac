/** Questions five to nine: does access end, was it taken away, how was it extended, and what became of it. */
import type { Figure } from '../figures/figure.ts'
import type { ChainRow } from '../figures/rows.ts'
import { type AuditReport, figure } from '../report.ts'
import { count, counted, share } from '../words.ts'
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

export function extensions(report: AuditReport): Answer {
  const [extended, after, often, moved, shortened] = [
    'extended',
    'extended-after-end',
    'extended-often',
    'end-moved-unrecorded',
    'shortened',
  ].map((code) => figure(report, code)) as Five
  const most = mostExtended(report.rows.chain)
  return {
    id: 'extensions',
    question: 'What was extended, how often, and was it still running?',
    tone: after.count + moved.count > 0 ? 'bad' : extended.count > 0 ? 'look' : 'good',
    verdict:
      extended.count === 0 ? 'nothing' : after.count > 0 ? `${share(after.count, extended.count)} too late` : 'in time',
    sentences:
      extended.total === 0
        ? ['No end was moved in this history.']
        : [
            `${counted(extended.count, 'end')} ${extended.count === 1 ? 'was' : 'were'} moved later, ${count(after.count)} (${share(after.count, extended.count)}) of them after the old end had passed; ${count(shortened.count)} ${shortened.count === 1 ? 'was' : 'were'} moved earlier.`,
            ...(most === undefined || most.chain.laterCount === 0
              ? []
              : [
                  `One stay was extended ${counted(most.chain.laterCount, 'time')}: ${most.chain.beneficiary ?? 'somebody'} on ${most.chain.system ?? most.chain.entitlement ?? 'something'}, there for ${counted(most.chain.daysInForce, 'day')}. ${counted(often.count, 'stay')} ${often.count === 1 ? 'was' : 'were'} extended ${count(report.about.settings.oftenFrom)} times or more.`,
                ]),
            ...(moved.count === 0
              ? []
              : [
                  `${counted(moved.count, 'act')} found an end elsewhere than the history had left it: somebody moved it without a record.`,
                ]),
            ...unsaid(extended.unknownCount, extended.total, 'whether the end moved later'),
          ],
    figures: [
      'extended',
      'extended-after-end',
      'extended-often',
      'end-moved-unrecorded',
      'shortened',
      'end-set-afterwards',
    ],
  }
}

export function newDecisions(report: AuditReport): Answer {
  const [alone, bulk, same] = ['extended-alone', 'extended-in-bulk', 'extended-same-reason'].map((code) =>
    figure(report, code),
  ) as [Figure, Figure, Figure]
  const largest = Math.max(
    0,
    ...report.rows.act.map(({ meaning, togetherCount }) => (meaning.move === 'later' ? togetherCount : 0)),
  )
  const known = alone.total - alone.unknownCount
  const reasoned = same.total - same.unknownCount
  return {
    id: 'new-decisions',
    question: 'Was each extension a decision of its own?',
    tone:
      alone.total === 0
        ? 'good'
        : alone.count > 0
          ? 'bad'
          : bulk.count + same.count > 0
            ? 'look'
            : alone.unknownCount > 0
              ? 'unknown'
              : 'good',
    verdict:
      alone.total === 0
        ? 'none extended'
        : alone.count > 0
          ? 'often not'
          : bulk.count > 0
            ? 'in bulk'
            : alone.unknownCount > 0
              ? 'not known'
              : 'it was',
    sentences:
      alone.total === 0
        ? ['Nothing was extended.']
        : [
            known === 0
              ? 'The history does not say who wrote and who approved the extensions.'
              : `${count(alone.count)} of ${counted(known, 'extension')} (${share(alone.count, known)}) were decided by nobody but whoever wrote them.`,
            ...(bulk.count === 0
              ? []
              : [
                  `${count(bulk.count)} of ${count(bulk.total)} (${share(bulk.count, bulk.total)}) came in changes that extended at least ${count(report.about.settings.bulkFrom)} at once; the largest extended ${count(largest)}.`,
                ]),
            ...(reasoned === 0
              ? []
              : [
                  `${count(same.count)} of ${count(reasoned)} (${share(same.count, reasoned)}) kept the old reason, letter for letter.`,
                ]),
            ...(known === 0 ? [] : unsaid(alone.unknownCount, alone.total, 'who decided')),
          ],
    figures: ['extended-alone', 'extended-in-bulk', 'extended-same-reason'],
  }
}

export function standing(report: AuditReport): Answer {
  const long = figure(report, 'standing')
  const anew = figure(report, 'granted-anew')
  const longest = longestStays(report, 1)[0]
  const { settings } = report.about
  return {
    id: 'standing',
    question: 'What has become standing access?',
    tone: long.count > 0 ? 'bad' : 'good',
    verdict: long.count > 0 ? share(long.count, long.total) : 'nothing',
    sentences: [
      `${count(long.count)} of ${counted(long.total, 'stay')} (${share(long.count, long.total)}) lasted longer than ${counted(settings.standingDays, 'day')} or go on without an end.`,
      ...(longest === undefined
        ? []
        : [
            `The longest: ${longest.chain.beneficiary ?? 'somebody'}, ${[longest.chain.entitlement, longest.chain.system].filter(Boolean).join(' on ')}, ${counted(longest.chain.daysInForce, 'day')}${longest.chain.isOpen ? ' and still there' : ''}.`,
          ]),
      ...(anew.count === 0
        ? []
        : [
            `${counted(anew.count, 'stay')} ${anew.count === 1 ? 'was' : 'were'} interrupted and granted anew within ${counted(settings.gapDays, 'day')}.`,
          ]),
    ],
    figures: ['standing', 'granted-anew'],
  }
}

type Five = [Figure, Figure, Figure, Figure, Figure]

/** The most days in force first. */
export function longestStays({ rows }: Pick<AuditReport, 'rows'>, limit: number): ChainRow[] {
  return [...rows.chain].sort((a, b) => b.chain.daysInForce - a.chain.daysInForce || a.index - b.index).slice(0, limit)
}

function mostExtended(rows: readonly ChainRow[]): ChainRow | undefined {
  return rows.reduce((best: ChainRow | undefined, row) => {
    return best === undefined || row.chain.laterCount > best.chain.laterCount ? row : best
  }, undefined)
}

function impossibleDay(report: AuditReport): string {
  const [first] = figure(report, 'impossible-end').rows
  const until = first === undefined ? undefined : report.rows.act[first]?.act.until
  return typeof until === 'object' ? until.written : ''
}
