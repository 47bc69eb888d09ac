/**
 * In which of the coming hours would the people on call have to approve themselves? Asked of a server, or offline of files
 * with the same functions. It changes nothing; what it advises is never to relax a rule.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Command, Option } from 'commander'
import { compileDirectory } from '../../core/compile.ts'
import { prepareCoverage, settledIn, wholeReport } from '../../core/coverage.ts'
import type { DirectoryFacts, NodeId } from '../../core/directory.ts'
import { instantOf } from '../../core/time.ts'
import { type Prefix, withPrefix } from '../../files/reference.ts'
import { startOfHour } from '../../lib/days.ts'
import { nearest } from '../../lib/nearest.ts'
import { isZone } from '../../lib/zone.ts'
import type { Call } from '../context.ts'
import { placeIn, readPolicyAt } from '../input/folder.ts'
import { momentOf } from '../input/moment.ts'
import { wholeNumber } from '../input/number.ts'
import { coverageLines } from '../output/coverage-lines.ts'
import type { CoverageReport } from '../output/coverage-map.ts'
import { coverageSvg } from '../output/coverage-svg.ts'
import type { Names, Page } from '../output/page.ts'
import { problemsShown } from '../output/problems.ts'
import { quoted, visible } from '../output/visible.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { UsageError } from '../usage-error.ts'

interface Options {
  readonly team?: string
  readonly rota?: string
  readonly workload?: string
  readonly workloads?: boolean
  readonly system?: string
  readonly weeks: string
  readonly from?: string
  readonly timeZone?: string
  readonly directory?: string
  readonly policy?: string
  readonly svg?: string
  readonly rows: string
  readonly failOn?: 'uncovered' | 'unplanned'
}

export function addCoverage(program: Command, registry: Registry): void {
  program
    .command('coverage')
    .summary('the hours ahead in which nobody independent would be on duty')
    .description(
      'For every team, rota and system, hour by hour: how many independent people of the deciding pools are on duty, who the others are and why they are out, and the smallest change to a pool or a rota that closes the hours. An hour counts as covered only if whoever of a team asks, for whatever the policy offers, finds enough people. Asks the server, or reads files with --directory and --policy.',
    )
    .option('--team <id>', 'one team as a calendar, system by system')
    .option('--rota <id>', 'one rota: whoever is on duty on it asks')
    .option('--workload <id>', 'one workload')
    .option('--workloads', 'all workloads instead of all teams and rotas; takes a while in a large organisation')
    .option('--system <id>', 'only what can be asked for on this system')
    .option('--weeks <number>', 'how many weeks, 1 to 12', '4')
    .option('--from <when>', 'beginning with the hour of this moment; otherwise now')
    .option('--time-zone <zone>', 'whose clock days and hours go by, such as `Europe/London`; otherwise yours')
    .option('--directory <path>', 'read this directory instead of asking a server: a file, or a folder that holds it')
    .option('--policy <path>', 'read this policy instead of asking a server: a file, or a folder that holds it')
    .option('--svg <file>', 'write the map as a picture')
    .option('--rows <number>', 'rows shown, those with most uncovered hours first', '40')
    .addOption(
      new Option('--fail-on <what>', 'end with 7 when there are such hours, for pipelines').choices([
        'uncovered',
        'unplanned',
      ]),
    )
    .action(performs<Options>(registry, coverage))
}

interface Asked {
  readonly group?: NodeId
  readonly system?: NodeId
  readonly of: 'teams-and-rotas' | 'workloads'
  /** Milliseconds. */
  readonly from: number
  readonly hours: number
  readonly rowsMax: number
}

interface Answer {
  readonly report: CoverageReport
  readonly names: Names
}

async function coverage(call: Call, options: Options): Promise<Shown> {
  const page = pageIn(call, options)
  const asked = askedBy(call, page, options)
  const isOffline = options.directory !== undefined || options.policy !== undefined
  const answer = isOffline ? await offline(call, options, asked) : await online(call, asked)
  if ('problems' in answer) return problemsShown(page, answer.problems)
  const { report, names } = answer
  const calendar = asked.group !== undefined
  if (options.svg !== undefined) {
    await mkdir(dirname(options.svg), { recursive: true })
    await writeFile(options.svg, coverageSvg(page, report, names, calendar))
  }
  const written = options.svg === undefined ? [] : ['', `${page.paint.good('written')}  ${visible(options.svg)}`]
  return {
    document: { ...report, timeZone: page.timeZone, names },
    lines: [...coverageLines(page, report, names, calendar), ...written],
    exit: hasFailed(report, options.failOn) ? 'checksFailed' : 'done',
  }
}

function pageIn({ page }: Call, { timeZone }: Options): Page {
  if (timeZone === undefined) return page
  if (!isZone(timeZone))
    throw new UsageError(`--time-zone ${quoted(timeZone)} is no time zone; write \`Europe/London\``)
  return { ...page, timeZone }
}

function askedBy({ context }: Call, page: Page, options: Options): Asked {
  const { team, rota, workload, workloads, system, weeks } = options
  const named = [team, rota, workload, workloads === true ? 'all' : undefined].filter((one) => one !== undefined)
  if (named.length > 1) throw new UsageError('name one of --team, --rota, --workload and --workloads')
  const group = idOf('team', team) ?? idOf('rota', rota) ?? idOf('wl', workload)
  const at = options.from === undefined ? context.nowMillis() : Date.parse(momentOf(options.from, '--from', page))
  return {
    ...(group === undefined ? {} : { group }),
    ...(system === undefined ? {} : { system: withPrefix('sys', system) }),
    of: workloads === true ? 'workloads' : 'teams-and-rotas',
    from: startOfHour(at, page.timeZone),
    hours: wholeNumber(weeks, '--weeks', 1, 12) * 168,
    rowsMax: wholeNumber(options.rows, '--rows', 1, 10_000),
  }
}

function idOf(prefix: Prefix, name: string | undefined): NodeId | undefined {
  return name === undefined ? undefined : withPrefix(prefix, name)
}

const gapsMax = 12

async function offline(call: Call, options: Options, asked: Asked) {
  const read = await filesOf(call, options)
  if ('problems' in read) return read
  const { facts, policy } = read
  requireKnown(facts, asked)
  const { from, hours, ...question } = asked
  const prepared = prepareCoverage({
    directory: compileDirectory(facts),
    policy,
    history: settledIn(policy),
    now: instantOf(call.context.nowMillis()),
    from: instantOf(from),
    hours,
  })
  const report = wholeReport(prepared, { ...question, gapsMax, facts })
  return { report, names: Object.fromEntries(facts.nodes.map(({ id, name }) => [id, name])) } satisfies Answer
}

async function online(call: Call, { from, hours, rowsMax, ...asked }: Asked): Promise<Answer> {
  const { client } = await sessionOf(call)
  const answer = await client.coverage({
    ...asked,
    from: instantOf(from),
    weeks: String(hours / 168),
    limit: String(Math.min(rowsMax, 1_000)),
    remedy: 'true',
  })
  const { names, ...report } = answered(answer)
  return { report: { ...report, ...leftOut(report, gapsMax) }, names }
}

/** The server answers with more gaps than anybody reads. */
function leftOut({ gaps, gapsLeft }: CoverageReport, max: number): Pick<CoverageReport, 'gaps' | 'gapsLeft'> {
  return { gaps: gaps.slice(0, max), gapsLeft: gapsLeft + Math.max(0, gaps.length - max) }
}

async function filesOf(call: Call, { directory, policy }: Options) {
  if (directory === undefined || policy === undefined)
    throw new UsageError('--directory and --policy belong together: name both, or neither to ask a server')
  const rules = await readPolicyAt((await placeIn(policy, 'policy')) ?? policy)
  if ('problems' in rules) return rules
  const { directoryFromFiles } = await call.context.handIns()
  const place = (await placeIn(directory, 'directory')) ?? directory
  const read = await directoryFromFiles(place, instantOf(call.context.nowMillis()))
  return 'problems' in read ? read : { facts: read.facts, policy: rules.policy }
}

/** A typo must not look like an organisation in which nobody asks. */
function requireKnown({ nodes }: DirectoryFacts, { group, system }: Asked): void {
  for (const id of [group, system]) {
    if (id === undefined || nodes.some((node) => node.id === id)) continue
    const near = nearest(
      id,
      nodes.map((node) => node.id),
    )
    const meant = near.length === 0 ? '' : `; did you mean ${near.map(quoted).join(' or ')}?`
    throw new UsageError(`the directory knows no ${quoted(id)}${meant}`)
  }
}

function hasFailed({ totals }: CoverageReport, failOn: Options['failOn']): boolean {
  if (failOn === undefined) return false
  return totals.uncovered > 0 || (failOn === 'unplanned' && totals.unplanned > 0)
}
