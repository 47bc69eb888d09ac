/**
 * Narrower terms, from what somebody typed. Builds the very terms that will be signed and says at once when they would
 * widen anything; the server asks the same question again.
 */
import { normalizeTerms, type Terms, widenings } from '../../core/terms.ts'
import { durationOf, millisOf, plusSeconds } from '../../core/time.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'
import { lengthOf, momentOf } from './moment.ts'
import { countOf } from './number.ts'

export interface NarrowingOptions {
  readonly narrowStart?: string
  readonly narrowUntil?: string
  readonly narrowFor?: string
  readonly narrowResource?: readonly string[]
  readonly narrowAction?: readonly string[]
  readonly narrowUses?: string
  readonly narrowExclude?: readonly string[]
  readonly narrowOpenFor?: string
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
    conditions: conditionsOf(asked, options),
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

function conditionsOf(asked: Terms, { narrowUses, narrowExclude }: NarrowingOptions): Terms['conditions'] {
  const exclusions = [...(asked.conditions.exclusions ?? []), ...(narrowExclude ?? [])]
  return {
    ...asked.conditions,
    ...(narrowUses === undefined ? {} : { usesMax: countOf(narrowUses, '--narrow-uses') }),
    ...(exclusions.length === 0 ? {} : { exclusions }),
  }
}

function kept(names: readonly string[] | undefined, asked: readonly string[], option: string): readonly string[] {
  const stranger = names?.find((name) => !asked.includes(name))
  if (stranger === undefined) return names ?? asked
  throw new UsageError(`${option} ${quoted(stranger)} is not among what was asked${didYouMean(stranger, asked)}`)
}
