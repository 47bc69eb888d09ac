/**
 * What the record says, read event by event from the database and replayed by nobody but this file: the simulation's own
 * view of every waiver, against which read models, grants and targets are held.
 */
import type pg from 'pg'
import { evolve } from '../../src/core/evolve.ts'
import { type WantedGrant, wantedGrant } from '../../src/core/plan.ts'
import type { Waiver, WaiverEvent } from '../../src/core/waiver.ts'

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
  /** Reads what is new. @returns it. */
  read(): Promise<readonly Happening[]>
  nameOf(id: string): string
}

interface Row {
  readonly seq: string
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly body: string
}

export async function openRecord(admin: pg.Client): Promise<RecordView> {
  let last = '0'
  const lives = new Map<string, Life>()
  const happenings: Happening[] = []
  const lifeOf = (id: string): Life => {
    const known = lives.get(id)
    if (known !== undefined) return known
    const kind = id.startsWith('wvr_') ? 'w' : id.startsWith('chg_') ? 'c' : ''
    const count = [...lives.values()].filter(({ name }) => name.startsWith(kind)).length
    const life: Life = {
      id,
      name: kind === '' ? id : `${kind}${count + 1}`,
      waiver: undefined,
      version: 0,
      wanted: new Map(),
    }
    lives.set(id, life)
    return life
  }
  const view: RecordView = {
    lives,
    happenings,
    async read() {
      const { rows } = await admin.query<Row>(
        `select e.seq, e.id, e.stream, e.version, e.type, b.body from events e join event_bodies b on b.event = e.id
         where e.seq > $1 order by e.seq`,
        [last],
      )
      last = rows.at(-1)?.seq ?? last
      const fresh = rows.map((row) => happened(lifeOf(row.stream), row))
      happenings.push(...fresh)
      return fresh
    },
    nameOf: (id) => lives.get(id)?.name ?? id,
  }
  // The founding came before the world began.
  await view.read()
  return view
}

function happened(life: Life, { id, stream, version, type, body: text }: Row): Happening {
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
