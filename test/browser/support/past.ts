/**
 * A past, so that pages about months have something to show: lives that really happened on this installation, moved to
 * earlier times and given ids of their own. What they say of themselves is as true as what they were copied from.
 */
import { evolveAll } from '../../../src/core/evolve.ts'
import { instantOf, plusSeconds } from '../../../src/core/time.ts'
import type { WaiverEvent, WaiverId } from '../../../src/core/waiver.ts'
import type { Store, WaiverWrite } from '../../../src/store/contract.ts'

export interface PastLife {
  /** Whose life it is a copy of. */
  readonly of: WaiverId
  readonly daysAgo: number
  /** How long it waited for its decision; whatever follows is as far behind as it was. */
  readonly waitedMinutes: number
  readonly openMinutes: number
}

const minute = 60_000
const reviewedDaysAgo = 1

export async function writePast(store: Store, nowMillis: number, lives: readonly PastLife[]): Promise<void> {
  const known = new Map<WaiverId, readonly WaiverEvent[]>()
  for (const id of new Set(lives.map(({ of }) => of))) {
    const events = await store.waivers.events(id)
    known.set(
      id,
      events.map(({ body }) => body as WaiverEvent),
    )
  }
  const writes = lives.flatMap((life, place) => writeOf(life, place, known.get(life.of) ?? [], nowMillis))
  await store.transact((tx) => tx.write({ waivers: writes, revisions: [] }))
}

function writeOf(life: PastLife, place: number, events: readonly WaiverEvent[], nowMillis: number): WaiverWrite[] {
  const id = `wvr_00000000000000000000${String(place).padStart(6, '0')}`
  // Of most of them the looking back is long over.
  const told = events.filter(({ type }) => type !== 'ReviewOpened' || life.daysAgo < reviewedDaysAgo)
  const moved = told.map((event) => {
    const at = movedTo(life, event.type, nowMillis)
    return event.type === 'ReviewOpened' ? { ...event, at, dueAt: plusSeconds(at, 86_400) } : { ...event, at }
  })
  const after = evolveAll(id, moved)
  if (after === undefined) return []
  const askedBy = [after.requester]
  return [{ before: undefined, after, id, events: moved, dueAt: undefined, grant: undefined, askedBy }]
}

function movedTo(
  { daysAgo, waitedMinutes, openMinutes }: PastLife,
  type: WaiverEvent['type'],
  nowMillis: number,
): string {
  const askedMillis = nowMillis - daysAgo * 1_440 * minute
  const after: Partial<Record<WaiverEvent['type'], number>> = {
    WaiverRequested: 0,
    QuestionAsked: 0,
    QuestionAnswered: 0,
    AttemptRefused: 0,
    TermsNarrowed: waitedMinutes,
    WaiverCountersigned: waitedMinutes,
    WaiverDenied: waitedMinutes,
    ActivationStarted: waitedMinutes + 2,
    AccessActivated: waitedMinutes + 2,
    ReviewOpened: waitedMinutes + openMinutes,
    AccessRevoked: waitedMinutes + openMinutes,
    AccessExpired: waitedMinutes + openMinutes,
  }
  return instantOf(askedMillis + (after[type] ?? waitedMinutes + openMinutes + 1) * minute)
}

/** The same every time: who asked when, and how long it took, over half a year. */
export function halfAYear(given: WaiverId, denied: WaiverId): readonly PastLife[] {
  return Array.from({ length: 64 }, (_, place) => ({
    of: place % 7 === 3 ? denied : given,
    daysAgo: 2 + ((place * 37) % 176) * (place % 3 === 0 ? 0.4 : 1),
    waitedMinutes: 3 + ((place * 53) % 97) * (place % 11 === 0 ? 9 : 1),
    openMinutes: 20 + ((place * 29) % 140),
  }))
}
