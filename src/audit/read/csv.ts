/**
 * Rows of a CSV file (RFC 4180) by the names in its first line, and where each begins. A row with more or fewer cells
 * than the first line is a problem, never padded: a shifted column would accuse the wrong person.
 */
import { didYouMean } from '../../lib/nearest.ts'

export interface CsvRow {
  /** Line in the file, from 1; a quoted cell may hold several. */
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

export interface CsvProblem {
  readonly line: number
  readonly message: string
}

interface Cells {
  readonly line: number
  readonly cells: readonly string[]
}

export function parseCsv(text: string): { readonly rows: readonly CsvRow[] } | { readonly problem: CsvProblem } {
  const lines = splitCsv(text.startsWith('\uFEFF') ? text.slice(1) : text)
  if ('problem' in lines) return lines
  const [head, ...rest] = lines.rows
  if (head === undefined) return problem(1, 'is empty; the first line names the columns')
  const repeated = head.cells.find((name, index) => head.cells.indexOf(name) !== index)
  if (repeated !== undefined) return problem(head.line, `the column \`${repeated}\` stands there twice; keep one`)
  const rows: CsvRow[] = []
  for (const { line, cells } of rest) {
    if (cells.length === 1 && cells[0] === '') continue
    if (cells.length !== head.cells.length) {
      return problem(line, `has ${cells.length} cells where the first line has ${head.cells.length}`)
    }
    rows.push({ line, cells: Object.fromEntries(head.cells.map((name, index) => [name, cells[index] as string])) })
  }
  return { rows }
}

/** @returns what to say about a column nobody asked for. */
export function unknownColumn(name: string, known: readonly string[]): string {
  return `the column \`${name}\` is not known${didYouMean(name, known)}`
}

function splitCsv(text: string): { readonly rows: readonly Cells[] } | { readonly problem: CsvProblem } {
  const rows: Cells[] = []
  let line = 1
  let at = 0
  while (at < text.length) {
    const start = line
    const cells: string[] = []
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at)
      if (typeof cell === 'string') return problem(line, cell)
      cells.push(cell.value)
      line += cell.breaks
      at = cell.end
      if (text[at] !== ',') break
      at++
    }
    rows.push({ line: start, cells })
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    at++
    line++
  }
  return { rows }
}

interface Cell {
  readonly value: string
  /** Where the comma, the line break or the end of the text stands. */
  readonly end: number
  readonly breaks: number
}

function plainCell(text: string, from: number): Cell | string {
  let end = from
  while (end < text.length && !isEndOfCell(text, end)) {
    if (text[end] === '"') return 'holds `"` inside a cell that does not begin with one; quote the cell and double it'
    end++
  }
  return { value: text.slice(from, end), end, breaks: 0 }
}

function quotedCell(text: string, from: number): Cell | string {
  for (let close = text.indexOf('"', from + 1); close >= 0; close = text.indexOf('"', close + 2)) {
    if (text[close + 1] === '"') continue
    if (close + 1 < text.length && !isEndOfCell(text, close + 1)) return 'goes on behind the closing `"` of a cell'
    const inside = text.slice(from + 1, close)
    return { value: inside.replaceAll('""', '"'), end: close + 1, breaks: inside.split('\n').length - 1 }
  }
  return 'has a cell whose closing `"` is missing'
}

function isEndOfCell(text: string, at: number): boolean {
  const character = text[at]
  return character === ',' || character === '\n' || (character === '\r' && text[at + 1] === '\n')
}

function problem(line: number, message: string): { readonly problem: CsvProblem } {
  return { problem: { line, message } }
}
