/**
 * Exactly what is asked: one access, one window, one reason, one beneficiary, and what holds meanwhile. Terms never
 * change; other terms are new terms. `narrows` says what a countersigner may do to them: shrink, never widen.
 */
import { type Conditions, conditionMalformations, conditionWidenings, normalizeConditions } from './conditions.ts'
import type { NodeId, PersonId, SystemId } from './directory.ts'
import type { ControlId, EntitlementId } from './policy.ts'
import { type Duration, millisOf, parseInstant, secondsOf, type Window } from './time.ts'

export type { Conditions } from './conditions.ts'

export type WaiverKind = 'access-override' | 'sod-exception' | 'break-glass'

/** `sha256:` and 64 hexadecimal digits. The engine computes it over canonical JSON (RFC 8785); the core only compares. */
export type Digest = string

export interface Access {
  readonly system: SystemId
  readonly entitlement: EntitlementId
  /** The account on the target, byte for byte. Absent only in a break-glass envelope: then it is the activator's own. */
  readonly account?: string
  /** Exact names, sorted, never patterns, never empty. */
  readonly resources: readonly string[]
  readonly actions: readonly string[]
}

export interface CompensatingControl {
  readonly control: ControlId
  readonly owner: PersonId
  /** Evidence is due this often while the waiver runs. */
  readonly every: Duration
}

export interface Reference {
  readonly kind: 'incident' | 'change' | 'ticket'
  readonly id: string
}

/** The other side of the conflict that a sod-exception tolerates; the side in `access` is removed at the end. */
export interface DutyException {
  readonly rule: string
  readonly other: { readonly system: SystemId; readonly entitlement: EntitlementId }
}

export interface Terms {
  readonly kind: WaiverKind
  /** Person or workload; for break-glass the rota whose members may open the envelope. */
  readonly beneficiary: NodeId
  readonly access: Access
  /** For break-glass: how long the envelope stays sealed and valid. */
  readonly window: Window
  readonly reason: string
  readonly reference?: Reference
  /** Sorted by control. */
  readonly controls: readonly CompensatingControl[]
  readonly conditions: Conditions
  /** Digest of what the entitlement contained when it was asked for. */
  readonly contains: Digest
  readonly exception?: DutyException
  /** Break-glass only: how long the access lasts once the envelope is opened. */
  readonly openFor?: Duration
}

export const reasonLengthMax = 2_000
const namesMax = 200
const nameLengthMax = 300

/** @returns the same terms in the one form that is hashed: lists without repeats and sorted, instants in UTC. */
export function normalizeTerms(terms: Terms): Terms {
  return {
    ...terms,
    access: { ...terms.access, resources: sorted(terms.access.resources), actions: sorted(terms.access.actions) },
    window: {
      start: parseInstant(terms.window.start) ?? terms.window.start,
      end: parseInstant(terms.window.end) ?? terms.window.end,
    },
    controls: [...terms.controls].sort((a, b) => compare(a.control, b.control) || compare(a.owner, b.owner)),
    conditions: normalizeConditions(terms.conditions),
  }
}

/** @returns what is wrong with the form of the terms, field by field; empty when nothing is. */
export function malformations(terms: Terms): readonly { readonly at: string; readonly problem: string }[] {
  const problems: { at: string; problem: string }[] = []
  const check = (holds: boolean, at: string, problem: string) => {
    if (!holds) problems.push({ at, problem })
  }
  const { access, window, conditions } = terms
  const breakGlass = terms.kind === 'break-glass'
  checkNames(access.resources, 'terms.access.resources', check)
  checkNames(access.actions, 'terms.access.actions', check)
  check(
    breakGlass === (access.account === undefined),
    'terms.access.account',
    breakGlass ? 'an envelope names no account' : 'name the account',
  )
  check(
    access.account === undefined || isName(access.account),
    'terms.access.account',
    'must be 1 to 300 visible characters',
  )
  check(
    parseInstant(window.start) !== undefined,
    'terms.window.start',
    'must be an instant such as 2026-11-22T10:00:00Z',
  )
  check(parseInstant(window.end) !== undefined, 'terms.window.end', 'must be an instant such as 2026-11-22T10:00:00Z')
  check(terms.reason.trim().length > 0, 'terms.reason', 'say why')
  check(terms.reason.length <= reasonLengthMax, 'terms.reason', `at most ${reasonLengthMax} characters`)
  check(
    terms.reference === undefined || isName(terms.reference.id),
    'terms.reference.id',
    'must be 1 to 300 visible characters',
  )
  check(
    new Set(terms.controls.map((c) => c.control)).size === terms.controls.length,
    'terms.controls',
    'one owner and cadence a control',
  )
  for (const [index, control] of terms.controls.entries()) {
    check((secondsOf(control.every) ?? 0) > 0, `terms.controls[${index}].every`, 'must be a duration such as PT1H')
  }
  problems.push(...conditionMalformations(conditions))
  if (conditions.exclusions !== undefined && conditions.exclusions.length > 0) {
    checkNames(conditions.exclusions, 'terms.conditions.exclusions', check)
  }
  check(
    (terms.kind === 'sod-exception') === (terms.exception !== undefined),
    'terms.exception',
    'exactly a sod-exception names a rule',
  )
  check(
    breakGlass === (terms.openFor !== undefined),
    'terms.openFor',
    'exactly a break-glass envelope says how long it opens',
  )
  check(
    terms.openFor === undefined || (secondsOf(terms.openFor) ?? 0) > 0,
    'terms.openFor',
    'must be a duration such as PT30M',
  )
  check(resourcesGiven(terms).length > 0, 'terms.conditions.exclusions', 'must leave something to give')
  return problems
}

/**
 * @returns every way in which `offered` is not a narrowing of `asked`; empty when it only shrinks. What is allowed may
 * shrink, exclusions and controls may only grow, beneficiary, account, system, reason and contents stay.
 */
export function widenings(asked: Terms, offered: Terms): readonly string[] {
  const found: string[] = []
  const same = (at: string, a: unknown, b: unknown) => {
    if (written(a) !== written(b)) found.push(`${at} may not change`)
  }
  const subset = (at: string, inner: readonly string[], outer: readonly string[]) => {
    const extra = inner.filter((name) => !outer.includes(name))
    if (extra.length > 0) found.push(`${at} adds ${extra.map((name) => `\`${name}\``).join(', ')}`)
  }
  same('kind', asked.kind, offered.kind)
  same('beneficiary', asked.beneficiary, offered.beneficiary)
  same('access.system', asked.access.system, offered.access.system)
  same('access.entitlement', asked.access.entitlement, offered.access.entitlement)
  same('access.account', asked.access.account, offered.access.account)
  same('reason', asked.reason, offered.reason)
  same('reference', asked.reference, offered.reference)
  same('contains', asked.contains, offered.contains)
  same('exception', asked.exception, offered.exception)
  subset('access.resources', offered.access.resources, asked.access.resources)
  subset('access.actions', offered.access.actions, asked.access.actions)
  if (millisOf(offered.window.start) < millisOf(asked.window.start)) found.push('window.start is earlier')
  if (millisOf(offered.window.end) > millisOf(asked.window.end)) found.push('window.end is later')
  found.push(...conditionWidenings(asked.conditions, offered.conditions))
  if ((offered.openFor === undefined) !== (asked.openFor === undefined))
    found.push('openFor may not be added or left out')
  if (seconds(offered.openFor) > seconds(asked.openFor)) found.push('openFor is longer')
  for (const control of asked.controls) {
    const kept = offered.controls.find((c) => c.control === control.control && c.owner === control.owner)
    if (kept === undefined) found.push(`controls drops \`${control.control}\` or changes its owner`)
    else if (seconds(kept.every) > seconds(control.every))
      found.push(`controls asks for \`${control.control}\` less often`)
  }
  return found
}

/** Two values are the same whatever order their members were written in: callers write as they like. */
function written(value: unknown): string {
  return JSON.stringify([value], (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => compare(a, b)))
      : part,
  )
}

/** @returns whether `offered` allows nothing that `asked` did not. A partial order on well-formed terms. */
export function narrows(asked: Terms, offered: Terms): boolean {
  return widenings(asked, offered).length === 0
}

/** @returns the resources that are really given: those asked for without those excluded. */
export function resourcesGiven({ access, conditions }: Pick<Terms, 'access' | 'conditions'>): readonly string[] {
  return access.resources.filter((name) => !(conditions.exclusions ?? []).includes(name))
}

/** @returns whether two accesses have anything in common; what caps, overlaps and denials are counted by. */
export function accessOverlaps(a: Access, b: Access): boolean {
  return (
    a.system === b.system &&
    a.resources.some((resource) => b.resources.includes(resource)) &&
    a.actions.some((action) => b.actions.includes(action))
  )
}

function checkNames(
  names: readonly string[],
  at: string,
  check: (holds: boolean, at: string, problem: string) => void,
): void {
  check(names.length > 0, at, 'name at least one; an empty list never means all')
  check(names.length <= namesMax, at, `at most ${namesMax}`)
  check(names.every(isName), at, 'each must be 1 to 300 visible characters')
}

function isName(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= nameLengthMax &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text) &&
    text.trim() === text
  )
}

function seconds(duration: Duration | undefined): number {
  return duration === undefined ? 0 : (secondsOf(duration) ?? Infinity)
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compare)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
