/**
 * Are the arguments of a call what the terms say they must be? Every plain value has a path; a rule speaks about the
 * values at one path. What cannot be read in one way (too deep, too many, a key that looks like a path) is forbidden.
 */
import type { ArgumentCondition, ArgumentValue, Conditions } from './kinds.ts'

const depthMax = 32
const valuesMax = 2_000

type Values = ReadonlyMap<string, readonly unknown[]>

/** @returns what is wrong with the arguments, as a sentence without their values; undefined when nothing is. */
export function argumentProblem(
  { arguments: rules = [], argumentsClosed }: Pick<Conditions, 'arguments' | 'argumentsClosed'>,
  given: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  if (rules.length === 0 && argumentsClosed === undefined) return undefined
  if (given === undefined) return 'the arguments of the call are not known'
  const values = valuesOf(given)
  if (values === undefined) return 'the arguments are deeper, more, or named otherwise than can be read in one way'
  const broken = rules.find((rule) => !holds(rule, values))
  if (broken !== undefined) return `the argument \`${broken.argument}\` is not what the terms say`
  if (argumentsClosed === undefined) return undefined
  const named = new Set(rules.map(({ argument }) => pathOf(argument)))
  const other = [...values.keys()].find((path) => !named.has(path))
  return other === undefined ? undefined : `the argument \`${other}\` is in no rule of the terms`
}

/** `region` and `/region` are the same argument. */
export function pathOf(argument: string): string {
  return argument.startsWith('/') ? argument : `/${argument.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function holds(rule: ArgumentCondition, values: Values): boolean {
  const path = pathOf(rule.argument)
  if ('absent' in rule) return ![...values.keys()].some((key) => key === path || key.startsWith(`${path}/`))
  const own = values.get(path) ?? []
  if ('exactly' in rule) {
    return own.length === rule.exactly.length && rule.exactly.every((value, place) => Object.is(value, own[place]))
  }
  // An argument that a rule names must be there: what is left out may have a default that nobody looked at.
  return own.length > 0 && own.every((value) => fits(rule, value))
}

type OfEach = Exclude<ArgumentCondition, { absent: true } | { exactly: readonly ArgumentValue[] }>

function fits(rule: OfEach, value: unknown): boolean {
  if ('oneOf' in rule) return rule.oneOf.includes(value as ArgumentValue)
  if ('startsWith' in rule) return typeof value === 'string' && isWithin(value, rule.startsWith)
  // INVARIANT: a kind of rule that is not known here, in terms of a newer installation, allows nothing.
  if (!('atLeast' in rule || 'atMost' in rule)) return false
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = rule
  return typeof value === 'number' && value >= atLeast && value <= atMost
}

/** @returns whether the text begins with one of these and names nothing outside of it by another spelling. */
export function isWithin(text: string, prefixes: readonly string[]): boolean {
  const climbs =
    /(?:^|[/\\])\.{1,2}(?:[/\\]|$)/.test(text) ||
    /%(?:2e|2f|5c|25|00)/i.test(text) ||
    /\\|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)
  return !climbs && prefixes.some((prefix) => text.startsWith(prefix))
}

/** Every plain value by its path; an empty list or object counts as a value, so that it is not overlooked. */
function valuesOf(given: unknown): Values | undefined {
  const values = new Map<string, unknown[]>()
  let count = 0
  const visit = (value: unknown, path: string, depth: number): boolean => {
    if (depth > depthMax || count > valuesMax) return false
    const children = childrenOf(value)
    if (children === undefined || children.length === 0) {
      count += 1
      values.set(path, [...(values.get(path) ?? []), value])
      return true
    }
    return children.every(([key, child]) => key !== undefined && visit(child, `${path}/${key}`, depth + 1))
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  const entries = Object.entries(given)
  return entries.every(([key, value]) => key !== '*' && visit(value, `/${escaped(key)}`, 1)) ? values : undefined
}

function childrenOf(value: unknown): readonly (readonly [string | undefined, unknown])[] | undefined {
  if (Array.isArray(value)) return value.map((entry) => ['*', entry] as const)
  if (typeof value !== 'object' || value === null) return undefined
  // A key that reads like "every element" would let one thing pass for another.
  return Object.entries(value).map(([key, entry]) => [key === '*' ? undefined : escaped(key), entry] as const)
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
