/**
 * One act on a waiver, from whoever calls: through `handle` and nothing else, and back as the caller may see it. Every
 * route that writes to a waiver comes through here; there is no other way in.
 */
import type { FastifyRequest } from 'fastify'
import type { Refusal, RefusalCode } from '../core/refusal.ts'
import type { Actor, Command, Waiver, WaiverId } from '../core/waiver.ts'
import { type Handled, handle } from '../engine/handle.ts'
import { callerOf, type Parts } from './parts.ts'
import { type Problem, refused } from './problem.ts'
import type { Written } from './schema/waiver.ts'
import { anySight, namesIn, type Sight, shownRefusal } from './sight.ts'

type Asking = Pick<FastifyRequest, 'actor' | 'headers' | 'routeOptions'>

export interface Act {
  /** Absent for a request. */
  readonly waiver?: WaiverId
  readonly command: Command
  /** Says more about a refusal where that is cheap. */
  readonly explain?: (sight: Sight, no: Refusal) => Refusal
}

export async function perform(
  parts: Parts,
  request: Asking,
  { waiver, command, explain }: Act,
): Promise<Written | Problem> {
  const caller = callerOf(request)
  return shownHandled(parts, caller, await handleAs(parts, caller, command, waiver, keyOf(request)), explain)
}

/** What came of an act that the engine was asked for in another way, counted and shown like any other. */
export async function answered(
  parts: Parts,
  caller: Actor,
  type: Command['type'],
  handled: Handled,
): Promise<Written | Problem> {
  counted(parts, type, handled)
  return shownHandled(parts, caller, handled)
}

async function shownHandled(
  parts: Parts,
  caller: Actor,
  handled: Handled,
  explain?: Act['explain'],
): Promise<Written | Problem> {
  if (handled.outcome === 'refused') return refusedProblem(parts, caller, handled, explain)
  const { waiver: after, events, replayed } = handled
  const sight = await anySight(parts, caller)
  return { waiver: after, events, replayed, names: sight === undefined ? {} : namesIn(sight.index, after) }
}

/** Counts what came of it; a repeated answer is not a second act. */
export async function handleAs(
  parts: Parts,
  actor: Actor,
  command: Command,
  waiver?: WaiverId,
  idempotencyKey?: string,
): Promise<Handled> {
  const handled = await handle(parts.machinery, {
    command,
    actor,
    ...(waiver === undefined ? {} : { waiver }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  counted(parts, command.type, handled)
  return handled
}

function counted({ metrics }: Parts, type: string, handled: Handled): void {
  if (handled.replayed) return
  if (handled.outcome === 'refused') metrics.refused(handled.refusal.code)
  else metrics.accepted(type)
}

/** Validated by the schema of every write's headers. */
export function keyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers['idempotency-key']
  return typeof key === 'string' ? key : undefined
}

/** Refusals that leave no record behind. */
const unrecorded: ReadonlySet<RefusalCode> = new Set(['not-initialised', 'unknown-waiver', 'idempotency-key-reused'])

async function refusedProblem(
  parts: Parts,
  caller: Actor,
  { refusal: no, waiverId, replayed }: Extract<Handled, { outcome: 'refused' }>,
  explain: Act['explain'],
): Promise<Problem> {
  const sight = await anySight(parts, caller)
  const waiver = await parts.machinery.store.waivers.find(waiverId)
  const explained = sight === undefined || explain === undefined ? no : explain(sight, no)
  return refusalProblem(sight, explained, waiver, {
    ...(unrecorded.has(no.code) ? {} : { instance: `/v1/waivers/${waiverId}/events` }),
    ...(replayed ? { replayed } : {}),
  })
}

export function refusalProblem(
  sight: Sight | undefined,
  no: Refusal,
  waiver: Waiver | undefined,
  also: Parameters<typeof refused>[1] = {},
): Problem {
  const { more, ...said } = shownRefusal(sight, no, waiver)
  const names = sight === undefined ? {} : namesIn(sight.index, more)
  return refused(said, { ...more, ...also, ...(Object.keys(names).length === 0 ? {} : { names }) })
}
