/**
 * "Did you mean": adds the names that exist and look like what was written, where finding them costs little, and takes out
 * those the caller has no business knowing.
 */

import { kindOf } from '../core/directory.ts'
import { entryOf } from '../core/policy.ts'
import type { Refusal } from '../core/refusal.ts'
import { nearest } from '../lib/nearest.ts'
import { type Sight, seesAccountsOf } from './sight.ts'

interface Named {
  readonly beneficiary: string
  readonly access: { readonly system: string; readonly entitlement: string }
}

/** Comparing one word with so many others takes a few milliseconds; with more, nothing is suggested. */
const comparedMax = 20_000

export function withNearest(sight: Sight, no: Refusal, terms: Named): Refusal {
  if (no.code === 'unknown-account' && !seesAccountsOf(sight, terms.beneficiary)) return withoutNearest(no)
  if (no.nearest !== undefined) return no
  const [written, candidates] = candidatesFor(sight, no, terms)
  if (candidates.length === 0 || candidates.length > comparedMax) return no
  const found = nearest(written, candidates)
  return found.length === 0 ? no : { ...no, nearest: found }
}

function withoutNearest({ nearest: _, ...no }: Refusal): Refusal {
  return no
}

function candidatesFor(
  { policy, index }: Sight,
  { code }: Refusal,
  { beneficiary, access }: Named,
): readonly [string, readonly string[]] {
  switch (code) {
    case 'unknown-system':
      return [access.system, Object.keys(policy.systems)]
    case 'unknown-entitlement':
      return [access.entitlement, Object.keys(entryOf(policy.systems, access.system)?.entitlements ?? {})]
    case 'unknown-beneficiary': {
      const kind = kindOf(beneficiary)
      return [beneficiary, kind === undefined ? [] : index.ids(kind)]
    }
    default:
      return ['', []]
  }
}
