/**
 * The API as the pages speak to it: with the session of this browser, through the client and through nothing else. A no of
 * the API becomes an error that carries the whole problem, so that whoever shows it can say what to do.
 */
import { type Answer, type ClientProblem, createClient } from '../../src/client/index.ts'

let proof = ''
let lastUsedAt = performance.now()

/** What the session said; without it nothing can be written. */
export function rememberProof(given: string | undefined): void {
  proof = given ?? ''
}

const usedLatelyMillis = 60_000
const used = () => {
  lastUsedAt = performance.now()
}
for (const sign of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
  addEventListener(sign, used, { passive: true, capture: true })

export const api = createClient({
  baseUrl: location.origin,
  token: () => '',
  page: { proof: () => proof, present: () => performance.now() - lastUsedAt < usedLatelyMillis },
})

/** The answer was no. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: ClientProblem

  constructor(problem: ClientProblem) {
    super(problem.detail)
    this.problem = problem
  }
}

export async function yes<Value>(answer: Promise<Answer<Value>>): Promise<Value> {
  const given = await answer
  if (given.ok) return given.value
  throw new ProblemError(given.problem)
}
