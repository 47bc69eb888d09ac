/** A recorded event as the caller may see it. */

import type { RuleDifference } from '../core/rules-diff.ts'
import type { StoredEvent } from '../store/contract.ts'
import type { RecordedEvent } from './schema/event.ts'
import { type Sight, seesSettings, shownBody, shownDifferences } from './sight.ts'

export function shownEvent(sight: Sight, { position, body, ...event }: StoredEvent, seesPaths: boolean): RecordedEvent {
  const shown =
    body === undefined
      ? undefined
      : (withoutSettings(shownBody(sight, body, seesPaths), seesSettings(sight)) as Record<string, unknown>)
  return {
    ...event,
    ...(position === undefined ? {} : { position: Number(position) }),
    ...(shown === undefined ? {} : { body: shown }),
  }
}

/** Nothing of the body is cut for the caller: then what opens its leaf tells them nothing that they do not see. */
export function isSeenWhole(sight: Sight, body: unknown, seesPaths: boolean): boolean {
  const seen = withoutSettings(shownBody(sight, body, seesPaths), seesSettings(sight))
  return JSON.stringify(seen) === JSON.stringify(withoutSettings(shownBody(sight, body, true), true))
}

/** Changes to the rules carry what they change. */
function withoutSettings(body: unknown, seesAll: boolean): unknown {
  if (typeof body !== 'object' || body === null || !('differences' in body) || !Array.isArray(body.differences))
    return body
  return { ...body, differences: shownDifferences(body.differences as RuleDifference[], seesAll) }
}
