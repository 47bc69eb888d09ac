/**
 * Rules, assignments and contents as files: from a policy and a directory of ours, or from what other systems export. What
 * cannot be read stops everything; a rule that was left out would look like one that nobody breaks.
 */
import type { Command } from 'commander'
import { compileDirectory } from '../../core/compile.ts'
import type { DirectoryFacts } from '../../core/directory.ts'
import {
  type Assignment,
  assignmentsInForce,
  type Cover,
  compileDuties,
  coverOfMitigation,
  type Duties,
  dutiesOfPolicy,
  type EntitlementContents,
  type EntitlementKey,
  type Holdings,
  type Mitigation,
  type Origin,
  originsOf,
  scan,
} from '../../core/duties.ts'
import type { Policy } from '../../core/policy.ts'
import { type Instant, instantOf } from '../../core/time.ts'
import {
  type EntitlementFiles,
  readAssignments,
  readEntitlements,
  readMitigations,
  readRulesFile,
} from '../../files/duty-rules/index.ts'
import { readText } from '../../files/folder.ts'
import type { FileText, Problem, Read } from '../../files/yaml.ts'
import { several } from '../commands/shared.ts'
import type { Call } from '../context.ts'
import type { Names } from '../output/page.ts'
import { UsageError } from '../usage-error.ts'
import { placeIn, readPolicyAt } from './folder.ts'

export interface DutiesOptions {
  readonly policy?: string
  readonly directory?: string
  readonly rules?: readonly string[]
  readonly assignments?: string
  readonly entitlements?: readonly string[]
  readonly mitigations?: readonly string[]
  readonly control?: readonly string[]
  readonly asDuties?: boolean
}

/** Everything that was read, judged once. */
export interface DutiesFiles {
  readonly holdings: Holdings
  readonly covers: readonly Cover[]
  readonly names: Names
  readonly now: Instant
  /** How somebody comes to hold each thing; empty where the files say no more than that they do. */
  readonly origins: (holder: string) => ReadonlyMap<EntitlementKey, readonly Origin[]>
  /** What the files of rules say and these rules do not. */
  readonly notes: readonly Problem[]
}

export function dutiesFilesOptions(command: Command): Command {
  return command
    .option('--policy <path>', 'rules of this policy, instead of asking a server: a file, or a folder that holds it')
    .option('--directory <path>', 'standing access of this directory: a file, or a folder that holds it')
    .option('--rules <file>', 'rules from elsewhere: ERP risks or toxic permissions as JSON; may be repeated', several)
    .option('--assignments <file>', 'who holds what, a holder and an entitlement a line')
    .option('--entitlements <file>', 'what entitlements contain, as YAML; may be repeated', several)
    .option('--as-duties', 'an entitlement that no file describes is a duty of its own name')
    .option('--mitigations <file>', 'compensating controls over held conflicts, as YAML; may be repeated', several)
    .option('--control <id>', 'a control that every imported rule takes; may be repeated', several)
}

/** @returns `undefined` when no file is named, so that a server is asked. */
export async function dutiesFrom(call: Call, options: DutiesOptions): Promise<Read<DutiesFiles> | undefined> {
  const { policy, directory, rules, assignments } = options
  if (policy === undefined && directory === undefined && rules === undefined && assignments === undefined) {
    return undefined
  }
  if (policy === undefined && rules === undefined)
    throw new UsageError('which rules? Name a policy with --policy, or rules from elsewhere with --rules')
  if (directory === undefined && assignments === undefined)
    throw new UsageError('who holds what? Name a directory with --directory, or a list with --assignments')
  const now = instantOf(call.context.nowMillis())
  const parts = await partsOf(call, options, now)
  return 'problems' in parts ? parts : { value: judged(parts.value, options, now) }
}

interface Parts {
  readonly policy: Policy | undefined
  readonly facts: DirectoryFacts | undefined
  readonly rules: Pick<Duties, 'functions' | 'rules'>
  readonly notes: readonly Problem[]
  readonly assignments: readonly Assignment[]
  readonly contents: EntitlementFiles
  readonly mitigations: readonly Mitigation[]
}

async function partsOf(call: Call, options: DutiesOptions, now: Instant): Promise<Read<Parts>> {
  const problems: Problem[] = []
  const take = <Value>(read: Read<Value> | undefined, none: Value): Value => {
    if (read === undefined) return none
    if ('value' in read) return read.value
    problems.push(...read.problems)
    return none
  }
  const policy = take<Policy | undefined>(await policyAt(options.policy), undefined)
  const facts = take<DirectoryFacts | undefined>(await directoryAt(call, options.directory, now), undefined)
  const rules = take(await rulesAt(options), { functions: [], rules: [], notes: [] })
  const assignments = take<readonly Assignment[]>(await assignmentsAt(options.assignments), [])
  const contents = take<EntitlementFiles>(await filesWith(options.entitlements, readEntitlements), {
    entitlements: [],
    dutyNames: 'exact',
  })
  const mitigations = take<readonly Mitigation[]>(await filesWith(options.mitigations, readMitigations), [])
  if (problems.length > 0) return { problems }
  return { value: { policy, facts, rules, notes: rules.notes, assignments, contents, mitigations } }
}

function judged(parts: Parts, { asDuties }: DutiesOptions, now: Instant): DutiesFiles {
  const { policy, facts, rules, notes, contents, mitigations } = parts
  const directory = facts === undefined ? undefined : compileDirectory(facts)
  const stated =
    directory === undefined || policy === undefined ? statedIn(facts) : assignmentsInForce(directory, [], policy, now)
  const assignments = [...parts.assignments, ...stated]
  const own = policy === undefined ? { entitlements: [], functions: [], rules: [] } : dutiesOfPolicy(policy)
  const described = [...own.entitlements, ...contents.entitlements]
  const duties: Duties = {
    entitlements: asDuties === true ? [...described, ...plainly(assignments, described)] : described,
    functions: [...own.functions, ...rules.functions],
    rules: [...own.rules, ...rules.rules],
    dutyNames: contents.dutyNames,
  }
  const all = [...mitigations, ...Object.values(policy?.mitigations ?? {})]
  return {
    holdings: scan(compileDuties(duties), assignments),
    covers: all.map((one) => coverOfMitigation(one, now)),
    names: Object.fromEntries((facts?.nodes ?? []).map(({ id, name }) => [id, name])),
    now,
    origins: (holder) =>
      directory === undefined || policy === undefined ? new Map() : originsOf(holder, directory, [], policy, now),
    notes,
  }
}

/** Without a policy nobody is controlled by anybody: what is stated for somebody is theirs. */
function statedIn(facts: DirectoryFacts | undefined): Assignment[] {
  return (facts?.access ?? []).map(({ holder, system, entitlement }) => ({
    holder,
    entitlement: `${system}/${entitlement}`,
  }))
}

function plainly(
  assignments: readonly Assignment[],
  described: readonly EntitlementContents[],
): readonly EntitlementContents[] {
  const known = new Set(described.map(({ id }) => id))
  const names = new Set(assignments.map(({ entitlement }) => entitlement).filter((name) => !known.has(name)))
  return [...names].map((id) => ({ id, duties: [id] }))
}

async function policyAt(place: string | undefined): Promise<Read<Policy> | undefined> {
  if (place === undefined) return undefined
  const read = await readPolicyAt((await placeIn(place, 'policy')) ?? place)
  return 'problems' in read ? read : { value: read.policy }
}

async function directoryAt(
  call: Call,
  place: string | undefined,
  now: Instant,
): Promise<Read<DirectoryFacts> | undefined> {
  if (place === undefined) return undefined
  const { directoryFromFiles } = await call.context.handIns()
  const read = await directoryFromFiles((await placeIn(place, 'directory')) ?? place, now)
  return 'problems' in read ? read : { value: read.facts }
}

type Rules = Pick<Duties, 'functions' | 'rules'> & { readonly notes: readonly Problem[] }

/** Functions of several files may be called the same and be different ones, so each file's stay its own. */
async function rulesAt({ rules: paths = [], control = [] }: DutiesOptions): Promise<Read<Rules> | undefined> {
  const found: Rules[] = []
  for (const [place, path] of paths.entries()) {
    const text = await readText(path)
    const read = 'problems' in text ? text : readRulesFile(text.value, { controls: control })
    if ('problems' in read) return read
    const own = paths.length === 1 ? (id: string) => id : (id: string) => `${place + 1}:${id}`
    const { functions, rules, notes } = read.value.rules
    found.push({
      functions: functions.map((one) => ({ ...one, id: own(one.id) })),
      rules: rules.map((one) => ({ ...one, id: own(one.id), functions: one.functions.map(own) })),
      notes,
    })
  }
  return {
    value: {
      functions: found.flatMap(({ functions }) => functions),
      rules: found.flatMap(({ rules }) => rules),
      notes: found.flatMap(({ notes }) => notes),
    },
  }
}

async function assignmentsAt(path: string | undefined): Promise<Read<readonly Assignment[]> | undefined> {
  if (path === undefined) return undefined
  const text = await readText(path)
  const read = 'problems' in text ? text : readAssignments(text.value)
  return 'problems' in read ? read : { value: read.value.assignments }
}

async function filesWith<Value>(
  paths: readonly string[] | undefined,
  reader: (files: readonly FileText[]) => Read<Value>,
): Promise<Read<Value> | undefined> {
  if (paths === undefined) return undefined
  const texts = await Promise.all(paths.map(readText))
  const problems = texts.flatMap((text) => ('problems' in text ? text.problems : []))
  if (problems.length > 0) return { problems }
  return reader(texts.flatMap((text) => ('value' in text ? [text.value] : [])))
}
