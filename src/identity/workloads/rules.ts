/**
 * Which workload is this? Exactly one that the rules agree on, or none: what no rule names is nobody, and what two rules
 * call differently is nobody either. Values are compared as they are; nothing is folded, parsed or guessed.
 */
import type { WorkloadId } from '../../core/directory.ts'
import { type AuthenticationProblem, authenticationProblem } from '../problem.ts'

interface Rule {
  readonly workload: WorkloadId
}

/** @param matches whether everything the rule names is equal */
export function matched<R extends Rule>(
  rules: readonly R[],
  matches: (rule: R) => boolean,
): { readonly workload: WorkloadId } | AuthenticationProblem {
  const [only, ...others] = new Set(rules.filter(matches).map(({ workload }) => workload))
  if (only === undefined || others.length > 0) return authenticationProblem('workload-unmatched')
  return { workload: only }
}

/** Only what a claims object owns counts; `true` is not `"true"`. */
export function equalIn(claims: object, wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => Object.hasOwn(claims, name) && (claims as Readonly<Record<string, unknown>>)[name] === value,
  )
}
