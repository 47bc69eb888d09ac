/** Questions seven to nine: how was access extended, was that decided, and what has it become? */

import { count, counted, share } from '../../report/numbers.ts'
import type { Figure } from '../figures/figure.ts'
import type { ChainRow } from '../figures/rows.ts'
import { type AuditReport, figure } from '../report.ts'
import type { Answer } from './answer.ts'
import { unsaid } from './approvals.ts'

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
