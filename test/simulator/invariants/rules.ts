/** Promises about the rules themselves: never changed alone, never without the delay, and never from an old revision. */
import type { Change, ChangeEvent } from '../../../src/core/change.ts'
import { evolveChange } from '../../../src/core/change.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import type { Invariant } from '../invariants.ts'
import type { Facts } from './facts.ts'

function* took({ world, fresh }: Facts): Iterable<{ change: Change; at: string }> {
  for (const { type, stream, body } of fresh) {
    if (type !== 'ChangeTookEffect') continue
    const events = world.record.happenings.filter((one) => one.stream === stream).map((one) => one.body as ChangeEvent)
    const change = events.reduce<Change | undefined>((state, event) => evolveChange(state, event, stream), undefined)
    if (change !== undefined) yield { change, at: body.at }
  }
}

export const rules: Readonly<Record<string, Invariant>> = {
  'rules change only by somebody independent of their author': function* (facts) {
    for (const { change } of took(facts)) {
      const signers = change.countersignatures.map(({ by }) => by)
      if (signers.length === 0) yield `${change.id} took effect by itself`
      if (signers.includes(change.author)) yield `${change.author} decided ${change.id} alone`
      if (signers.some((by) => change.admits.includes(by))) yield `${change.id} let in who signed it`
    }
  },

  'rules change after their delay': function* (facts) {
    for (const { change, at } of took(facts)) {
      const signed = change.countersignatures.at(-1)?.at ?? ''
      if (at < (change.effectiveAt ?? '') || at < plusSeconds(signed, 600)) yield `${change.id} at ${at}`
    }
  },
}
