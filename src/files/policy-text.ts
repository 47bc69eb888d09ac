/**
 * A policy as the files it could have been read from, so that somebody can begin a change with what is in force. Reading
 * them again gives the same policy; comments and the order of the original are not there, because nobody kept them.
 */
import { stringify } from 'yaml'
import type { Entitlement, MitigationRule, Policy, Pool, SystemRule, Tier } from '../core/policy.ts'
import { durationOf } from '../core/time.ts'
import type { FileText } from './yaml.ts'

export function policyFiles(policy: Policy): readonly FileText[] {
  const { guardrails } = policy
  const text = stringify(sections(policy), { lineWidth: 120, aliasDuplicateObjects: false })
  const file = { name: 'policy.yaml', text }
  if (guardrails === undefined) return [file]
  const cedar = [...Object.values(guardrails.permit), ...Object.values(guardrails.forbid)].join('\n\n')
  return [file, { name: 'guardrails.cedar', text: `${cedar}\n` }]
}

function sections(policy: Policy) {
  const { systems, pools, connectors, functions, dutyRules, controls, mitigations = {}, guardrails } = policy
  const { reciprocal, teams, lastGoodSecondsMax, ...independence } = policy.independence
  return {
    tiers: each(policy.tiers, tierSaid),
    ...unlessEmpty('beneficiaryRisk', policy.beneficiaryRisk),
    ...unlessEmpty('connectors', each(connectors, withoutId)),
    ...unlessEmpty('systems', each(systems, systemSaid)),
    ...unlessEmpty('pools', each(pools, poolSaid)),
    ...unlessEmpty(
      'controls',
      each(controls, ({ name, everySecondsMax }) => ({ name, everyMax: durationOf(everySecondsMax) })),
    ),
    ...unlessEmpty('functions', each(functions, withoutId)),
    ...unlessEmpty('dutyRules', each(dutyRules, withoutId)),
    ...unlessEmpty('mitigations', each(mitigations, mitigationSaid)),
    ...(guardrails === undefined ? {} : { guardrails: { arguments: guardrails.arguments } }),
    independence: { ...independence, reciprocal, teams, lastGoodMax: durationOf(lastGoodSecondsMax) },
    ...unlessEmpty('habits', policy.habits ?? {}),
    changeDelay: durationOf(policy.changeDelaySeconds),
  }
}

function tierSaid(tier: Tier) {
  const { extension, endorsePools, activityEverySeconds, offlineTokens } = tier
  const { rank, windowSecondsMax, steps, countersignersMin, pools, controlsRequired, missedControl } = tier
  return {
    rank,
    windowMax: durationOf(windowSecondsMax),
    steps,
    countersignersMin,
    pools,
    // Said only where somebody endorses.
    ...(steps.includes('endorse') ? { endorsePools } : {}),
    controlsRequired,
    missedControl,
    decideWithin: durationOf(tier.decideWithinSeconds),
    activateWithin: durationOf(tier.activateWithinSeconds),
    activation: tier.activation,
    extension: {
      countMax: extension.countMax,
      cumulativeMax: durationOf(extension.cumulativeSecondsMax),
      over: durationOf(extension.overSeconds),
      distinctCountersigner: extension.distinctCountersigner,
    },
    reviewWithin: durationOf(tier.reviewWithinSeconds),
    passkey: tier.passkey,
    ...(activityEverySeconds === undefined ? {} : { activityEvery: durationOf(activityEverySeconds) }),
    ...(offlineTokens === true ? { offlineTokens } : {}),
  }
}

function systemSaid({ name, connector, entitlements, enforcers, boundTokens }: SystemRule) {
  return {
    name,
    connector,
    entitlements: each(entitlements, entitlementSaid),
    ...(enforcers === undefined ? {} : { enforcers }),
    ...(boundTokens === true ? { boundTokens } : {}),
  }
}

function entitlementSaid({ id: _, duties, target, ...rest }: Entitlement) {
  return { ...rest, ...unlessEmpty('duties', duties), ...unlessEmpty('target', target) }
}

function poolSaid({ name, decides, members, rotas }: Pool) {
  const of = (prefix: string) => members.filter((member) => member.startsWith(prefix))
  return {
    name,
    decides,
    ...unlessEmpty('people', of('per_')),
    ...unlessEmpty('teams', of('team_')),
    ...unlessEmpty('rotas', rotas),
  }
}

function mitigationSaid({ id: _, everySeconds, ...rest }: MitigationRule) {
  return { ...rest, every: durationOf(everySeconds) }
}

function withoutId<Entry extends { readonly id: string }>({ id: _, ...rest }: Entry): Omit<Entry, 'id'> {
  return rest
}

function each<Entry, Said>(
  entries: Readonly<Record<string, Entry>>,
  say: (entry: Entry) => Said,
): Record<string, Said> {
  return Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, say(entry)]))
}

function unlessEmpty(name: string, value: object): Record<string, unknown> {
  return Object.keys(value).length === 0 ? {} : { [name]: value }
}
