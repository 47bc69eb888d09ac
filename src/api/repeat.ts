/**
 * The same Idempotency-Key and request answered once and the same, for what is many acts and not one: imports and closures.
 * The answer is kept right after them. If the process dies in between they are tried again, and each of them does nothing
 * where it was done already. What is one act keeps its answer with it, in the engine.
 */
import type { Refusal } from '../core/refusal.ts'
import { refusal } from '../core/refusal.ts'
import type { Actor } from '../core/waiver.ts'
import type { Machinery } from '../engine/handle.ts'
import { digestOf } from '../lib/digest.ts'
import type { IdempotencyKey, Store } from '../store/contract.ts'
import { StoreFault } from '../store/fault.ts'

export type Outcome<Value> = { readonly accepted: Value } | { readonly refused: Refusal }
/** `settled: false`: some of it could not be found out, so the same key has to be able to ask again. */
export type Ran<Value> = Outcome<Value> & { readonly settled?: false }
export type Answered<Value> = Outcome<Value> & { readonly replayed: boolean }

export interface Asked {
  readonly actor: Actor
  readonly key: string | undefined
  /** Operation, path and body: what the key was used for. */
  readonly request: unknown
}

/** One at a time within this process, so that a double click waits for its own first answer. */
const running = new Map<string, Promise<unknown>>()

/** `run` must give plain JSON. */
export async function answerOnce<Value>(
  { store }: Machinery,
  { actor, key, request }: Asked,
  run: () => Promise<Ran<Value>>,
): Promise<Answered<Value>> {
  if (key === undefined) {
    const { settled: _, ...ran } = await run()
    return { ...(ran as Outcome<Value>), replayed: false }
  }
  const own: IdempotencyKey = { key, actor: actor.id, fingerprint: digestOf({ request }) }
  const name = JSON.stringify([actor.id, key])
  const before = running.get(name)
  const answer = (before ?? Promise.resolve()).catch(() => undefined).then(() => once(store, own, run))
  running.set(name, answer)
  try {
    return await answer
  } finally {
    if (running.get(name) === answer) running.delete(name)
  }
}

async function once<Value>(
  store: Store,
  key: IdempotencyKey,
  run: () => Promise<Ran<Value>>,
): Promise<Answered<Value>> {
  const known = await answered<Value>(store, key)
  if (known !== undefined) return known
  const { settled, ...ran } = await run()
  const outcome = ran as Outcome<Value>
  const kept = settled === false ? 'not-kept' : await keep(store, key, outcome)
  if (kept === 'answered-before') return (await answered<Value>(store, key)) ?? { ...outcome, replayed: false }
  return { ...outcome, replayed: false }
}

/** What happened happened: that its answer could not be kept is no reason to say that it did not. */
async function keep(
  store: Store,
  key: IdempotencyKey,
  answer: unknown,
): Promise<'kept' | 'not-kept' | 'answered-before'> {
  try {
    await store.transact((tx) => tx.write({ waivers: [], revisions: [], answer: { key, answer } }))
    return 'kept'
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error
    return error.code === 'answered-before' ? 'answered-before' : 'not-kept'
  }
}

async function answered<Value>(store: Store, key: IdempotencyKey): Promise<Answered<Value> | undefined> {
  const known = await store.transact((tx) => tx.answered(key))
  if (known === undefined) return undefined
  if (known.fingerprint !== key.fingerprint) return { refused: refusal('idempotency-key-reused'), replayed: true }
  return { ...(known.answer as Outcome<Value>), replayed: true }
}
