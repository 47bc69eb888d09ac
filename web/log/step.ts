/** One step of a proof: what was to be shown, and whether it was. Only a proof whose every step is proven counts. */
import { MalformedInput, type Outcome } from '../../src/log/index.ts'
import { ProblemError } from '../app/api.ts'

export interface Step {
  readonly outcome: Outcome
  /** What is shown, as a sentence. */
  readonly title: string
  /** In the words of whoever checked; names stand between backticks. */
  readonly detail: string
  readonly mark?: string
}

export function step(outcome: Outcome, title: string, detail: string, mark?: string): Step {
  return { outcome, title, detail, ...(mark === undefined ? {} : { mark }) }
}

/** What a failure while checking says. A server that does not give what would show it shows nothing. @throws what is neither */
export function failed(title: string, error: unknown): Step {
  if (error instanceof MalformedInput) return step('disproven', title, error.message)
  if (error instanceof ProblemError && error.problem.status === 404)
    return step('incomplete', title, 'the server does not give the hashes that would show it')
  throw error
}

export function worst(steps: readonly Step[]): Outcome {
  const has = (outcome: Outcome) => steps.some((one) => one.outcome === outcome)
  return has('disproven') ? 'disproven' : has('incomplete') ? 'incomplete' : 'proven'
}
