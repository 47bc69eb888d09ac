/**
 * The same idempotency key and command are answered once and the same, for what is no waiver's: changes to the rules, and
 * founding. The answer is written in the transaction of the act, so that there is never one without the other.
 */
import type { Actor } from '../core/waiver.ts'
import { digestOf } from '../lib/digest.ts'
import type { IdempotencyKey, Store, Transaction } from '../store/contract.ts'
import { StoreFault } from '../store/fault.ts'

export type Once<Value> =
  | { readonly state: 'done' | 'done-before'; readonly value: Value }
  /** The key was used for another command. */
  | { readonly state: 'key-reused' }

/** @param command everything the key stands for; the same key with another command is found out */
export function keyFor(actor: Actor, key: string | undefined, command: unknown): IdempotencyKey | undefined {
  return key === undefined ? undefined : { key, actor: actor.id, fingerprint: digestOf({ request: command }) }
}

const triesMax = 3

/**
 * @param lock what serialises these acts; whoever waited for it sees what was answered meanwhile
 * @param act gives plain JSON
 */
export async function transactOnce<Locked, Value>(
  store: Store,
  key: IdempotencyKey | undefined,
  lock: (tx: Transaction) => Promise<Locked>,
  act: (tx: Transaction, locked: Locked) => Promise<Value>,
): Promise<Once<Value>> {
  for (let tries = 1; ; tries++) {
    try {
      return await store.transact(async (tx): Promise<Once<Value>> => {
        const locked = await lock(tx)
        const known = key === undefined ? undefined : await tx.answered(key)
        if (known !== undefined && known.fingerprint !== key?.fingerprint) return { state: 'key-reused' }
        if (known !== undefined) return { state: 'done-before', value: known.answer as Value }
        const value = await act(tx, locked)
        if (key !== undefined) await tx.write({ waivers: [], revisions: [], answer: { key, answer: value } })
        return { state: 'done', value }
      })
    } catch (error) {
      // The same key was used for something else at this very moment: look again.
      if (!(error instanceof StoreFault && error.code === 'answered-before') || tries === triesMax) throw error
    }
  }
}
