/**
 * Who may countersign what somebody else says about the directory: that a source has really shrunk, that two accounts are
 * one person, that a workload has a new owner? Somebody who answers for the rules or for security, who has just signed in,
 * and whom the engine of independence finds outside. Nothing is decided about waivers here.
 */
import type { CompiledDirectory } from './compile.ts'
import type { ConflictCode, Verdict } from './conflict.ts'
import { codesOf, freshSignIn } from './decide/checks.ts'
import { type IndependenceHistory, independence, type Matter, poolsOf } from './independence.ts'
import { poolsThat } from './obligations.ts'
import type { Policy, PoolId } from './policy.ts'
import { type Refusal, refusal } from './refusal.ts'
import type { Instant } from './time.ts'
import type { Actor } from './waiver.ts'

export interface CheckFacts {
  readonly now: Instant
  readonly actor: Actor
  readonly directory: CompiledDirectory
  readonly policy: Policy
  readonly history: IndependenceHistory
  readonly clock: 'steady' | 'went-backwards'
}

export interface Checked {
  readonly refusal?: Refusal
  readonly verdict: Verdict
}

/** Members of the pools that decide about rules or look after security; and the founders. */
export function checkingPools(policy: Policy): readonly PoolId[] {
  return [...new Set([...poolsThat(policy, 'rules'), ...poolsThat(policy, 'security')])]
}

/** @param counts conflicts that matter here; all of them unless said otherwise. */
export function mayCheck(
  matter: Matter,
  facts: CheckFacts,
  counts: (code: ConflictCode) => boolean = () => true,
): Checked {
  const { actor, directory, history, policy, now, clock } = facts
  const whole = independence(matter, actor.id, directory, history, policy, now)
  const conflicts = whole.conflicts.filter(({ code }) => counts(code))
  const independent = conflicts.every(({ code }) => code === 'reciprocal')
  const verdict = { ...whole, conflicts, independent, additionalCountersigners: 0 }
  const no = unfit(facts, verdict) ?? (clock === 'steady' ? undefined : refusal('clock-went-backwards'))
  return { verdict, ...(no === undefined ? {} : { refusal: no }) }
}

function unfit(facts: CheckFacts, { conflicts, independent }: Verdict): Refusal | undefined {
  const { actor, directory, policy, now } = facts
  const stale = freshSignIn(facts)
  if (stale !== undefined && stale.code !== 'sign-in-not-fresh') return stale
  const pools = checkingPools(policy)
  if (poolsOf(actor.id, pools, directory, policy, now).length === 0 && !policy.founders.includes(actor.id))
    return refusal('approver-not-in-pool', undefined, { nearest: pools })
  if (!independent) return refusal('approver-not-independent', codesOf(conflicts), { conflicts })
  return stale
}
