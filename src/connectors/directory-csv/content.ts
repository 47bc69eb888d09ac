/** Which files of a folder are read, with which columns; all but `people.csv` may be missing. */
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from '../../files/folder.ts'
import { capped, type Problem, type Read } from '../../files/yaml.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { type Row, rowsOf } from './table.ts'

/** By file, needed columns and optional ones; documented in `docs/directory.md`, which a test compares. */
export const tables = {
  people: { needed: ['id', 'name'], optional: ['manager', 'since', 'left', 'external', 'sponsor'] },
  teams: { needed: ['id', 'name'], optional: ['parent', 'since'] },
  memberships: { needed: ['person', 'team'], optional: ['role', 'since', 'until'] },
  systems: { needed: ['id', 'name'], optional: [] },
  workloads: { needed: ['id', 'name', 'kind'], optional: ['retired'] },
  accounts: { needed: ['owner', 'on', 'login'], optional: ['confirmed_by'] },
  relations: { needed: ['from', 'relation', 'to'], optional: ['since', 'until'] },
  access: { needed: ['holder', 'system', 'entitlement'], optional: ['since', 'until'] },
  rotas: { needed: ['id', 'name'], optional: [] },
  shifts: { needed: ['rota', 'person', 'start', 'end'], optional: [] },
  absences: { needed: ['person', 'from', 'until'], optional: [] },
} as const satisfies Readonly<
  Record<string, { readonly needed: readonly string[]; readonly optional: readonly string[] }>
>

export type TableName = keyof typeof tables
export const tableNames = Object.keys(tables) as readonly TableName[]

/** What an export calls its columns, by file and by our names. */
export type Naming = Readonly<Partial<Record<TableName, Readonly<Record<string, string>>>>>

export interface CsvContent {
  readonly rows: Readonly<Record<TableName, readonly Row[]>>
  /** Every text that was read, for the revision. */
  readonly texts: readonly string[]
}

export async function readTables(folder: string, naming: Naming): Promise<Read<CsvContent>> {
  const strange = await strangers(folder)
  if (strange.length > 0) return { problems: capped(strange) }
  const rows = Object.fromEntries(tableNames.map((name) => [name, [] as readonly Row[]])) as Record<
    TableName,
    readonly Row[]
  >
  const [texts, problems]: [string[], Problem[]] = [[], []]
  for (const name of tableNames) {
    const path = join(folder, `${name}.csv`)
    if (name !== 'people' && !(await exists(path))) continue
    const text = await readText(path)
    const read = 'problems' in text ? text : rowsOf(text.value, { ...tables[name], named: naming[name] ?? {} })
    if ('problems' in read) problems.push(...read.problems)
    else rows[name] = read.value
    if ('value' in text) texts.push(`${name}\n${text.value.text}`)
  }
  return problems.length > 0 ? { problems: capped(problems) } : { value: { rows, texts } }
}

/** A file that is misnamed would take its facts out of sight. */
async function strangers(folder: string): Promise<readonly Problem[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  })
  if (typeof names === 'string') return [{ where: `${folder}:1`, message: `cannot be read: ${names}` }]
  return names
    .filter((name) => name.endsWith('.csv') && !tableNames.some((table) => name === `${table}.csv`))
    .map((name) => ({
      where: `${join(folder, name)}:1`,
      message: `is none of the files that are read${didYouMean(name.replace(/\.csv$/, ''), tableNames)}`,
    }))
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
