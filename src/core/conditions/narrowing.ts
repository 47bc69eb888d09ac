/**
 * Every way in which conditions allow more than others did. Where it cannot be told that something is narrower it counts
 * as wider: a countersigner may then write it in a way that can be told.
 */

import { secondsOf } from '../time.ts'
import { isWithin, pathOf } from './arguments.ts'
import { spanWithin } from './hours.ts'
import type { ArgumentCondition, ArgumentValue, Conditions, Hours, Rate, ToolCondition } from './kinds.ts'

/** @returns what `offered` allows that `asked` did not, one line each; empty when it only shrinks. */
export function conditionWidenings(asked: Conditions, offered: Conditions): readonly string[] {
  return [
    ...higher('usesMax', asked, offered),
    ...higher('bytesMax', asked, offered),
    ...higher('delegationDepthMax', asked, offered),
    ...droppedExclusions(asked, offered),
    ...toolWidenings(asked.tools, offered.tools),
    ...argumentWidenings(asked.arguments ?? [], offered.arguments ?? []),
    ...(asked.argumentsClosed === true && offered.argumentsClosed !== true
      ? ['conditions.argumentsClosed is dropped']
      : []),
    ...closedWidenings(asked, offered),
    ...rateWidenings(asked.rate, offered.rate),
    ...hoursWidenings(asked.hours, offered.hours),
  ]
}

function higher(name: 'usesMax' | 'bytesMax' | 'delegationDepthMax', asked: Conditions, offered: Conditions): string[] {
  return (offered[name] ?? Infinity) > (asked[name] ?? Infinity) ? [`conditions.${name} is higher`] : []
}

function droppedExclusions(asked: Conditions, offered: Conditions): string[] {
  const dropped = (asked.exclusions ?? []).filter((name) => !(offered.exclusions ?? []).includes(name))
  return dropped.length === 0
    ? []
    : [`conditions.exclusions drops an exclusion or adds ${dropped.map((name) => `\`${name}\``).join(', ')}`]
}

function toolWidenings(asked: readonly ToolCondition[] | undefined, offered: readonly ToolCondition[] | undefined) {
  if (asked === undefined) return []
  if (offered === undefined) return ['conditions.tools is dropped']
  const among = (tool: ToolCondition) =>
    asked.some(({ name, digest }) => name === tool.name && (digest === undefined || digest === tool.digest))
  return offered.filter((tool) => !among(tool)).map(({ name }) => `conditions.tools adds \`${name}\``)
}

function argumentWidenings(asked: readonly ArgumentCondition[], offered: readonly ArgumentCondition[]): string[] {
  return asked
    .filter((rule) => !offered.some((other) => implies(other, rule)))
    .map(({ argument }) => `conditions.arguments allows more of \`${argument}\``)
}

/** Where nothing but the arguments named is allowed, naming one more allows it. */
function closedWidenings(asked: Conditions, offered: Conditions): string[] {
  if (asked.argumentsClosed !== true) return []
  const named = new Set((asked.arguments ?? []).map(({ argument }) => pathOf(argument)))
  return (offered.arguments ?? [])
    .filter((rule) => !('absent' in rule) && !named.has(pathOf(rule.argument)))
    .map(({ argument }) => `conditions.arguments allows \`${argument}\``)
}

/** @returns whether whatever keeps to `rule` keeps to `other` as well, as far as that can be told from their form. */
function implies(rule: ArgumentCondition, other: ArgumentCondition): boolean {
  if (pathOf(rule.argument) !== pathOf(other.argument)) return false
  if ('absent' in rule || 'absent' in other) return 'absent' in rule && 'absent' in other
  if ('exactly' in other) return 'exactly' in rule && sameValues(rule.exactly, other.exactly)
  if ('exactly' in rule) return rule.exactly.every((value) => allows(other, value))
  if ('oneOf' in rule) return rule.oneOf.every((value) => allows(other, value))
  if ('startsWith' in rule) {
    return (
      'startsWith' in other && rule.startsWith.every((text) => other.startsWith.some((start) => text.startsWith(start)))
    )
  }
  if ('oneOf' in other || 'startsWith' in other) return false
  return (
    (rule.atLeast ?? -Infinity) >= (other.atLeast ?? -Infinity) &&
    (rule.atMost ?? Infinity) <= (other.atMost ?? Infinity)
  )
}

function sameValues(a: readonly ArgumentValue[], b: readonly ArgumentValue[]): boolean {
  return a.length === b.length && a.every((value, place) => Object.is(value, b[place]))
}

type OfEach = Exclude<ArgumentCondition, { absent: true } | { exactly: readonly ArgumentValue[] }>

function allows(rule: OfEach, value: string | number | boolean): boolean {
  if ('oneOf' in rule) return rule.oneOf.includes(value)
  if ('startsWith' in rule) return typeof value === 'string' && isWithin(value, rule.startsWith)
  return typeof value === 'number' && value >= (rule.atLeast ?? -Infinity) && value <= (rule.atMost ?? Infinity)
}

/** A longer stretch with as few uses is narrower only where each shorter one lies within one of the longer. */
function rateWidenings(asked: Rate | undefined, offered: Rate | undefined): string[] {
  if (asked === undefined) return []
  if (offered === undefined) return ['conditions.rate is dropped']
  const [per, other] = [secondsOf(asked.per) ?? Number.NaN, secondsOf(offered.per) ?? Number.NaN]
  return offered.usesMax <= asked.usesMax && other % per === 0 ? [] : ['conditions.rate is higher, or counts otherwise']
}

function hoursWidenings(asked: readonly Hours[] | undefined, offered: readonly Hours[] | undefined): string[] {
  if (asked === undefined) return []
  if (offered === undefined) return ['conditions.hours is dropped']
  const outside = offered.filter((span) => !asked.some((outer) => spanWithin(span, outer)))
  return outside.map(({ from, to }) => `conditions.hours adds ${from} to ${to}`)
}
