/** A waiver as the caller may look at it, or the problem that it is not theirs to look at. */
import { refusal } from '../core/refusal.ts'
import type { Actor, Waiver } from '../core/waiver.ts'
import type { Parts } from './parts.ts'
import { isProblem, type Problem, refused } from './problem.ts'
import { mayRead, readsEverything, relationsTo, type Sight, seesPathsIn, sightFor } from './sight.ts'

/** A waiver that is there and one that may not be read get the same answer when it is not the caller's to read. */
export async function look(
  parts: Parts,
  caller: Actor,
  id: string,
): Promise<{ readonly sight: Sight; readonly waiver: Waiver } | Problem> {
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  const waiver = await parts.machinery.store.waivers.find(id)
  return waiver !== undefined && mayRead(sight, waiver) ? { sight, waiver } : unknownWaiver(id)
}

/** Of a request that was refused there is a record and no waiver: for whoever tried, and for who reads everything. */
export async function lookAtRecord(parts: Parts, caller: Actor, id: string) {
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  const { store } = parts.machinery
  const [waiver, stored] = await Promise.all([store.waivers.find(id), store.waivers.events(id)])
  const own = stored.length > 0 && stored.every(({ by }) => by === caller.id)
  const may = waiver === undefined ? stored.length > 0 && (own || readsEverything(sight)) : mayRead(sight, waiver)
  if (!may) return unknownWaiver(id)
  return { sight, events: stored, seesPaths: seesPathsIn(relationsTo(sight, waiver)) }
}

export function unknownWaiver(id: string): Problem {
  return refused(refusal('unknown-waiver', `\`${id}\``))
}
