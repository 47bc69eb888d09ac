/**
 * What limits the use of a waiver while it lasts: tools, arguments, calls, rate, bytes, delegation, hours. The door of
 * the room; each kind has a file that says what it forbids and what narrows it. The same code runs in the check at each
 * use and in the guard of a resource server.
 */
export { argumentProblem, pathOf } from './conditions/arguments.ts'
export { conditionMalformations, normalizeConditions } from './conditions/form.ts'
export { type ConditionReason, type ConditionUse, forbiddenByConditions } from './conditions/judge.ts'
export type {
  ArgumentCondition,
  ArgumentValue,
  Conditions,
  Day,
  Hours,
  Rate,
  ToolCondition,
} from './conditions/kinds.ts'
export { conditionWidenings } from './conditions/narrowing.ts'
