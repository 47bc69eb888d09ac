/**
 * The same Idempotency-Key and request answered once and the same, for writes that are no waiver's: changes to the rules,
 * founding, imports, closures. The answer is kept right after the act. If the process dies in between, the act is tried
 * again, and what may happen only once is refused by the core's own rules.
 */
import type { Refusal } from '../core/refusal.ts'
import { refusal } from '../core/refusal.ts'
import type { Actor } from '../core/waiver.ts'
import type { Machinery } from '../engine/handle.ts'
import { digestOf } from '../lib/digest.ts'
import type { IdempotencyKey, Store } from '../store/contract.ts'
import { StoreFault } from '../store/fault.ts'

export type Outcome<Value> = { readonly accepted: Value } | { readonly refused: Refusal }
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
  run: () => Promise<Outcome<Value>>,
): Promise<Answered<Value>> {
  if (key === undefined) return { ...(await run()), replayed: false }
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
  run: () => Promise<Outcome<Value>>,
): Promise<Answered<Value>> {
  const known = await answered<Value>(store, key)
  if (known !== undefined) return known
  const outcome = await run()
  try {
    await store.transact((tx) => tx.write({ waivers: [], revisions: [], answer: { key, answer: outcome } }))
  } catch (error) {
    if (!(error instanceof StoreFault) || error.code !== 'answered-before') throw error
    return (await answered<Value>(store, key)) ?? { ...outcome, replayed: false }
  }
  return { ...outcome, replayed: false }
}

async function answered<Value>(store: Store, key: IdempotencyKey): Promise<Answered<Value> | undefined> {
  const { answered: known } = await store.transact((tx) => tx.lockWaiver('', key))
  if (known === undefined) return undefined
  if (known.fingerprint !== key.fingerprint) return { refused: refusal('idempotency-key-reused'), replayed: true }
  return { ...(known.answer as Outcome<Value>), replayed: true }
}
