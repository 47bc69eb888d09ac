/**
 * What must hold after every step, whatever happened: all of it in this one place, judged on what is true on the targets,
 * on the events as they were written, and by the simulation's own replay of them. Nothing here asks the engine.
 */
import { dueAt } from '../../src/core/due.ts'
import { type WantedGrant, wantedGrant } from '../../src/core/plan.ts'
import { isOpen, type Waiver } from '../../src/core/waiver.ts'
import type { Handled } from '../../src/engine/handle.ts'
import { canonicalJson } from '../../src/lib/digest.ts'
import { amounts } from './invariants/amounts.ts'
import { approvals } from './invariants/approvals.ts'
import type { Facts } from './invariants/facts.ts'
import { rules } from './invariants/rules.ts'
import { times } from './invariants/times.ts'

export class Broken extends Error {
  override readonly name = 'Broken'
  readonly promise: string

  constructor(promise: string, detail: string) {
    super(`${promise}: ${detail}`)
    this.promise = promise
  }
}

/** One promise. It says what is wrong, once for each thing that is; nothing when it holds. */
export type Invariant = (facts: Facts) => Iterable<string> | Promise<Iterable<string>>

export const afterEveryStep: Readonly<Record<string, Invariant>> = {
  'versions have no gaps': function* ({ fresh, versionsBefore }) {
    const last = new Map(versionsBefore)
    for (const { stream, version, type } of fresh) {
      const expected = (last.get(stream) ?? 0) + 1
      if (version !== expected) yield `${type} of ${stream} is version ${version}, not ${expected}`
      last.set(stream, version)
    }
  },

  'what was answered is on the record': function* ({ world, fresh }) {
    for (const { order, handled } of world.attempts) {
      if (handled.replayed) continue
      if (handled.outcome === 'accepted') {
        const missing = handled.events.filter((id) => !fresh.some((event) => event.id === id))
        if (missing.length > 0) yield `${order.command.type} was accepted, and ${missing.join(', ')} is not there`
        continue
      }
      const { code } = handled.refusal
      if (code === 'unknown-waiver' || code === 'idempotency-key-reused') continue
      const recorded = fresh.some(
        ({ stream, type, body }) =>
          stream === handled.waiverId &&
          type === 'AttemptRefused' &&
          body.by === order.actor.id &&
          (body as { code?: string }).code === code,
      )
      if (!recorded) yield `${order.actor.id} ${order.command.type} was refused with ${code}, and nobody wrote it down`
    }
  },

  'whoever is answered hears of their own': function* ({ world, fresh }) {
    for (const { order, handled } of world.attempts) {
      const what = `${order.actor.id} ${order.command.type} ${order.waiver}`
      const about = handled.outcome === 'accepted' ? handled.waiver.id : handled.waiverId
      if (order.waiver !== undefined && about !== order.waiver) yield `${what} was answered with ${about}`
      if (handled.outcome === 'refused' || handled.replayed) continue
      const own = fresh.filter(({ id }) => handled.events.includes(id))
      const others = own.filter(({ stream }) => stream !== handled.waiver.id)
      if (others.length > 0) yield `${what} was answered with an event of ${others[0]?.stream}`
      if (own.length > 0 && !own.some(({ body }) => body.by === order.actor.id))
        yield `${what} was answered with what ${own[0]?.body.by} did`
    }
  },

  'one key is one answer': function* ({ world }) {
    const keyed = world.attempts.filter(({ order }) => order.idempotencyKey !== undefined)
    for (const [key, attempts] of Map.groupBy(keyed, ({ order }) => order.idempotencyKey)) {
      const answers = new Set(attempts.map(({ handled }) => answerOf(handled)))
      if (answers.size > 1) yield `under ${key} was answered ${[...answers].join(' and ')}`
      if (attempts.filter(({ handled }) => !handled.replayed).length > 1) yield `${key} was decided twice`
    }
  },

  'read models are the replay of their events': function* ({ world, rows }) {
    for (const { id, waiver } of world.record.lives.values()) {
      if (waiver === undefined) continue
      const row = rows.waivers.get(id)
      if (row === undefined) yield `${id} has no row`
      else if (canonicalJson(row.state) !== canonicalJson(JSON.parse(JSON.stringify(waiver))))
        yield `the row of ${id} is not what its events say`
      else if (row.status !== waiver.status || row.version !== waiver.version || row.open !== isOpen(waiver))
        yield `the columns of ${id} are not what its state says`
    }
    if (rows.waivers.size > [...world.record.lives.values()].filter(({ waiver }) => waiver !== undefined).length)
      yield 'there are waivers that no event asked for'
  },

  'everything that is open has a due time': function* ({ world, rows }) {
    for (const { id, waiver } of world.record.lives.values()) {
      if (waiver === undefined) continue
      if (isOpen(waiver) && rows.waivers.get(id)?.due_at === null) yield `${id} is ${waiver.status} and never due`
      if (dueAt(waiver) !== undefined && rows.waivers.get(id)?.due_at === null)
        yield `${id} is due and nobody will look`
    }
    for (const [grant, row] of rows.grants)
      if (!row.settled && row.next_at === null) yield `${grant} is open and never looked at`
  },

  'one grant a waiver, and it says what the waiver says': function* ({ world, rows }) {
    const expected = new Map<string, { waiver: Waiver; wanted: WantedGrant }>()
    for (const { waiver } of world.record.lives.values()) {
      const wanted = waiver && wantedGrant(waiver)
      if (waiver !== undefined && wanted !== undefined) expected.set(wanted.grant, { waiver, wanted })
    }
    for (const [grant, { waiver, wanted }] of expected) {
      const row = rows.grants.get(grant)
      if (row === undefined) yield `${waiver.id} gives access and has no grant`
      else if (row.waiver !== waiver.id) yield `${grant} belongs to ${row.waiver}`
      else if (canonicalJson(row.wanted) !== canonicalJson(wanted))
        yield `${grant} does not want what ${waiver.id} says`
    }
    for (const grant of rows.grants.keys()) if (!expected.has(grant)) yield `${grant} belongs to no waiver`
  },

  'a settled removal is a verified one': function* ({ world, rows }) {
    for (const [grant, row] of rows.grants) {
      const waiver = world.record.lives.get(row.waiver)?.waiver
      if (row.settled && !row.wanted.present && waiver?.removal.state !== 'verified')
        yield `${grant} is settled and its removal is ${waiver?.removal.state}`
    }
  },

  'the generation never goes down': function* ({ fresh }) {
    for (const { waiver } of fresh)
      if (waiver?.before !== undefined && waiver.after.generation < waiver.before.generation)
        yield `${waiver.after.id} went from ${waiver.before.generation} to ${waiver.after.generation}`
  },

  'access on a target was countersigned and wanted': function* ({ world }) {
    for (const truth of world.targets.systems.values()) {
      for (const [grant, spec] of truth.grants) {
        const life = world.record.lives.get(grant.replace('grt_', 'wvr_'))
        const waiver = life?.waiver
        if (waiver === undefined) yield `${grant} on ${truth.name} belongs to nobody`
        else if (waiver.approvals.length === 0) yield `${grant} on ${truth.name} was never countersigned`
        else if (life?.wanted.get(spec.generation)?.present !== true)
          yield `${grant} on ${truth.name} was never wanted in generation ${spec.generation}`
        else yield* outside(spec, life.wanted.get(spec.generation) as WantedGrant)
      }
    }
  },

  'removal is verified only when access and sessions are gone': function* ({ world }) {
    for (const truth of world.targets.systems.values()) {
      const held = [...truth.grants.keys(), ...[...truth.sessions.values()].map(({ grant }) => grant)]
      for (const grant of held) {
        const waiver = world.record.lives.get(grant.replace('grt_', 'wvr_'))?.waiver
        if (waiver?.removal.state === 'verified') yield `${grant} is still on ${truth.name}`
      }
    }
  },

  'nothing is given while the clock is frozen': function* ({ world, fresh, clock }) {
    if (clock !== 'went-backwards') return
    const giving = [
      'ActivationStarted',
      'WaiverCountersigned',
      'ExtensionCountersigned',
      'ResumptionCountersigned',
      'ChangeCountersigned',
      'ChangeTookEffect',
    ]
    for (const { type, stream } of fresh) if (giving.includes(type)) yield `${type} of ${stream}`
    for (const { system, spec, fresh: isNew } of world.targets.given)
      if (isNew) yield `${spec.grant} came to be on ${system}`
  },

  'nothing is given after its end': function* ({ world }) {
    for (const { system, spec, at } of world.targets.given)
      if (spec.until <= at) yield `${spec.grant} was given on ${system} at ${at}, its end was ${spec.until}`
  },

  'positions follow one another': function* ({ rows }) {
    if (rows.feed.count !== rows.feed.last + 1) yield `${rows.feed.count} positions up to ${rows.feed.last}`
  },

  ...amounts,
  ...approvals,
  ...times,
  ...rules,
}

function answerOf(handled: Handled): string {
  return handled.outcome === 'accepted' ? handled.events.join(' ') : handled.refusal.code
}

/** What is on the target is what was approved, or less. `until` may have been moved by hand, which is for later to find. */
function* outside(
  spec: WantedGrant | { account: string; resources: readonly string[]; actions: readonly string[]; grant: string },
  wanted: WantedGrant,
): Iterable<string> {
  if (spec.account !== wanted.account) yield `${spec.grant} is for ${spec.account}, not ${wanted.account}`
  const wider = [
    ...spec.resources.filter((one) => !wanted.resources.includes(one)),
    ...spec.actions.filter((one) => !wanted.actions.includes(one)),
  ]
  if (wider.length > 0) yield `${spec.grant} gives ${wider.join(', ')} as well`
}
