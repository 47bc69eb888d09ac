/** The shapes of the API's answers, as the core's types where both are the same. */
import type { TermsView } from '../../client/index.ts'
import type { Terms } from '../../core/terms.ts'

/** What came as JSON has no member that is there and undefined, which is all the two types differ in. */
export function termsIn(view: TermsView): Terms {
  return view as Terms
}
