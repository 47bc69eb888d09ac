/**
 * May this subject do this, on this resource, now, and under which waiver? Asked at each use, of waivers that were
 * decided before: it never decides one. Pure; time, directory and rules are arguments, and whatever is not plainly
 * covered is not.
 */
import type { CompiledDirectory } from './compile.ts'
import { forbiddenByConditions } from './conditions.ts'
import type { NodeId, SystemId } from './directory.ts'
import { entitlementOf, entryOf, type Policy } from './policy.ts'
import { type GuardrailAnswer, guarded, type JudgeGuardrails } from './runtime/guardrails.ts'
import type { LiveWaiver } from './runtime/live.ts'
import { nearer, type RuntimeReason } from './runtime/reasons.ts'
import { notUsable, untimely } from './runtime/usable.ts'
import type { Digest } from './terms.ts'
import type { Instant } from './time.ts'

export { type Askable, askableAs } from './runtime/askable.ts'
export { brokenByUse, type Exercised, exercisedSeconds, separatedDuties } from './runtime/duties.ts'
export type {
  GuardrailAnswer,
  GuardrailQuestion,
  GuardrailReason,
  GuardrailSubject,
  JudgeGuardrails,
} from './runtime/guardrails.ts'
export { guarded, judgedBy } from './runtime/guardrails.ts'
export { type LiveWaiver, liveWaiver } from './runtime/live.ts'
export { type RuntimeReason, runtimeReasons } from './runtime/reasons.ts'
export { type NamedActor, type NamedSubject, type ResolvedSubject, resolveSubject } from './runtime/subject.ts'
export { boundOnly, type TokenTerms, tokenSecondsMax, tokenTerms } from './runtime/token.ts'

/** One use, as whoever enforces describes it. */
export interface Use {
  readonly actor: NodeId
  /** Through whom: delegation chain, outermost first. */
  readonly chain: readonly NodeId[]
  readonly system: SystemId
  readonly resource: string
  readonly action: string
  readonly tool?: string
  readonly toolDigest?: Digest
  readonly arguments?: Readonly<Record<string, unknown>>
  /** How many bytes it moves, where whoever enforces knows. */
  readonly bytes?: number
}

/** What is known at the moment of the check. */
export interface RuntimeFacts {
  readonly now: Instant
  readonly directory: CompiledDirectory
  readonly policy: Policy
  readonly clock: 'steady' | 'went-backwards'
  /** Under which names directory and policy are on record; absent: nobody records what is allowed by them. */
  readonly revisions?: { readonly policy: Digest; readonly directory: Digest }
  /** Evaluates the guardrails of the policy. Absent: where there are any, nothing is allowed. */
  readonly guardrails?: JudgeGuardrails
}

export type Judgement =
  /** Every waiver that covers it, the one that ends first in front; what is counted may be left in one and not in another. */
  | { readonly allowed: true; readonly waivers: readonly [LiveWaiver, ...LiveWaiver[]] }
  | {
      readonly allowed: false
      readonly reason: RuntimeReason
      readonly waiver?: LiveWaiver
      /** Those that say no, where it is they who do. */
      readonly guardrails?: readonly string[]
    }

/** @param live waivers of the actor on that system; others are not looked at and never help */
export function judgeUse(use: Use, live: readonly LiveWaiver[], facts: RuntimeFacts): Judgement {
  const no = untimely(facts) ?? unoffered(use, facts)
  if (no !== undefined) return { allowed: false, reason: no }
  const covering: LiveWaiver[] = []
  let closest: Uncovered | undefined
  for (const waiver of live) {
    // INVARIANT: a waiver of somebody else, or of another system, is never looked at.
    if (waiver.user !== use.actor || waiver.system !== use.system) continue
    const found = uncovered(use, waiver, facts)
    if (found === undefined) covering.push(waiver)
    else if (closest === undefined || nearer(closest.reason, found.reason) !== closest.reason)
      closest = { ...found, waiver }
  }
  const [first, ...others] = covering.sort((a, b) => (a.end < b.end ? -1 : a.end > b.end ? 1 : 0))
  if (first !== undefined) return { allowed: true, waivers: [first, ...others] }
  return { allowed: false, reason: 'no-waiver', ...closest }
}

/** Whether anything on this system could ever cover it, by the rules of today. */
function unoffered({ system, resource, action }: Use, { policy }: RuntimeFacts): RuntimeReason | undefined {
  const rule = entryOf(policy.systems, system)
  if (rule === undefined) return 'unknown-system'
  const offered = Object.values(rule.entitlements).some(
    ({ resources, actions }) => resources.includes(resource) && actions.includes(action),
  )
  return offered ? undefined : 'outside-catalogue'
}

interface Uncovered extends Said {
  readonly waiver: LiveWaiver
}

interface Said {
  readonly reason: RuntimeReason
  readonly guardrails?: readonly string[]
}

/** In the order in which a reason says more than the ones before it. */
function uncovered(use: Use, waiver: LiveWaiver, facts: RuntimeFacts): Said | undefined {
  if (!waiver.resources.has(use.resource) || !waiver.actions.has(use.action)) return { reason: 'outside-scope' }
  const reason =
    notUsable(use, waiver, facts) ??
    (offers(use, waiver, facts) ? undefined : 'policy-changed') ??
    forbiddenByConditions(waiver.conditions, { ...use, delegationDepth: use.chain.length }, facts.now)
  if (reason !== undefined) return { reason }
  const answer: GuardrailAnswer = guarded(use, waiver, facts)
  return answer.allowed ? undefined : answer
}

/** What could be asked for when it was, asked again: it is the point of checking at each use. */
function offers({ resource, action }: Use, waiver: LiveWaiver, { policy }: RuntimeFacts): boolean {
  const entitlement = entitlementOf(policy, waiver)
  return entitlement?.resources.includes(resource) === true && entitlement.actions.includes(action)
}

/** Workloads that may ask about everybody's use of a system, because they stand in front of it. */
export function enforces(policy: Policy, caller: NodeId, system: SystemId): boolean {
  return entryOf(policy.systems, system)?.enforcers?.includes(caller) === true
}
