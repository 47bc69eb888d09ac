/** The figures about grants and stays. Each says its own rule; the documentation and the report print it from here. */
import { type Outcome, outcomes } from '../lives/life.ts'
import type { AuditSettings } from '../settings.ts'
import type { FigureRule, Weight } from './figure.ts'

interface OutcomeWords {
  readonly weight: Weight
  readonly label: string
  readonly rule: string
}

/** Every grant is in exactly one of these. */
const outcomeWords: Readonly<Record<Outcome, OutcomeWords>> = {
  'removed-in-time': {
    weight: 'good',
    label: 'removed by the promised end',
    rule: 'removed grants whose last promised end had not passed when they were removed',
  },
  'removed-late': {
    weight: 'grave',
    label: 'removed after the promised end',
    rule: 'removed grants whose last promised end had passed when they were removed',
  },
  'removed-without-end': {
    weight: 'plain',
    label: 'removed, with no end promised at the time',
    rule: 'removed grants of which the history said last that there is no end',
  },
  'removed-end-unknown': {
    weight: 'plain',
    label: 'removed, with an end that the history does not say',
    rule: 'removed grants of which the history did not say the end last',
  },
  'open-in-time': {
    weight: 'plain',
    label: 'still there, within the promised end',
    rule: 'grants in force at the end of the history whose last promised end had not passed',
  },
  'open-past-end': {
    weight: 'grave',
    label: 'still there after the promised end',
    rule: 'grants in force at the end of the history whose last promised end had passed',
  },
  'open-without-end': {
    weight: 'grave',
    label: 'still there without an end',
    rule: 'grants in force at the end of the history of which it said last that there is no end',
  },
  'open-end-unknown': {
    weight: 'plain',
    label: 'still there, with an end that the history does not say',
    rule: 'grants in force at the end of the history of which it did not say the end last',
  },
}

export const outcomeRules: readonly FigureRule<'grant'>[] = outcomes.map((outcome) => ({
  code: outcome,
  of: 'grant',
  ...outcomeWords[outcome],
  among: () => true,
  holds: (row) => row.outcome === outcome,
}))

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
