/**
 * Narrower terms, from what somebody typed. Builds the very terms that will be signed and says at once when they would
 * widen anything; the server asks the same question again.
 */
import { pathOf } from '../../core/conditions.ts'
import { normalizeTerms, type Terms, widenings } from '../../core/terms.ts'
import { durationOf, millisOf, plusSeconds } from '../../core/time.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'
import { type ConditionOptions, conditionsOf } from './conditions.ts'
import { lengthOf, momentOf } from './moment.ts'

export interface NarrowingOptions {
  readonly narrowStart?: string
  readonly narrowUntil?: string
  readonly narrowFor?: string
  readonly narrowResource?: readonly string[]
  readonly narrowAction?: readonly string[]
  readonly narrowUses?: string
  readonly narrowExclude?: readonly string[]
  readonly narrowOpenFor?: string
  readonly narrowTool?: readonly string[]
  readonly narrowArgument?: readonly string[]
  readonly narrowOnlyArguments?: boolean
  readonly narrowRate?: string
  readonly narrowBytes?: string
  readonly narrowDelegationDepth?: string
  readonly narrowHours?: readonly string[]
}

/** @returns the narrower terms, or `undefined` when nothing was to be narrowed. @throws {UsageError} */
export function narrowedTerms(
  asked: Terms,
  options: NarrowingOptions,
  around: { readonly nowMillis: number; readonly timeZone: string },
): Terms | undefined {
  if (Object.values(options).every((value) => value === undefined)) return undefined
  const narrowed = normalizeTerms({
    ...asked,
    access: {
      ...asked.access,
      resources: kept(options.narrowResource, asked.access.resources, '--narrow-resource'),
      actions: kept(options.narrowAction, asked.access.actions, '--narrow-action'),
    },
    window: windowOf(asked, options, around),
    conditions: narrowedConditions(asked, options),
    ...(options.narrowOpenFor === undefined
      ? {}
      : { openFor: durationOf(lengthOf(options.narrowOpenFor, '--narrow-open-for')) }),
  })
  const wider = widenings(asked, narrowed)
  if (wider.length > 0) throw new UsageError(`this would widen the terms: ${wider.join('; ')}; narrowing only shrinks`)
  if (millisOf(narrowed.window.end) <= millisOf(narrowed.window.start)) {
    throw new UsageError('the narrowed window would end before it starts')
  }
  return narrowed
}

function windowOf(
  asked: Terms,
  options: NarrowingOptions,
  around: { nowMillis: number; timeZone: string },
): Terms['window'] {
  const { narrowStart, narrowUntil, narrowFor } = options
  if (narrowUntil !== undefined && narrowFor !== undefined) {
    throw new UsageError('give one of --narrow-until and --narrow-for, not both')
  }
  const start = narrowStart === undefined ? asked.window.start : momentOf(narrowStart, '--narrow-start', around)
  if (narrowFor !== undefined) return { start, end: plusSeconds(start, lengthOf(narrowFor, '--narrow-for')) }
  return { start, end: narrowUntil === undefined ? asked.window.end : momentOf(narrowUntil, '--narrow-until', around) }
}

/** What is named takes the place of what was asked, one argument at a time; exclusions are added to those there are. */
function narrowedConditions({ conditions }: Terms, options: NarrowingOptions): Terms['conditions'] {
  const narrower = conditionsOf(unprefixed(options), '--narrow-')
  const exclusions = [...(conditions.exclusions ?? []), ...(narrower.exclusions ?? [])]
  const named = new Set(narrower.arguments?.map(({ argument }) => pathOf(argument)))
  const kept = (conditions.arguments ?? []).filter(({ argument }) => !named.has(pathOf(argument)))
  return {
    ...conditions,
    ...narrower,
    ...(exclusions.length === 0 ? {} : { exclusions }),
    ...(narrower.arguments === undefined ? {} : { arguments: [...kept, ...narrower.arguments] }),
  }
}

/** `narrowRate` is `rate`: the same words, read by the same reader. */
function unprefixed(options: NarrowingOptions): ConditionOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/^narrow(.)/, (_, first: string) => first.toLowerCase()),
      value,
    ]),
  )
}

function kept(names: readonly string[] | undefined, asked: readonly string[], option: string): readonly string[] {
  const stranger = names?.find((name) => !asked.includes(name))
  if (stranger === undefined) return names ?? asked
  throw new UsageError(`${option} ${quoted(stranger)} is not among what was asked${didYouMean(stranger, asked)}`)
}
