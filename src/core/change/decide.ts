/** What follows from a command on a change to the rules: events or a refusal, which is an event as well. */
import type { Verdict } from '../conflict.ts'
import type { PersonId } from '../directory.ts'
import { independence, type Matter } from '../independence.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { plusSeconds } from '../time.ts'
import { countersignatureOf } from './evolve.ts'
import { mayCountersign, mayDeny } from './standing.ts'
import {
  type Change,
  type ChangeCommand,
  type ChangeCountersignature,
  type ChangeDecision,
  type ChangeEvent,
  type ChangeFacts,
  isUndecidedOrWaiting,
} from './state.ts'
import { ticked } from './take-effect.ts'

/** When founders stand in for a pool that has nobody independent, everybody gets a day to object. */
export const foundersDelaySecondsMin = 86_400

export function decideChange(change: Change | undefined, command: ChangeCommand, facts: ChangeFacts): ChangeDecision {
  const stamp = { at: facts.now, by: facts.actor.id }
  const accept = (event: ChangeEvent): ChangeDecision => ({ outcome: 'accepted', events: [event] })
  const refuse = (no: Refusal, verdict?: Verdict): ChangeDecision => ({
    outcome: 'refused',
    refusal: no,
    events: [
      {
        ...stamp,
        type: 'AttemptRefused',
        command: command.type,
        code: no.code,
        message: no.message,
        ...(verdict && { verdict }),
      },
    ],
  })

  if (command.type === 'propose') {
    const no = mayPropose(command, facts)
    if (no !== undefined || change !== undefined) return refuse(no ?? refusal('already-asked'))
    const { type: _, ...proposal } = command
    return accept({ ...stamp, type: 'ChangeProposed', ...proposal })
  }
  if (change === undefined) return refuse(refusal('change-not-open'))
  switch (command.type) {
    case 'countersign': {
      const { refusal: no, verdict, asFounder } = mayCountersign(change, facts)
      if (no !== undefined) return refuse(no, verdict)
      if (command.proposed !== change.proposed) return refuse(refusal('terms-changed'), verdict)
      if (change.base !== facts.current) return refuse(refusal('change-superseded'), verdict)
      if (facts.clock !== 'steady') return refuse(refusal('clock-went-backwards'), verdict)
      return accept(countersignature(change, facts, verdict, asFounder))
    }
    case 'deny': {
      const { refusal: no, verdict } = mayDeny(change, facts)
      return no === undefined
        ? accept({ ...stamp, type: 'ChangeDenied', reason: command.reason, verdict })
        : refuse(no, verdict)
    }
    case 'withdraw':
      if (!isUndecidedOrWaiting(change)) return refuse(refusal('change-not-open'))
      if (facts.actor.id !== change.author) return refuse(refusal('not-permitted'))
      return accept({ ...stamp, type: 'ChangeWithdrawn', reason: command.reason })
    case 'tick':
      return { outcome: 'accepted', events: ticked(change, facts) }
    default:
      return command satisfies never
  }
}

function mayPropose(
  { base }: Extract<ChangeCommand, { type: 'propose' }>,
  { actor, directory, current, now, policy, history }: ChangeFacts,
): Refusal | undefined {
  if (base !== current) return refusal('change-superseded')
  // Asked of an independence that nobody has: it says whether this is an active person.
  const self = independence(selfMatter(actor.id), actor.id, directory, history, policy, now)
  const nobody = self.conflicts.some(({ code }) => code === 'not-a-person' || code === 'unresolved-identity')
  return nobody || actor.chain.length > 0 ? refusal('only-people-decide') : undefined
}

function countersignature(change: Change, facts: ChangeFacts, verdict: Verdict, asFounder: boolean): ChangeEvent {
  const { now, actor, policy } = facts
  const delay = asFounder ? Math.max(policy.changeDelaySeconds, foundersDelaySecondsMin) : policy.changeDelaySeconds
  const event = { at: now, by: actor.id, verdict, ...(asFounder ? { asFounder } : {}) }
  const signed = [...change.countersignatures, countersignatureOf(event)]
  return {
    ...event,
    type: 'ChangeCountersigned',
    complete: areEnough(signed, asFounder ? facts.foundersNeeded : 1),
    effectiveAt: plusSeconds(now, delay),
  }
}

/** However many approve in a ring with the author, one who does not has to be among them. */
function areEnough(signed: readonly ChangeCountersignature[], base: number): boolean {
  const additional = signed.map((one) => one.additional ?? 0)
  return additional.includes(0) && signed.length >= base + Math.max(...additional)
}

function selfMatter(person: PersonId): Matter {
  return { requester: person, chain: [], beneficiary: person, took: [], pools: [], rules: [] }
}
