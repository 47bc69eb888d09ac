/**
 * Who may look back on a finding? Somebody who reviews, answers for the rules or looks after security, has just signed in,
 * and stands outside: not whoever has the access or controls it, nobody who asked for or signed the waivers it is about, and
 * nobody who administers the target, since they could have made it so. Looking back ends nothing: only the target does. Pure.
 */
import type { CheckFacts } from '../checker.ts'
import { accountsNamed, personsControlling } from '../compile.ts'
import type { ConflictCode, Verdict } from '../conflict.ts'
import { codesOf, freshSignIn } from '../decide/checks.ts'
import { independence, type Matter, poolsOf } from '../independence.ts'
import { poolsThat } from '../obligations.ts'
import type { Policy, PoolId } from '../policy.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { type Finding as ReviewFinding, systemActor, type Waiver } from '../waiver.ts'
import type { DriftEvent, DriftFinding } from './finding.ts'

export interface DriftReviewCommand {
  readonly finding: ReviewFinding
  readonly note: string
}

export type DriftReviewDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly DriftEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly DriftEvent[] }

/** Where nobody is known to have the access there is no asking side; then only what is asked about the target counts. */
const aboutTheTarget: ReadonlySet<ConflictCode> = new Set([
  'on-granting-team',
  'operates-countersign',
  'not-a-person',
  'unresolved-identity',
  'directory-too-old',
])

/** @param waivers those the finding is about */
export function decideDriftReview(
  known: DriftFinding,
  command: DriftReviewCommand,
  waivers: readonly Waiver[],
  facts: CheckFacts,
): DriftReviewDecision {
  const { refusal: no, verdict } = againstDriftReview(known, waivers, facts)
  const stamp = { at: facts.now, by: facts.actor.id }
  if (no === undefined)
    return { outcome: 'accepted', events: [{ ...stamp, type: 'DriftReviewed', ...command, verdict }] }
  const { code, message } = no
  return {
    outcome: 'refused',
    refusal: no,
    events: [{ ...stamp, type: 'AttemptRefused', command: 'review-drift', code, message, verdict }],
  }
}

/** What speaks against the actor's looking back on it, and how they stand to it. Asked before the attempt, it is a hint. */
export function againstDriftReview(
  known: DriftFinding,
  waivers: readonly Waiver[],
  facts: CheckFacts,
): { readonly refusal: Refusal | undefined; readonly verdict: Verdict } {
  const verdict = verdictOn(known, waivers, facts)
  return { refusal: isOpen(known) ?? unfit(verdict, facts), verdict }
}

export function driftReviewPools(policy: Policy): readonly PoolId[] {
  return [...new Set((['review', 'security', 'rules'] as const).flatMap((duty) => poolsThat(policy, duty)))]
}

/**
 * Everybody behind the finding, for whoever gathers what they approved lately. Whoever is said to have the account counts
 * from the first word: a link that nobody confirmed makes nobody the holder, and no one a stranger.
 */
export function askingOfDrift(
  { drift }: DriftFinding,
  waivers: readonly Waiver[],
  { directory, policy, now }: Pick<CheckFacts, 'directory' | 'policy' | 'now'>,
): readonly string[] {
  const asked = waivers.flatMap(({ requester, chain, terms, activation }) => [
    requester,
    ...chain,
    terms.beneficiary,
    ...(activation === undefined || activation.by === systemActor ? [] : [activation.by]),
  ])
  const { system, account, holder } = drift
  const said =
    account === undefined
      ? []
      : accountsNamed(directory, system, account).flatMap((node) => personsControlling(directory, node, now, policy))
  return [...new Set([...(holder === undefined ? [] : [holder]), ...said, ...asked])]
}

function verdictOn(known: DriftFinding, waivers: readonly Waiver[], facts: CheckFacts): Verdict {
  const { actor, directory, history, policy, now } = facts
  const asking = askingOfDrift(known, waivers, facts)
  const [requester = actor.id, ...chain] = asking
  const took = waivers.flatMap(({ id, approvals, endorsers }) => [
    ...approvals.map(({ by, event }) => ({ person: by, part: 'countersigned' as const, event })),
    ...endorsers.map((person) => ({ person, part: 'endorsed' as const, event: id })),
  ])
  const pools = driftReviewPools(policy)
  const matter: Matter = {
    requester,
    chain,
    beneficiary: requester,
    system: known.drift.system,
    took,
    pools,
    rules: [],
  }
  const whole = independence(matter, actor.id, directory, history, policy, now)
  const counts = (code: ConflictCode) => asking.length > 0 || aboutTheTarget.has(code)
  const conflicts = whole.conflicts.filter(({ code }) => counts(code))
  const independent = conflicts.every(({ code }) => code === 'reciprocal')
  return { ...whole, conflicts, independent, additionalCountersigners: 0 }
}

function isOpen({ review }: DriftFinding): Refusal | undefined {
  return review === undefined ? undefined : refusal('reviewed-already', `by \`${review.by}\``)
}

function unfit({ conflicts, independent }: Verdict, facts: CheckFacts): Refusal | undefined {
  const { actor, directory, policy, now, clock } = facts
  const stale = freshSignIn(facts)
  if (stale !== undefined && stale.code !== 'sign-in-not-fresh') return stale
  const pools = driftReviewPools(policy)
  if (poolsOf(actor.id, pools, directory, policy, now).length === 0)
    return refusal('reviewer-not-in-pool', undefined, { nearest: pools })
  if (!independent) return refusal('reviewer-not-independent', codesOf(conflicts), { conflicts })
  return stale ?? (clock === 'steady' ? undefined : refusal('clock-went-backwards'))
}
