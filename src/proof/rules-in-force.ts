/**
 * Which rules were ever put into force, and by what? Folded from the events of the founding and of changes to the rules: a
 * digest that founders or a countersigned change brought in, and the event that did it.
 */
import { type Change, type ChangeEvent, evolveChange } from '../core/change.ts'
import { evolveFounding, type Founding, type FoundingEvent } from '../core/founding.ts'
import type { Digest } from '../core/terms.ts'

export interface RuleEvent {
  readonly id: string
  readonly stream: string
  readonly type: string
  readonly body: unknown
}

export const foundingStream = 'founding'
export const directoryStream = 'directory'

/** The event that put a revision into force. The same revision may come into force more than once. */
export interface Effective<Event> {
  readonly digest: Digest
  readonly event: Event
}

/** @param events one stream from its beginning, in order. @returns undefined when it put nothing into force */
export function putIntoForce<Event extends RuleEvent>(events: readonly Event[]): Effective<Event> | undefined {
  const stream = events[0]?.stream
  if (stream === undefined) return undefined
  return stream === foundingStream ? founded(events) : changed(events, stream)
}

function founded<Event extends RuleEvent>(events: readonly Event[]): Effective<Event> | undefined {
  let founding: Founding | undefined
  for (const event of events) {
    founding = evolveFounding(founding, event.body as FoundingEvent)
    if (event.type === 'Founded') return { digest: founding.policy, event }
  }
  return undefined
}

function changed<Event extends RuleEvent>(events: readonly Event[], id: string): Effective<Event> | undefined {
  let change: Change | undefined
  for (const event of events) {
    change = evolveChange(change, event.body as ChangeEvent, id)
    if (event.type === 'ChangeTookEffect' && change !== undefined) return { digest: change.proposed, event }
  }
  return undefined
}
