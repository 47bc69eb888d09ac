/**
 * Whose is this access? Accounts hold access, people break rules: two accounts of one person are one holder, and what a
 * workload holds its controllers can use, so it counts as theirs too. An account that nobody answers to stays a holder
 * of its own and is told, since whoever is behind it may hold the other side.
 */
import { type CompiledDirectory, personsControlling, resolveAccount } from '../compile.ts'
import type { SystemId } from '../directory.ts'
import type { EntitlementId, Policy } from '../policy.ts'
import type { Instant } from '../time.ts'
import type { Assignment } from './holdings.ts'
import { entitlementKey, type HolderId } from './rules.ts'

/** Access as a target reports it. */
export interface AccountAccess {
  readonly system: SystemId
  /** Byte for byte. */
  readonly account: string
  readonly entitlement: EntitlementId
}

export interface PeopleAssignments {
  readonly assignments: readonly Assignment[]
  /** Accounts that belong to nobody the directory knows, as holders. */
  readonly unresolved: readonly HolderId[]
  /** The accounts by which a holder holds an entitlement, for showing. */
  accountsBehind(assignment: Assignment): readonly { readonly system: SystemId; readonly account: string }[]
}

/**
 * An account that several are said to own counts for each of them, and whoever shares an account with somebody counts as
 * them, as everywhere where independence is judged.
 */
export function assignmentsOfPeople(
  accesses: Iterable<AccountAccess>,
  directory: CompiledDirectory,
  policy: Policy,
  now: Instant,
): PeopleAssignments {
  const holders = new Map<string, readonly HolderId[]>()
  const behind = new Map<string, { system: SystemId; account: string }[]>()
  const assignments: Assignment[] = []
  const unresolved = new Set<HolderId>()
  for (const { system, account, entitlement } of accesses) {
    const own = accountHolder(system, account)
    const found = holders.get(own) ?? holdersOf(directory, policy, now, system, account)
    holders.set(own, found)
    if (found.length === 0) unresolved.add(own)
    for (const holder of found.length === 0 ? [own] : found) {
      const assignment = { holder, entitlement: entitlementKey({ system, entitlement }) }
      const known = behind.get(keyOf(assignment))
      if (known === undefined) assignments.push(assignment)
      behind.set(keyOf(assignment), [...(known ?? []), { system, account }])
    }
  }
  return {
    assignments,
    unresolved: [...unresolved],
    accountsBehind: (assignment) => behind.get(keyOf(assignment)) ?? [],
  }
}

/** Empty for an account that nobody answers to. */
function holdersOf(
  directory: CompiledDirectory,
  policy: Policy,
  now: Instant,
  system: SystemId,
  account: string,
): readonly HolderId[] {
  const { person, workload, conflicting } = resolveAccount(directory, system, account, now)
  const owners = [person, workload, ...conflicting].filter((id) => id !== undefined)
  return [...new Set(owners.flatMap((owner) => [owner, ...personsControlling(directory, owner, now, policy)]))]
}

/** As a holder; begins with the system, so that it is nobody's id. */
function accountHolder(system: SystemId, account: string): HolderId {
  return `${system}:${account}`
}

function keyOf({ holder, entitlement }: Assignment): string {
  return `${holder.length}:${holder}${entitlement}`
}
