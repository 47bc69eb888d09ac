/**
 * Who may countersign a change to the rules, or deny it? Somebody of a rules pool who stands outside of it; founders only
 * while nobody there does.
 */
import type { Verdict } from '../conflict.ts'
import { freshSignIn } from '../decide/checks.ts'
import type { PersonId } from '../directory.ts'
import { independence, type Matter, poolsOf } from '../independence.ts'
import { poolsThat } from '../obligations.ts'
import type { PoolId } from '../policy.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { route } from '../route.ts'
import { loosenedBy } from '../rules-diff.ts'
import { admittedPeople } from './admitted.ts'
import { type Change, type ChangeFacts, isUndecidedOrWaiting } from './state.ts'

export interface Standing {
  readonly refusal?: Refusal
  readonly verdict: Verdict
  /** In none of the pools, but a founder, while nobody in the rules pools can decide. */
  readonly asFounder: boolean
}

export function mayCountersign(change: Change, facts: ChangeFacts): Standing {
  if (change.status !== 'proposed') {
    return { ...standingOn(change, facts), refusal: refusal('change-not-open', `it is ${change.status}`) }
  }
  return standingOn(change, facts)
}

/** Whoever countersigned may think again; and until it takes effect, anybody who looks after security may object. */
export function mayDeny(change: Change, facts: ChangeFacts): Standing {
  const watching = [...poolsThat(facts.policy, 'rules'), ...poolsThat(facts.policy, 'security')]
  const standing = standingOn(change, facts, [...new Set(watching)])
  const { refusal: _, ...mayAct } = standing
  if (!isUndecidedOrWaiting(change)) return { ...mayAct, refusal: refusal('change-not-open', `it is ${change.status}`) }
  if (!hasSigned(change, facts.actor.id)) return standing
  const no = freshSignIn(facts)
  return no === undefined ? mayAct : { ...mayAct, refusal: no }
}

function standingOn(change: Change, facts: ChangeFacts, pools = poolsThat(facts.policy, 'rules')): Standing {
  const { actor, directory, history, policy, now } = facts
  const matter = changeMatter(change, facts, pools)
  const verdict = independence(matter, actor.id, directory, history, policy, now)
  const inPool = poolsOf(actor.id, pools, directory, policy, now).length > 0
  const asFounder = !inPool && policy.founders.includes(actor.id) && !rulesPoolsCanDecide(change, facts)
  const no = unfit(change, actor.id, verdict) ?? (inPool || asFounder ? freshSignIn(facts) : outOf(pools))
  return { verdict, asFounder, ...(no === undefined ? {} : { refusal: no }) }
}

function unfit(change: Change, person: PersonId, verdict: Verdict): Refusal | undefined {
  const { conflicts } = verdict
  if (person === change.author) return refusal('author-is-approver', undefined, { conflicts })
  if (hasSigned(change, person)) return refusal('one-person-counts-once')
  return verdict.independent ? undefined : refusal('approver-not-independent', codesIn(verdict), { conflicts })
}

function outOf(pools: readonly PoolId[]): Refusal {
  return refusal('approver-not-in-pool', undefined, { nearest: pools })
}

function rulesPoolsCanDecide(change: Change, facts: ChangeFacts): boolean {
  const { directory, history, policy, now } = facts
  return route(changeMatter(change, facts), directory, history, policy, now).eligible.length > 0
}

export function codesIn({ conflicts }: Verdict): string {
  return conflicts.map(({ code }) => code).join(', ')
}

function hasSigned(change: Change, person: PersonId): boolean {
  return change.countersignatures.some(({ by }) => by === person)
}

/** Whoever comes to decide something by the change stands on the asking side of it. */
export function changeMatter(change: Change, facts: ChangeFacts, pools = poolsThat(facts.policy, 'rules')): Matter {
  return {
    requester: change.author,
    chain: admittedPeople(change, facts),
    beneficiary: change.author,
    took: change.countersignatures.map(({ by }) => ({ person: by, part: 'countersigned', event: change.id })),
    pools,
    rules: loosenedBy(change.differences),
  }
}
