/** The figures about grants and stays. Each says its own rule; the documentation and the report print it from here. */
import { type Outcome, outcomes } from '../lives/life.ts'
import type { AuditSettings } from '../settings.ts'
import type { FigureRule, Weight } from './figure.ts'

const outcomeLabels: Readonly<Record<Outcome, readonly [Weight, string]>> = {
  'removed-in-time': ['good', 'removed by the promised end'],
  'removed-late': ['grave', 'removed after the promised end'],
  'removed-without-end': ['plain', 'removed, with no end ever promised'],
  'removed-end-unknown': ['plain', 'removed, with an end that the history does not say'],
  'open-in-time': ['plain', 'still there, within the promised end'],
  'open-past-end': ['grave', 'still there after the promised end'],
  'open-without-end': ['grave', 'still there without an end'],
  'open-end-unknown': ['plain', 'still there, with an end that the history does not say'],
}

export const outcomeRules: readonly FigureRule<'grant'>[] = outcomes.map((outcome) => {
  const [weight, label] = outcomeLabels[outcome]
  return {
    code: outcome,
    of: 'grant',
    weight,
    label,
    rule: `grants of which, by the last promised end and the last moment of the history, this is true: ${label}; each grant is in exactly one of these figures`,
    among: () => true,
    holds: (row) => row.outcome === outcome,
  }
})

export function chainRules({ standingDays, oftenFrom, gapDays }: AuditSettings): readonly FigureRule<'chain'>[] {
  const stay = `a stay is all grants of the same access to the same beneficiary with at most ${gapDays} days in between`
  return [
    {
      code: 'standing',
      of: 'chain',
      weight: 'grave',
      label: `lasted longer than ${standingDays} days, or go on without an end`,
      rule: `stays with more than ${standingDays} days of access, or in force without an end (${stay})`,
      among: () => true,
      holds: ({ chain }) =>
        chain.daysInForce > standingDays || (chain.isOpen && chain.withoutEnd)
          ? true
          : chain.first === undefined
            ? undefined
            : false,
    },
    {
      code: 'extended-often',
      of: 'chain',
      weight: 'look',
      label: `extended ${oftenFrom} times or more`,
      rule: `stays whose end was moved later at least ${oftenFrom} times (${stay})`,
      among: () => true,
      holds: ({ chain }) => chain.laterCount >= oftenFrom,
    },
    {
      code: 'granted-anew',
      of: 'chain',
      weight: 'look',
      label: 'taken away and soon granted anew',
      rule: `stays of more than one grant (${stay})`,
      among: () => true,
      holds: ({ chain }) => chain.regrantsCount > 0,
    },
  ]
}
