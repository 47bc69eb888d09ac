/**
 * Writes facts under the hash of their content, a few megabytes at a time and only what is not there yet: other work goes on
 * in between, and nothing ever holds all of it as text.
 */
import type { Digest } from '../../core/terms.ts'
import { grow, type Large } from '../../proof/parts/index.ts'
import type { Revision, Transaction } from '../../store/contract.ts'

const batchLengthMax = 4_000_000

/**
 * @param stored what the store has, as it was read from there, and from which `value` was made.
 * @returns the name of the whole.
 */
export async function keepLarge(
  tx: Pick<Transaction, 'keep'>,
  kind: 'directory' | 'snapshot',
  value: Large,
  stored?: Large,
): Promise<Digest> {
  const growing = grow(value, stored)
  let batch: Revision[] = []
  let length = 0
  for (let step = growing.next(); ; step = growing.next()) {
    if (step.done) {
      // The last one names all the others.
      await tx.keep(batch.map((one) => (one.digest === step.value ? { ...one, kind } : one)))
      return step.value
    }
    batch.push({ ...step.value, kind: 'part' })
    length += step.value.content.length
    if (length < batchLengthMax) continue
    await tx.keep(batch.slice(0, -1))
    batch = batch.slice(-1)
    length = 0
  }
}
