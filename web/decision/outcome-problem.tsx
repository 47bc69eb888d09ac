/** Why a decision was refused, beside the button that tried it. */
import { ActProblem } from '../waiver/act-problem.tsx'
import type { Outcome } from './use-decision.ts'

export function OutcomeProblem({ outcome }: { readonly outcome: Outcome }) {
  return outcome.is === 'refused' ? <ActProblem problem={outcome.problem} /> : null
}
