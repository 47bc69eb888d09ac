/** A recorded event as the caller may see it. */

import type { RuleDifference } from '../core/rules-diff.ts'
import type { StoredEvent } from '../store/contract.ts'
import type { RecordedEvent } from './schema/event.ts'
import { type Sight, seesSettings, shownBody, shownDifferences } from './sight.ts'

export function shownEvent(sight: Sight, { position, body, ...event }: StoredEvent, seesPaths: boolean): RecordedEvent {
  const shown =
    body === undefined
      ? undefined
      : (withoutSettings(sight, shownBody(sight, body, seesPaths)) as Record<string, unknown>)
  return {
    ...event,
    ...(position === undefined ? {} : { position: Number(position) }),
    ...(shown === undefined ? {} : { body: shown }),
  }
}

/** Changes to the rules carry what they change. */
function withoutSettings(sight: Sight, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('differences' in body) || !Array.isArray(body.differences))
    return body
  return { ...body, differences: shownDifferences(body.differences as RuleDifference[], seesSettings(sight)) }
}
