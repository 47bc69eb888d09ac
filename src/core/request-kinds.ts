/**
 * What can be asked for, as far as it matters who decides: which tier, on which system. Entitlements of one system and
 * tier are decided by the same people, so they are one kind; the risk of whoever benefits can only raise the tier.
 */
import type { Described } from './compile.ts'
import type { SystemId } from './directory.ts'
import { entryOf, type Policy, type Tier, type TierId } from './policy.ts'

export interface RequestKind {
  readonly system: SystemId
  readonly tier: TierId
  readonly rules: Tier
  /** Envelopes are countersigned in advance, for a rota; everything else is for people and workloads, when they ask. */
  readonly breakGlass: boolean
}

export function requestKinds(policy: Policy): readonly RequestKind[] {
  const kinds = Object.values(policy.systems).flatMap(({ id: system, entitlements }) =>
    Object.values(entitlements).flatMap(({ tier, kinds: asked }) => {
      const rules = entryOf(policy.tiers, tier)
      if (rules === undefined) return []
      const breakGlass = asked.includes('break-glass') ? [true] : []
      const plain = asked.some((kind) => kind !== 'break-glass') ? [false] : []
      return [...breakGlass, ...plain].map((each): RequestKind => ({ system, tier, rules, breakGlass: each }))
    }),
  )
  return distinct(kinds)
}

/** The same kinds as they are for this beneficiary. */
export function kindsFor(
  beneficiary: Pick<Described, 'kind' | 'agent' | 'external'> | undefined,
  kinds: readonly RequestKind[],
  policy: Policy,
): readonly RequestKind[] {
  const { workload, agent, external } = policy.beneficiaryRisk
  const raising = [
    beneficiary?.kind === 'workload' ? workload : undefined,
    beneficiary?.agent ? agent : undefined,
    beneficiary?.external ? external : undefined,
  ]
  return distinct(kinds.map((kind) => raising.reduce((risen: RequestKind, tier) => raised(risen, tier, policy), kind)))
}

function raised(kind: RequestKind, tier: TierId | undefined, policy: Policy): RequestKind {
  const rules = tier === undefined ? undefined : entryOf(policy.tiers, tier)
  return tier === undefined || rules === undefined || rules.rank <= kind.rules.rank ? kind : { ...kind, tier, rules }
}

function distinct(kinds: readonly RequestKind[]): readonly RequestKind[] {
  return [...new Map(kinds.map((kind) => [`${kind.system} ${kind.tier} ${kind.breakGlass}`, kind])).values()]
}
