/**
 * What a finding says to a person, and what one does about it. One sentence each, without names that people gave each
 * other: those stand beside it, where they can be shown as the data they are.
 */
import type { Drift } from './finding.ts'

export interface DriftWords {
  readonly says: string
  readonly advice: string
}

export function driftWords(drift: Drift): DriftWords {
  const { kind, grant, entitlement, waiversCount = 0, overDays = 0 } = drift
  switch (kind) {
    case 'access-without-waiver':
      return {
        says:
          grant !== undefined
            ? 'access that was seen to be gone, or that no waiver ever gave, is there under the mark of a grant'
            : entitlement === undefined
              ? 'an account can do everything on this target, and neither a waiver nor the directory says so'
              : 'an account has this access, and neither a live waiver nor the directory says so',
        advice:
          'take it away on the target, ask for a waiver, or have the directory state it as standing access if that is what it is',
      }
    case 'expiry-moved':
      return {
        says:
          drift.seenUntil === 'never'
            ? 'the end of this access was removed on the target'
            : 'the end of this access was moved on the target, to later than the waiver says',
        advice: 'find out who moved it; the access still ends by the waiver, and more time takes an extension',
      }
    case 'other-account':
      return {
        says: 'an account other than the one the waiver names uses this grant',
        advice: 'take that account out of the grant on the target; whoever needs the access asks for it themselves',
      }
    case 'changed-on-target':
      return {
        says: 'what was given was changed on the target by somebody else',
        advice: 'find out who changed it; it is put right again as often as it is found',
      }
    case 'owner-left':
      return {
        says: 'the workload that has this access has no owner any more',
        advice: 'somebody takes ownership of the workload, or the waiver is ended',
      }
    case 'repeated-waivers':
      return {
        says: `the same access was given ${waiversCount} times within ${overDays} days`,
        advice:
          'an override that comes again and again is a role that is missing: change the role, with its own review, and stop asking',
      }
    case 'never-used':
      return {
        says: `access was given ${waiversCount === 1 ? 'once' : `${waiversCount} times`} within ${overDays} days, and no use of it was seen`,
        advice: 'ask whether it was needed; what is never used need not be offered, or not for so long',
      }
    default:
      return kind satisfies never
  }
}
