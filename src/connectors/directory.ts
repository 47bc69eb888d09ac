/**
 * Who is who, from elsewhere: the contract of directory sources. A source says what it sees and at which revision; it
 * never merges, never guesses, and a source that cannot be read completely says nothing at all.
 */
import type { DirectoryFacts, SourceChanges, SourceId, SourceSnapshot } from '../core/directory.ts'
import type { ShrinkLimits } from '../core/merge.ts'
import type { Instant } from '../core/time.ts'

export interface DirectorySource {
  /** Its id in the configuration, by which it is told apart also when it cannot be read. */
  readonly id?: SourceId
  readonly kind: string
  /**
   * Reads everything once. @throws {SourceError} with the file and line (or address) and what was expected; then the
   * last good snapshot stays in force until it is too old.
   */
  read(now: Instant): Promise<SourceSnapshot>
  /**
   * For sources that know what has changed since the revision by which they are in force. It is no reading: what it leaves out
   * is as it was. @returns `undefined` where that is not known; then everything is read.
   */
  readChanges?(now: Instant, inForce: DirectoryFacts): Promise<SourceChanges | undefined>
  /** How much of it may go at once before its word is held; absent: as usual. */
  readonly shrink?: ShrinkLimits
}

export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly problems: readonly SourceProblem[]

  constructor(problems: readonly SourceProblem[]) {
    super(problems.map((p) => `${p.where}: ${p.message}`).join('\n'))
    this.problems = problems
  }
}

export interface SourceProblem {
  /** `examples/acme/directory.yaml:14:3`, or an address. */
  readonly where: string
  readonly message: string
}
