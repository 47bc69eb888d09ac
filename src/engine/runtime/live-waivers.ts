/**
 * The waivers that may be used, by who uses them and where: what a check at each use looks at. It holds what it was told
 * and decides nothing.
 */
import type { NodeId, SystemId } from '../../core/directory.ts'
import { type LiveWaiver, liveWaiver } from '../../core/runtime.ts'
import type { Waiver, WaiverId } from '../../core/waiver.ts'

export interface LiveWaivers {
  /** The newest state of a waiver. One that can no longer be used is forgotten. */
  put(waiver: Waiver): void
  drop(id: WaiverId): void
  waiver(id: WaiverId): Waiver | undefined
  live(id: WaiverId): LiveWaiver | undefined
  of(user: NodeId, system: SystemId): readonly LiveWaiver[]
  ofUser(user: NodeId): readonly LiveWaiver[]
  all(): Iterable<LiveWaiver>
  readonly count: number
}

interface Held {
  readonly waiver: Waiver
  readonly live: LiveWaiver
}

export function liveWaivers(): LiveWaivers {
  const byId = new Map<WaiverId, Held>()
  const byUser = new Map<NodeId, Map<SystemId, LiveWaiver[]>>()

  const drop = (id: WaiverId) => {
    const held = byId.get(id)
    if (held === undefined) return
    byId.delete(id)
    const { user, system } = held.live
    const systems = byUser.get(user)
    const left = systems?.get(system)?.filter((one) => one.id !== id) ?? []
    if (left.length > 0) systems?.set(system, left)
    else systems?.delete(system)
    if (systems?.size === 0) byUser.delete(user)
  }

  return {
    put(waiver) {
      drop(waiver.id)
      const live = liveWaiver(waiver)
      if (live === undefined) return
      byId.set(waiver.id, { waiver, live })
      const systems = byUser.get(live.user) ?? new Map<SystemId, LiveWaiver[]>()
      systems.set(live.system, [...(systems.get(live.system) ?? []), live])
      byUser.set(live.user, systems)
    },
    drop,
    waiver: (id) => byId.get(id)?.waiver,
    live: (id) => byId.get(id)?.live,
    of: (user, system) => byUser.get(user)?.get(system) ?? [],
    ofUser: (user) => [...(byUser.get(user)?.values() ?? [])].flat(),
    *all() {
      for (const { live } of byId.values()) yield live
    },
    get count() {
      return byId.size
    },
  }
}
