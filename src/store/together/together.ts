/**
 * Decisions that come at the same time share a transaction: one statement locks for all of them, one commit makes all of
 * them durable. What goes wrong with one is its own: when the shared transaction cannot be committed, each is decided
 * again alone. A commit whose outcome nobody knows is never tried again.
 */
import type { Kysely } from 'kysely'
import type { Batch, Transaction } from '../contract.ts'
import type { Database } from '../database.ts'
import { StoreFault } from '../fault.ts'
import { committing, transact } from '../transaction.ts'
import { writeBatches } from '../write.ts'
import { groupOn, Leaves } from './group.ts'

/** One is decided while those before it are written. */
const groupsMax = 3
/** More would make the first of them wait for the last. */
const membersMax = 32

interface Waiting {
  readonly run: (tx: Transaction) => Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

type Outcome =
  | { readonly state: 'decided'; readonly value: unknown; readonly batches: readonly Batch[] }
  | { readonly state: 'leaves' }
  | { readonly state: 'failed'; readonly error: unknown }
  /** It failed or left after something of it was done: nothing of anybody may be committed. */
  | { readonly state: 'torn'; readonly error: unknown }

/** @returns a `transact` whose `run` may be started a second time, when nothing of the first was committed. */
export function togetherOn(db: Kysely<Database>): <R>(run: (tx: Transaction) => Promise<R>) => Promise<R> {
  const queue: Waiting[] = []
  let groupsCount = 0
  let deciding: readonly Waiting[] | undefined
  const next = () => {
    if (deciding !== undefined || groupsCount === groupsMax || queue.length === 0) return
    const members = queue.splice(0, membersMax)
    deciding = members
    groupsCount++
    const decided = () => {
      if (deciding === members) deciding = undefined
      next()
    }
    void decideTogether(db, members, decided).finally(() => {
      groupsCount--
      decided()
    })
  }
  return <R>(run: (tx: Transaction) => Promise<R>) =>
    new Promise<R>((resolve, reject) => {
      queue.push({ run, resolve: (value) => resolve(value as R), reject })
      // Whoever comes in the same turn comes along.
      setImmediate(next)
    })
}

/**
 * Resolves when all of them have their answer or are on their own; never rejects.
 * @param decided called when what was decided is on its way to the database
 */
async function decideTogether(db: Kysely<Database>, waiting: readonly Waiting[], decided: () => void): Promise<void> {
  try {
    const outcomes = await committing(db, (tx, onWrite) => outcomesIn(groupOn(tx), tx, onWrite, waiting, decided))
    for (const [n, one] of waiting.entries()) answer(db, one, outcomes[n] as Outcome)
  } catch (error) {
    const isKept = waiting.length === 1 && !(error instanceof Leaves)
    const isUnknown = error instanceof StoreFault && error.code === 'commit-unknown'
    for (const one of waiting) {
      // What went wrong with nobody else there is its own.
      if (isKept || isUnknown) one.reject(error)
      else void decideAlone(db, one)
    }
  }
}

function answer(db: Kysely<Database>, one: Waiting, outcome: Outcome): void {
  if (outcome.state === 'decided') one.resolve(outcome.value)
  else if (outcome.state === 'leaves') void decideAlone(db, one)
  else one.reject(outcome.error)
}

async function decideAlone(db: Kysely<Database>, { run, resolve, reject }: Waiting): Promise<void> {
  await transact(db, run).then(resolve, reject)
}

async function outcomesIn(
  group: ReturnType<typeof groupOn>,
  tx: Parameters<typeof writeBatches>[0],
  onWrite: (id: string | undefined) => void,
  waiting: readonly Waiting[],
  decided: () => void,
): Promise<readonly Outcome[]> {
  // INVARIANT: everybody has finished before the transaction ends, whatever went wrong; a statement must not come after it.
  const outcomes = await Promise.all(waiting.map((one) => outcomeOf(group, one)))
  if (group.broken !== undefined) throw group.broken
  const torn = outcomes.find((one) => one.state === 'torn')
  if (torn !== undefined) throw torn.error
  const written = writeBatches(
    tx,
    outcomes.flatMap((one) => (one.state === 'decided' ? one.batches : [])),
  )
  decided()
  onWrite(await written)
  return outcomes
}

async function outcomeOf(group: ReturnType<typeof groupOn>, { run }: Waiting): Promise<Outcome> {
  const member = group.member()
  try {
    return { state: 'decided', value: await run(member.tx), batches: member.batches }
  } catch (error) {
    if (member.touched) return { state: 'torn', error }
    return error instanceof Leaves ? { state: 'leaves' } : { state: 'failed', error: StoreFault.from(error) }
  }
}
