/** What limits the use while it lasts, for the eyes of whoever decides: nothing is left out, each rule on a line. */
import type { ArgumentCondition, Conditions, Hours } from '../../core/conditions.ts'
import type { Field } from './fields.ts'
import { durationSpoken } from './moments.ts'
import { quoted } from './visible.ts'

type Word = (text: string) => string

export function conditionFields(conditions: Conditions, word: Word): readonly Field[] {
  const { usesMax, exclusions, tools, argumentsClosed, rate, bytesMax, delegationDepthMax, hours } = conditions
  return [
    ['Uses', usesMax === undefined ? 'not counted' : `at most ${usesMax}`],
    ['Rate', rate === undefined ? [] : `at most ${rate.usesMax} in ${durationSpoken(rate.per)}`],
    ['Bytes', bytesMax === undefined ? [] : `at most ${bytesMax}`],
    ['Delegation', delegationDepthMax === undefined ? [] : `at most ${delegationDepthMax} behind whoever acts`],
    ['Hours', (hours ?? []).map(spanLine)],
    [
      'Tools',
      (tools ?? []).map(({ name, digest }) => (digest === undefined ? word(name) : `${word(name)} as ${digest}`)),
    ],
    [
      'Arguments',
      [...(conditions.arguments ?? []).map((rule) => ruleLine(rule, word)), ...(argumentsClosed ? ['no other'] : [])],
    ],
    ['Excluded', (exclusions ?? []).map(word)],
  ]
}

function ruleLine(rule: ArgumentCondition, word: Word): string {
  const name = word(rule.argument)
  if ('oneOf' in rule)
    return `${name} is ${rule.oneOf.map((value) => (typeof value === 'string' ? word(value) : `the ${typeof value} ${value}`)).join(' or ')}`
  if ('exactly' in rule)
    return `${name} are exactly ${rule.exactly.map((value) => (typeof value === 'string' ? word(value) : `the ${typeof value} ${value}`)).join(', then ')}`
  if ('startsWith' in rule) return `${name} begins with ${rule.startsWith.map(quoted).join(' or ')}`
  if ('absent' in rule) return `${name} is left out`
  const { atLeast, atMost } = rule
  return `${name} is a number${atLeast === undefined ? '' : ` from ${atLeast}`}${atMost === undefined ? '' : ` up to ${atMost}`}`
}

function spanLine({ days, from, to, offset }: Hours): string {
  return `${days === undefined ? 'every day' : days.join(', ')} from ${from} to ${to}, clock at UTC${offset}`
}
