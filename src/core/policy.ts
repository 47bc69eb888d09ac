/**
 * The organisation's rules, as data: what can be asked for, how risky it is, who decides, and how independence is
 * judged where a choice is left. It is what the YAML files say after validation, never what a caller claims.
 */
import type { NodeId, PersonId, SystemId, TeamId, WorkloadId } from './directory.ts'
import type { Instant } from './time.ts'

export type TierId = string
export type PoolId = string
export type EntitlementId = string

/** Stands in `endorsePools` for whoever owns or administers the target by the directory. */
export const targetOwners: PoolId = 'target-owners'
export type ControlId = string

/** Steps of a decision, in order. Different people, always: one person counts once. */
export type Step = 'endorse' | 'countersign'

export interface Tier {
  /** Orders tiers: the higher one wins when entitlement and beneficiary risk disagree. */
  readonly rank: number
  readonly windowSecondsMax: number
  readonly steps: readonly Step[]
  /** How many countersignatures the last step takes, from different people. At least 1. */
  readonly countersignersMin: number
  /** Pools whose members may countersign. Several pools: a member of any of them. Never empty. */
  readonly pools: readonly PoolId[]
  /** Who may endorse: members of these pools, or `target-owners`. Empty means nobody, so a two-step tier needs one. */
  readonly endorsePools: readonly PoolId[]
  /** Kinds of compensating controls that must be in the terms. */
  readonly controlsRequired: readonly ControlId[]
  readonly missedControl: 'suspend' | 'report'
  /** How long a request waits for a decision before it lapses. */
  readonly decideWithinSeconds: number
  /** How long after countersigning it may still be started. */
  readonly activateWithinSeconds: number
  readonly activation: 'manual' | 'automatic'
  readonly extension: {
    /** 0: never extended. Break-glass is never extended, whatever stands here. */
    readonly countMax: number
    /** Cumulative seconds of access within `overSeconds`, over all waivers of the same controlling persons and access. */
    readonly cumulativeSecondsMax: number
    readonly overSeconds: number
    /** True: someone other than the person who countersigned before. Only the lowest tier may say false. */
    readonly distinctCountersigner: boolean
  }
  readonly reviewWithinSeconds: number
  /** A decision needs a signature by passkey. */
  readonly passkey: boolean
  /** How often activity on the target is read while access lasts; undefined: never. */
  readonly activityEverySeconds?: number
  /** Tokens may be used without asking at each use, where nothing is counted and no agent uses them. */
  readonly offlineTokens?: boolean
}

export interface Entitlement {
  readonly id: EntitlementId
  readonly name: string
  readonly tier: TierId
  /** Everything that can be asked for; terms choose from it, by exact name. Never patterns. */
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  /** What it lets one do, for SoD rules. */
  readonly duties: readonly string[]
  /** Connector's own settings: for `postgres-role` the role and the shape. Opaque here. */
  readonly target: Readonly<Record<string, unknown>>
  /** Kinds of waiver it may be asked for as. */
  readonly kinds: readonly ('access-override' | 'sod-exception' | 'break-glass')[]
}

export interface SystemRule {
  readonly id: SystemId
  readonly name: string
  readonly connector: ConnectorId
  readonly entitlements: Readonly<Record<EntitlementId, Entitlement>>
  /** Workloads that stand in front of the system: they may ask about anybody's use of it, and what they allow is used. */
  readonly enforcers?: readonly WorkloadId[]
  /** Tokens are given only to whoever shows a key to bind them to. */
  readonly boundTokens?: boolean
}

export type ConnectorId = string

export interface Connector {
  readonly id: ConnectorId
  readonly kind: string
  /** Opaque to the core. Secrets are references (`env:NAME`, `file:/path`), never values. */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface Pool {
  readonly id: PoolId
  readonly name: string
  /** People and teams. Empty means nobody. */
  readonly members: readonly NodeId[]
  /** What it may decide: `countersign`, `review`, `security` (may end anything) or `rules` (policy changes). */
  readonly decides: readonly ('countersign' | 'endorse' | 'review' | 'security' | 'rules')[]
  /** Rotas that say who of the pool is on duty; empty: everybody always. */
  readonly rotas: readonly NodeId[]
}

/** A function names entitlements and actions; a rule names functions; holding `conflictsFrom` of them is a conflict. */
export interface DutyFunction {
  readonly id: string
  readonly name: string
  /** Duties, as entitlements list them. One of them held means the function is held. */
  readonly duties: readonly string[]
}

export interface DutyRule {
  readonly id: string
  readonly name: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  readonly functions: readonly string[]
  /** How many of the functions together make a conflict; usually 2. */
  readonly conflictsFrom: number
  /** Compensating controls of which at least one must be in a sod-exception's terms; empty: no exception possible. */
  readonly controls: readonly ControlId[]
  readonly tier: TierId
}

/**
 * A compensating control over a conflict that somebody holds for longer than a waiver lasts. It tolerates nothing by
 * itself: it covers the conflict only while evidence comes in time, and it always ends.
 */
export interface MitigationRule {
  readonly id: string
  /** A person, or a workload for itself. */
  readonly holder: NodeId
  readonly rule: string
  readonly control: ControlId
  /** Answers for the control and gives the evidence; never the holder. */
  readonly owner: PersonId
  readonly from: Instant
  readonly until: Instant
  /** Evidence is due this often. */
  readonly everySeconds: number
}

/** How far "same team" reaches. Unmarked teams are operational. */
export type TeamReach = 'operational' | 'all-staff' | 'boundary'

export interface IndependencePolicy {
  /** Days that an ended relation goes on counting; at least 30. */
  readonly lingerDays: number
  readonly reportingLine: 'conflict' | 'ignore'
  readonly reciprocal: {
    readonly mode: 'second-countersigner' | 'ignore'
    readonly overDays: number
    /** Approvals in each direction (or around the ring) from which it counts. */
    readonly from: number
    /** Longest ring looked for: 2 (a pair) to 4. */
    readonly ringMax: number
  }
  /** Days somebody must have been in a pool before counting; founders are exempt. */
  readonly poolTenureDays: number
  readonly teams: Readonly<Record<TeamId, TeamReach>>
  /** In an emergency a directory this old still suffices for opening a sealed envelope. */
  readonly lastGoodSecondsMax: number
}

/** From where on what waivers come to over time is a habit; nothing of it keeps anybody from asking. */
export interface HabitLimits {
  /** Waivers of the same access for the same holder within `repeatedOverDays` from which they are one missing role. */
  readonly repeatedFrom: number
  readonly repeatedOverDays: number
  /** Days looked back for access that was given and that nobody used. */
  readonly unusedOverDays: number
}

/** An override that is needed so often within so many days is a role that is missing. */
export const habitLimitsUsual: HabitLimits = { repeatedFrom: 3, repeatedOverDays: 30, unusedOverDays: 90 }

/**
 * The organisation's own Cedar policies, which every use has to pass beside the waiver: nothing that one of them forbids,
 * and only what one of them permits. As texts: the core hands them on and never reads them.
 */
export interface Guardrails {
  /** By the `@id` of each. */
  readonly permit: Readonly<Record<string, string>>
  readonly forbid: Readonly<Record<string, string>>
  /** The Cedar type of the arguments of an action, by its name. Guardrails hear nothing of the arguments of others. */
  readonly arguments: Readonly<Record<string, string>>
  /** People, workloads and teams they name. While the directory does not know one of them, nothing can be said. */
  readonly mentions: readonly NodeId[]
}

export interface Policy {
  readonly tiers: Readonly<Record<TierId, Tier>>
  /** Lowest tier for a beneficiary of this risk; absent: the entitlement's own. */
  readonly beneficiaryRisk: {
    readonly agent?: TierId
    readonly external?: TierId
    readonly workload?: TierId
  }
  readonly systems: Readonly<Record<SystemId, SystemRule>>
  readonly connectors: Readonly<Record<ConnectorId, Connector>>
  readonly pools: Readonly<Record<PoolId, Pool>>
  readonly functions: Readonly<Record<string, DutyFunction>>
  readonly dutyRules: Readonly<Record<string, DutyRule>>
  readonly controls: Readonly<Record<ControlId, { readonly name: string; readonly everySecondsMax: number }>>
  /** Absent: none. */
  readonly mitigations?: Readonly<Record<string, MitigationRule>>
  /** Absent: none, and then nothing is asked of them. */
  readonly guardrails?: Guardrails
  readonly independence: IndependencePolicy
  /** Only what is not as usual: read by `habitLimitsOf`. */
  readonly habits?: Partial<HabitLimits>
  /** Delay between the countersignature of a change to these rules and its taking effect. */
  readonly changeDelaySeconds: number
  /** Who asked first: exempt from `joined-pool-too-recently`. Set by `countersign init`, not by files. */
  readonly founders: readonly PersonId[]
}

/** Since when somebody has been in a pool by the record of policy revisions; the engine keeps it, files cannot. */
export interface PoolTenure {
  readonly pool: PoolId
  readonly member: NodeId
  readonly since: Instant
}

export function habitLimitsOf({ habits }: Pick<Policy, 'habits'>): HabitLimits {
  return { ...habitLimitsUsual, ...habits }
}

/** @returns the entry of exactly this id; never something every object inherits, such as `constructor`. */
export function entryOf<Entry>(entries: Readonly<Record<string, Entry>>, id: string): Entry | undefined {
  return Object.hasOwn(entries, id) ? entries[id] : undefined
}

export function entitlementOf(
  policy: Policy,
  of: { readonly system: SystemId; readonly entitlement: EntitlementId },
): Entitlement | undefined {
  const system = entryOf(policy.systems, of.system)
  return system === undefined ? undefined : entryOf(system.entitlements, of.entitlement)
}
