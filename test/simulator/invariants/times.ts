/** Promises about when: nothing before it may begin, nothing after its end, and never two of the same side by side. */
import { overlaps } from '../../../src/core/time.ts'
import { isOpen, type Waiver } from '../../../src/core/waiver.ts'
import type { Invariant } from '../invariants.ts'

export const times: Readonly<Record<string, Invariant>> = {
  'access starts inside its window and is used before its end': function* ({ fresh }) {
    for (const { waiver } of fresh) {
      const { before, after, event } = waiver ?? {}
      if (before === undefined || after === undefined || event === undefined) continue
      const { start, end } = before.terms.window
      if (event.type === 'ActivationStarted' && (event.at < start || event.at >= end || event.end > end))
        yield `${before.id} started at ${event.at} until ${event.end}, its window is ${start} to ${end}`
      if (event.type === 'AccessUsed' && event.at >= (before.activation?.end ?? ''))
        yield `${before.id} was used after its end`
      if (event.type === 'AccessExpired' && event.at < (before.activation?.end ?? ''))
        yield `${before.id} expired early`
      if ((after.terms.conditions.usesMax ?? Infinity) < after.usesCount)
        yield `${before.id} was used ${after.usesCount} times`
    }
  },

  'a decision comes in time': function* ({ fresh }) {
    for (const { waiver } of fresh) {
      const { before, event } = waiver ?? {}
      const decides = event !== undefined && /(Countersigned|Denied|Endorsed)$/.test(event.type)
      if (decides && before?.proposal !== undefined && event.at >= before.proposal.decideBy)
        yield `${event.type} of ${before.id} at ${event.at}, by ${before.proposal.decideBy}`
      const end = before?.activation?.end
      if (event?.type === 'ExtensionCountersigned' && end !== undefined && event.at >= end)
        yield `${before?.id} was extended after its end`
    }
  },

  'no two open waivers of one account cover the same time': function* ({ world, fresh }) {
    if (fresh.length === 0) return
    const open = [...world.record.lives.values()].flatMap(({ waiver }) =>
      waiver !== undefined && isOpen(waiver) && waiver.terms.kind !== 'break-glass' ? [waiver] : [],
    )
    for (const [index, one] of open.entries())
      for (const other of open.slice(index + 1)) if (same(one, other)) yield `${one.id} and ${other.id}`
  },
}

function same({ terms: a }: Waiver, { terms: b }: Waiver): boolean {
  const alike =
    a.access.system === b.access.system &&
    a.access.entitlement === b.access.entitlement &&
    a.access.account === b.access.account
  return alike && a.beneficiary === b.beneficiary && overlaps(a.window, b.window)
}
