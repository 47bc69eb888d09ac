/**
 * What can be said of an approval, and why it cannot be said: three conclusions and two closed lists. "Independent" is
 * said only where everything needed to say so was there.
 */
import type { Conflict, ConflictCode } from '../../core/conflict.ts'
import type { NodeId } from '../../core/directory.ts'

export const conclusions = ['independent', 'not-independent', 'unknown'] as const
export type Conclusion = (typeof conclusions)[number]

/** What was missing, with the sentence that says so. */
export const unknowns = {
  'who-approved': 'the history does not say who approved',
  'who-asked': 'the history does not say who asked',
  'who-benefits': 'the history does not say who got the access',
  'which-system': 'the history does not say where the access is, so nobody knows who gives it',
  'no-directory': 'there is no directory: nobody knows who works with whom',
  'directory-not-then': 'the directory does not cover that time',
  'not-in-directory': 'somebody or something involved is not in the directory',
  'account-unconfirmed': 'nobody independent confirmed whose account it is',
  'person-or-machine': 'the history and the directory disagree on whether it is a person or a machine',
  'several-people': 'the name fits more than one entry of the directory',
  'nothing-known': 'the directory knows of no team, chief or rota of somebody involved',
} as const
export type Unknown = keyof typeof unknowns

export interface Doubt {
  readonly code: Unknown
  /** Whom or what it is about, where that helps. */
  readonly about?: string
}

export interface ApproverJudgement {
  /** As the history names them. */
  readonly name: string
  /** As the directory knows them, or would. */
  readonly id: NodeId
  readonly conclusion: Conclusion
  /** What was found against them, with the path that proves it. */
  readonly conflicts: readonly Conflict[]
  readonly doubts: readonly Doubt[]
  /** They and whoever asked keep approving each other; the rule asks for one more approval. */
  readonly needsSecond: boolean
}

export interface Judgement {
  readonly conclusion: Conclusion
  readonly approvers: readonly ApproverJudgement[]
  /** About the request itself, whoever approved it. */
  readonly doubts: readonly Doubt[]
  /** The history says that nobody approved it. */
  readonly nobodyApproved: boolean
  /** Approvals of each other without the further approval that would balance them. */
  readonly secondMissing: boolean
}

/** Said by the engine when it does not know enough; everything else it says is found against somebody. */
const doubtful: Partial<Record<ConflictCode, Unknown>> = {
  'unresolved-identity': 'not-in-directory',
  'directory-too-old': 'directory-not-then',
}

export function doubtOf(code: ConflictCode): Unknown | undefined {
  return doubtful[code]
}

/** Being on the other side oneself: whoever is, shares every team and chief with it as well. */
const itself: ReadonlySet<ConflictCode> = new Set([
  'is-requester',
  'is-beneficiary',
  'same-person-other-account',
  'controls-beneficiary',
  'in-delegation-chain',
])

/** @returns those conflicts that say something the others do not already. */
export function tellingConflicts(conflicts: readonly Conflict[]): readonly Conflict[] {
  const own = conflicts.filter(({ code }) => itself.has(code))
  return own.length > 0 ? own : conflicts
}

/** One independent approver suffices; where all were found not to be, so was the approval; otherwise nobody knows. */
export function concluded(
  approvers: readonly ApproverJudgement[],
  doubts: readonly Doubt[],
): Pick<Judgement, 'conclusion' | 'secondMissing'> {
  const open = approvers.filter(({ conclusion }) => conclusion !== 'not-independent')
  const isKnown = doubts.length === 0 && open.some(({ conclusion }) => conclusion === 'independent')
  return {
    conclusion: isKnown ? 'independent' : isUndecided(approvers, doubts) ? 'unknown' : 'not-independent',
    secondMissing: open.length > 0 && open.every(({ needsSecond }) => needsSecond) && open.length < 2,
  }
}

function isUndecided(approvers: readonly ApproverJudgement[], doubts: readonly Doubt[]): boolean {
  if (doubts.some(({ code }) => code === 'who-approved')) return true
  return approvers.some(({ conclusion }) => conclusion !== 'not-independent')
}
