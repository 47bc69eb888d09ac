/**
 * The whole report as CSV files (RFC 4180): every row, with the codes of the figures that count it, so that each number
 * of the page can be filtered out again.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Column, sheet } from '../../report/sheet.ts'
import type { Group } from '../figures/breakdown.ts'
import type { ActRow, RowKind } from '../figures/rows.ts'
import type { AuditReport } from '../report.ts'
import { columnsFor } from './cells.ts'

export type CsvName = `${string}.csv`

/** @returns the text of every file by its name. */
export function csvFiles(report: AuditReport): Readonly<Record<CsvName, string>> {
  const columns = columnsFor(report)
  const flags = flagsOf(report)
  return {
    'acts.csv': sheet(withFlags([...columns.act, ...sortingColumns], flags.act, 'Act'), report.rows.act),
    'grants.csv': sheet(withFlags(columns.grant, flags.grant, 'Grant'), report.rows.grant),
    'stays.csv': sheet(withFlags(columns.chain, flags.chain, 'Stay'), report.rows.chain),
    'figures.csv': sheet(figureColumns, report.figures),
    'months.csv': sheet(plainColumns(report.months[0] ?? {}), report.months),
    'teams.csv': sheet(groupColumns, report.groups.team),
    'entitlements.csv': sheet(groupColumns, report.groups.entitlement),
    'systems.csv': sheet(groupColumns, report.groups.system),
    'approvers.csv': sheet(deciderColumns, report.deciders),
    'pairs.csv': sheet(pairColumns, report.pairs),
    'unknown.csv': sheet(silenceColumns, report.silences),
  }
}

/** Makes the folder where it is missing. @returns the paths written. */
export async function writeCsv(report: AuditReport, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const files = Object.entries(csvFiles(report)).map(([name, text]) => ({ path: join(folder, name), text }))
  await Promise.all(files.map(({ path, text }) => writeFile(path, text)))
  return files.map(({ path }) => path)
}

/** What the page groups by. */
const sortingColumns: readonly Column<ActRow>[] = [
  { title: 'Month', cell: ({ act }) => act.month },
  { title: 'Team', cell: ({ act }) => act.team ?? '' },
  { title: 'System', cell: ({ act }) => act.system ?? '' },
  { title: 'Entitlement', cell: ({ act }) => act.entitlement ?? '' },
  { title: 'Change', cell: ({ act }) => act.change },
  { title: 'Conclusion', cell: ({ judgement }) => judgement?.conclusion ?? '' },
]

type Flags = Readonly<Record<RowKind, ReadonlyMap<number, readonly string[]>>>

function flagsOf({ figures }: AuditReport): Flags {
  const flags = {
    act: new Map<number, string[]>(),
    grant: new Map<number, string[]>(),
    chain: new Map<number, string[]>(),
  }
  for (const { of, code, rows } of figures) {
    for (const index of rows) {
      const known = flags[of].get(index)
      if (known === undefined) flags[of].set(index, [code])
      else known.push(code)
    }
  }
  return flags
}

function withFlags<Row extends { readonly index: number }>(
  columns: readonly Column<Row>[],
  flags: ReadonlyMap<number, readonly string[]>,
  number: string,
): readonly Column<Row>[] {
  return [
    { title: number, cell: ({ index }) => String(index + 1) },
    ...columns.map(({ title, cell }) => ({ title, cell: (row: Row) => plainNumber(cell(row)) })),
    { title: 'Figures', cell: ({ index }) => (flags.get(index) ?? []).join(' ') },
  ]
}

/** Programs add up `1595`, not `1,595`. */
function plainNumber(text: string): string {
  return /^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text
}

function plainColumns<Row extends object>(sample: Row): readonly Column<Row>[] {
  return Object.keys(sample).map((title) => ({ title, cell: (row) => String(row[title as keyof Row]) }))
}

const figureColumns: readonly Column<AuditReport['figures'][number]>[] = [
  { title: 'Figure', cell: ({ code }) => code },
  { title: 'Count', cell: ({ count }) => String(count) },
  { title: 'Of', cell: ({ total }) => String(total) },
  { title: 'Unknown', cell: ({ unknownCount }) => String(unknownCount) },
  { title: 'Rows', cell: ({ of }) => (of === 'chain' ? 'stays' : `${of}s`) },
  { title: 'Label', cell: ({ label }) => label },
  { title: 'Rule', cell: ({ rule }) => rule },
]

const groupNumbers = [
  'grantsCount',
  'decisionsCount',
  'onePersonCount',
  'notIndependentCount',
  'independentCount',
  'unknownCount',
  'extendedCount',
  'extendedAfterEndCount',
  'withoutEndCount',
  'removedLateCount',
  'openPastEndCount',
  'daysPastEnd',
] as const satisfies readonly (keyof Group)[]

const groupColumns: readonly Column<Group>[] = [
  { title: 'name', cell: ({ name }) => name ?? '' },
  { title: 'spellings', cell: ({ spellings }) => spellings.join('; ') },
  ...groupNumbers.map((field) => ({ title: field, cell: (group: Group) => String(group[field]) })),
]

const deciderColumns: readonly Column<AuditReport['deciders'][number]>[] = [
  { title: 'name', cell: ({ name }) => name },
  { title: 'changesCount', cell: ({ changesCount }) => String(changesCount) },
  { title: 'decisionsCount', cell: ({ decisionsCount }) => String(decisionsCount) },
  { title: 'ownCount', cell: ({ ownCount }) => String(ownCount) },
  { title: 'notIndependentCount', cell: ({ notIndependentCount }) => String(notIndependentCount) },
  { title: 'beneficiariesCount', cell: ({ beneficiariesCount }) => String(beneficiariesCount) },
]

const pairColumns: readonly Column<AuditReport['pairs'][number]>[] = [
  { title: 'a', cell: ({ a }) => a },
  { title: 'b', cell: ({ b }) => b },
  { title: 'bForA', cell: ({ bForA }) => String(bForA) },
  { title: 'aForB', cell: ({ aForB }) => String(aForB) },
]

const silenceColumns: readonly Column<AuditReport['silences'][number]>[] = [
  { title: 'What', cell: ({ what }) => what },
  { title: 'Count', cell: ({ count }) => String(count) },
  { title: 'Of', cell: ({ total }) => String(total) },
  { title: 'Rows', cell: ({ ofWhat }) => ofWhat },
]
