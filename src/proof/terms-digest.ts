/** The one digest of terms: what is shown is what is signed is what is granted, if all of them hash this form. */
import { normalizeTerms, type Terms } from '../core/terms.ts'
import { digestOf } from '../lib/digest.ts'

export function termsDigest(terms: Terms): string {
  return digestOf({ countersign: 'terms/v1', terms: normalizeTerms(terms) })
}
