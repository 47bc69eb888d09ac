/**
 * Time has passed: whatever is due at this instant happens, in the order in which it hurts most to be late. The sweep
 * sends a tick to every waiver whose `dueAt` has come; a tick that finds nothing due changes nothing.
 */
import type { Facts } from '../facts.ts'
import { plusSeconds, secondsOf } from '../time.ts'
import { isOpen, type Waiver, type WaiverEvent } from '../waiver.ts'
import { activate } from './access.ts'
import { accept, type Decision, ending, stampSystem } from './checks.ts'

const command = { type: 'tick' } as const

export function tick(waiver: Waiver, facts: Facts): Decision {
  const { now } = facts
  if (!isOpen(waiver)) return accept(...reviewOverdue(waiver, facts))
  const { activation } = waiver
  if (activation !== undefined && now >= activation.end) {
    return accept(...ending(waiver, facts, { ...stampSystem(facts), type: 'AccessExpired' }, 'expired'))
  }
  if (activation === undefined && waiver.status === 'countersigned') return untouched(waiver, facts)
  return accept(...lapses(waiver, facts), ...missedControls(waiver, facts))
}

/** Countersigned and not started: too late, or time to start it. */
function untouched(waiver: Waiver, facts: Facts): Decision {
  const { now } = facts
  const last = waiver.activateBy ?? waiver.terms.window.end
  if (now >= last || now >= waiver.terms.window.end) {
    return accept(
      ...ending(
        waiver,
        facts,
        { ...stampSystem(facts), type: 'WaiverLapsed', cause: 'not-activated' },
        'not-activated',
      ),
    )
  }
  const automatic = waiver.obligations.activation === 'automatic' && waiver.terms.kind !== 'break-glass'
  const starts =
    automatic && now >= waiver.terms.window.start && (waiver.retryAt === undefined || now >= waiver.retryAt)
  return starts ? activate(waiver, command, facts) : accept()
}

function lapses(waiver: Waiver, facts: Facts): readonly WaiverEvent[] {
  const { proposal } = waiver
  if (proposal === undefined || facts.now < proposal.decideBy) return []
  switch (proposal.of) {
    case 'waiver':
      return ending(waiver, facts, { ...stampSystem(facts), type: 'WaiverLapsed', cause: 'lapsed' }, 'lapsed')
    case 'extension':
      return [{ ...stampSystem(facts), type: 'ExtensionLapsed' }]
    case 'resumption':
      return [{ ...stampSystem(facts), type: 'ResumptionLapsed' }]
    default:
      return proposal.of satisfies never
  }
}

function missedControls(waiver: Waiver, facts: Facts): readonly WaiverEvent[] {
  const { now } = facts
  const missed = waiver.controls.filter((control) => control.dueAt !== undefined && now >= control.dueAt)
  const events = missed.map((control): WaiverEvent => {
    const every = waiver.terms.controls.find((one) => one.control === control.control)?.every
    const nextDueAt = plusSeconds(now, (every === undefined ? undefined : secondsOf(every)) ?? 3_600)
    return { ...stampSystem(facts), type: 'ControlMissed', control: control.control, nextDueAt }
  })
  const suspends = missed.length > 0 && waiver.status === 'active' && waiver.obligations.missedControl === 'suspend'
  if (!suspends) return events
  const names = missed.map((control) => `\`${control.control}\``).join(', ')
  return [...events, { ...stampSystem(facts), type: 'AccessSuspended', reason: `evidence for ${names} is overdue` }]
}

function reviewOverdue(waiver: Waiver, facts: Facts): readonly WaiverEvent[] {
  const { review } = waiver
  const late = waiver.status === 'ended' && review !== undefined && !review.overdue && facts.now >= review.dueAt
  return late ? [{ ...stampSystem(facts), type: 'ReviewOverdue' }] : []
}
