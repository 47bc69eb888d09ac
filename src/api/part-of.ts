/** Is somebody part of a group that could ask? Only of these may anybody know when nobody would watch over them. */
import { membersOfTeam } from '../core/compile.ts'
import type { NodeId } from '../core/directory.ts'
import { isControllerOf, isOnRota, nodeKindOf } from '../core/standing.ts'
import type { Sight } from './sight.ts'

/** A team one is in, a rota one is on, a workload one controls; for people only. */
export function isPartOf({ caller, directory, now }: Sight, group: NodeId | undefined): boolean {
  if (group === undefined || nodeKindOf(directory, caller.id) !== 'person') return false
  switch (nodeKindOf(directory, group)) {
    case 'team':
      return membersOfTeam(directory, group, now).includes(caller.id)
    case 'rota':
      return isOnRota(directory, caller.id, group, now)
    case 'workload':
      return isControllerOf(directory, caller.id, group, now)
    default:
      return false
  }
}
