/**
 * What do these policy files say, as one policy? Reads one file or a folder's worth, puts their sections together and
 * checks what only shows when they are together. It fills in defaults (strict ones, written in `docs/policy.md`) and
 * never guesses: a policy with one problem is no policy.
 */
import {
  type Connector,
  type DutyFunction,
  type DutyRule,
  type HabitLimits,
  habitLimitsUsual,
  type MitigationRule,
  type Policy,
  type Pool,
  type SystemRule,
  type Tier,
  targetOwners,
} from '../core/policy.ts'
import {
  actionsOf,
  argumentProblems,
  readGuardrails,
  schemaOf,
  schemaText,
  type WrittenArguments,
} from '../guardrails/index.ts'
import { cedarEnding } from './folder.ts'
import type { Section } from './merge.ts'
import { type Merged, mergePolicy } from './policy-merge.ts'
import { ruleProblems } from './policy-rules.ts'
import { beneficiaryRiskSchema, independenceSchema, policySchema } from './policy-schema.ts'
import { secretProblems } from './policy-secrets.ts'
import { prefixOf, withPrefix } from './reference.ts'
import { readAll } from './validate.ts'
import { capped, type FileText, type Problem } from './yaml.ts'

const changeDelaySecondsDefault = 86_400

/** @returns the policy without founders (`countersign init` records those), or every problem found, file by file. */
export function readPolicy(
  files: readonly FileText[],
): { readonly policy: Policy } | { readonly problems: readonly Problem[] } {
  if (files.length === 0)
    return { problems: [{ where: 'policy:1:1', message: 'there is no policy file; refusing everything' }] }
  const whole = withoutGuardrails(files)
  if ('problems' in whole) return whole
  const { merged, policy } = whole
  const added = guardrailsIn(files.filter(isCedar), merged, policy)
  return 'problems' in added ? { problems: capped(added.problems) } : { policy: { ...policy, ...added } }
}

/**
 * What guardrails of this policy can speak about, as a Cedar schema for editors; whatever the guardrails themselves say, or
 * if there are none yet.
 */
export function guardrailSchemaOf(
  files: readonly FileText[],
): { readonly schema: string } | { readonly problems: readonly Problem[] } {
  const whole = withoutGuardrails(files)
  if ('problems' in whole) return whole
  const { policy, merged } = whole
  const written = writtenArguments(merged)
  const problems = argumentProblems(written, policy)
  if (problems.length > 0) return { problems }
  return { schema: schemaText(schemaOf(actionsOf(policy), { arguments: written.types })) }
}

function isCedar({ name }: FileText): boolean {
  return name.endsWith(cedarEnding)
}

function withoutGuardrails(
  files: readonly FileText[],
): { readonly merged: Merged; readonly policy: Policy } | { readonly problems: readonly Problem[] } {
  const read = readAll(
    files.filter((file) => !isCedar(file)),
    policySchema,
  )
  if ('problems' in read) return read
  const merged = mergePolicy(read.value)
  const wrong = [...merged.problems, ...ruleProblems(merged), ...secretProblems(merged)]
  return wrong.length > 0 ? { problems: capped(wrong) } : { merged, policy: policyOf(merged) }
}

function writtenArguments({ guardrails }: Merged): WrittenArguments {
  return {
    types: guardrails?.value.arguments ?? {},
    at: (action) => guardrails?.at(['arguments', action]) ?? '',
  }
}

/** Left out where there are none, so that a policy without any has the digest it always had, and nobody loads Cedar. */
function guardrailsIn(
  files: readonly FileText[],
  merged: Merged,
  policy: Policy,
): Pick<Policy, 'guardrails'> | { readonly problems: readonly Problem[] } {
  if (files.length === 0) {
    if (merged.guardrails === undefined) return {}
    const message = 'goes with guardrails, and there is no `.cedar` file'
    return { problems: [{ where: merged.guardrails.at(), message }] }
  }
  return readGuardrails(files, writtenArguments(merged), policy)
}

function policyOf(merged: Merged): Policy {
  const { reciprocal, lastGoodMax, teams, ...independence } = merged.independence?.value ?? independenceSchema.parse({})
  const risk = merged.beneficiaryRisk?.value ?? beneficiaryRiskSchema.parse({})
  return {
    tiers: record(merged.tiers, (tier) => tierOf(tier, isLowest(tier, merged))),
    beneficiaryRisk: Object.fromEntries(Object.entries(risk).filter(([, tier]) => tier !== undefined)),
    connectors: record(merged.connectors, (connector, id): Connector => ({ id, ...connector })),
    systems: record(merged.systems, systemOf),
    pools: record(merged.pools, poolOf),
    functions: record(merged.functions, (each, id): DutyFunction => ({ id, ...each })),
    dutyRules: record(merged.dutyRules, (each, id): DutyRule => ({ id, ...each })),
    controls: record(merged.controls, ({ name, everyMax }) => ({ name, everySecondsMax: everyMax })),
    // Left out where there is none, so that a policy without any has the digest it always had.
    ...(merged.mitigations.size === 0 ? {} : { mitigations: record(merged.mitigations, mitigationOf) }),
    independence: {
      ...independence,
      reciprocal,
      teams: Object.fromEntries(Object.entries(teams).map(([id, reach]) => [withPrefix('team', id), reach])),
      lastGoodSecondsMax: lastGoodMax,
    },
    ...habitsIn(merged),
    changeDelaySeconds: merged.changeDelay?.value ?? changeDelaySecondsDefault,
    founders: [],
  }
}

/** Only what is not as usual, so that whoever writes the usual down has the policy, and the digest, that they had. */
function habitsIn({ habits }: Merged): Pick<Policy, 'habits'> {
  const limits = Object.entries(habits?.value ?? {}) as [keyof HabitLimits, number][]
  const own = limits.filter(([limit, count]) => count !== habitLimitsUsual[limit])
  return own.length === 0 ? {} : { habits: Object.fromEntries(own) }
}

type Value<Name extends keyof Merged> = Merged[Name] extends Section<infer Item> ? Item : never

function mitigationOf({ every, holder, owner, ...rest }: Value<'mitigations'>, id: string): MitigationRule {
  const whose = prefixOf(holder) === 'wl' ? holder : withPrefix('per', holder)
  return { id, ...rest, holder: whose, owner: withPrefix('per', owner), everySeconds: every }
}

/** Lowest of several; where there is one tier only, nothing says that it is a low one. */
function isLowest({ rank }: Value<'tiers'>, { tiers }: Merged): boolean {
  return tiers.size > 1 && [...tiers.values()].every(({ value }) => rank <= value.rank)
}

function tierOf(tier: Value<'tiers'>, lowest: boolean): Tier {
  const {
    windowMax,
    decideWithin,
    activateWithin,
    reviewWithin,
    activityEvery,
    offlineTokens,
    extension,
    endorsePools,
    passkey = !lowest,
    ...rest
  } = tier
  return {
    ...rest,
    passkey,
    endorsePools: endorsePools ?? (rest.steps.includes('endorse') ? [targetOwners] : []),
    windowSecondsMax: windowMax,
    decideWithinSeconds: decideWithin,
    activateWithinSeconds: activateWithin,
    reviewWithinSeconds: reviewWithin,
    extension: {
      countMax: extension.countMax,
      cumulativeSecondsMax: extension.cumulativeMax ?? windowMax,
      overSeconds: extension.over,
      distinctCountersigner: extension.distinctCountersigner,
    },
    ...(activityEvery === undefined ? {} : { activityEverySeconds: activityEvery }),
    ...(offlineTokens ? { offlineTokens: true } : {}),
  }
}

function systemOf(system: Value<'systems'>, id: string): SystemRule {
  const entitlements = Object.entries(system.entitlements).map(([key, entitlement]) => [
    key,
    { id: key, ...entitlement },
  ])
  const enforcers = system.enforcers.map((workload) => withPrefix('wl', workload))
  return {
    id,
    name: system.name,
    connector: system.connector,
    entitlements: Object.fromEntries(entitlements),
    ...(enforcers.length === 0 ? {} : { enforcers }),
    ...(system.boundTokens ? { boundTokens: true } : {}),
  }
}

function poolOf(pool: Value<'pools'>, id: string): Pool {
  return {
    id,
    name: pool.name,
    members: [
      ...pool.people.map((person) => withPrefix('per', person)),
      ...pool.teams.map((team) => withPrefix('team', team)),
    ],
    decides: pool.decides,
    rotas: pool.rotas.map((rota) => withPrefix('rota', rota)),
  }
}

function record<Item, Out>(section: Section<Item>, make: (item: Item, id: string) => Out): Record<string, Out> {
  return Object.fromEntries([...section].map(([id, { value }]) => [id, make(value, id)]))
}
