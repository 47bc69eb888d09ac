/**
 * Why somebody is not independent: the closed list of conflict codes, and the shape of a verdict. A conflict always
 * carries the path of relations that proves it, so that it can be read aloud and checked by hand.
 */
import type { NodeId, PersonId, RelationKind, SourceId } from './directory.ts'
import type { Instant } from './time.ts'

/** The floor. No policy, role or configuration can switch one of these off. */
export const floorConflicts = [
  'is-requester',
  'is-beneficiary',
  'same-person-other-account',
  'controls-beneficiary',
  'in-delegation-chain',
  'on-requesting-team',
  'on-granting-team',
  'took-part-already',
  'on-requesting-rota',
  'can-change-beneficiary',
  'loosened-the-rules',
  'operates-countersign',
  'delegate-of-conflicted',
  'can-change-approver-pool',
  'not-a-person',
  'unresolved-identity',
  'directory-too-old',
] as const

/** Strict by default; policy may relax them, never below the floor. */
export const policyConflicts = ['in-reporting-line', 'reciprocal', 'joined-pool-too-recently'] as const

export type FloorConflict = (typeof floorConflicts)[number]
export type PolicyConflict = (typeof policyConflicts)[number]
export type ConflictCode = FloorConflict | PolicyConflict

/** One step of a path: `from —relation→ to`, or `from ←relation— to` when it is walked against its direction. */
export interface PathStep {
  readonly from: NodeId
  readonly relation: RelationKind | PathNote
  readonly to: NodeId
  readonly against?: boolean
  readonly source: SourceId
  /** The revision of the source that stated it; for our own records, the id of the event. */
  readonly revision: string
  /** Set when the relation has ended and still counts. */
  readonly until?: Instant
}

/** Steps that come from our own records rather than from a directory. */
export type PathNote =
  | 'requested'
  | 'endorsed'
  | 'countersigned'
  | 'activated'
  | 'provisioned'
  | 'changed-rules'
  | 'in-pool'

export interface Conflict {
  readonly code: ConflictCode
  readonly path: readonly PathStep[]
  /** One sentence for people, built from the path; ids only, names are put in by whoever shows it. */
  readonly because: string
}

export interface Verdict {
  readonly person: PersonId
  readonly independent: boolean
  readonly conflicts: readonly Conflict[]
  /** `reciprocal` does not forbid, it asks for one more countersigner; then this is 1, otherwise 0. */
  readonly additionalCountersigners: number
}

/** Read aloud: `per_17 —member of→ payments-ops ←member of— per_42`. */
export function readPath(path: readonly PathStep[], nameOf: (id: NodeId) => string = (id) => id): string {
  const first = path[0]
  if (first === undefined) return ''
  const steps = path.map((step) => {
    const label = `${step.relation.replaceAll('-', ' ')}${step.until === undefined ? '' : ` until ${step.until.slice(0, 10)}`}`
    return step.against ? ` ←${label}— ${nameOf(step.to)}` : ` —${label}→ ${nameOf(step.to)}`
  })
  return nameOf(first.from) + steps.join('')
}
