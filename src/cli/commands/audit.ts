/**
 * What was approved in the past, and by whom? Offline, from files: no server, no sign-in and no set-up. It reads a
 * history, has the engine judge it, and writes the report; it decides nothing and changes nothing.
 */
import type { Command } from 'commander'
import {
  type AuditDirectory,
  type AuditOptions,
  type AuditReport,
  auditDirectory,
  builtInMappers,
  figure,
  figureRows,
  headline,
  jsonReport,
  parseWhen,
  runAudit,
  textReport,
  type When,
  writeCsv,
  writePage,
} from '../../audit/index.ts'
import type { SourceSnapshot } from '../../core/directory.ts'
import type { Policy } from '../../core/policy.ts'
import { instantOf } from '../../core/time.ts'
import type { Problem, Read } from '../../files/yaml.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { Call } from '../context.ts'
import { readPolicyAt } from '../input/folder.ts'
import { problemsShown } from '../output/problems.ts'
import { table } from '../output/table.ts'
import { quoted, visible } from '../output/visible.ts'
import { wrap } from '../output/wrap.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { UsageError } from '../usage-error.ts'
import { several } from './shared.ts'

interface Options {
  readonly mapper?: string
  readonly directory?: readonly string[]
  readonly coversFrom?: string
  readonly namesOn?: readonly string[]
  readonly policy?: string
  readonly asOf?: string
  readonly csv?: string
  readonly html?: string
  readonly rows?: string
  readonly failOn?: readonly string[]
}

export function addAudit(program: Command, registry: Registry): void {
  program
    .command('audit')
    .summary('audit a history of grants and approvals, without a server')
    .description(
      'Reads a history of grants and approvals, of whatever system, and says what was not independent, what never ended, what was extended and how, and what nobody can say. Where the history does not say, the report says unknown. Needs no server, no sign-in and no set-up; nothing leaves this machine.',
    )
    .argument('<history...>', 'files of the history, JSONL or, by their names, CSV')
    .option(
      '--mapper <name>',
      `how a line becomes a record: ${mapperNames()}, or a file of your own such as ./mapper.ts`,
    )
    .option(
      '--directory <path>',
      'who is who: YAML files, or a folder of GitHub configuration; may be repeated',
      several,
    )
    .option('--covers-from <day>', 'from this day on the directory is complete: it also names what has ended since')
    .option('--names-on <id>', 'the names of the history are logins on this issuer or system; may be repeated', several)
    .option('--policy <path>', 'rules of independence and pools of your own; otherwise the strict defaults')
    .option('--as-of <day>', 'up to when the history is complete; otherwise its last act')
    .option('--html <file>', 'write one page that holds everything, with every row as CSV beside it')
    .option('--csv <folder>', 'write every row as CSV files')
    .option('--rows <figure>', 'show the rows behind this figure instead, by the code that stands beside it')
    .option(
      '--fail-on <figure>',
      'end with 7 when this figure counts anything, for pipelines; may be repeated',
      several,
    )
    .action(performs<Options, [readonly string[]]>(registry, audit))
}

async function audit(call: Call, options: Options, histories: readonly string[]): Promise<Shown> {
  const asked = await auditOptions(call, options, histories)
  if ('problems' in asked) return problemsShown(call.page, asked.problems)
  call.screen.progress(`reading ${histories.map(visible).join(', ')}`)
  const read = await runAudit(asked.value)
  if ('problems' in read) return problemsShown(call.page, read.problems)
  const report = read.value
  for (const [option, code] of codesIn(options)) requireFigure(report, code, option)
  const failed = failedOn(report, options.failOn ?? [])
  const files = await written(call, report, options)
  const document = jsonReport(report) as object
  return {
    document: files.length === 0 ? document : { ...document, files },
    lines: [
      ...(options.rows === undefined ? shownLines(call, report, files) : rowLines(call, report, options.rows)),
      ...failed.flatMap((line) => ['', call.page.paint.bad(line)]),
    ],
    exit: failed.length > 0 ? 'checksFailed' : 'done',
  }
}

/** The whole report on the terminal, unless it went into files; then what it comes down to, and where it is. */
function shownLines({ page }: Call, report: AuditReport, files: readonly string[]): readonly string[] {
  if (files.length === 0) return textReport(report, page)
  return [
    ...headline(report).flatMap((sentence) => wrap(visible(sentence), page.width).map((line) => line.trimEnd())),
    '',
    ...files.map((file, place) =>
      place === 0 ? `${page.paint.good('written')}  ${visible(file)}` : `         ${visible(file)}`,
    ),
  ]
}

async function written({ screen }: Call, report: AuditReport, { html, csv }: Options): Promise<readonly string[]> {
  if (html !== undefined) {
    screen.progress(`writing ${visible(html)}`)
    return writePage(report, html, csv)
  }
  if (csv === undefined) return []
  return writeCsv(report, csv)
}

async function auditOptions(call: Call, options: Options, histories: readonly string[]): Promise<Read<AuditOptions>> {
  const asOf = dayOf(options.asOf, '--as-of')
  const directory = await directoryOf(call, options)
  const policy = await policyOf(options.policy)
  const problems = [directory, policy].flatMap((part) =>
    part !== undefined && 'problems' in part ? part.problems : [],
  )
  if (problems.length > 0) return { problems }
  return {
    value: {
      histories,
      ...(options.mapper === undefined ? {} : { mapper: options.mapper }),
      ...(directory !== undefined && 'value' in directory ? { directory: directory.value } : {}),
      ...(policy !== undefined && 'value' in policy ? { policy: policy.value } : {}),
      ...(asOf === undefined ? {} : { asOf }),
    },
  }
}

async function directoryOf(call: Call, options: Options): Promise<Read<AuditDirectory> | undefined> {
  const { directory: places, namesOn } = options
  const coversFrom = dayOf(options.coversFrom, '--covers-from')
  if (places === undefined) {
    const stray = coversFrom !== undefined ? '--covers-from' : namesOn !== undefined ? '--names-on' : undefined
    if (stray !== undefined) throw new UsageError(`${stray} is about a directory; name one with --directory`)
    return undefined
  }
  const { snapshotFromFiles } = await call.context.handIns()
  const now = instantOf(call.context.nowMillis())
  const snapshots: SourceSnapshot[] = []
  const problems: Problem[] = []
  for (const [place, path] of places.entries()) {
    const read = await snapshotFromFiles(path, places.length === 1 ? 'files' : `files-${place + 1}`, now)
    if ('problems' in read) problems.push(...read.problems)
    else snapshots.push(read.snapshot)
  }
  if (problems.length > 0) return { problems }
  return {
    value: auditDirectory(snapshots, {
      ...(coversFrom === undefined ? {} : { coversFrom: coversFrom.at }),
      ...(namesOn === undefined ? {} : { namesOn }),
    }),
  }
}

async function policyOf(place: string | undefined): Promise<Read<Policy> | undefined> {
  if (place === undefined) return undefined
  const read = await readPolicyAt(place)
  return 'problems' in read ? read : { value: read.policy }
}

/** @throws {UsageError} */
function dayOf(text: string | undefined, option: string): When | undefined {
  if (text === undefined) return undefined
  const when = parseWhen(text)
  if (when === undefined) throw new UsageError(`${option} ${quoted(text)} is no day; write \`2025-01-31\``)
  return when
}

/** Every row that the figure counts. */
function rowLines({ page }: Call, report: AuditReport, code: string): readonly string[] {
  const { label, count: held, baseCount } = figure(report, code)
  const { titles, cells } = figureRows(report, code)
  const columns = titles.map((title, place) => ({ title, cell: (row: readonly string[]) => row[place] ?? '' }))
  return [page.paint.strong(`${held} of ${baseCount} ${label}`), ...(held === 0 ? [] : table(page, columns, cells))]
}

function codesIn({ rows, failOn = [] }: Options): readonly (readonly [option: string, code: string])[] {
  return [
    ...(rows === undefined ? [] : [['--rows', rows] as const]),
    ...failOn.map((code) => ['--fail-on', code] as const),
  ]
}

/** @throws {UsageError} */
function requireFigure({ figures }: AuditReport, code: string, option: string): void {
  const codes = figures.map((one) => one.code)
  if (codes.includes(code)) return
  throw new UsageError(`${option} ${quoted(code)} is no figure${didYouMean(code, codes)}; docs/audit.md lists them`)
}

/** @returns a sentence for each of these figures that counts anything */
function failedOn(report: AuditReport, codes: readonly string[]): readonly string[] {
  return codes
    .map((code) => figure(report, code))
    .filter(({ count: held }) => held > 0)
    .map(({ code, count: held, label }) => `failed on \`${code}\`: ${held} ${label}`)
}

function mapperNames(): string {
  return builtInMappers.map(({ name }) => `\`${name}\``).join(', ')
}
