/**
 * Labelled values in two columns. Every line of a value begins at its own margin, so that no text, however long and
 * whatever it holds, can look like another label.
 */
import type { Page } from './page.ts'
import { wrap } from './wrap.ts'

/** One line, visible already; coloured only after it has been measured. */
export type Line = string | { readonly text: string; readonly brush: (text: string) => string }

/** A label of at most 13 letters and its value. No lines: the field is left out. */
export type Field = readonly [label: string, value: string | readonly Line[], mark?: 'changed']

const labelWidth = 13
const marginWidth = labelWidth + 3

export function fields({ paint, width }: Page, rows: readonly Field[]): readonly string[] {
  return rows.flatMap(([label, value, mark]) => {
    const room = Math.max(20, width - marginWidth)
    const lines = [value].flat().flatMap((line) => wrappedLine(line, room))
    return lines.map((line, index) => {
      const head = index === 0 ? paint.strong(label.padEnd(labelWidth)) : ' '.repeat(labelWidth)
      return `${mark === 'changed' ? paint.warn('~') : ' '} ${head} ${line}`
    })
  })
}

function wrappedLine(line: Line, room: number): readonly string[] {
  return typeof line === 'string' ? wrap(line, room) : wrap(line.text, room).map(line.brush)
}

/** A sentence with names in it: wrapped here, so that no name can push the rest of it to the margin. */
export function sentence(
  { width }: Page,
  text: string,
  brush: (text: string) => string = (line) => line,
): readonly string[] {
  return wrap(text, Math.max(30, width - 4)).map((line, index) => `${index === 0 ? '' : '    '}${brush(line)}`)
}

/** Somebody's own words: a bar at every line says where they begin and end. */
export function spokenText(lines: readonly string[], width: number): readonly string[] {
  return lines.flatMap((line) => wrap(line, Math.max(18, width - marginWidth - 3))).map((line) => `│ ${line}`)
}
