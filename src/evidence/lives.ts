/**
 * What happened, told by the record alone: the feed from its first event, put together to lives of waivers, of changes
 * to the rules and of what had drifted. It believes no read model; every state is computed again from the events. An erased body ends what can
 * be told of its stream, and is said so.
 */
import type { ChangeEvent } from '../core/change.ts'
import type { DriftEvent } from '../core/drift.ts'
import { evolve } from '../core/evolve.ts'
import type { Instant } from '../core/time.ts'
import type { Waiver, WaiverEvent } from '../core/waiver.ts'

/** One event as the feed shows it. */
export interface Recorded {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly position?: number | undefined
  readonly type: string
  readonly at: Instant
  readonly by: string
  readonly bodyHash: string
  readonly body?: Readonly<Record<string, unknown>> | undefined
}

/** An act of a waiver, with the state before it and after it. */
export interface Act<Event extends WaiverEvent = WaiverEvent> {
  readonly recorded: Recorded
  readonly event: Event
  readonly before?: Waiver
  readonly after: Waiver
}

export interface Life {
  readonly id: string
  readonly acts: readonly Act[]
  /** As it stands at the end of what was read. */
  readonly waiver: Waiver
}

export interface RuleChange {
  readonly id: string
  readonly acts: readonly { readonly recorded: Recorded; readonly event: ChangeEvent }[]
}

/** Something that drifted, through every time that it came and went. */
export interface Finding {
  readonly id: string
  readonly acts: readonly { readonly recorded: Recorded; readonly event: DriftEvent }[]
}

export interface Attempt {
  readonly recorded: Recorded
  readonly code: string
  readonly command: string
}

export interface Story {
  readonly lives: readonly Life[]
  readonly changes: readonly RuleChange[]
  readonly findings: readonly Finding[]
  /** Everything that was refused, also requests that never became waivers. */
  readonly attempts: readonly Attempt[]
  /** Events whose body was erased. */
  readonly erasedCount: number
  readonly eventsCount: number
}

/** @param records the whole feed up to some moment, in order of positions */
export function storyOf(records: readonly Recorded[]): Story {
  const streams = Map.groupBy(records, ({ stream }) => stream)
  const lives: Life[] = []
  const changes: RuleChange[] = []
  const findings: Finding[] = []
  for (const [stream, events] of streams) {
    if (stream.startsWith('wvr_')) lives.push(...lifeOf(stream, events))
    else if (stream.startsWith('chg_')) changes.push({ id: stream, acts: actsWithBodies<ChangeEvent>(events) })
    else if (stream.startsWith('drf_')) findings.push({ id: stream, acts: actsWithBodies<DriftEvent>(events) })
  }
  return {
    lives,
    changes,
    findings,
    attempts: records.flatMap(attemptOf),
    erasedCount: records.filter(({ body }) => body === undefined).length,
    eventsCount: records.length,
  }
}

/** @returns nothing for a request that was refused: there is a record of it and no waiver. */
function lifeOf(id: string, events: readonly Recorded[]): readonly Life[] {
  const acts: Act[] = []
  let waiver: Waiver | undefined
  for (const recorded of events) {
    const event = recorded.body as WaiverEvent | undefined
    if (event === undefined) break
    const before = waiver
    if (before === undefined && event.type === 'AttemptRefused') continue
    waiver = evolve(before, event, id)
    acts.push({ recorded, event, after: waiver, ...(before === undefined ? {} : { before }) })
  }
  return waiver === undefined ? [] : [{ id, acts, waiver }]
}

/** @returns those whose body was not erased. */
function actsWithBodies<Event>(events: readonly Recorded[]): readonly { recorded: Recorded; event: Event }[] {
  return events.flatMap((recorded) =>
    recorded.body === undefined ? [] : [{ recorded, event: recorded.body as unknown as Event }],
  )
}

function attemptOf(recorded: Recorded): readonly Attempt[] {
  if (recorded.type !== 'AttemptRefused' || recorded.body === undefined) return []
  const { code, command } = recorded.body
  return [{ recorded, code: String(code), command: String(command) }]
}

/** @returns the acts of these types, narrowed to them. */
export function actsOf<Type extends WaiverEvent['type']>(
  life: Life,
  ...types: readonly Type[]
): readonly Act<Extract<WaiverEvent, { type: Type }>>[] {
  return life.acts.filter((act): act is Act<Extract<WaiverEvent, { type: Type }>> =>
    (types as readonly string[]).includes(act.event.type),
  )
}
