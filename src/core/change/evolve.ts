/** What an event changes of a change to the rules. */
import type { Verdict } from '../conflict.ts'
import type { Change, ChangeCountersignature, ChangeEvent, ChangeId, ChangeStamp, ChangeStatus } from './state.ts'

export function evolveChange(change: Change | undefined, event: ChangeEvent, id: ChangeId): Change | undefined {
  if (event.type === 'ChangeProposed') {
    const { at, by, reason, base, proposed, differences, admits } = event
    return {
      id,
      version: 1,
      status: 'proposed',
      author: by,
      at,
      reason,
      base,
      proposed,
      differences,
      admits,
      countersignatures: [],
    }
  }
  if (change === undefined) return undefined
  const next = { ...change, version: change.version + 1 }
  const ended = (status: ChangeStatus, reason: string): Change => ({
    ...next,
    status,
    end: { by: event.by, at: event.at, reason },
  })
  switch (event.type) {
    case 'ChangeCountersigned': {
      const countersignatures = [...change.countersignatures, countersignatureOf(event)]
      return event.complete
        ? { ...next, countersignatures, status: 'countersigned', effectiveAt: event.effectiveAt }
        : { ...next, countersignatures }
    }
    case 'ChangeDenied':
      return ended('denied', event.reason)
    case 'ChangeWithdrawn':
      return ended('withdrawn', event.reason)
    case 'ChangeTookEffect':
      return { ...next, status: 'effective' }
    case 'ChangeSuperseded':
      return ended('superseded', event.reason ?? 'the rules were changed meanwhile')
    case 'AttemptRefused':
      return next
    default:
      return event satisfies never
  }
}

export function countersignatureOf(
  event: ChangeStamp & { verdict: Verdict; asFounder?: boolean },
): ChangeCountersignature {
  const { additionalCountersigners: additional } = event.verdict
  return {
    by: event.by,
    at: event.at,
    ...(event.asFounder ? { asFounder: true } : {}),
    ...(additional > 0 ? { additional } : {}),
  }
}
