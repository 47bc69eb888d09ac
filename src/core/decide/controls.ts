/** Compensating controls while access runs: evidence that one was kept. Whether one was missed is found by `tick.ts`. */
import type { Facts } from '../facts.ts'
import { refusal } from '../refusal.ts'
import { plusSeconds, secondsOf } from '../time.ts'
import type { Command, Waiver } from '../waiver.ts'
import { accept, type Decision, refuse, stamp } from './checks.ts'

export function evidence(waiver: Waiver, command: Extract<Command, { type: 'evidence' }>, facts: Facts): Decision {
  const terms = waiver.terms.controls.find((control) => control.control === command.control)
  if (terms === undefined) {
    const nearest = waiver.terms.controls.map((control) => control.control)
    return refuse(command, facts, refusal('unknown-control', `\`${command.control}\``, { nearest }))
  }
  if (waiver.status !== 'active' && waiver.status !== 'suspended')
    return refuse(command, facts, refusal('not-in-this-state', `it is ${waiver.status}`))
  const nextDueAt = plusSeconds(facts.now, secondsOf(terms.every) ?? 0)
  return accept({ ...stamp(facts), type: 'ControlEvidenced', control: command.control, text: command.text, nextDueAt })
}
