/**
 * One act that is no waiver's, from whoever calls: answered once and the same under an Idempotency-Key, counted, and cut to
 * what the caller may see. What it does and whether it may be done is for the engine.
 */
import type { FastifyRequest } from 'fastify'
import type { Refusal } from '../core/refusal.ts'
import type { Actor } from '../core/waiver.ts'
import { callerOf, type Parts } from './parts.ts'
import { keyOf, refusalProblem } from './perform.ts'
import type { Problem } from './problem.ts'
import { answerOnce, type Outcome } from './repeat.ts'
import { anySight, type Sight } from './sight.ts'

export type Asking = Pick<FastifyRequest, 'actor' | 'headers' | 'routeOptions'>

export interface OnceAct<Value> {
  /** What metrics call it. */
  readonly name: string
  /** What an idempotency key is bound to. */
  readonly what: object
  readonly run: (caller: Actor) => Promise<Outcome<Value>>
}

export interface Done<Value> {
  readonly value: Value
  readonly replayed: boolean
  /** Undefined before there are rules. */
  readonly sight: Sight | undefined
}

export async function actOnce<Value>(
  parts: Parts,
  request: Asking,
  { name, what, run }: OnceAct<Value>,
): Promise<Done<Value> | Problem> {
  const caller = callerOf(request)
  const asked = { actor: caller, key: keyOf(request), request: what }
  const outcome = await answerOnce(parts.machinery, asked, () => run(caller))
  const { replayed } = outcome
  if (!replayed) {
    if ('refused' in outcome) parts.metrics.refused(outcome.refused.code)
    else parts.metrics.accepted(name)
  }
  const sight = await anySight(parts, caller)
  if ('refused' in outcome) return refusalProblem(sight, outcome.refused, undefined, replayed ? { replayed } : {})
  return { value: outcome.accepted, replayed, sight }
}

interface Refused {
  readonly outcome: 'refused'
  readonly refusal: Refusal
}

/** What the engine answered, as `actOnce` wants it. */
export function outcomeOf<Accepted extends { readonly outcome: 'accepted' }, Value>(
  handled: Accepted | Refused,
  shown: (accepted: Accepted) => Value,
): Outcome<Value> {
  return handled.outcome === 'refused' ? { refused: handled.refusal } : { accepted: shown(handled) }
}
