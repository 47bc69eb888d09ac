/**
 * Does this use keep to the conditions that need no counting? Calls, rates and bytes are counted by whoever keeps the
 * count; everything else is judged here, for the check at each use and for the guard of a resource server alike.
 */

import type { Digest } from '../terms.ts'
import type { Instant } from '../time.ts'
import { argumentProblem } from './arguments.ts'
import { outsideHours } from './hours.ts'
import type { Conditions } from './kinds.ts'

/** What conditions are asked about. What is not known does not fit where a condition speaks about it. */
export interface ConditionUse {
  readonly resource: string
  readonly tool?: string
  /** Of the tool's description and schema as they are now. */
  readonly toolDigest?: Digest
  readonly arguments?: Readonly<Record<string, unknown>>
  /** How many stand behind whoever acts. */
  readonly delegationDepth: number
}

export type ConditionReason =
  | 'resource-excluded'
  | 'tool-not-covered'
  | 'tool-changed'
  | 'argument-not-covered'
  | 'delegation-too-deep'
  | 'outside-hours'

export function forbiddenByConditions(
  conditions: Conditions,
  use: ConditionUse,
  now: Instant,
): ConditionReason | undefined {
  if (conditions.exclusions?.includes(use.resource) === true) return 'resource-excluded'
  if (use.delegationDepth > (conditions.delegationDepthMax ?? Number.POSITIVE_INFINITY)) return 'delegation-too-deep'
  if (outsideHours(conditions.hours, now)) return 'outside-hours'
  return (
    toolReason(conditions, use) ??
    (argumentProblem(conditions, use.arguments) === undefined ? undefined : 'argument-not-covered')
  )
}

function toolReason({ tools }: Conditions, { tool, toolDigest }: ConditionUse): ConditionReason | undefined {
  if (tools === undefined) return undefined
  const covered = tools.find(({ name }) => name === tool)
  if (covered === undefined) return 'tool-not-covered'
  return covered.digest === undefined || covered.digest === toolDigest ? undefined : 'tool-changed'
}
