/**
 * Does anybody answer for this workload? Somebody who is here now, by a relation that holds now: as its owner, or in a team
 * that is. Whoever operates or made it can act with it and answers for nothing. What has no owner is an orphan, and gets no
 * override until somebody takes it.
 */
import type { CompiledDirectory } from './compile.ts'
import type { NodeId, PersonId, WorkloadId } from './directory.ts'
import { kindSet } from './independence/kinds.ts'
import { eachCurrentIn, idOf, momentAt, numberOf } from './independence/moment.ts'
import { isPerson, mayBe } from './independence/nodes.ts'
import { peopleInTeam } from './independence/pools.ts'
import type { Instant } from './time.ts'

const owns = kindSet('owns')

/** Everybody who owns it, themselves or through a team, in the order of their ids. */
export function ownersOf(directory: CompiledDirectory, workload: WorkloadId, now: Instant): readonly PersonId[] {
  const moment = momentAt(directory, now)
  const { nodes } = directory
  const node = numberOf(moment, workload)
  const people = new Set<number>()
  if (node === undefined) return []
  eachCurrentIn(moment, owns, node, (_, owner) => {
    if (isPerson(nodes, owner)) people.add(owner)
    else if (mayBe(nodes, owner, 'team')) for (const person of peopleInTeam(moment, owner)) people.add(person)
  })
  return [...people].map((person) => idOf(moment, person)).sort()
}

/** Nobody knows it, or nobody who is here owns it. Asked of workloads only: people answer for themselves. */
export function isOrphaned(directory: CompiledDirectory, workload: NodeId, now: Instant): boolean {
  return ownersOf(directory, workload, now).length === 0
}
