/** What a narrowing takes away, field by field: what was asked beside what will be signed. */
import type { Terms } from '../../core/terms.ts'
import { fields, type Line } from './fields.ts'
import type { Names, Page } from './page.ts'
import { termsFields } from './terms.ts'

/** @returns one line for each line that goes and each that comes; empty when both say the same. */
export function narrowingLines(page: Page, asked: Terms, signed: Terms, names: Names): readonly string[] {
  const [before, after] = [textsOf(page, asked, names), textsOf(page, signed, names)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((label) => {
    const [old, fresh] = [before.get(label) ?? [], after.get(label) ?? []]
    const gone = old
      .filter((line) => !fresh.includes(line))
      .map((line) => ({ text: `- ${line}`, brush: page.paint.bad }))
    const come = fresh
      .filter((line) => !old.includes(line))
      .map((line) => ({ text: `+ ${line}`, brush: page.paint.good }))
    return gone.length + come.length === 0 ? [] : fields(page, [[label, [...gone, ...come], 'changed']])
  })
}

function textsOf(page: Page, terms: Terms, names: Names): ReadonlyMap<string, readonly string[]> {
  const text = (line: Line) => (typeof line === 'string' ? line : line.text)
  return new Map(termsFields(page, terms, names).map(([label, value]) => [label, [value].flat().map(text)]))
}
