/**
 * From a history to a report: plays it, has every decision judged, counts. Pure: no file, no clock, no network; equal
 * histories, directories and policies give equal reports.
 */
import { readPath } from '../core/conflict.ts'
import type { DirectoryFacts, NodeId } from '../core/directory.ts'
import type { Policy } from '../core/policy.ts'
import type { Day, When } from './calendar.ts'
import { type Breakdowns, breakdownsOf } from './figures/breakdown.ts'
import { type Decider, decidersOf, type Pair, pairsOf } from './figures/deciders.ts'
import type { Figure } from './figures/figure.ts'
import { type MonthFigures, monthsOf } from './figures/months.ts'
import { actRows, decisionOf, type Rows } from './figures/rows.ts'
import { figuresOf } from './figures/rules.ts'
import { type Silence, silencesOf } from './figures/silences.ts'
import type { Act, History, HistoryFile } from './history.ts'
import { insteadOf } from './judge/instead.ts'
import { judgeAll } from './judge/judge.ts'
import { withTeams } from './judge/teams.ts'
import type { AuditDirectory } from './judge/then.ts'
import { chainsOf } from './lives/chains.ts'
import { endingOf } from './lives/life.ts'
import { replay } from './lives/replay.ts'
import { type AuditSettings, settingsDefault, strictPolicy } from './settings.ts'

export interface AuditInput {
  readonly history: History
  /** Absent: nobody knows who works with whom. */
  readonly directory?: AuditDirectory
  /** Absent: the strict defaults. */
  readonly policy?: Policy
  /** Up to when the history is complete. Absent: up to its last act. */
  readonly asOf?: When
  readonly settings?: Partial<AuditSettings>
}

export interface AuditReport {
  readonly about: About
  readonly rows: Rows
  /** In the order of `figures/rules.ts`. */
  readonly figures: readonly Figure[]
  readonly months: readonly MonthFigures[]
  readonly groups: Breakdowns
  readonly deciders: readonly Decider[]
  readonly pairs: readonly Pair[]
  readonly silences: readonly Silence[]
  /** Names of the directory, by id. Untrusted text like everything else here. */
  readonly names: Readonly<Record<NodeId, string>>
}

export interface About {
  readonly files: readonly HistoryFile[]
  readonly mapper: string
  readonly first: Day
  readonly last: Day
  readonly asOf: When
  readonly actsCount: number
  /** Changes that granted something. */
  readonly grantingChangesCount: number
  /** Acts that grant. */
  readonly grantsCount: number
  readonly beneficiariesCount: number
  readonly directory?: {
    readonly sources: readonly { readonly id: string; readonly revision: string; readonly observedAt: string }[]
    readonly peopleCount: number
    readonly coversFrom?: string
  }
  readonly policy: 'given' | 'strict-defaults'
  readonly settings: AuditSettings
}

export function auditOf(input: AuditInput): AuditReport {
  const { history, directory } = input
  const settings = { ...settingsDefault, ...input.settings }
  const acts = directory === undefined ? history.acts : withTeams(history.acts, directory)
  const asOf = input.asOf ?? lastMoment(acts)
  const rows = rowsOf(acts, input, settings, asOf)
  const figures = figuresOf(rows, settings)
  const onePerson = new Set(figures.find(({ code }) => code === 'one-person')?.rows)
  return {
    about: aboutOf(input, acts, asOf, settings),
    rows,
    figures,
    months: monthsOf(rows, asOf),
    groups: breakdownsOf(rows, onePerson),
    deciders: decidersOf(rows.act),
    pairs: pairsOf(rows.act),
    silences: silencesOf(rows),
    names: directory === undefined ? {} : namesOf(directory.facts),
  }
}

export type FigureCode = string

/** @throws when there is no such figure: a bug of the caller. */
export function figure({ figures }: Pick<AuditReport, 'figures'>, code: FigureCode): Figure {
  const found = figures.find((one) => one.code === code)
  if (found === undefined) throw new Error(`bug: there is no figure \`${code}\``)
  return found
}

/** A path with the names of the directory: `Maria —member of→ Payments ←member of— Tomáš`. */
export function pathWithNames(path: Parameters<typeof readPath>[0], names: AuditReport['names']): string {
  return readPath(path, (id) => (Object.hasOwn(names, id) ? (names[id] as string) : id))
}

function rowsOf(
  acts: readonly Act[],
  { directory, policy = strictPolicy() }: AuditInput,
  settings: AuditSettings,
  asOf: When,
): Rows {
  const { grants, meanings } = replay(acts)
  const judging = { directory, policy }
  const decisions = acts.filter(
    (act, index) => decisionOf(act, meanings[index] as (typeof meanings)[number]) !== undefined,
  )
  const cases = judgeAll(decisions, judging)
  const byAct = new Map(cases.map((one) => [one.act.index, one]))
  return {
    act: actRows(acts, meanings, byAct, insteadOf(cases, judging)),
    grant: grants.map((life) => ({ index: life.index, life, ...endingOf(life, asOf) })),
    chain: chainsOf(grants, settings.gapDays, asOf).map((chain) => ({ index: chain.index, chain })),
  }
}

function lastMoment(acts: readonly Act[]): When {
  const last = acts.reduce((a: Act | undefined, b) => (a === undefined || b.at > a.at ? b : a), undefined)
  return { at: last?.at ?? '', day: last?.day ?? '' }
}

function aboutOf(
  { history, directory, policy }: AuditInput,
  acts: readonly Act[],
  asOf: When,
  settings: AuditSettings,
): About {
  const granted = acts.filter(({ kind }) => kind === 'granted')
  const days = acts.map(({ day }) => day).sort()
  return {
    files: history.files,
    mapper: history.mapper,
    first: days[0] ?? '',
    last: days.at(-1) ?? '',
    asOf,
    actsCount: acts.length,
    grantsCount: granted.length,
    grantingChangesCount: new Set(granted.map(({ change }) => change)).size,
    beneficiariesCount: new Set(granted.flatMap(({ beneficiary }) => (beneficiary === undefined ? [] : [beneficiary])))
      .size,
    ...(directory === undefined ? {} : { directory: aboutDirectory(directory) }),
    policy: policy === undefined ? 'strict-defaults' : 'given',
    settings,
  }
}

function aboutDirectory({ facts, coversFrom }: AuditDirectory) {
  return {
    sources: facts.sources.map(({ id, revision, observedAt }) => ({ id, revision, observedAt })),
    peopleCount: new Set(facts.nodes.filter(({ kind }) => kind === 'person').map(({ id }) => id)).size,
    ...(coversFrom === undefined ? {} : { coversFrom }),
  }
}

function namesOf({ nodes }: DirectoryFacts): Record<NodeId, string> {
  return Object.fromEntries(nodes.map(({ id, name }) => [id, name]))
}
