/**
 * A change to the rules: policy, pools, classifications. Files only propose; a change takes effect after somebody
 * independent of its author, and of everybody it admits, has countersigned it, and after a delay. Pure.
 */
export { admittedPeople } from './change/admitted.ts'
export { decideChange, foundersDelaySecondsMin } from './change/decide.ts'
export { evolveChange } from './change/evolve.ts'
export type {
  Change,
  ChangeCommand,
  ChangeCountersignature,
  ChangeDecision,
  ChangeEvent,
  ChangeFacts,
  ChangeId,
  ChangeStatus,
} from './change/state.ts'
