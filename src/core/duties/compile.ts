/**
 * How are a thousand rules asked of a million holders in a second? `compileDuties` turns entitlements, functions and
 * rules into numbers once: for every entitlement the functions it holds, through everything it contains, and for every
 * function the rules it counts in. It drops nothing silently: what it could only half read is in `doubts`.
 */
import { type Lists, listsOf, Numbering } from './lists.ts'
import { type DutyNames, dutyNames } from './names.ts'
import {
  type Duties,
  dutiesProblems,
  type EntitlementContents,
  type EntitlementKey,
  type SeparationRule,
  type SetOfDuties,
} from './rules.ts'

/** Something that may hide a conflict. */
export interface Doubt {
  readonly entitlement: EntitlementKey
  /** `contains-unknown`: an entitlement inside it is described nowhere. The others are about the name of a duty. */
  readonly why: 'pattern-read-as-name' | 'differs-in-case' | 'contains-unknown'
  /** The duty or the entitlement it is about. */
  readonly name: string
}

/** How an entitlement comes to hold a function. */
export interface Way {
  /** From the entitlement itself to the one that holds it directly. */
  readonly path: readonly EntitlementKey[]
  /** The duties of the last one that count, sorted; none where the function names that entitlement itself. */
  readonly duties: readonly string[]
}

/** Rules, functions and entitlements are numbers from 0, the first two in the order of their ids. */
export interface CompiledDuties {
  readonly rules: readonly SeparationRule[]
  readonly functions: readonly SetOfDuties[]
  /** Everything that is described, contained in something or named by a function. */
  readonly entitlements: Numbering
  readonly ruleNumbers: Numbering
  /** By entitlement. */
  readonly functionsOf: Lists
  /** By function; only rules about what is held. */
  readonly rulesOf: Lists
  /** By rule. */
  readonly functionsOfRule: Lists
  /** By rule. */
  readonly conflictsFrom: Uint16Array
  readonly doubts: readonly Doubt[]
  /** The shortest way, `undefined` when the entitlement does not hold the function. */
  wayTo(entitlement: number, func: number): Way | undefined
}

/**
 * Equal contents in any order give equal answers.
 * @throws Error when `dutiesProblems` finds something: a rule that cannot apply would look like one that nobody breaks
 */
export function compileDuties(duties: Duties): CompiledDuties {
  const [problem] = dutiesProblems(duties)
  if (problem !== undefined) throw new Error(`duties cannot be compiled: ${problem}`)
  const rules = byId(duties.rules)
  const functions = byId(duties.functions)
  const functionNumbers = new Numbering(functions.map(({ id }) => id))
  const names = dutyNames(duties)
  const contents = contentsOf(duties, functions, names)
  const functionsOfRule = rules.map((rule) => rule.functions.map((id) => functionNumbers.numberFor(id)).sort(ascending))
  const heldRules = functions.map((): number[] => [])
  for (const [number, rule] of rules.entries()) {
    if (rule.held !== false) for (const func of functionsOfRule[number] ?? []) heldRules[func]?.push(number)
  }
  return {
    rules,
    functions,
    entitlements: contents.numbers,
    ruleNumbers: new Numbering(rules.map(({ id }) => id)),
    functionsOf: listsOf(
      contents.direct.map((_, entitlement) => functionsWithin(contents, entitlement)),
      functions.length,
    ),
    rulesOf: listsOf(heldRules, rules.length),
    functionsOfRule: listsOf(functionsOfRule, functions.length),
    conflictsFrom: Uint16Array.from(rules, (rule) => rule.conflictsFrom),
    doubts: doubtsOf(duties, names),
    wayTo: (entitlement, func) => wayTo(contents, entitlement, func),
  }
}

/** By entitlement number. */
interface Contents {
  readonly numbers: Numbering
  /** Functions held without looking inside, with the duties that count. */
  readonly direct: readonly Map<number, string[]>[]
  readonly inside: readonly (readonly number[])[]
}

function contentsOf(duties: Duties, functions: readonly SetOfDuties[], names: DutyNames): Contents {
  const described = merged(duties.entitlements)
  const numbers = new Numbering([...described.keys()].sort())
  const inside = [...numbers.names].map((id) =>
    [...(described.get(id)?.inside ?? [])].sort().map((each) => numbers.numberFor(each)),
  )
  for (const { entitlements = [] } of functions) for (const id of entitlements) numbers.numberFor(id)
  const direct = numbers.names.map(() => new Map<number, string[]>())
  const byDuty = functionsByDuty(functions)
  for (const [id, { duties: own }] of described) {
    const held = direct[numbers.numberFor(id)] as Map<number, string[]>
    for (const name of [...own].sort()) {
      const funcs = new Set(names.standsFor(name).flatMap((duty) => byDuty.get(duty) ?? []))
      for (const func of funcs) held.set(func, [...(held.get(func) ?? []), name])
    }
  }
  for (const [func, { entitlements = [] }] of functions.entries()) {
    for (const id of entitlements) {
      const held = direct[numbers.numberFor(id)] as Map<number, string[]>
      if (!held.has(func)) held.set(func, [])
    }
  }
  return { numbers, direct, inside }
}

function merged(entitlements: readonly EntitlementContents[]) {
  const all = new Map<EntitlementKey, { readonly duties: Set<string>; readonly inside: Set<EntitlementKey> }>()
  for (const { id, duties, contains = [] } of entitlements) {
    const known = all.get(id) ?? { duties: new Set(), inside: new Set() }
    for (const duty of duties) known.duties.add(duty)
    for (const other of contains) known.inside.add(other)
    all.set(id, known)
  }
  return all
}

function functionsByDuty(functions: readonly SetOfDuties[]): Map<string, number[]> {
  const byDuty = new Map<string, number[]>()
  for (const [func, { duties }] of functions.entries()) {
    for (const duty of new Set(duties)) {
      const known = byDuty.get(duty)
      if (known === undefined) byDuty.set(duty, [func])
      else known.push(func)
    }
  }
  return byDuty
}

function functionsWithin(contents: Contents, entitlement: number): number[] {
  const found = new Set<number>()
  for (const { at } of walk(contents, entitlement))
    for (const func of contents.direct[at]?.keys() ?? []) found.add(func)
  return [...found].sort(ascending)
}

function wayTo(contents: Contents, entitlement: number, func: number): Way | undefined {
  for (const step of walk(contents, entitlement)) {
    const direct = contents.direct[step.at]
    if (direct?.has(func) !== true) continue
    const path: EntitlementKey[] = []
    for (let back: Step | undefined = step; back !== undefined; back = back.from)
      path.unshift(contents.numbers.names[back.at] as string)
    return { path, duties: direct.get(func) ?? [] }
  }
  return undefined
}

interface Step {
  readonly at: number
  readonly from: Step | undefined
}

/** Nearest first, each entitlement once, so that a circle of roles ends. */
function* walk({ inside }: Contents, entitlement: number): Generator<Step> {
  const seen = new Set([entitlement])
  const queue: Step[] = [{ at: entitlement, from: undefined }]
  for (const step of queue) {
    yield step
    for (const next of inside[step.at] ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push({ at: next, from: step })
    }
  }
}

function doubtsOf(duties: Duties, names: DutyNames): readonly Doubt[] {
  const described = new Set(duties.entitlements.map(({ id }) => id))
  return duties.entitlements.flatMap(({ id, duties: own, contains = [] }) => [
    ...own.flatMap((name): Doubt[] => {
      const why = names.doubt(name)
      return why === undefined ? [] : [{ entitlement: id, why, name }]
    }),
    ...contains
      .filter((other) => !described.has(other))
      .map((name): Doubt => ({ entitlement: id, why: 'contains-unknown', name })),
  ])
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

function ascending(a: number, b: number): number {
  return a - b
}
