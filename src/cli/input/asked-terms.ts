/** The terms somebody asks for, from what they typed. It fills in what can only be one thing and asks about the rest. */
import type { AskedTerms } from '../../client/index.ts'
import type { Conditions } from '../../core/conditions.ts'
import { durationOf, plusSeconds } from '../../core/time.ts'
import { withPrefix } from '../../files/reference.ts'
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'
import { type ConditionOptions, conditionsOf } from './conditions.ts'
import { lengthOf, momentOf } from './moment.ts'

export interface RequestOptions extends ConditionOptions {
  readonly kind: 'access-override' | 'sod-exception' | 'break-glass'
  readonly reason: string
  readonly beneficiary?: string
  readonly account?: string
  readonly resource?: readonly string[]
  readonly action?: readonly string[]
  readonly start?: string
  readonly for?: string
  readonly until?: string
  readonly control?: readonly string[]
  readonly incident?: string
  readonly change?: string
  readonly ticket?: string
  readonly rule?: string
  readonly other?: string
  readonly openFor?: string
}

export interface Known {
  /** Who asks. */
  readonly self: string
  /** What the entitlement offers; empty when the policy knows no such entitlement. */
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  readonly nowMillis: number
  readonly timeZone: string
}

/** @throws {UsageError} */
export function askedTerms(system: string, entitlement: string, options: RequestOptions, known: Known): AskedTerms {
  const { kind, reason, account, openFor } = options
  const reference = referenceOf(options)
  return {
    kind,
    beneficiary: beneficiaryOf(options, known.self),
    access: {
      system: withPrefix('sys', system),
      entitlement,
      ...(account === undefined ? {} : { account }),
      resources: [...chosen(options.resource, known.resources, '--resource')],
      actions: [...chosen(options.action, known.actions, '--action')],
    },
    window: windowOf(options, known),
    reason,
    controls: (options.control ?? []).map(controlOf),
    conditions: sent(conditionsOf(options, '--')),
    ...(reference === undefined ? {} : { reference }),
    ...exceptionOf(options),
    ...(openFor === undefined ? {} : { openFor: durationOf(lengthOf(openFor, '--open-for')) }),
  }
}

function beneficiaryOf({ kind, beneficiary }: RequestOptions, self: string): string {
  if (kind === 'break-glass') {
    if (beneficiary === undefined) throw new UsageError('an envelope is for a rota: name it with --beneficiary')
    return withPrefix('rota', beneficiary)
  }
  if (beneficiary === undefined) return self
  return /^(?:per|wl)_/.test(beneficiary) ? beneficiary : withPrefix('per', beneficiary)
}

/** Exact names are never guessed: only where there is one thing to choose it is taken. */
function chosen(names: readonly string[] | undefined, offered: readonly string[], option: string): readonly string[] {
  if (names !== undefined) return names
  if (offered.length === 1) return offered
  const there = offered.length === 0 ? '' : `; the entitlement offers ${offered.map(quoted).join(', ')}`
  throw new UsageError(`name what you need with ${option}, once for each${there}`)
}

function windowOf(options: RequestOptions, around: Known): AskedTerms['window'] {
  const { until } = options
  const length = options.for
  if ((until === undefined) === (length === undefined)) {
    throw new UsageError('say how long: give --for (such as `4h`) or --until, one of the two')
  }
  const start = momentOf(options.start ?? 'now', '--start', around)
  return {
    start,
    end:
      length === undefined ? momentOf(until ?? '', '--until', around) : plusSeconds(start, lengthOf(length, '--for')),
  }
}

/** `session-recording=per_ines/8h`. */
function controlOf(text: string): NonNullable<AskedTerms['controls']>[number] {
  const match = /^([^=\s]+)=([^/\s]+)\/(\S+)$/.exec(text)
  const [, control, owner, every] = match ?? []
  if (control === undefined || owner === undefined || every === undefined) {
    throw new UsageError(
      `--control ${quoted(text)} has to be NAME=OWNER/EVERY, such as \`session-recording=per_ines/8h\``,
    )
  }
  return { control, owner: withPrefix('per', owner), every: durationOf(lengthOf(every, '--control')) }
}

function referenceOf({ incident, change, ticket }: RequestOptions): AskedTerms['reference'] {
  const given = [
    ...(incident === undefined ? [] : [{ kind: 'incident' as const, id: incident }]),
    ...(change === undefined ? [] : [{ kind: 'change' as const, id: change }]),
    ...(ticket === undefined ? [] : [{ kind: 'ticket' as const, id: ticket }]),
  ]
  if (given.length > 1) throw new UsageError('give one of --incident, --change and --ticket')
  return given[0]
}

function exceptionOf({ kind, rule, other }: RequestOptions): Pick<AskedTerms, 'exception'> {
  const wanted = kind === 'sod-exception'
  if (wanted !== (rule !== undefined) || wanted !== (other !== undefined)) {
    throw new UsageError('exactly a sod-exception names --rule and --other SYSTEM/ENTITLEMENT')
  }
  if (rule === undefined || other === undefined) return {}
  const [system, entitlement, ...rest] = other.split('/')
  if (system === undefined || entitlement === undefined || rest.length > 0) {
    throw new UsageError(`--other ${quoted(other)} has to be SYSTEM/ENTITLEMENT`)
  }
  return { exception: { rule, other: { system: withPrefix('sys', system), entitlement } } }
}

/** The same, as the client sends it: lists of its own. */
function sent(conditions: Conditions): NonNullable<AskedTerms['conditions']> {
  return structuredClone(conditions) as NonNullable<AskedTerms['conditions']>
}
