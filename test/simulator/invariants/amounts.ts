/**
 * Promises about how much: all the time that the same beneficiary was given on the same things stays under the cap of the
 * tier, and whoever gave the time before gives no more of it. Counted from what was recorded, in the plainest way.
 */
import { accessOverlaps } from '../../../src/core/terms.ts'
import { secondsBetween } from '../../../src/core/time.ts'
import { isOpen, type Waiver } from '../../../src/core/waiver.ts'
import type { Invariant } from '../invariants.ts'
import type { Facts } from './facts.ts'

/** One stretch of time on one access, as given or as promised. */
interface Stretch {
  readonly waiver: Waiver
  readonly start: string
  readonly end: string
}

export const amounts: Readonly<Record<string, Invariant>> = {
  'all the time given for the same things stays under its cap': function* (facts) {
    for (const given of givenNow(facts)) {
      const { cumulativeSecondsMax, overSeconds } = given.waiver.obligations.extension
      const lately = before(facts, given).filter(({ end }) => secondsBetween(end, given.end) < overSeconds)
      const seconds = [given, ...lately].reduce(
        (sum, { start, end }) =>
          sum + Math.min(secondsBetween(start, end), overSeconds - secondsBetween(end, given.end)),
        0,
      )
      if (seconds > cumulativeSecondsMax)
        yield `${given.waiver.id} makes ${seconds} seconds with ${lately.map(({ waiver }) => waiver.id).join(', ')}`
    }
  },

  'all that is open or was given for the same things was asked for under its cap': function* (facts) {
    for (const { waiver: happened } of facts.fresh) {
      if (happened?.event.type !== 'WaiverRequested') continue
      const asked = promised(happened.after)
      if (asked === undefined) continue
      const { cumulativeSecondsMax } = asked.waiver.obligations.extension
      const beside = [...facts.world.record.lives.values()].flatMap(({ waiver }) => {
        const other = waiver === undefined || waiver.id === asked.waiver.id ? undefined : promised(waiver)
        return other !== undefined && isForTheSame(asked.waiver, other.waiver) ? [other] : []
      })
      const lately = beside.filter(({ end }) => secondsBetween(end, asked.end) < 86_400)
      const seconds = [asked, ...lately].reduce((sum, { start, end }) => sum + secondsBetween(start, end), 0)
      if (seconds > cumulativeSecondsMax)
        yield `${asked.waiver.id} makes ${seconds} seconds with ${lately.map(({ waiver }) => waiver.id).join(', ')}`
    }
  },

  'who gave the time before does not give the time that follows': function* (facts) {
    for (const given of givenNow(facts)) {
      if (!given.waiver.obligations.extension.distinctCountersigner) continue
      const signers = given.waiver.approvals.map(({ by }) => by)
      for (const { waiver, end } of before(facts, given)) {
        const again = waiver.approvals.find(({ by }) => signers.includes(by))
        if (again !== undefined && end <= given.start && secondsBetween(end, given.start) <= 86_400)
          yield `${again.by} gave ${waiver.id} and then ${given.waiver.id}`
      }
    }
  },
}

/** Whatever this step has given: access that was started, or its end that was moved. */
function* givenNow({ fresh }: Facts): Iterable<Stretch> {
  for (const { waiver: happened } of fresh) {
    const type = happened?.event.type
    if (happened === undefined || (type !== 'ActivationStarted' && type !== 'ExtensionCountersigned')) continue
    const stretch = stretchOf(happened.after)
    if (stretch !== undefined) yield stretch
  }
}

/** What the same beneficiary, or whoever opens an envelope, had or has been given on the same things. */
function before({ world }: Facts, given: Stretch): readonly Stretch[] {
  return [...world.record.lives.values()].flatMap(({ waiver }) => {
    const stretch = waiver && waiver.id !== given.waiver.id ? stretchOf(waiver) : undefined
    if (stretch === undefined || waiver === undefined || waiver.activation === undefined) return []
    return isForTheSame(given.waiver, waiver) ? [stretch] : []
  })
}

function isForTheSame(one: Waiver, other: Waiver): boolean {
  const nodes = beneficiaries(other)
  return beneficiaries(one).some((node) => nodes.includes(node)) && accessOverlaps(one.terms.access, other.terms.access)
}

/** What was given, or may still be; of an envelope nobody knows that before it is opened. */
function promised(waiver: Waiver): Stretch | undefined {
  const { terms, activation } = waiver
  if (activation !== undefined) return stretchOf(waiver)
  if (!isOpen(waiver) || terms.kind === 'break-glass') return undefined
  return { waiver, ...terms.window }
}

function beneficiaries({ terms, activation }: Waiver): readonly string[] {
  return terms.kind === 'break-glass' ? [terms.beneficiary, activation?.by ?? ''] : [terms.beneficiary]
}

function stretchOf(waiver: Waiver): Stretch | undefined {
  const { activation, end, terms } = waiver
  if (activation === undefined) return undefined
  const start = terms.kind === 'break-glass' || activation.at > terms.window.start ? activation.at : terms.window.start
  const last = end === undefined || end.at > activation.end ? activation.end : end.at
  return { waiver, start, end: last < start ? start : last }
}
