/**
 * Many JSON texts as one parameter: an array literal would have every quote escaped here and unescaped again by the
 * server, which for a thousand states costs more than writing them.
 */
import { type RawBuilder, sql } from 'kysely'

/** The record separator: JSON escapes every control character, so no JSON text contains it as it is. */
const separator = '\u001e'

/**
 * An expression of type `text[]`, in their order.
 * INVARIANT: as many come out as went in. Were it otherwise, the columns beside it would be null, and no table takes that.
 * @param texts JSON, at least one
 */
export function jsonTexts(texts: readonly string[]): RawBuilder<unknown> {
  return sql`string_to_array(${texts.join(separator)}::text, chr(30))`
}
