/**
 * What limits the use of a waiver, from what somebody typed: `--argument env=staging`, `--rate 10/1m`, `--hours
 * "mon-fri 08:00-18:00 +01:00"`. It reads each in one way or asks again; the server judges what was meant.
 */
import type { ArgumentCondition, ArgumentValue, Conditions, Day, Hours, ToolCondition } from '../../core/conditions.ts'
import { durationOf } from '../../core/time.ts'
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'
import { lengthOf } from './moment.ts'
import { countOf, wholeNumber } from './number.ts'

export interface ConditionOptions {
  readonly uses?: string
  readonly exclude?: readonly string[]
  readonly tool?: readonly string[]
  readonly argument?: readonly string[]
  readonly onlyArguments?: boolean
  readonly rate?: string
  readonly bytes?: string
  readonly delegationDepth?: string
  readonly hours?: readonly string[]
}

/** @param prefix how the options are called: `--` or `--narrow-`. @throws {UsageError} */
export function conditionsOf(options: ConditionOptions, prefix: '--' | '--narrow-'): Conditions {
  const { uses, exclude, tool, argument, onlyArguments, rate, bytes, delegationDepth, hours } = options
  const name = (option: string) => `${prefix}${option}`
  return {
    ...(uses === undefined ? {} : { usesMax: countOf(uses, name('uses')) }),
    ...(exclude === undefined ? {} : { exclusions: [...exclude] }),
    ...(tool === undefined ? {} : { tools: tool.map((text) => toolOf(text, name('tool'))) }),
    ...(argument === undefined ? {} : { arguments: argumentsOf(argument, name('argument')) }),
    ...(onlyArguments === true ? { argumentsClosed: true as const } : {}),
    ...(rate === undefined ? {} : { rate: rateOf(rate, name('rate')) }),
    ...(bytes === undefined ? {} : { bytesMax: bytesOf(bytes, name('bytes')) }),
    ...(delegationDepth === undefined
      ? {}
      : { delegationDepthMax: wholeNumber(delegationDepth, name('delegation-depth'), 0, 16) }),
    ...(hours === undefined ? {} : { hours: hours.map((text) => hoursOf(text, name('hours'))) }),
  }
}

function toolOf(text: string, option: string): ToolCondition {
  const [, name = '', digest] = /^(.*?)(?:@(sha256:[0-9a-f]{64}))?$/.exec(text) ?? []
  if (name === '') throw new UsageError(`${option} ${quoted(text)} names no tool`)
  return digest === undefined ? { name } : { name, digest }
}

/** Two bounds of one argument are one rule. */
function argumentsOf(texts: readonly string[], option: string): readonly ArgumentCondition[] {
  const rules = new Map<string, ArgumentCondition>()
  for (const text of texts) {
    const rule = argumentOf(text, option)
    const before = rules.get(rule.argument)
    if (before !== undefined && !(isBound(before) && isBound(rule)))
      throw new UsageError(`${option} ${quoted(text)}: there is a rule for that argument already`)
    rules.set(rule.argument, { ...before, ...rule })
  }
  return [...rules.values()]
}

function isBound(rule: ArgumentCondition): boolean {
  return 'atLeast' in rule || 'atMost' in rule
}

function argumentOf(text: string, option: string): ArgumentCondition {
  const [, absent, argument = absent ?? '', sign, what = ''] =
    /^(?:!(.+)|([^=^<>!]+)(\^=|<=|>=|=)(.+))$/.exec(text) ?? []
  switch (sign) {
    case '=':
      return { argument, oneOf: what.split(',').map(plainValue) }
    case '^=':
      return { argument, startsWith: what.split(',') }
    case '<=':
      return { argument, atMost: numberOf(what, text, option) }
    case '>=':
      return { argument, atLeast: numberOf(what, text, option) }
    default:
      if (absent !== undefined) return { argument: absent, absent: true }
      throw new UsageError(
        `${option} ${quoted(text)} is no rule; write \`region=eu,us\`, \`path^=/data/\`, \`amount<=1000\` or \`!force\``,
      )
  }
}

/** `5` is a number and `true` a truth; in double quotes each is text. */
function plainValue(text: string): ArgumentValue {
  if (/^".*"$/.test(text)) return text.slice(1, -1)
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : text
}

function numberOf(text: string, whole: string, option: string): number {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  throw new UsageError(`${option} ${quoted(whole)} compares with no number`)
}

function rateOf(text: string, option: string): NonNullable<Conditions['rate']> {
  const [, uses = '', per = ''] = /^([^/]+)\/(.+)$/.exec(text) ?? []
  if (uses === '') throw new UsageError(`${option} ${quoted(text)} is no rate; write \`10/1m\``)
  return { usesMax: countOf(uses, option), per: durationOf(lengthOf(per, option)) }
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

function bytesOf(text: string, option: string): number {
  const [, number = '', unit = ''] = /^([1-9]\d{0,8})([kmg]?)b?$/i.exec(text) ?? []
  if (number === '') throw new UsageError(`${option} ${quoted(text)} is no number of bytes; write \`500k\` or \`10m\``)
  return Number(number) * (units[unit.toLowerCase()] ?? 1)
}

const week: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `08:00-18:00 +01:00`, with days in front or not: `mon-fri`, `sat,sun`. */
function hoursOf(text: string, option: string): Hours {
  const [, on, from = '', to = '', offset = ''] =
    /^(?:([a-z,-]+) )?(\d\d:\d\d)-(\d\d:\d\d) ([+-]\d\d:\d\d)$/i.exec(text.trim()) ?? []
  const days = on === undefined ? undefined : daysOf(on.toLowerCase())
  if (from === '' || (on !== undefined && days === undefined))
    throw new UsageError(`${option} ${quoted(text)} is no span; write \`mon-fri 08:00-18:00 +01:00\``)
  return { ...(days === undefined ? {} : { days }), from, to, offset }
}

function daysOf(text: string): readonly Day[] | undefined {
  const days: Day[] = []
  for (const part of text.split(',')) {
    const [first = '', last = first] = part.split('-')
    const [start, end] = [week.indexOf(first as Day), week.indexOf(last as Day)]
    if (start < 0 || end < start) return undefined
    days.push(...week.slice(start, end + 1))
  }
  return days
}
