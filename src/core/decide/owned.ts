/**
 * Does somebody answer for the workload this is for? Asked when it is asked for, decided, started, extended and resumed:
 * what nobody owns any more gets nothing, whoever operates it, until somebody has taken ownership on the record.
 */
import type { Facts } from '../facts.ts'
import { isOrphaned } from '../ownership.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { nodeKindOf } from '../standing.ts'
import type { Terms } from '../terms.ts'

export function ownedToday(
  { beneficiary }: Pick<Terms, 'beneficiary'>,
  { directory, now }: Pick<Facts, 'directory' | 'now'>,
): Refusal | undefined {
  if (nodeKindOf(directory, beneficiary) !== 'workload' || !isOrphaned(directory, beneficiary, now)) return undefined
  return refusal('workload-orphaned', `\`${beneficiary}\``, { at: 'terms.beneficiary' })
}
