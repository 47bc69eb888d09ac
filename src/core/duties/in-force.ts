/**
 * Who can use what right now, and why? Standing access of the directory, through every team, account and workload by which
 * somebody acts, and what waivers give at this moment. What a workload may do, whoever controls it may do too; both hold.
 */
import { accessOf, accessWithPaths, type CompiledDirectory, describe, personsControlling } from '../compile.ts'
import type { PathStep } from '../conflict.ts'
import type { NodeId, SystemId } from '../directory.ts'
import type { EntitlementId, Policy } from '../policy.ts'
import type { Instant } from '../time.ts'
import type { Waiver, WaiverId } from '../waiver.ts'
import type { Assignment } from './holdings.ts'
import { type EntitlementKey, entitlementKey, type HolderId } from './rules.ts'

/** Access that a waiver gives at this moment. */
export interface LiveAccess {
  readonly waiver: WaiverId
  /** Beneficiary; for an opened envelope whoever opened it. */
  readonly holder: NodeId
  readonly system: SystemId
  readonly entitlement: EntitlementId
  readonly until: Instant
}

/** How somebody comes to hold an entitlement. */
export type Origin =
  | {
      readonly kind: 'directory'
      /** The person, team or workload it is stated for. */
      readonly statedFor: NodeId
      /** From the holder there; empty when it is they themselves. */
      readonly path: readonly PathStep[]
      readonly source: string
      readonly revision: string
    }
  | { readonly kind: 'waiver'; readonly waiver: WaiverId; readonly beneficiary: NodeId; readonly until: Instant }

/** @returns what the waiver gives while it is active; `undefined` when it gives nothing. */
export function liveAccessOf({ id, status, terms, activation }: Waiver): LiveAccess | undefined {
  if (status !== 'active' || activation === undefined) return undefined
  const holder = terms.kind === 'break-glass' ? activation.by : terms.beneficiary
  return {
    waiver: id,
    holder,
    system: terms.access.system,
    entitlement: terms.access.entitlement,
    until: activation.end,
  }
}

/** Everybody's, each pair once or more; `scan` counts a pair once. */
export function* assignmentsInForce(
  directory: CompiledDirectory,
  live: readonly LiveAccess[],
  policy: Policy,
  now: Instant,
): Iterable<Assignment> {
  if (directory.held.holder.length > 0) {
    for (const id of directory.nodes.ids) {
      const node = describe(directory, id, now)
      if (node === undefined || node.ended || (node.kind !== 'person' && node.kind !== 'workload')) continue
      for (const access of accessOf(directory, [id], now)) yield { holder: id, entitlement: entitlementKey(access) }
    }
  }
  for (const access of live) {
    for (const holder of holdersOf(access, directory, policy, now)) {
      yield { holder, entitlement: entitlementKey(access) }
    }
  }
}

/** Every way in which somebody comes to hold each entitlement; the shortest first, waivers last. */
export function originsOf(
  holder: HolderId,
  directory: CompiledDirectory,
  live: readonly LiveAccess[],
  policy: Policy,
  now: Instant,
): ReadonlyMap<EntitlementKey, readonly Origin[]> {
  const origins = new Map<EntitlementKey, Origin[]>()
  const note = (key: EntitlementKey, origin: Origin) => origins.set(key, [...(origins.get(key) ?? []), origin])
  for (const { holder: statedFor, path, source, revision, ...access } of accessWithPaths(directory, [holder], now)) {
    note(entitlementKey(access), { kind: 'directory', statedFor, path, source, revision })
  }
  for (const access of live) {
    if (!holdersOf(access, directory, policy, now).includes(holder)) continue
    const { waiver, holder: beneficiary, until } = access
    note(entitlementKey(access), { kind: 'waiver', waiver, beneficiary, until })
  }
  return origins
}

function holdersOf(
  { holder }: LiveAccess,
  directory: CompiledDirectory,
  policy: Policy,
  now: Instant,
): readonly HolderId[] {
  return [...new Set([holder, ...personsControlling(directory, holder, now, policy)])]
}
