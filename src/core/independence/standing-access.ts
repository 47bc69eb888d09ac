/**
 * Who has something for good, by the word of the directory? What is in somebody's favour counts only where it holds right
 * now and beyond doubt: stated for themselves, or for a team they are in at this moment, and never through a link that
 * nobody confirmed.
 */
import type { CompiledDirectory, CompiledSource } from '../compile.ts'
import type { NodeId, SourceId } from '../directory.ts'
import type { Instant } from '../time.ts'
import { type EntitlementName, firstRow } from './held.ts'
import { idOf, isAlive, momentAt, numberOf } from './moment.ts'
import { membershipsOf } from './pools.ts'

export interface StandingStatement extends EntitlementName {
  /** A person, team or workload. */
  readonly holder: NodeId
  readonly source: SourceId
}

/** Whether this is stated for the holder in a way that may speak for them. */
export function isStatedFor(
  directory: CompiledDirectory,
  holder: NodeId,
  { system, entitlement }: EntitlementName,
  now: Instant,
): boolean {
  const { held } = directory
  const moment = momentAt(directory, now)
  const node = numberOf(moment, holder)
  if (node === undefined || held.holder.length === 0) return false
  for (const one of new Set([node, ...membershipsOf(moment, node).nodes])) {
    for (let row = firstRow(held.holder, one); held.holder[row] === one; row++) {
      const name = held.names[held.name[row] as number]
      if (name?.system === system && name.entitlement === entitlement && isInForce(directory, row, moment.now))
        return true
    }
  }
  return false
}

/** Statements in force, of holders who are still there, about entitlements that somebody asks about. */
export function* standingStatements(
  directory: CompiledDirectory,
  isAskedFor: (name: EntitlementName) => boolean,
  now: Instant,
): Generator<StandingStatement, void> {
  const { held, sources } = directory
  const moment = momentAt(directory, now)
  const asked = held.names.map(isAskedFor)
  for (const [row, number] of held.name.entries()) {
    const node = held.holder[row] as number
    if (asked[number] !== true || !isInForce(directory, row, moment.now) || !isAlive(moment, node)) continue
    const { system, entitlement } = held.names[number] as EntitlementName
    const { id: source } = sources[held.source[row] as number] as CompiledSource
    yield { holder: idOf(moment, node), system, entitlement, source }
  }
}

/** A moment nobody can read is in nobody's favour. */
function isInForce({ held }: CompiledDirectory, row: number, now: number): boolean {
  return (held.instants[held.ending[row] as number] as number) > now
}
