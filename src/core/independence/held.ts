/**
 * Who holds what by other means than waivers? Access is stated for people, teams and workloads; somebody holds it when
 * they can act as the holder. It is kept in a few bytes a row, apart from the relations, so that verdicts about
 * independence pay nothing for it. Nothing here says what may be held together.
 */
import type { CompiledDirectory, CompiledSource } from '../compile.ts'
import type { PathStep } from '../conflict.ts'
import type { NodeId, SourceId, StandingAccess, SystemId } from '../directory.ts'
import { type Instant, millisOf } from '../time.ts'
import { stepsOf } from './finding.ts'
import { idOf, type Moment, numberOf } from './moment.ts'
import { instantTable } from './rows.ts'
import { actsAs } from './side.ts'
import { consecutive, countingSort, pick } from './sorting.ts'

export interface EntitlementName {
  readonly system: SystemId
  readonly entitlement: string
}

/** Rows in the order of their holders; every array is indexed by row. */
export interface Held {
  readonly holder: Int32Array
  /** Number in `names`. */
  readonly name: Uint32Array
  readonly source: Uint32Array
  /** Number in `instants`; 0 for what has not ended. */
  readonly ending: Uint32Array
  readonly instants: Float64Array
  readonly names: readonly EntitlementName[]
}

/** One thing that somebody holds, and how they come to hold it. */
export interface HeldAccess extends EntitlementName {
  /** The person, team or workload it is stated for. */
  readonly holder: NodeId
  /** From one of those asked about to the holder; empty when it is they themselves. */
  readonly path: readonly PathStep[]
  readonly source: SourceId
  readonly revision: string
}

/** `holders` are the numbers of the holders, in the order of the facts. */
export function heldOf(
  access: readonly StandingAccess[],
  holders: Int32Array,
  nodeCount: number,
  sources: ReadonlyMap<SourceId, number>,
): Held {
  const [name, source, ending] = [0, 0, 0].map(() => new Uint32Array(access.length)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  const instants = instantTable()
  const names = nameTable()
  for (const [row, stated] of access.entries()) {
    name[row] = names.numberOf(stated)
    source[row] = sources.get(stated.source) as number
    // An end that nobody can read has not come.
    ending[row] = instants.numberOf(stated.until) ?? 0
  }
  const order = access.length === 0 ? new Uint32Array(0) : countingSort(consecutive(access.length), nodeCount, holders)
  return {
    holder: pick(holders, order, new Int32Array(access.length)),
    name: pick(name, order, new Uint32Array(access.length)),
    source: pick(source, order, new Uint32Array(access.length)),
    ending: pick(ending, order, new Uint32Array(access.length)),
    instants: instants.table(),
    names: names.known,
  }
}

/** What any of these can use right now, each thing once, in the order of the names. */
export function accessOf(directory: CompiledDirectory, ids: readonly NodeId[], now: Instant): EntitlementName[] {
  const found = new Set<number>()
  const { held } = directory
  eachHeld(directory, ids, now, (row) => found.add(held.name[row] as number))
  return [...found].map((name) => held.names[name] as EntitlementName).sort(compareNames)
}

/** The same with whom it is stated for, by which source, and the way there; one entry for each statement. */
export function accessWithPaths(directory: CompiledDirectory, ids: readonly NodeId[], now: Instant): HeldAccess[] {
  const { held, sources } = directory
  const found: HeldAccess[] = []
  eachHeld(directory, ids, now, (row, moment, holder, reach) => {
    const { system, entitlement } = held.names[held.name[row] as number] as EntitlementName
    const { id: source, revision } = sources[held.source[row] as number] as CompiledSource
    const path = stepsOf(moment, reach.out(holder))
    found.push({ system, entitlement, holder: idOf(moment, holder), path, source, revision })
  })
  return found.sort((a, b) => compareNames(a, b) || a.path.length - b.path.length || (a.holder < b.holder ? -1 : 1))
}

function eachHeld(
  directory: CompiledDirectory,
  ids: readonly NodeId[],
  now: Instant,
  visit: (row: number, moment: Moment, holder: number, reach: ReturnType<typeof actsAs>) => void,
): void {
  const { holder, ending, instants } = directory.held
  if (holder.length === 0) return
  const millis = millisOf(now)
  // A team that was left gives nothing any more; for independence it would go on counting.
  const moment: Moment = { directory, now: millis, countsAfter: Number.isNaN(millis) ? -Infinity : millis }
  const begin = ids.flatMap((id) => numberOf(moment, id) ?? [])
  const reach = actsAs(moment, begin)
  for (const node of reach.nodes) {
    for (let row = firstRow(holder, node); holder[row] === node; row++) {
      if (!((instants[ending[row] as number] as number) <= millis)) visit(row, moment, node, reach)
    }
  }
}

/** The first row of this holder, or where it would stand. */
export function firstRow(holder: Int32Array, node: number): number {
  let [low, high] = [0, holder.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((holder[middle] as number) < node) low = middle + 1
    else high = middle
  }
  return low
}

/** The distinct entitlements: few, however many hold them. */
function nameTable() {
  const numbers = new Map<SystemId, Map<string, number>>()
  const known: EntitlementName[] = []

  function numberOf({ system, entitlement }: EntitlementName): number {
    const own = numbers.get(system) ?? new Map<string, number>()
    if (own.size === 0) numbers.set(system, own)
    const number = own.get(entitlement) ?? known.push({ system, entitlement }) - 1
    own.set(entitlement, number)
    return number
  }

  return { numberOf, known }
}

function compareNames(a: EntitlementName, b: EntitlementName): number {
  if (a.system !== b.system) return a.system < b.system ? -1 : 1
  return a.entitlement < b.entitlement ? -1 : a.entitlement > b.entitlement ? 1 : 0
}
