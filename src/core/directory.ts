/**
 * Who is who: the directory as plain facts. Everything is a node or a relation between two nodes, every relation says
 * which source stated it, and a conflict's path is a chain of these very relations. Nothing here decides anything;
 * `compile.ts` turns the facts into compact sets and `independence.ts` asks the questions.
 */
import type { Instant } from './time.ts'

/** Prefixed ids: `per_` person, `acc_` account, `team_`, `wl_` workload, `sys_` system, `rota_`. */
export type NodeId = string
export type PersonId = NodeId
export type TeamId = NodeId
export type WorkloadId = NodeId
export type SystemId = NodeId
export type RotaId = NodeId
export type SourceId = string

export type NodeKind = 'person' | 'account' | 'team' | 'workload' | 'system' | 'rota'

/** The system that stands for this installation: whoever operates it can reach every credential it holds. */
export const countersignSystem: SystemId = 'sys_countersign'

export interface DirectoryNode {
  readonly id: NodeId
  readonly kind: NodeKind
  readonly name: string
  readonly source: SourceId
  /** People: not employed here (vendor, outside approver). Default false. */
  readonly external?: boolean
  /** Workloads: what runs. Agents carry more risk than services, see policy `beneficiaryRisk`. */
  readonly workloadKind?: 'service-account' | 'pipeline' | 'agent' | 'key'
  /** Accounts: the system or issuer the account lives on, and its name there, compared byte by byte. */
  readonly on?: string
  readonly login?: string
  /** When the node was deactivated or no longer reported. A deactivated person decides nothing. */
  readonly until?: Instant
}

/**
 * `from —relation→ to`, read aloud left to right. Teams may stand where people stand: `team_x owns wl_y` makes every
 * member of team_x an owner.
 */
export type RelationKind =
  | 'member-of' //           person → team
  | 'part-of' //             team → team
  | 'maintains' //           person → team: can change who is in it
  | 'reports-to' //          person → person
  | 'belongs-to' //          account → person | workload
  | 'same-as' //             person → person: suspected or confirmed to be one human being
  | 'owns' //                person | team → workload | system
  | 'operates' //            person | team → workload | system
  | 'created' //             person → workload
  | 'holds-credential-of' // person | team → workload | system
  | 'can-change' //          person | team → workload: code, prompt or pipeline
  | 'delegates-to' //        person | workload → workload
  | 'delegate-of' //         person → person: decides or acts in their stead
  | 'administers' //         person | team → system
  | 'on-rota' //             person → rota
  | 'sponsors' //            person → person: stands for an outsider

export interface Relation {
  readonly from: NodeId
  readonly relation: RelationKind
  readonly to: NodeId
  readonly source: SourceId
  /** When the relation began, where the source says so. */
  readonly since?: Instant
  /** When the relation ended or was no longer reported. It goes on counting for `lingerDays` of the policy. */
  readonly until?: Instant
  /** `belongs-to` and `same-as`: confirmed by somebody independent. Unconfirmed links count against, never in favour. */
  readonly confirmed?: boolean
}

/** One turn of duty: this person answers for this rota in `[start, end)`. */
export interface Shift {
  readonly rota: RotaId
  readonly person: PersonId
  readonly start: Instant
  readonly end: Instant
  readonly source: SourceId
}

/**
 * Access that somebody has by other means than a waiver: this entitlement of this system. A team stands for everybody in
 * it, nested teams included. It says what can be done, nothing about independence; rules about duties look at it.
 */
export interface StandingAccess {
  /** A person, team or workload. */
  readonly holder: NodeId
  readonly system: SystemId
  /** As the policy names it, or as the source does: the policy need not know every entitlement there is. */
  readonly entitlement: string
  readonly source: SourceId
  readonly since?: Instant
  /** When it ended or was no longer reported. Ended access is kept for showing and is held no more. */
  readonly until?: Instant
}

export interface SourceState {
  readonly id: SourceId
  /** The source's own revision: a commit, an ETag, a content hash. */
  readonly revision: string
  /** When the source was last read successfully. */
  readonly observedAt: Instant
  /** Older than this, its facts no longer count as known. */
  readonly staleAfterSeconds: number
  /** Whose names are shown where several describe somebody: the lowest number's. It decides nothing else. */
  readonly precedence?: number
}

/** Somebody is away in `[start, end)`: on leave, ill, at a conference. They are on no duty then; nothing else changes. */
export interface Absence {
  readonly person: PersonId
  readonly start: Instant
  readonly end: Instant
  readonly source: SourceId
}

/** All facts known at one moment, merged from every source. Content-addressed by the store. */
export interface DirectoryFacts {
  readonly nodes: readonly DirectoryNode[]
  readonly relations: readonly Relation[]
  readonly shifts: readonly Shift[]
  /** Absent: no source states any. */
  readonly access?: readonly StandingAccess[]
  /** Absent: no source states any. */
  readonly absences?: readonly Absence[]
  readonly sources: readonly SourceState[]
}

/** What one source says about itself at one moment. `applySource` merges it into the facts. */
export interface SourceSnapshot {
  readonly source: SourceState
  readonly nodes: readonly Omit<DirectoryNode, 'source'>[]
  readonly relations: readonly Omit<Relation, 'source'>[]
  readonly shifts: readonly Omit<Shift, 'source'>[]
  readonly access?: readonly Omit<StandingAccess, 'source'>[]
  readonly absences?: readonly Omit<Absence, 'source'>[]
}

/**
 * What has become otherwise in the word of a source since that of the facts in force; everything else it says as before.
 * Turns of duty, access and absences are not among it.
 */
export interface SourceChanges {
  readonly source: SourceState
  readonly said: Pick<SourceSnapshot, 'nodes' | 'relations'>
  /** What it no longer says. */
  readonly gone: {
    readonly nodes: readonly Pick<DirectoryNode, 'id' | 'kind'>[]
    readonly relations: readonly Pick<Relation, 'from' | 'relation' | 'to'>[]
  }
}

export const emptyDirectory: DirectoryFacts = { nodes: [], relations: [], shifts: [], sources: [] }

/** The kind an id's prefix announces; `undefined` when the prefix is none of ours. */
export function kindOf(id: NodeId): NodeKind | undefined {
  switch (id.slice(0, id.indexOf('_'))) {
    case 'per':
      return 'person'
    case 'acc':
      return 'account'
    case 'team':
      return 'team'
    case 'wl':
      return 'workload'
    case 'sys':
      return 'system'
    case 'rota':
      return 'rota'
    default:
      return undefined
  }
}
