/**
 * What of the clock do these guardrails look at? Everything else they hear of a use stays as it is from one moment to the
 * next, so an answer is the same until something changes that they can see. When in doubt they look at all of it.
 */
import type { GuardrailQuestion } from '../core/runtime.ts'
import type { Cedar } from './cedar.ts'

/** Members of the context that change although nothing does; `waiver` for the seconds that are left of it. */
const clockMembers = ['now', 'hour', 'weekday', 'waiver'] as const

export type ClockMember = (typeof clockMembers)[number]

/** @param policies in Cedar's JSON form */
export function clockMembersIn(policies: readonly Cedar.PolicyJson[]): ReadonlySet<ClockMember> {
  const seen = new Set<string>()
  for (const policy of policies) look(policy, seen)
  return new Set(clockMembers.filter((member) => seen.has(member) || seen.has('*')))
}

function look(value: unknown, seen: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const one of value) look(one, seen)
    return
  }
  const { Var: variable, ...parts } = value as Readonly<Record<string, unknown>>
  // INVARIANT: a context that is not asked for one member by name is seen as a whole.
  if (variable === 'context') seen.add('*')
  for (const [operator, part] of Object.entries(parts)) {
    const member = operator === '.' || operator === 'has' ? memberOf(part) : undefined
    if (member === undefined) look(part, seen)
    else if (member !== 'waiver.other') seen.add(member)
  }
}

/** @returns which member of the context is asked for; of the waiver apart whether it is the one that changes. */
function memberOf(part: unknown): string | undefined {
  const { left, attr } = part as { readonly left?: unknown; readonly attr?: unknown }
  if (typeof attr !== 'string') return undefined
  if (isContext(left)) return attr
  const inner = isObject(left) ? left['.'] : undefined
  const ofWaiver = isObject(inner) && inner.attr === 'waiver' && isContext(inner.left)
  return ofWaiver ? (attr === 'secondsLeft' ? 'waiver' : 'waiver.other') : undefined
}

function isContext(value: unknown): boolean {
  return isObject(value) && value.Var === 'context' && Object.keys(value).length === 1
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Everything in a question that can make a difference to whoever looks at no more of the clock than `looks`. */
export function sightOf(question: GuardrailQuestion, looks: ReadonlySet<ClockMember>): string {
  const { principal, chain, action, system, resource, tool, bytes, at, waiver } = question
  const { kind, entitlement, tier, secondsLeft } = waiver
  const clock = [
    looks.has('now') ? at : 0,
    // Of the hour and the day together: both are what the clock shows, to the hour.
    looks.has('hour') || looks.has('weekday') ? at.slice(0, 13) : 0,
    looks.has('waiver') ? secondsLeft : 0,
  ]
  const use = [action, system, resource, tool ?? 0, bytes ?? '']
  return JSON.stringify([principal, chain, use, kind, entitlement, tier, clock])
}
