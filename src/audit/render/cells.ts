/**
 * A row in words: the same columns for the page, the CSV files and the terminal. Whatever the history does not say is
 * left empty or called unknown; nothing is filled in.
 */

import { count, listed } from '../../report/numbers.ts'
import type { Column } from '../../report/sheet.ts'
import { isEnd, type SaidEnd } from '../calendar.ts'
import type { ActRow, ChainRow, GrantRow, RowKind, Rows } from '../figures/rows.ts'
import type { Instead } from '../judge/instead.ts'
import type { ApproverJudgement, Judgement } from '../judge/verdict.ts'
import { tellingConflicts, unknowns } from '../judge/verdict.ts'
import type { GrantLife } from '../lives/life.ts'
import { type AuditReport, pathWithNames } from '../report.ts'
import { actInWords, conflictWords } from '../words.ts'

export type Columns = { readonly [Kind in RowKind]: readonly Column<Rows[Kind][number]>[] }

export function columnsFor(report: AuditReport): Columns {
  return { act: actColumns(report), grant: grantColumns(report), chain: chainColumns }
}

function actColumns({ names }: AuditReport): readonly Column<ActRow>[] {
  return [
    { title: 'Day', cell: ({ act }) => act.day },
    { title: 'What', cell: ({ act, meaning }) => actInWords(act, meaning) },
    { title: 'For', cell: ({ act }) => act.beneficiary ?? '' },
    { title: 'Access', cell: ({ act }) => accessInWords(act) },
    { title: 'Asked by', cell: ({ act }) => peopleInWords(act.askedBy) },
    { title: 'Approved by', cell: ({ act }) => approvedInWords(act) },
    { title: 'End', cell: endInWords },
    { title: 'Reason', cell: ({ act }) => reasonInWords(act) },
    { title: 'Found', cell: (row) => foundInWords(row, names) },
    { title: 'Where', cell: ({ act }) => (act.change === act.place ? act.place : `${act.change}, ${act.place}`) },
  ]
}

function grantColumns({ about }: AuditReport): readonly Column<GrantRow>[] {
  return [
    { title: 'For', cell: ({ life }) => life.beneficiary ?? '' },
    { title: 'Access', cell: ({ life }) => accessInWords(life) },
    { title: 'Team', cell: ({ life }) => life.team ?? '' },
    { title: 'From', cell: ({ life }) => life.start?.day ?? 'before the history begins' },
    { title: 'Promised end', cell: ({ life }) => saidEnd(life.promises.at(-1)?.end ?? 'unknown') },
    { title: 'Removed', cell: ({ life }) => life.removed?.day ?? `still there on ${about.asOf.day}` },
    { title: 'Extended', cell: ({ life }) => timesInWords(life), number: true },
    {
      title: 'Days',
      cell: ({ daysInForce, life }) => (life.start === undefined ? '' : count(daysInForce)),
      number: true,
    },
    { title: 'Days past end', cell: ({ daysPastEnd }) => count(daysPastEnd), number: true },
  ]
}

const chainColumns: readonly Column<ChainRow>[] = [
  { title: 'For', cell: ({ chain }) => chain.beneficiary ?? '' },
  { title: 'Access', cell: ({ chain }) => accessInWords(chain) },
  { title: 'Team', cell: ({ chain }) => chain.team ?? '' },
  { title: 'From', cell: ({ chain }) => chain.first ?? 'before the history begins' },
  { title: 'To', cell: ({ chain }) => (chain.isOpen ? `still there on ${chain.last}` : chain.last) },
  { title: 'Grants', cell: ({ chain }) => count(chain.grants.length), number: true },
  { title: 'Extended', cell: ({ chain }) => count(chain.laterCount), number: true },
  { title: 'Days', cell: ({ chain }) => (chain.first === undefined ? '' : count(chain.daysInForce)), number: true },
  { title: 'Days past end', cell: ({ chain }) => count(chain.daysPastEnd), number: true },
]

export function accessInWords({
  entitlement,
  system,
  grant,
}: {
  readonly entitlement?: string
  readonly system?: string
  readonly grant?: string
}): string {
  const named = [entitlement, system].filter((part) => part !== undefined).join(' on ')
  return named === '' ? (grant ?? 'everything they have') : named
}

export function saidEnd(end: SaidEnd): string {
  if (isEnd(end)) return end.written
  return end === 'none' ? 'none' : 'unknown'
}

export function endInWords({ act, meaning }: ActRow): string {
  if (act.kind === 'removed') return saidEnd(meaning.endBefore)
  if (meaning.move === undefined) return saidEnd(act.until)
  return `${saidEnd(meaning.endBefore)} → ${saidEnd(act.until)}${meaning.afterEnd === true ? ' (had passed)' : ''}`
}

export function peopleInWords(names: readonly string[] | undefined): string {
  return names === undefined ? 'unknown' : names.join(', ')
}

export function approvedInWords({ approvedBy, enteredBy }: ActRow['act']): string {
  const approved = approvedBy?.length === 0 ? 'nobody' : peopleInWords(approvedBy)
  return enteredBy === undefined || approvedBy?.includes(enteredBy)
    ? approved
    : `${approved}; put in force by ${enteredBy}`
}

export function reasonInWords({ reason, reference }: ActRow['act']): string {
  const said = reason === null ? 'none given' : (reason ?? '')
  const named = reference === null ? 'no reference' : (reference ?? '')
  return [said, named].filter((part) => part !== '').join('; ')
}

/** The conclusion, what it rests on, and who could have approved instead. */
function foundInWords(row: ActRow, names: AuditReport['names']): string {
  const { judgement, instead } = row
  const verdict = judgement === undefined ? [] : [verdictInWords(judgement)]
  const others = instead === undefined ? [] : othersInWords(instead, names)
  return [...verdict, ...evidenceInWords(row, names), ...others].join('; ')
}

/** What was found against approvers, what is missing, and what does not fit the history. */
export function evidenceInWords({ judgement, meaning }: ActRow, names: AuditReport['names']): string[] {
  const told = judgement === undefined ? [] : evidence(judgement, names)
  return [...told, ...meaning.contradictions.map((one) => one.replaceAll('-', ' '))]
}

export function othersInWords({ eligible, open }: Instead, names: AuditReport['names']): readonly string[] {
  const first = (ids: readonly string[]) => {
    const told = ids
      .slice(0, 3)
      .map((id) => (Object.hasOwn(names, id) ? (names[id] as string) : id.replace(/^per_/, '')))
    return listed(ids.length > told.length ? [...told, `${count(ids.length - told.length)} more`] : told)
  }
  if (eligible.length > 0) return [`independent at the time: ${first(eligible)}`]
  return open.length > 0 ? [`also approving at the time: ${first(open)}`] : ['nobody else was there to ask']
}

export function verdictInWords({ conclusion, nobodyApproved }: Judgement): string {
  if (nobodyApproved) return 'not independent: nobody approved'
  return conclusion === 'not-independent' ? 'not independent' : conclusion
}

function evidence({ approvers, doubts, conclusion, secondMissing }: Judgement, names: AuditReport['names']): string[] {
  return [
    ...approvers.flatMap((approver) => against(approver, names)),
    ...(secondMissing ? ['one more approver was needed'] : []),
    ...(conclusion === 'unknown' ? doubtsInWords([...doubts, ...approvers.flatMap((one) => one.doubts)]) : []),
  ]
}

function against({ name, conflicts }: ApproverJudgement, names: AuditReport['names']): string[] {
  return tellingConflicts(conflicts).map(({ code, path }) => {
    const isPlain = path.every(({ source }) => source === 'countersign')
    const shown = isPlain ? '' : ` (${pathWithNames(path, names)}${sourcesOf(path)})`
    return `${name} ${conflictWords[code]}${shown}`
  })
}

function sourcesOf(path: ApproverJudgement['conflicts'][number]['path']): string {
  const sources = [...new Set(path.map(({ source, revision }) => `${source} ${shortRevision(revision)}`.trim()))]
  return sources.length === 0 ? '' : `, by ${sources.join(' and ')}`
}

function shortRevision(revision: string): string {
  return revision.replace(/^sha256:/, '').slice(0, 8)
}

function doubtsInWords(doubts: Judgement['doubts']): string[] {
  return [
    ...new Set(doubts.map(({ code, about }) => (about === undefined ? unknowns[code] : `${unknowns[code]}: ${about}`))),
  ]
}

function timesInWords({ laterCount, laterAfterEndCount }: GrantLife): string {
  return laterAfterEndCount === 0 ? count(laterCount) : `${count(laterCount)} (${count(laterAfterEndCount)} too late)`
}
