/** Puts the page into a file, and beside it the CSV files that hold every row. */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, sep } from 'node:path'
import type { AuditReport } from '../../report.ts'
import { writeCsv } from '../csv.ts'
import { htmlReport } from './page.ts'

/**
 * @param csvFolder where the CSV files go. Default: `audit-rows` beside `audit.html`.
 * @returns every path that was written, the page first.
 */
export async function writePage(report: AuditReport, file: string, csvFolder = folderBeside(file)): Promise<string[]> {
  await mkdir(dirname(file), { recursive: true })
  const rows = await writeCsv(report, csvFolder)
  const link = relative(dirname(file), csvFolder).split(sep).join('/')
  await writeFile(file, htmlReport(report, { csvFolder: link }))
  return [file, ...rows]
}

function folderBeside(file: string): string {
  return join(dirname(file), `${basename(file, extname(file))}-rows`)
}
