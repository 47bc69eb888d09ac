/**
 * What the record says, read event by event from the database and replayed by nobody but this file: the simulation's own
 * view of every waiver, against which read models, grants and targets are held.
 */
import { evolve } from '../../src/core/evolve.ts'
import { type WantedGrant, wantedGrant } from '../../src/core/plan.ts'
import type { Waiver, WaiverEvent } from '../../src/core/waiver.ts'
import type { EventRow } from './snapshot.ts'

/** One event as it was written, with the waiver before and after it. */
export interface Happening {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly body: { readonly type: string; readonly at: string; readonly by: string }
  /** Only for events of waivers that came to be. */
  readonly waiver?: { readonly before: Waiver | undefined; readonly after: Waiver; readonly event: WaiverEvent }
}

export interface Life {
  readonly id: string
  readonly name: string
  waiver: Waiver | undefined
  version: number
  /** What was wanted on the target, by generation. */
  readonly wanted: Map<number, WantedGrant>
}

export interface RecordView {
  /** Waivers by id, and the installation's own streams. */
  readonly lives: Map<string, Life>
  /** Events in the order of writing, since the world began. */
  readonly happenings: Happening[]
  /** Of the last event that was added. */
  last: number
  /** Adds what is new. @returns it. */
  add(rows: readonly EventRow[]): readonly Happening[]
  nameOf(id: string): string
}

export function newRecord(): RecordView {
  const lives = new Map<string, Life>()
  const lifeOf = (id: string): Life => {
    const known = lives.get(id)
    if (known !== undefined) return known
    const kind = id.startsWith('wvr_') ? 'w' : id.startsWith('chg_') ? 'c' : ''
    const count = [...lives.values()].filter(({ name }) => name.startsWith(kind)).length
    const name = kind === '' ? id : `${kind}${count + 1}`
    const life: Life = { id, name, waiver: undefined, version: 0, wanted: new Map() }
    lives.set(id, life)
    return life
  }
  const record: RecordView = {
    lives,
    happenings: [],
    last: 0,
    add(rows) {
      record.last = rows.at(-1)?.seq ?? record.last
      const fresh = rows.map((row) => happened(lifeOf(row.stream), row))
      record.happenings.push(...fresh)
      return fresh
    },
    nameOf: (id) => lives.get(id)?.name ?? id,
  }
  return record
}

function happened(life: Life, { id, stream, version, type, body: text }: EventRow): Happening {
  const body = JSON.parse(text) as Happening['body']
  const common = { id, stream, version, type, body }
  const before = life.waiver
  life.version = version
  const noWaiver = !stream.startsWith('wvr_') || (before === undefined && type === 'AttemptRefused')
  if (noWaiver) return common
  const event = body as WaiverEvent
  const after = evolve(before, event, stream)
  life.waiver = after
  const wanted = wantedGrant(after)
  if (wanted !== undefined) life.wanted.set(wanted.generation, wanted)
  return { ...common, waiver: { before, after, event } }
}
