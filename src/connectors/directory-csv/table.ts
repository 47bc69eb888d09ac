/**
 * Rows of one file, by the names of their columns, with the line each begins on. A column nobody knows, a name that stands
 * twice and a row with cells too many or too few are problems: a cell in the wrong column is a wrong fact about somebody.
 */
import { parse } from 'csv-parse/sync'
import { inert } from '../../files/validate.ts'
import { capped, type FileText, type Problem, type Read } from '../../files/yaml.ts'
import { didYouMean } from '../../lib/nearest.ts'

export interface Row {
  /** `people.csv:14` */
  readonly where: string
  /** Empty cells are left out. */
  readonly cells: ReadonlyMap<string, string>
}

export interface Columns {
  readonly needed: readonly string[]
  readonly optional: readonly string[]
  /** What the file calls them, where it differs. With such names, columns that are not listed are passed over. */
  readonly named: Readonly<Record<string, string>>
}

export function rowsOf(file: FileText, columns: Columns): Read<readonly Row[]> {
  const lines = linesOf(file)
  if ('problems' in lines) return lines
  const [head, ...rows] = lines.value
  if (head === undefined)
    return { problems: [{ where: `${file.name}:1`, message: 'is empty; its first line names the columns' }] }
  const names = head.cells.map((cell) => cell.trim())
  const problems = headProblems(`${file.name}:${head.line}`, names, columns)
  if (problems.length > 0) return { problems: capped(problems) }
  const ours = new Map(
    [...columns.needed, ...columns.optional].map((column) => [columns.named[column] ?? column, column] as const),
  )
  return {
    value: rows.map(({ line, cells }) => ({
      where: `${file.name}:${line}`,
      cells: new Map(
        cells.flatMap((cell, index) => {
          const column = ours.get(names[index] as string)
          const value = cell.trim()
          return column === undefined || value === '' ? [] : [[column, value] as const]
        }),
      ),
    })),
  }
}

interface Line {
  readonly line: number
  readonly cells: readonly string[]
}

function linesOf({ name, text }: FileText): Read<readonly Line[]> {
  // The library counts a line end of two signs within quotes as two lines.
  const plain = text.replaceAll('\r\n', '\n')
  try {
    const options = { bom: true, info: true, delimiter: delimiterOf(plain), skip_empty_lines: true } as const
    const records = parse(plain, options) as unknown as readonly { record: string[]; info: { lines: number } }[]
    return {
      value: records.map(({ record, info }) => ({ cells: record, line: info.lines - breaksIn(record) })),
    }
  } catch (error) {
    const problem = problemOf(name, error)
    if (problem === undefined) throw error
    return { problems: [problem] }
  }
}

/** Offices in countries with a decimal comma write semicolons. The first line says which, since names hold none. */
function delimiterOf(text: string): string {
  const head = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'))
  const count = (sign: string) => head.split(sign).length
  return [';', '\t'].find((sign) => count(sign) > count(',')) ?? ','
}

function breaksIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)
}

function headProblems(
  where: string,
  names: readonly string[],
  { needed, optional, named }: Columns,
): readonly Problem[] {
  const wanted = [...needed, ...optional].map((column) => named[column] ?? column)
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
  const isMapped = Object.keys(named).length > 0
  return [
    ...twice
      .filter((name) => wanted.includes(name))
      .map((name) => ({ where, message: `the column ${said(name)} is there twice` })),
    ...needed
      .map((column) => named[column] ?? column)
      .filter((name) => !names.includes(name))
      .map((name) => ({ where, message: `the column ${said(name)} is missing` })),
    ...names
      .filter((name) => !isMapped && !wanted.includes(name))
      .map((name) => ({ where, message: `the column ${said(name)} is not known${didYouMean(name, wanted)}` })),
  ]
}

function said(name: string): string {
  return `\`${inert(name)}\``
}

/** What the library throws for a text that is no table; `undefined` for anything else. */
function problemOf(name: string, error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1
  const message = messages[error.code]
  return message === undefined ? undefined : { where: `${name}:${line}`, message }
}

const messages: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'has more or fewer cells than the first line has columns',
  CSV_QUOTE_NOT_CLOSED: 'the file ends inside a quoted cell; a quote above is never closed',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell; put the whole cell in quotes and double it',
  CSV_INVALID_CLOSING_QUOTE: 'something stands behind a closing quote; double quotes inside a cell',
}
