/**
 * Was this proof seen before, by any of several processes? Each remembers its own, and asks what they share about every one
 * it does not know. As many as arrive while one question is under way are asked about together in the next. What cannot be
 * asked is not answered: whoever waits gets the error, never a yes.
 */
import { tokenHashOf } from './dpop.ts'
import { type SeenProofs, seenProofs } from './seen-proofs.ts'

/** @returns those of the keys that nobody remembered before; afterwards all of them are remembered. */
export type RememberProofs = (keys: readonly string[]) => Promise<ReadonlySet<string>>

interface Waiting {
  readonly key: string
  readonly answer: (isNew: boolean) => void
  readonly fail: (error: unknown) => void
}

const batchMax = 500

/** @param countMax how many this process remembers at most; it bounds what all of them share as well */
export function sharedProofs(remember: RememberProofs, countMax?: number): SeenProofs {
  const own = seenProofs(countMax)
  let waiting: Waiting[] = []
  let asking = false
  const ask = async () => {
    asking = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax)
      waiting = waiting.slice(batchMax)
      try {
        const fresh = await remember(batch.map(({ key }) => key))
        for (const { key, answer } of batch) answer(fresh.has(key))
      } catch (error) {
        for (const { fail } of batch) fail(error)
      }
    }
    asking = false
  }
  return {
    async isNew(proof, nowSeconds) {
      // INVARIANT: no key stands twice in what is asked, for its own memory has said no to the second.
      if (!own.isNew(proof, nowSeconds)) return false
      // Whatever stands in an id, what is shared is a hash of it.
      const key = await tokenHashOf(`${proof.thumbprint} ${proof.id}`)
      return new Promise<boolean>((answer, fail) => {
        waiting.push({ key, answer, fail })
        if (!asking) void ask()
      })
    },
    get size() {
      return own.size
    },
  }
}
