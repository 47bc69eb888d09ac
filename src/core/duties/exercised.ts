/**
 * Who did both sides? A dynamic rule lets one person hold both and forbids doing both on the same object or in the same
 * window. Reads acts from any record and finds, for every holder, rule and object, when the rule was first and last
 * broken. An act that does not say what a rule needs to know is told, never taken for harmless.
 */
import { type Instant, instantOf, millisOf } from '../time.ts'
import { type DutyNames, dutyNames } from './names.ts'
import type { Duties, EntitlementKey, Exercise, HolderId, RuleId, SeparationRule, SetOfDuties } from './rules.ts'

/** Something that was done. */
export interface Act {
  /** Where the record says it: shown, never read. */
  readonly id: string
  readonly holder: HolderId
  readonly duty: string
  /** The access it was done with, where the record says so. */
  readonly entitlement?: EntitlementKey
  /** What it was done to. Compared byte by byte. */
  readonly object?: string
  readonly at: Instant
}

/** One holder broke one rule by what they did. */
export interface Exercised {
  readonly holder: HolderId
  readonly rule: RuleId
  /** Only where the rule is about one object. */
  readonly object?: string
  /** When it was broken first and last, by the act that completed it. */
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** Acts that completed it. */
  readonly times: number
  /** The first time: for every function the latest act up to then that exercised it. */
  readonly acts: readonly { readonly function: string; readonly act: Act }[]
}

/** An act that some rule could not be asked about. */
export interface Unjudged {
  readonly act: Act
  readonly why: 'time-unreadable' | 'object-missing' | 'pattern-read-as-name' | 'differs-in-case'
}

export interface ExercisedConflicts {
  /** By holder, rule and object. */
  readonly conflicts: readonly Exercised[]
  readonly unjudged: readonly Unjudged[]
}

interface Timed {
  readonly act: Act
  readonly at: number
  /** Ids of the functions it exercises. */
  readonly functions: readonly string[]
}

/** @returns the conflicts among acts in any order. Acts at the same instant count together. */
export function exercisedConflicts(duties: Duties, acts: Iterable<Act>): ExercisedConflicts {
  const rules = duties.rules.filter((rule) => rule.exercised !== undefined)
  const inRules = new Set(rules.flatMap((rule) => rule.functions))
  const names = dutyNames(duties)
  const functionsOf = functionLookup(duties, names, inRules)
  const unjudged: Unjudged[] = []
  const byHolder = new Map<HolderId, Timed[]>()
  for (const act of acts) {
    const [functions, at] = [functionsOf(act), millisOf(act.at)]
    const why = whyUnjudged(act, functions, rules, names)
    if (why !== undefined) unjudged.push({ act, why })
    if (functions.length > 0 && !Number.isNaN(at)) push(byHolder, act.holder, { act, at, functions })
  }
  const conflicts = [...byHolder].sort(byKey).flatMap(([, own]) => {
    own.sort((a, b) => a.at - b.at || (a.act.id < b.act.id ? -1 : 1))
    return rules.toSorted((a, b) => (a.id < b.id ? -1 : 1)).flatMap((rule) => brokenByActs(rule, own))
  })
  return { conflicts, unjudged }
}

function brokenByActs(rule: SeparationRule, acts: readonly Timed[]): Exercised[] {
  const exercised = rule.exercised as Exercise
  const wanted = new Set(rule.functions)
  const relevant = acts.filter(({ functions }) => functions.some((id) => wanted.has(id)))
  if (!exercised.sameObject) return found(rule, relevant)
  const byObject = new Map<string, Timed[]>()
  for (const each of relevant) if (each.act.object !== undefined) push(byObject, each.act.object, each)
  return [...byObject].sort(byKey).flatMap(([object, own]) => found(rule, own).map((one) => ({ ...one, object })))
}

/** Acts in order of time, of one holder and where it matters of one object. */
function found(rule: SeparationRule, acts: readonly Timed[]): Exercised[] {
  const withinMillis = (rule.exercised?.withinSeconds ?? Number.POSITIVE_INFINITY) * 1000
  const latest = new Map<string, Timed>()
  let first: Omit<Exercised, 'lastAt' | 'times'> | undefined
  let [lastAt, times] = [0, 0]
  for (const each of acts) {
    for (const id of each.functions) if (rule.functions.includes(id)) latest.set(id, each)
    const together = [...latest].filter(([, other]) => each.at - other.at <= withinMillis)
    if (together.length < rule.conflictsFrom) continue
    first ??= { holder: each.act.holder, rule: rule.id, firstAt: instantOf(each.at), acts: actsOf(together) }
    lastAt = each.at
    times += 1
  }
  return first === undefined ? [] : [{ ...first, lastAt: instantOf(lastAt), times }]
}

function actsOf(together: readonly (readonly [string, Timed])[]): Exercised['acts'] {
  return together.map(([id, { act }]) => ({ function: id, act })).sort((a, b) => (a.function < b.function ? -1 : 1))
}

function whyUnjudged(
  { duty, object, at }: Act,
  functions: readonly string[],
  rules: readonly SeparationRule[],
  names: DutyNames,
): Unjudged['why'] | undefined {
  if (functions.length === 0) return names.doubt(duty)
  if (Number.isNaN(millisOf(at))) return 'time-unreadable'
  if (object !== undefined) return undefined
  const needsObject = (rule: SeparationRule) =>
    rule.exercised?.sameObject === true && rule.functions.some((id) => functions.includes(id))
  return rules.some(needsObject) ? 'object-missing' : undefined
}

/** By the duty that was exercised or the access it was done with, whichever the function names. */
function functionLookup(
  duties: Duties,
  names: DutyNames,
  wanted: ReadonlySet<string>,
): (act: Act) => readonly string[] {
  const [byDuty, byEntitlement] = [new Map<string, string[]>(), new Map<string, string[]>()]
  for (const each of duties.functions.filter(({ id }) => wanted.has(id))) index(each, byDuty, byEntitlement)
  return ({ duty, entitlement }) => [
    ...new Set([
      ...names.standsFor(duty).flatMap((name) => byDuty.get(name) ?? []),
      ...(entitlement === undefined ? [] : (byEntitlement.get(entitlement) ?? [])),
    ]),
  ]
}

function index(each: SetOfDuties, byDuty: Map<string, string[]>, byEntitlement: Map<string, string[]>): void {
  for (const duty of each.duties) push(byDuty, duty, each.id)
  for (const entitlement of each.entitlements ?? []) push(byEntitlement, entitlement, each.id)
}

function push<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
