/** Door of the room: how a denial becomes a request, in the words of AuthZEN's Access Request and Approval Profile. */
export { type BindingClaims, bindingHash, bound, type Evaluated, isBound } from './binding.ts'
export {
  type Callback,
  cancellation,
  jsonSchema,
  type Submission,
  submission,
  type TaskAnswer,
  taskAnswer,
} from './forms.ts'
export {
  approvalType,
  bindingType,
  boundMembers,
  callbackEvents,
  capability,
  type DraftProblem,
  draftProblems,
  type NextAction,
  ownClaims,
  ownMembers,
  problemUrn,
  type ReevaluationReason,
  reevaluate,
  reevaluationReasons,
  type TaskStatus,
} from './names.ts'
