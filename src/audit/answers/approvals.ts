/** Questions one to four: who approved, were they independent, who else could have, and who decides most. */
import type { Conflict, ConflictCode } from '../../core/conflict.ts'
import { count, counted, listed, share } from '../../report/numbers.ts'
import type { Figure } from '../figures/figure.ts'
import type { ActRow } from '../figures/rows.ts'
import { tellingConflicts } from '../judge/verdict.ts'
import { type AuditReport, figure } from '../report.ts'
import { conflictWords, partInWords } from '../words.ts'
import type { Answer } from './answer.ts'

export function ownChanges(report: AuditReport): Answer {
  const [entry, alone, benefit, nobody] = ['own-entry', 'one-person', 'own-benefit', 'nobody-approved'].map((code) =>
    figure(report, code),
  ) as [Figure, Figure, Figure, Figure]
  const isKnown = alone.unknownCount < alone.total
  const approval = figure(report, 'own-approval')
  const own = entry.baseCount >= approval.baseCount ? entry : approval
  const sentences = [
    ...(isKnown && own.parts !== undefined
      ? [`${partInWords(own.parts.grant, 'grant')} were ${own.label}.`]
      : ['The history does not say who wrote and who approved what.']),
    ...(alone.parts === undefined || !isKnown
      ? []
      : [`${partInWords(alone.parts.grant, 'grant')} were ${alone.label}; nobody else approved.`]),
    ...(benefit.unknownCount === benefit.total
      ? []
      : [
          benefit.count === 0
            ? 'Nobody is known to have approved access of their own, or to have put it in force.'
            : `${counted(benefit.count, 'decision')} gave access to somebody who approved it or put it in force.`,
        ]),
    ...(nobody.count === 0 ? [] : [`${counted(nobody.count, 'decision')} had no approver at all.`]),
    ...unsaid(alone.unknownCount, alone.total, 'who wrote it or who approved it'),
  ]
  const bad = alone.count + benefit.count + nobody.count
  return {
    id: 'own-changes',
    question: 'Did people approve their own changes, or their own access?',
    tone: bad > 0 ? 'bad' : !isKnown ? 'unknown' : own.count > 0 ? 'look' : 'good',
    verdict: bad > 0 ? 'they did' : !isKnown ? 'not known' : own.count > 0 ? 'with others' : 'they did not',
    sentences,
    figures: ['own-entry', 'own-approval', 'one-person', 'own-benefit', 'nobody-approved'],
  }
}

export function independence(report: AuditReport): Answer {
  const { count: bad, unknownCount, total } = figure(report, 'not-independent')
  const { count: good } = figure(report, 'independent')
  const sentences = [
    `Of ${counted(total, 'decision')}, ${good === 0 ? 'none could be shown to be approved by somebody independent' : `${count(good)} (${share(good, total)}) were approved by somebody independent`}, ${count(bad)} (${share(bad, total)}) by nobody who was${unknownCount === 0 ? '' : `, and about ${count(unknownCount)} (${share(unknownCount, total)}) nobody can say`}.`,
    ...reasonsAgainst(report),
    ...(report.about.directory === undefined && unknownCount > 0
      ? [
          'Without a directory, names can only be compared with each other: a team mate, a chief or a second account stays unseen.',
        ]
      : []),
  ]
  return {
    id: 'independence',
    question: 'Were the approvers independent of those who asked and of those who give the access?',
    tone: bad > 0 ? 'bad' : unknownCount > 0 ? 'unknown' : 'good',
    verdict: bad > 0 ? `${share(bad, total)} were not` : unknownCount > 0 ? 'not known' : 'they were',
    sentences,
    figures: ['not-independent', 'independent', 'someone-not-independent'],
  }
}

export function instead(report: AuditReport): Answer {
  const [others, open, nobody] = ['others-available', 'others-to-look-at', 'nobody-else'].map((code) =>
    figure(report, code),
  ) as Three
  const rows = (indexes: readonly number[]) => indexes.map((index) => report.rows.act[index] as ActRow)
  const sentences = [
    ...(others.total === 0
      ? ['No decision was found not to be independent, so nobody else had to be looked for.']
      : []),
    ...(others.count === 0
      ? []
      : [
          `For ${count(others.count)} of ${counted(others.total, 'decision')} found not to be independent, somebody independent was there to ask${example(rows(others.rows), report)}.`,
        ]),
    ...(open.count === 0
      ? []
      : [
          `For ${count(open.count)} of ${count(open.total)}, others were approving at that time${median(rows(open.rows))}, but nobody can say whether they were independent${report.about.directory === undefined ? ': name a directory to find out' : ''}.`,
        ]),
    ...(nobody.count === 0
      ? []
      : [
          `For ${count(nobody.count)} of ${count(nobody.total)}, nobody else was approving at that time, or everybody who was had a conflict too.`,
        ]),
  ]
  return {
    id: 'instead',
    question: 'Who could have approved instead?',
    tone: others.total === 0 ? 'good' : nobody.count > 0 ? 'bad' : others.count > 0 ? 'look' : 'unknown',
    verdict: insteadVerdict(others, open),
    sentences,
    figures: ['others-available', 'others-to-look-at', 'nobody-else'],
  }
}

function insteadVerdict(others: Figure, open: Figure): string {
  if (others.total === 0) return 'not needed'
  if (others.count > 0) return 'others could have'
  return open.count > 0 ? 'others to look at' : 'nobody'
}

export function deciders(report: AuditReport): Answer {
  const { deciders: people, pairs } = report
  const [first, second] = people
  const changes = new Set(report.rows.act.filter(isDecided).map(({ act }) => act.change)).size
  const mutual = figure(report, 'second-missing')
  if (first === undefined) {
    return {
      id: 'deciders',
      question: deciding,
      tone: 'unknown',
      verdict: 'not known',
      sentences: ['The history does not say who approved.'],
      figures: ['second-missing'],
    }
  }
  const portion = first.changesCount / Math.max(1, changes)
  return {
    id: 'deciders',
    question: deciding,
    tone: portion > 0.5 || mutual.count > 0 ? 'look' : 'good',
    verdict:
      portion > 0.5
        ? `${share(first.changesCount, changes)} by one person`
        : `${counted(people.length, 'person', 'people')}`,
    sentences: [
      `${counted(people.length, 'approver')} decided ${counted(changes, 'change')}; ${first.name} decided ${count(first.changesCount)} of them (${share(first.changesCount, changes)}), ${count(first.ownCount)} of those written by ${first.name} as well${second === undefined ? '' : `, and ${second.name} ${count(second.changesCount)}`}.`,
      ...(pairs[0] === undefined
        ? ['No two people approved for each other.']
        : [
            `${counted(pairs.length, 'pair')} of people approved for each other${pairs.length === 1 ? ': ' : ', most often '}${pairs[0].a} and ${pairs[0].b} (${count(pairs[0].bForA)} and ${count(pairs[0].aForB)} times).`,
          ]),
      ...(mutual.count === 0
        ? []
        : [
            `${counted(mutual.count, 'decision')} came so soon upon earlier approvals of each other that the rule asks for one more approver, and there was none.`,
          ]),
    ],
    figures: ['second-missing'],
  }
}

const deciding = 'Who decides, and do they decide for each other?'

function isDecided({ decision, act }: ActRow): boolean {
  return decision !== undefined && (act.approvedBy?.length ?? 0) > 0
}

export interface ConflictCount {
  readonly code: ConflictCode
  /** Decisions, by index. */
  readonly rows: readonly number[]
}

/** What was found against approvers, most frequent first; a decision counts once for each code. */
export function conflictCounts(rows: readonly ActRow[]): ConflictCount[] {
  const found = new Map<ConflictCode, number[]>()
  for (const { index, judgement } of rows) {
    const against = (judgement?.approvers ?? []).filter(({ conclusion }) => conclusion === 'not-independent')
    const codes = new Set(
      against.flatMap(({ conflicts }) => tellingConflicts(conflicts)).map(({ code }: Conflict) => code),
    )
    for (const code of codes) {
      if (code === 'reciprocal') continue
      const known = found.get(code)
      if (known === undefined) found.set(code, [index])
      else known.push(index)
    }
  }
  return [...found].map(([code, indexes]) => ({ code, rows: indexes })).sort((a, b) => b.rows.length - a.rows.length)
}

function reasonsAgainst({ rows }: AuditReport): string[] {
  const counts = conflictCounts(rows.act).slice(0, 4)
  if (counts.length === 0) return []
  const told = counts.map(({ code, rows: found }) => `${conflictWords[code]} (${count(found.length)})`)
  return [`What was found against approvers most often: the approver ${listed(told)}.`]
}

function example(rows: readonly ActRow[], { names }: AuditReport): string {
  const found = rows.find((row) => (row.instead?.eligible.length ?? 0) > 0)
  const id = found?.instead?.eligible[0]
  if (found === undefined || id === undefined) return ''
  return `, such as ${Object.hasOwn(names, id) ? names[id] : id} on ${found.act.day}`
}

function median(rows: readonly ActRow[]): string {
  const numbers = rows.map(({ instead: found }) => found?.open.length ?? 0).sort((a, b) => a - b)
  return ` (in the median case ${counted(numbers[Math.floor(numbers.length / 2)] ?? 0, 'person', 'people')})`
}

type Three = [Figure, Figure, Figure]

export function unsaid(unknownCount: number, total: number, what: string): string[] {
  return unknownCount === 0 ? [] : [`For ${count(unknownCount)} of ${count(total)} the history does not say ${what}.`]
}
