/**
 * May a token be given for this waiver, until when, and has whoever takes it to ask at each use? A token says nothing the
 * waiver does not, and whatever has to be counted, or is risky, is asked every time.
 */
import { describe } from '../compile.ts'
import { entitlementOf, entryOf, type Policy } from '../policy.ts'
import { kindsFor } from '../request-kinds.ts'
import type { RuntimeFacts, Use } from '../runtime.ts'
import { type Instant, millisOf, plusSeconds } from '../time.ts'
import type { LiveWaiver } from './live.ts'
import type { RuntimeReason } from './reasons.ts'
import { notUsable, untimely } from './usable.ts'

export const tokenSecondsMax = 300

export interface TokenTerms {
  /** `each-use`: the token says who it is; whether it may, is asked each time. */
  readonly check: 'each-use' | 'by-token'
  readonly end: Instant
}

export function tokenTerms(
  who: Pick<Use, 'actor' | 'chain'>,
  waiver: LiveWaiver,
  facts: RuntimeFacts,
): TokenTerms | RuntimeReason {
  // INVARIANT: for somebody else's waiver there is no token.
  if (waiver.user !== who.actor) return 'no-waiver'
  const { delegationDepthMax = Number.POSITIVE_INFINITY } = waiver.conditions
  const no =
    untimely(facts) ??
    notUsable(who, waiver, facts) ??
    (who.chain.length > delegationDepthMax ? 'delegation-too-deep' : undefined)
  if (no !== undefined) return no
  const latest = plusSeconds(facts.now, tokenSecondsMax)
  // Tokens count whole seconds; rounded down, so that none outlives the window.
  const end = waiver.end < latest ? waiver.end : latest
  if (Math.floor(millisOf(end) / 1000) <= Math.floor(millisOf(facts.now) / 1000)) return 'window-over'
  return { check: mayGoUnasked(waiver, facts) ? 'by-token' : 'each-use', end }
}

function mayGoUnasked(waiver: LiveWaiver, { directory, policy, now }: RuntimeFacts): boolean {
  const { usesMax, bytesMax, rate } = waiver.conditions
  // What the guardrails say depends on what is done, and how: nobody can know it before.
  if (policy.guardrails !== undefined) return false
  const counted = usesMax !== undefined || bytesMax !== undefined || rate !== undefined
  const user = describe(directory, waiver.user, now)
  if (counted || waiver.kind === 'break-glass' || user === undefined || user.agent) return false
  const tier = entitlementOf(policy, waiver)?.tier
  const rules = tier === undefined ? undefined : entryOf(policy.tiers, tier)
  if (tier === undefined || rules === undefined) return false
  const kinds = kindsFor(user, [{ system: waiver.system, tier, rules, breakGlass: false }], policy)
  return kinds.length > 0 && kinds.every((kind) => kind.rules.offlineTokens === true)
}

/** Whether tokens of this system are given only to whoever shows a key. */
export function boundOnly(policy: Policy, waiver: Pick<LiveWaiver, 'system'>): boolean {
  return entryOf(policy.systems, waiver.system)?.boundTokens === true
}
