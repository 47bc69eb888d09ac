/**
 * What is told of drift and habits. Access that is there and should not be must not wait until somebody looks; a habit can.
 */
import type { DriftEvent, DriftFinding } from '../../core/drift.ts'
import { targetOwners } from '../../core/policy.ts'
import type { People, Telling } from './telling.ts'

type DriftOf<Type extends DriftEvent['type']> = Extract<DriftEvent, { type: Type }>

/** Whoever can look, and whoever it is about. */
const concerned = ({ drift }: DriftFinding, { security }: People) => [targetOwners, ...security, drift.holder]
/** Habits are for whoever could change the rules, and for whoever has them. */
const habitual = ({ drift }: DriftFinding, { rules }: People) => [...rules, drift.holder]

export const driftNotices: {
  readonly [Type in DriftEvent['type']]: Telling<DriftFinding, DriftOf<Type>> | undefined
} = {
  DriftFound: { urgency: 'immediate', to: concerned },
  DriftChanged: { urgency: 'normal', to: concerned },
  DriftEnded: { urgency: 'normal', to: concerned, codes: ({ because }) => ({ because }) },
  HabitFound: { urgency: 'normal', to: habitual },
  HabitEnded: { urgency: 'normal', to: habitual, codes: ({ because }) => ({ because }) },
  DriftReviewed: { urgency: 'normal', to: concerned, codes: ({ finding }) => ({ finding }) },
  AttemptRefused: undefined,
}
