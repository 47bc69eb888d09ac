/** Why a command ends without its result: what a program is told, what a person is told, and the exit code. */
import type { ProblemView } from '../client/index.ts'
import type { ExitName } from './exit.ts'

export interface Trouble {
  readonly kind: 'usage' | 'refusal' | 'sign-in' | 'not-found' | 'fault' | 'checks' | 'bug'
  readonly code: string
  /** Lower-case, no full stop. */
  readonly message: string
  /** What to do now. */
  readonly next?: string
  readonly more?: Readonly<Record<string, unknown>>
}

export class Stop extends Error {
  override readonly name = 'Stop'
  readonly exit: ExitName
  readonly trouble: Trouble

  constructor(exit: ExitName, trouble: Trouble, cause?: unknown) {
    super(trouble.message, cause === undefined ? undefined : { cause })
    this.exit = exit
    this.trouble = trouble
  }
}

/** The server said no. */
export class ServerSaidNo extends Error {
  override readonly name = 'ServerSaidNo'
  readonly problem: ProblemView
  /** What it was about, for the advice. */
  readonly about: string | undefined

  constructor(problem: ProblemView, about?: string) {
    super(problem.detail)
    this.problem = problem
    this.about = about
  }
}
