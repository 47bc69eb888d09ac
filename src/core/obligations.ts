/**
 * What the policy asks of these terms: which tier they fall into and what follows from it. Tiers follow the entitlement
 * and the risk of the beneficiary; whichever is higher wins. An obligation is never weaker than the policy it comes from.
 */
import { type CompiledDirectory, describe } from './compile.ts'
import {
  type Entitlement,
  entryOf,
  type Policy,
  type Pool,
  type PoolId,
  type Step,
  type SystemRule,
  type Tier,
  type TierId,
} from './policy.ts'
import { type Refusal, refusal } from './refusal.ts'
import type { Terms } from './terms.ts'

/** The tier's demands in force for one waiver; recorded with the request, so that it can be followed without the policy. */
export interface Obligations extends Tier {
  readonly tier: TierId
  /** Ids of everything in the policy that these terms rest on; a loosening of any of them counts. */
  readonly rules: readonly string[]
}

export interface Offer {
  readonly system: SystemRule
  readonly entitlement: Entitlement
  readonly obligations: Obligations
}

/** @returns the catalogue entry the terms ask for and its obligations, or the refusal that names what is unknown. */
export function offerFor(terms: Terms, policy: Policy, directory: CompiledDirectory): Offer | Refusal {
  const system = entryOf(policy.systems, terms.access.system)
  if (system === undefined)
    return refusal('unknown-system', `\`${terms.access.system}\``, { at: 'terms.access.system' })
  const entitlement = entryOf(system.entitlements, terms.access.entitlement)
  if (entitlement === undefined) {
    return refusal('unknown-entitlement', `\`${terms.access.entitlement}\` on \`${system.id}\``, {
      at: 'terms.access.entitlement',
    })
  }
  const tier = highest(policy, [entitlement.tier, ...riskTiers(terms, policy, directory)])
  if (tier === undefined) return refusal('policy-changed', `tier \`${entitlement.tier}\` does not exist`)
  const [id, obligations] = tier
  const rules = rulesUnder(id, system, entitlement, obligations, terms, policy)
  return { system, entitlement, obligations: { ...obligations, tier: id, rules } }
}

/** Everything in the policy these terms rest on, so that nobody who loosened a part of it profits from that. */
function rulesUnder(
  tier: TierId,
  system: SystemRule,
  entitlement: Entitlement,
  obligations: Tier,
  terms: Terms,
  policy: Policy,
): readonly string[] {
  const functions = Object.values(policy.functions).filter(({ duties }) =>
    duties.some((duty) => entitlement.duties.includes(duty)),
  )
  const touching = Object.values(policy.dutyRules).filter((rule) =>
    rule.functions.some((id) => functions.some((one) => one.id === id)),
  )
  return [
    tier,
    system.id,
    entitlement.id,
    system.connector,
    'independence',
    'beneficiaryRisk',
    ...obligations.pools,
    ...obligations.endorsePools,
    ...obligations.controlsRequired,
    ...terms.controls.map(({ control }) => control),
    ...functions.map(({ id }) => id),
    ...touching.map(({ id }) => id),
    ...(terms.exception ? [terms.exception.rule] : []),
  ]
}

export function isRefusal(value: object): value is Refusal {
  return 'code' in value && 'message' in value
}

function riskTiers(terms: Terms, policy: Policy, directory: CompiledDirectory): readonly TierId[] {
  const node = describe(directory, terms.beneficiary, terms.window.start)
  const risk = policy.beneficiaryRisk
  const tiers = [
    node?.kind === 'workload' ? risk.workload : undefined,
    node?.agent === true ? risk.agent : undefined,
    node?.external === true ? risk.external : undefined,
    terms.exception === undefined ? undefined : entryOf(policy.dutyRules, terms.exception.rule)?.tier,
  ]
  return tiers.filter((tier) => tier !== undefined)
}

function highest(policy: Policy, ids: readonly TierId[]): readonly [TierId, Tier] | undefined {
  const tiers = ids.map((id) => [id, entryOf(policy.tiers, id)] as const)
  if (tiers.some(([, tier]) => tier === undefined)) return undefined
  return (tiers as (readonly [TierId, Tier])[]).reduce((a, b) => (b[1].rank > a[1].rank ? b : a))
}

/**
 * @returns obligations that satisfy both: the one a waiver was asked under and the one of today. Limits take the lower,
 * demands the higher, and the deciders must belong to pools that both accept.
 */
export function strictest(asked: Obligations, today: Obligations): Obligations {
  const steps: readonly Step[] =
    asked.steps.includes('endorse') || today.steps.includes('endorse') ? ['endorse', 'countersign'] : ['countersign']
  return {
    tier: asked.rank >= today.rank ? asked.tier : today.tier,
    rank: Math.max(asked.rank, today.rank),
    rules: [...new Set([...asked.rules, ...today.rules])],
    windowSecondsMax: Math.min(asked.windowSecondsMax, today.windowSecondsMax),
    steps,
    countersignersMin: Math.max(asked.countersignersMin, today.countersignersMin),
    pools: asked.pools.filter((pool) => today.pools.includes(pool)),
    endorsePools: endorsePools(asked, today),
    controlsRequired: [...new Set([...asked.controlsRequired, ...today.controlsRequired])],
    missedControl: asked.missedControl === 'suspend' || today.missedControl === 'suspend' ? 'suspend' : 'report',
    decideWithinSeconds: Math.min(asked.decideWithinSeconds, today.decideWithinSeconds),
    activateWithinSeconds: Math.min(asked.activateWithinSeconds, today.activateWithinSeconds),
    activation: asked.activation === 'manual' || today.activation === 'manual' ? 'manual' : 'automatic',
    extension: {
      countMax: Math.min(asked.extension.countMax, today.extension.countMax),
      cumulativeSecondsMax: Math.min(asked.extension.cumulativeSecondsMax, today.extension.cumulativeSecondsMax),
      overSeconds: Math.max(asked.extension.overSeconds, today.extension.overSeconds),
      distinctCountersigner: asked.extension.distinctCountersigner || today.extension.distinctCountersigner,
    },
    reviewWithinSeconds: Math.min(asked.reviewWithinSeconds, today.reviewWithinSeconds),
    passkey: asked.passkey || today.passkey,
    ...activityEvery(asked, today),
  }
}

function endorsePools(asked: Obligations, today: Obligations): readonly PoolId[] {
  if (!asked.steps.includes('endorse')) return today.endorsePools
  if (!today.steps.includes('endorse')) return asked.endorsePools
  return asked.endorsePools.filter((pool) => today.endorsePools.includes(pool))
}

function activityEvery(asked: Obligations, today: Obligations): Pick<Obligations, 'activityEverySeconds'> {
  const every = Math.min(asked.activityEverySeconds ?? Infinity, today.activityEverySeconds ?? Infinity)
  return every === Infinity ? {} : { activityEverySeconds: every }
}

/** @returns the pools that decide in the given way. */
export function poolsThat(policy: Policy, decides: Pool['decides'][number]): readonly PoolId[] {
  return Object.values(policy.pools)
    .filter((pool) => pool.decides.includes(decides))
    .map((pool) => pool.id)
}
