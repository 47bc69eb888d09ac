/**
 * What do the files of a history say? Reads JSONL and CSV, lets the mapper make records of the rows, and checks every
 * one of them. It reads everything or nothing: a line that is left out would be an approval nobody looked at.
 */
import type { z } from 'zod'
import { readText } from '../../files/folder.ts'
import { capped, type FileText, type Problem, type Read } from '../../files/yaml.ts'
import { digestOfText } from '../../lib/digest.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { type Act, actOf, type History, type HistoryFile, inOrder, type PlacedRecord } from '../history.ts'
import type { Mapper } from '../mapper.ts'
import { plain, recordOfCells } from '../mappers/plain.ts'
import { type HistoryRecord, recordFields, recordSchema } from '../record.ts'
import { parseCsv, unknownColumn } from './csv.ts'

interface Row {
  readonly line: number
  readonly value: unknown
}

/** @returns the history of all files together, or every problem as `file:line:column`. */
export async function readHistory(paths: readonly string[], mapper: Mapper): Promise<Read<History>> {
  if (paths.length === 0) return { problems: [{ where: 'history', message: 'name at least one file' }] }
  const texts = await Promise.all(paths.map(readText))
  const unreadable = texts.flatMap((text) => ('problems' in text ? text.problems : []))
  if (unreadable.length > 0) return { problems: unreadable }
  return historyOf(
    texts.flatMap((text) => ('value' in text ? [text.value] : [])),
    mapper,
  )
}

/** @returns the same for texts that are already here. */
export function historyOf(texts: readonly FileText[], mapper: Mapper): Read<History> {
  const problems: Problem[] = []
  const files = texts.map((text) => recordsIn(text, mapper, problems))
  if (problems.length > 0) return { problems: capped(problems) }
  const acts = actsOf(inOrder(files), problems)
  if (problems.length > 0) return { problems: capped(problems) }
  if (acts.length === 0) return { problems: [{ where: `${texts[0]?.name}:1:1`, message: 'holds no act' }] }
  return { value: { acts, files: texts.map(fileOf), mapper: mapper.name } }
}

function fileOf({ name, text }: FileText): HistoryFile {
  const breaks = text.split('\n').length
  return { name, linesCount: text.endsWith('\n') ? breaks - 1 : breaks, digest: digestOfText(text) }
}

function recordsIn(file: FileText, mapper: Mapper, problems: Problem[]): PlacedRecord[] {
  const where = (line: number) => `${file.name}:${line}:1`
  const rows = file.name.toLowerCase().endsWith('.csv') ? csvRows(file, mapper, problems) : jsonRows(file, problems)
  const map = mapper.open()
  return rows.flatMap(({ line, value }) => {
    const mapped = guarded(() => map(value, line))
    if ('problem' in mapped) {
      problems.push({ where: where(line), message: mapped.problem })
      return []
    }
    return mapped.value.flatMap((record) => checked(record, `${file.name}:${line}`, where(line), problems))
  })
}

function jsonRows(file: FileText, problems: Problem[]): Row[] {
  const rows: Row[] = []
  for (const [index, text] of file.text.split('\n').entries()) {
    if (text.trim() === '') continue
    try {
      rows.push({ line: index + 1, value: JSON.parse(text) })
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      problems.push({ where: `${file.name}:${index + 1}:1`, message: 'is not a line of JSON' })
    }
  }
  return rows
}

function csvRows(file: FileText, mapper: Mapper, problems: Problem[]): Row[] {
  const csv = parseCsv(file.text)
  if ('problem' in csv) {
    problems.push({ where: `${file.name}:${csv.problem.line}:1`, message: csv.problem.message })
    return []
  }
  if (mapper !== plain) return csv.rows.map(({ line, cells }) => ({ line, value: cells }))
  const known: readonly string[] = recordFields
  for (const name of Object.keys(csv.rows[0]?.cells ?? {})) {
    if (!known.includes(name)) problems.push({ where: `${file.name}:1:1`, message: unknownColumn(name, known) })
  }
  return csv.rows.map(({ line, cells }) => ({ line, value: recordOfCells(cells) }))
}

/** Somebody else's program: whatever it throws is a problem of this line, told in its own words. */
function guarded(
  map: () => readonly HistoryRecord[],
): { readonly value: readonly HistoryRecord[] } | { readonly problem: string } {
  try {
    const value: unknown = map()
    if (Array.isArray(value)) return { value }
    return { problem: 'the mapper returned no list of records' }
  } catch (error) {
    return { problem: `the mapper could not read it: ${error instanceof Error ? oneLine(error) : String(error)}` }
  }
}

function oneLine(error: Error): string {
  const issues = (error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] }).issues
  if (issues === undefined) return error.message.split('\n')[0] ?? ''
  return issues.map(({ path, message }) => `\`${path.join('.')}\`: ${message}`).join('; ')
}

function checked(record: unknown, place: string, where: string, problems: Problem[]): PlacedRecord[] {
  const result = recordSchema.safeParse(record)
  if (result.success) return [{ place, record: result.data }]
  problems.push(...result.error.issues.flatMap(sentencesOf).map((message) => ({ where, message })))
  return []
}

function sentencesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `the field \`${key}\` is not known${didYouMean(key, recordFields)}`)
  }
  const message = `${issue.message.slice(0, 1).toLowerCase()}${issue.message.slice(1)}`
  return [issue.path.length === 0 ? message : `\`${issue.path.join('.')}\`: ${message}`]
}

function actsOf(records: readonly PlacedRecord[], problems: Problem[]): Act[] {
  return records.flatMap((placed, index) => {
    const act = actOf(placed, index)
    if (!('problem' in act)) return [act]
    problems.push({ where: `${placed.place}:1`, message: act.problem })
    return []
  })
}
