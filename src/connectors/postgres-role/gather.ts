/**
 * How do ten thousand grants end in the same second without ten thousand round trips? Calls that come while earlier ones
 * are under way go together in one message. A call that comes alone goes at once; nobody waits for company.
 */
import type { Outcome } from '../access.ts'

export interface GatherLimits {
  /** Calls in one message. */
  readonly together: number
  /** Messages under way. */
  readonly atOnce: number
}

/**
 * `run` answers as many outcomes as it got items, in their order; it never rejects. A message that came back `not-done`
 * as a whole is repeated call by call, so that one that cannot be done does not keep the others from it.
 */
export function gather<Item, Value>(
  run: (items: readonly Item[]) => Promise<readonly Outcome<Value>[]>,
  { together, atOnce }: GatherLimits,
): (item: Item) => Promise<Outcome<Value>> {
  const waiting: { readonly item: Item; readonly answer: (outcome: Promise<Outcome<Value>>) => void }[] = []
  let underWay = 0
  const send = async () => {
    if (underWay >= atOnce || waiting.length === 0) return
    underWay += 1
    const calls = waiting.splice(0, together)
    const outcomes = settle(
      calls.map(({ item }) => item),
      run,
    )
    calls.forEach(({ answer }, index) => {
      answer(outcomes.then((all) => all[index] as Outcome<Value>))
    })
    await outcomes.catch(() => {})
    underWay -= 1
    void send()
  }
  return (item) => {
    const { promise, resolve } = Promise.withResolvers<Outcome<Value>>()
    waiting.push({ item, answer: resolve })
    queueMicrotask(() => void send())
    return promise
  }
}

async function settle<Item, Value>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<readonly Outcome<Value>[]>,
): Promise<readonly Outcome<Value>[]> {
  const outcomes = await run(items)
  if (items.length === 1 || outcomes.some(({ outcome }) => outcome !== 'not-done')) return outcomes
  const alone: Outcome<Value>[] = []
  for (const item of items) alone.push(...(await run([item])))
  return alone
}
