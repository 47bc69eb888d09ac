/**
 * The parts of `docs/api.md` that are made, not written: every operation and every kind of problem, from the very tables
 * the server runs on. A test compares them with the file; a script writes them.
 */
import type { Machinery } from '../engine/handle.ts'
import { buildApi } from './api.ts'
import { type Kind, kinds } from './problem.ts'

const families: readonly (readonly [Kind['family'], string])[] = [
  ['refusal', 'Refusals: the answer is no'],
  ['request', 'Requests that could not be read'],
  ['authentication', 'Nobody was recognised'],
  ['fault', 'Faults: something we rely on did not answer; nobody was told no'],
  ['bug', 'Bugs: our mistake'],
]

/** @returns Markdown: one table a family, in the order of the lists in the code. */
export function problemTables(): string {
  return families
    .map(([family, title]) => `### ${title}\n\n${table(['code', 'status', 'what it says'], problemRows(family))}`)
    .join('\n\n')
}

function problemRows(family: Kind['family']): string[][] {
  return kinds
    .filter((kind) => kind.family === family)
    .map(({ code, status, title }) => [`\`${code}\``, String(status), title])
}

interface Operation {
  readonly operationId: string
  readonly summary: string
}

/** The OpenAPI document, made without anything behind it: routes are declared, nothing is asked. */
export async function openApiDocument(publicUrl = 'https://countersign.example'): Promise<Record<string, unknown>> {
  const unused = (): never => {
    throw new Error('bug: the document is made without asking anything')
  }
  const api = buildApi({
    machinery: {} as Machinery,
    authenticate: unused,
    sources: [],
    readPolicyFiles: unused,
    checkPolicy: unused,
    natureOf: unused,
    ready: unused,
    publicUrl,
  })
  await api.ready()
  const { payload } = await api.inject('/openapi.json')
  await api.close()
  return JSON.parse(payload) as Record<string, unknown>
}

/** @returns Markdown: every operation, in the order of the addresses. */
export function operationTable(document: Record<string, unknown>): string {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>
  const rows = Object.entries(paths)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId, summary }]) => [
        `\`${method.toUpperCase()} ${path}\``,
        summary,
        `\`${operationId}\``,
      ]),
    )
  return table(['address', 'what it does', 'in the client'], rows)
}

/** @returns the page with every made part made anew; what stands between the marks is replaced, nothing else. */
export function withMadeParts(page: string, document: Record<string, unknown>): string {
  return replaced(replaced(page, 'operations', operationTable(document)), 'problems', problemTables())
}

function replaced(page: string, name: string, made: string): string {
  const [begin, end] = [`<!-- made: ${name} -->`, `<!-- end: ${name} -->`]
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)]
  if (start < 0 || stop < start)
    throw new Error(`the page has no place for \`${name}\`; write \`${begin}\` and \`${end}\` in it`)
  return `${page.slice(0, start + begin.length)}\n\n${made}\n\n${page.slice(stop)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}
