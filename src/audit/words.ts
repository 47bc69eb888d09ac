/** Numbers and codes in words, the same on every surface. Nothing here shortens what somebody else wrote. */

import type { ConflictCode } from '../core/conflict.ts'
import { count, counted, share } from '../report/numbers.ts'
import type { Part } from './figures/figure.ts'
import type { Act } from './history.ts'
import type { Meaning } from './lives/replay.ts'

/** `431 of 655 changes (66%), with 1,198 of 1,595 grants,`; without the second half where every change is one grant. */
export function partInWords({ count: held, total, changesCount, changesTotal }: Part, noun: string): string {
  const rows = `${count(held)} of ${counted(total, noun)}`
  if (changesTotal === total) return `${rows} (${share(held, total)})`
  const changes = `${count(changesCount)} of ${counted(changesTotal, 'change')}`
  return `${changes} (${share(changesCount, changesTotal)}), with ${rows},`
}

/** What was done, in one word or two. */
export function actInWords({ kind }: Act, { move }: Meaning): string {
  switch (kind) {
    case 'granted':
      return 'granted'
    case 'removed':
      return 'removed'
    case 'access-changed':
      return 'access changed'
    case 'noted':
    case 'end-changed':
      return moveInWords(kind, move)
    default:
      return kind satisfies never
  }
}

function moveInWords(kind: 'noted' | 'end-changed', move: Meaning['move']): string {
  switch (move) {
    case 'later':
      return 'extended'
    case 'earlier':
      return 'shortened'
    case 'set':
      return 'end set'
    case 'taken-away':
      return 'end taken away'
    case 'same':
    case 'unknown':
    case undefined:
      return kind === 'noted' ? 'noted' : 'end changed'
    default:
      return move satisfies never
  }
}

/** What was found against somebody, completing "the approver …". */
export const conflictWords: Readonly<Record<ConflictCode, string>> = {
  'is-requester': 'asked for it, or stands behind whoever did',
  'is-beneficiary': 'got the access',
  'same-person-other-account': 'is, or may be, the same person as somebody behind it',
  'controls-beneficiary': 'controls whatever got the access',
  'in-delegation-chain': 'wrote it with others, passed it on or sponsors it',
  'on-requesting-team': 'shares a team with the requesting side',
  'on-granting-team': 'runs the system that gives the access',
  'took-part-already': 'took part in it before',
  'on-requesting-rota': 'shares a rota with the requesting side',
  'can-change-beneficiary': 'can change what acts for the beneficiary',
  'loosened-the-rules': 'loosened the rules it profits from',
  'operates-countersign': 'runs this installation',
  'delegate-of-conflicted': 'decides in the stead of somebody who is not independent',
  'can-change-approver-pool': 'was, or could have been, chosen by the requesting side',
  'not-a-person': 'is a machine',
  'unresolved-identity': 'is not known',
  'directory-too-old': 'cannot be looked up for that time',
  'in-reporting-line': 'is above or below the requesting side in the reporting line',
  reciprocal: 'and the requesting side keep approving each other',
  'joined-pool-too-recently': 'had only just become an approver',
}
