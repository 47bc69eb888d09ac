/**
 * Decisions that one process makes at the same moment. They come to its gate as one effect, as they come to the database as
 * one transaction: whatever meets that effect meets all of them, and what happens to one of them inside it is the store's.
 */
import type { Store, Transaction } from '../../src/store/contract.ts'

interface Waiting {
  readonly run: (tx: Transaction) => Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

type Told = readonly PromiseSettledResult<unknown>[]

/** @param passing lets through what all who have come by then decide, or throws what they met */
export function inCompany(
  passing: (decideAll: () => Promise<Told>) => Promise<Told>,
  transact: Store['transact'],
): Store['transact'] {
  let waiting: Waiting[] = []
  const takeAll = () => {
    const all = waiting
    waiting = []
    return all
  }
  const come = async () => {
    let company: readonly Waiting[] | undefined
    try {
      const told = await passing(() => {
        company = takeAll()
        return Promise.allSettled(inTurn(company, transact))
      })
      for (const [n, one] of (company ?? []).entries()) hear(one, told[n] as PromiseSettledResult<unknown>)
    } catch (error) {
      for (const one of company ?? takeAll()) one.reject(error)
    }
  }
  return <R>(run: (tx: Transaction) => Promise<R>) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ run, resolve: (value) => resolve(value as R), reject })
      if (waiting.length === 1) void come()
    })
}

/** Whoever is left to decide alone does so after those who came before; otherwise two runs of one seed would differ. */
function inTurn(company: readonly Waiting[], transact: Store['transact']): readonly Promise<unknown>[] {
  const answers: Promise<unknown>[] = []
  for (const { run } of company) {
    const before = Promise.allSettled(answers)
    let runsCount = 0
    const inItsTurn = async (tx: Transaction) => {
      if (runsCount++ > 0) await before
      return run(tx)
    }
    answers.push(transact(inItsTurn, 'together'))
  }
  return answers
}

function hear({ resolve, reject }: Waiting, told: PromiseSettledResult<unknown>): void {
  if (told.status === 'fulfilled') resolve(told.value)
  else reject(told.reason)
}
