// The commands about workloads and who answers for them.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addList } from './list.ts'
import { addOwn } from './own.ts'
import { addOwners } from './owners.ts'
import { addConfirmOwner, addDisown, addRejectOwner } from './settle-owner.ts'
import { addShow } from './show.ts'

export function addWorkload(program: Command, registry: Registry): void {
  const workload = program
    .command('workload')
    .summary('service accounts, pipelines, agents and keys, and who answers for them')
    .description(
      'The inventory of workloads: owners, operators, creators, how each signs in and since when, where it runs, what it may hand on, when an override of it was last used. What nobody owns gets no override until somebody takes ownership, and somebody independent confirms that.',
    )
  for (const add of [addList, addShow, addOwn, addOwners, addConfirmOwner, addRejectOwner, addDisown])
    add(workload, registry)
}
