/** What tests read: real data sets that lie beside the repository where the project is measured, and places in texts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileText } from '../yaml.ts'

const folder = join(process.env.COUNTERSIGN_SHARED ?? join(import.meta.dirname, '../../../../shared'), 'data')

/** Skips the test, and says so, where the file is not there. */
export function realData(path: string, notDone: string, context: { skip(note?: string): never }): FileText {
  const file = join(folder, path)
  if (existsSync(file)) return { name: path, text: readFileSync(file, 'utf8') }
  console.warn(`skipped: no data at ${file}; ${notDone}`)
  return context.skip(notDone)
}

/** @returns `file:line:column` of the first such text, so that a test says what it points at rather than a number. */
export function placeOf(wanted: string, { name, text }: FileText): string {
  const before = text.slice(0, text.indexOf(wanted)).split('\n')
  return `${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}
