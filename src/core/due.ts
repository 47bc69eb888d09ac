/** When the next thing happens to a waiver by itself. The sweep looks at this instant and at nothing else. */
import { earliest, type Instant } from './time.ts'
import type { Waiver } from './waiver.ts'

/** @returns the next instant at which a tick may change something; undefined when nothing will ever become due. */
export function dueAt(waiver: Waiver): Instant | undefined {
  switch (waiver.status) {
    case 'requested':
    case 'endorsed':
      return waiver.proposal?.decideBy
    case 'countersigned':
      return waiver.activation === undefined ? dueBeforeStart(waiver) : waiver.activation.end
    case 'active':
    case 'suspended':
      return earliest([
        waiver.activation?.end,
        waiver.proposal?.decideBy,
        ...waiver.controls.map((control) => control.dueAt),
      ])
    case 'ended':
      return waiver.review === undefined || waiver.review.overdue ? undefined : waiver.review.dueAt
    case 'reviewed':
      return undefined
    default:
      return waiver.status satisfies never
  }
}

function dueBeforeStart({ obligations, terms, activateBy, retryAt }: Waiver): Instant | undefined {
  const last = earliest([activateBy, terms.window.end])
  if (obligations.activation !== 'automatic' || terms.kind === 'break-glass') return last
  const next = retryAt === undefined || retryAt < terms.window.start ? terms.window.start : retryAt
  return earliest([next, last])
}
