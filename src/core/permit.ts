/**
 * Who may do what to a waiver: one table of relations. It says who may *try*; whether a decider is independent, in time
 * and looking at the right terms is for `decide.ts`. Printed in full as the golden authority table.
 */
import type { CompiledDirectory } from './compile.ts'
import type { NodeId } from './directory.ts'
import { poolsOf } from './independence.ts'
import { poolsThat } from './obligations.ts'
import { type Policy, targetOwners } from './policy.ts'
import type { RefusalCode } from './refusal.ts'
import { isActive, isControllerOf, isOnRota, isOwnerOf, nodeKindOf } from './standing.ts'
import type { Instant } from './time.ts'
import { type CommandType, systemActor, type Waiver } from './waiver.ts'

/** How an actor stands to a waiver. One actor usually stands in several relations. */
export type Relation =
  | 'system'
  | 'person'
  | 'workload'
  | 'requester'
  | 'beneficiary'
  | 'controller' //      controls the beneficiary workload
  | 'endorser'
  | 'countersigner'
  | 'activator'
  | 'control-owner'
  | 'target-owner' //    owns or administers the system
  | 'on-rota' //         on the rota of a break-glass envelope
  | 'endorse-pool'
  | 'countersign-pool'
  | 'review-pool'
  | 'security-pool'

interface Permit {
  /** One of these relations is needed. */
  readonly needs: readonly Relation[]
  /** None of these may hold; the code is what a violation is refused with. */
  readonly never?: Readonly<Partial<Record<Relation, RefusalCode>>>
}

const asking: readonly Relation[] = ['requester', 'beneficiary', 'controller']
const ending: readonly Relation[] = ['system', ...asking, 'activator', 'countersigner', 'target-owner', 'security-pool']
const onlyPeople = { workload: 'only-people-decide', system: 'only-people-decide' } as const
const deciding: Permit = { needs: ['countersign-pool', 'person', 'workload', 'system'], never: onlyPeople }

export const permits: Readonly<Record<CommandType, Permit>> = {
  request: { needs: ['person', 'workload'] },
  endorse: {
    needs: ['endorse-pool', 'requester', 'beneficiary', 'controller', 'workload', 'system'],
    never: { ...onlyPeople, requester: 'endorser-unfit', beneficiary: 'endorser-unfit', controller: 'endorser-unfit' },
  },
  // Everybody may try, so that whoever is not independent hears why rather than "not permitted".
  countersign: deciding,
  deny: deciding,
  'ask-back': {
    needs: ['endorse-pool', 'countersign-pool'],
    never: { ...onlyPeople, requester: 'approver-is-requester', beneficiary: 'approver-is-requester' },
  },
  answer: { needs: asking },
  withdraw: { needs: asking },
  activate: {
    needs: [...asking, 'on-rota'],
    never: { endorser: 'approver-never-activates', countersigner: 'approver-never-activates' },
  },
  'confirm-activation': { needs: ['system'] },
  use: { needs: ['system', 'beneficiary', 'activator', 'controller'] },
  'record-uses': { needs: ['system'] },
  'request-extension': { needs: [...asking, 'activator'] },
  evidence: { needs: ['control-owner', 'requester', 'beneficiary', 'controller'] },
  suspend: { needs: [...ending, 'control-owner'] },
  'request-resumption': { needs: [...asking, 'activator'] },
  revoke: { needs: ending },
  'report-removal': { needs: ['system'] },
  review: { needs: ['review-pool', 'person', 'workload', 'system'], never: onlyPeople },
  'review-event': { needs: ['review-pool', 'person', 'workload', 'system'], never: onlyPeople },
  recheck: { needs: ['system'] },
  tick: { needs: ['system'] },
}

/** @returns why whoever stands behind the actor in these relations rules the command out; they permit nothing. */
export function forbidsFor(command: CommandType, relations: ReadonlySet<Relation>): RefusalCode | undefined {
  const never = Object.entries(permits[command].never ?? {})
  return never.find(([relation]) => relations.has(relation as Relation))?.[1]
}

/** @returns why these relations do not permit the command, or `undefined` when they do. */
export function forbids(command: CommandType, relations: ReadonlySet<Relation>): RefusalCode | undefined {
  const permit = permits[command]
  const ruledOut = forbidsFor(command, relations)
  if (ruledOut !== undefined) return ruledOut
  return permit.needs.some((relation) => relations.has(relation)) ? undefined : 'not-permitted'
}

/** Who sees the paths of conflicts: deciders and reviewers. Everybody else sees their codes. */
export function seesPaths(relations: ReadonlySet<Relation>): boolean {
  const deciders: readonly Relation[] = ['endorse-pool', 'countersign-pool', 'review-pool', 'security-pool']
  return deciders.some((relation) => relations.has(relation))
}

/** @returns every relation in which the actor stands to the waiver now. `undefined` waiver: one that is just being asked for. */
export function relationsOf(
  actor: NodeId,
  waiver: Waiver | undefined,
  directory: CompiledDirectory,
  policy: Policy,
  now: Instant,
): ReadonlySet<Relation> {
  if (actor === systemActor) return new Set<Relation>(['system'])
  const found = new Set<Relation>()
  const when = (holds: boolean, relation: Relation) => {
    if (holds) found.add(relation)
  }
  // INVARIANT: somebody unknown or gone stands in no relation that permits anything.
  if (!isActive(directory, actor, now)) return found
  const kind = nodeKindOf(directory, actor)
  when(kind === 'person', 'person')
  when(kind === 'workload', 'workload')
  inPools(actor, directory, policy, now, when)
  if (waiver === undefined) return found
  const { beneficiary, access } = waiver.terms
  const owner = isOwnerOf(directory, actor, access.system, now)
  const endorsePools = waiver.obligations.endorsePools
  when(actor === waiver.requester || waiver.chain.includes(actor), 'requester')
  when(actor === beneficiary, 'beneficiary')
  when(isControllerOf(directory, actor, beneficiary, now), 'controller')
  when(waiver.endorsers.includes(actor) || waiver.proposal?.endorsement?.by === actor, 'endorser')
  when(
    [...waiver.approvals, ...(waiver.proposal?.countersignatures ?? [])].some((s) => s.by === actor),
    'countersigner',
  )
  when(waiver.activation?.by === actor, 'activator')
  when(
    waiver.terms.controls.some((control) => control.owner === actor),
    'control-owner',
  )
  when(owner, 'target-owner')
  when(isOnRota(directory, actor, beneficiary, now), 'on-rota')
  when(poolsOf(actor, waiver.obligations.pools, directory, policy, now).length > 0, 'countersign-pool')
  when(
    (owner && endorsePools.includes(targetOwners)) || poolsOf(actor, endorsePools, directory, policy, now).length > 0,
    'endorse-pool',
  )
  return found
}

function inPools(
  actor: NodeId,
  directory: CompiledDirectory,
  policy: Policy,
  now: Instant,
  when: (holds: boolean, relation: Relation) => void,
): void {
  when(poolsOf(actor, poolsThat(policy, 'review'), directory, policy, now).length > 0, 'review-pool')
  when(poolsOf(actor, poolsThat(policy, 'security'), directory, policy, now).length > 0, 'security-pool')
}
