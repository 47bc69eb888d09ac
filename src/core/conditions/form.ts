/** The one form in which conditions are hashed, and what is wrong with any other. */

import { type Duration, durationOf, secondsOf } from '../time.ts'
import { pathOf } from './arguments.ts'
import { clockMinutes, offsetMinutes, spanWithin } from './hours.ts'
import { type ArgumentCondition, type Conditions, days, type Hours } from './kinds.ts'

const listMax = 100
const textMax = 1_000
const nameMax = 300
const bytesLimit = Number.MAX_SAFE_INTEGER
const depthLimit = 16

type Check = (holds: boolean, at: string, problem: string) => void

/** @returns the same conditions with lists sorted, without repeats and without what says nothing. */
export function normalizeConditions(conditions: Conditions): Conditions {
  const { exclusions, tools, arguments: rules, rate, hours } = conditions
  return {
    ...conditions,
    ...(exclusions === undefined ? {} : { exclusions: [...new Set(exclusions)].sort(compare) }),
    ...(tools === undefined ? {} : { tools: [...tools].sort((a, b) => compare(a.name, b.name)) }),
    ...(rules === undefined
      ? {}
      : { arguments: rules.map(normalizeRule).sort((a, b) => compare(a.argument, b.argument)) }),
    ...(rate === undefined ? {} : { rate: { ...rate, per: normalizeDuration(rate.per) } }),
    ...(hours === undefined ? {} : { hours: normalizeHours(hours) }),
  }
}

function normalizeDuration(duration: Duration): Duration {
  const seconds = secondsOf(duration)
  return seconds === undefined ? duration : durationOf(seconds)
}

function normalizeRule(rule: ArgumentCondition): ArgumentCondition {
  const argument = pathOf(rule.argument)
  if ('oneOf' in rule) return { argument, oneOf: [...new Set(rule.oneOf)].sort((a, b) => compare(typed(a), typed(b))) }
  if (!('startsWith' in rule)) return { ...rule, argument }
  // What begins with another of them is said already.
  const shortest = rule.startsWith.filter(
    (text) => !rule.startsWith.some((other) => other !== text && text.startsWith(other)),
  )
  return { argument, startsWith: [...new Set(shortest)].sort(compare) }
}

function normalizeHours(hours: readonly Hours[]): readonly Hours[] {
  const spans = hours.map(({ days: on, from, to, offset }): Hours => {
    const sorted = days.filter((day) => on?.includes(day))
    return { ...(on === undefined || sorted.length === days.length ? {} : { days: sorted }), from, to, offset }
  })
  const distinct = [...new Map(spans.map((span) => [JSON.stringify(span), span])).values()]
  return distinct
    .filter((span) => !distinct.some((other) => other !== span && spanWithin(span, other)))
    .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)))
}

/** @returns what is wrong with the form, by the place in the terms; exclusions are looked at with the resources. */
export function conditionMalformations(conditions: Conditions): readonly { at: string; problem: string }[] {
  const problems: { at: string; problem: string }[] = []
  const check: Check = (holds, at, problem) => {
    if (!holds) problems.push({ at: `terms.conditions.${at}`, problem })
  }
  const { usesMax, bytesMax, delegationDepthMax, argumentsClosed, rate } = conditions
  check(isCount(usesMax, 1, Number.MAX_SAFE_INTEGER), 'usesMax', 'must be a whole number above 0')
  check(isCount(bytesMax, 1, bytesLimit), 'bytesMax', 'must be a whole number above 0')
  check(
    isCount(delegationDepthMax, 0, depthLimit),
    'delegationDepthMax',
    `must be a whole number from 0 to ${depthLimit}`,
  )
  check(argumentsClosed === undefined || argumentsClosed === true, 'argumentsClosed', 'is true or absent')
  check(rate === undefined || isCount(rate.usesMax, 1, 1_000_000), 'rate.usesMax', 'must be a whole number above 0')
  check(
    rate === undefined || ((secondsOf(rate.per) ?? 0) >= 1 && (secondsOf(rate.per) ?? 0) <= 86_400),
    'rate.per',
    'must be a duration from PT1S to P1D',
  )
  checkTools(conditions, check)
  checkArguments(conditions.arguments, check)
  checkHours(conditions.hours, check)
  return problems
}

function checkTools({ tools }: Conditions, check: Check): void {
  if (tools === undefined) return
  check(tools.length > 0 && tools.length <= listMax, 'tools', `name 1 to ${listMax}; an empty list never means all`)
  check(new Set(tools.map(({ name }) => name)).size === tools.length, 'tools', 'names a tool twice')
  for (const [index, { name, digest }] of tools.entries()) {
    check(isVisible(name, nameMax), `tools[${index}].name`, `must be 1 to ${nameMax} visible characters`)
    check(digest === undefined || /^sha256:[0-9a-f]{64}$/.test(digest), `tools[${index}].digest`, 'must be a digest')
  }
}

function checkArguments(rules: Conditions['arguments'], check: Check): void {
  if (rules === undefined) return
  check(rules.length > 0 && rules.length <= listMax, 'arguments', `name 1 to ${listMax}; an empty list says nothing`)
  const paths = rules.map(({ argument }) => pathOf(argument))
  check(new Set(paths).size === paths.length, 'arguments', 'has two rules for one argument')
  for (const [index, rule] of rules.entries()) {
    const at = `arguments[${index}]`
    check(isPath(rule.argument), `${at}.argument`, 'must be a name or a path such as `/target/region`')
    checkRule(rule, at, check)
  }
}

function checkRule(rule: ArgumentCondition, at: string, check: Check): void {
  const kinds = ['oneOf', 'exactly', 'startsWith', 'absent'].filter((kind) => kind in rule).length
  const range = 'atLeast' in rule || 'atMost' in rule
  check(kinds + (range ? 1 : 0) === 1, at, 'says exactly one of oneOf, exactly, startsWith, atLeast and atMost, absent')
  if ('oneOf' in rule) {
    check(rule.oneOf.length > 0 && rule.oneOf.length <= listMax, `${at}.oneOf`, `lists 1 to ${listMax} values`)
    check(rule.oneOf.every(isPlain), `${at}.oneOf`, 'lists text, finite numbers, true or false')
  } else if ('exactly' in rule) {
    const { exactly } = rule
    check(exactly.length > 0 && exactly.length <= listMax, `${at}.exactly`, `lists 1 to ${listMax} values`)
    check(exactly.every(isPlain), `${at}.exactly`, 'lists text, finite numbers, true or false')
  } else if ('startsWith' in rule) {
    const { startsWith } = rule
    check(startsWith.length > 0 && startsWith.length <= listMax, `${at}.startsWith`, `lists 1 to ${listMax} beginnings`)
    check(
      startsWith.every((text) => isVisible(text, textMax)),
      `${at}.startsWith`,
      'each must be visible text; an empty beginning would mean anything',
    )
  } else if (!('absent' in rule)) {
    const { atLeast = -Infinity, atMost = Infinity } = rule
    check(!Number.isNaN(atLeast) && !Number.isNaN(atMost) && atLeast <= atMost, at, 'atLeast lies above atMost')
  }
}

function checkHours(hours: Conditions['hours'], check: Check): void {
  if (hours === undefined) return
  check(
    hours.length > 0 && hours.length <= listMax,
    'hours',
    `name 1 to ${listMax} spans; an empty list never means any`,
  )
  for (const [index, { days: on, from, to, offset }] of hours.entries()) {
    const at = `hours[${index}]`
    const [start, end] = [clockMinutes(from), clockMinutes(to)]
    check(
      start !== undefined && end !== undefined && start < end,
      at,
      '`from` must lie before `to`, as in 08:00 and 18:00',
    )
    check(offsetMinutes(offset) !== undefined, `${at}.offset`, 'must be a distance from UTC such as +01:00')
    check(
      on === undefined || (on.length > 0 && on.every((day) => days.includes(day))),
      `${at}.days`,
      'lists days as mon to sun; an empty list never means all',
    )
  }
}

function isCount(value: number | undefined, min: number, max: number): boolean {
  return value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= textMax && value.isWellFormed()
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

function isVisible(text: string, max: number): boolean {
  return (
    text.length > 0 && text.length <= max && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text) && text.trim() === text
  )
}

function isPath(argument: string): boolean {
  return (
    isVisible(argument, nameMax) &&
    !/~(?![01])/.test(pathOf(argument)) &&
    !argument.endsWith('/') &&
    !argument.includes('//')
  )
}

/** Text and numbers that are written alike stay apart. */
function typed(value: string | number | boolean): string {
  return `${typeof value} ${String(value)}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
