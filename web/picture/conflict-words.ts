/** What a kind of conflict means, said to the person it is about. */
import type { ConflictCode } from '../../src/core/conflict.ts'

const words: Readonly<Record<ConflictCode, string>> = {
  'is-requester': 'You asked for it',
  'is-beneficiary': 'It would be yours',
  'same-person-other-account': 'You may be the same person as one of them',
  'controls-beneficiary': 'You control what would get it',
  'in-delegation-chain': 'It was asked through you',
  'on-requesting-team': 'You share a team with whoever asks',
  'on-granting-team': 'You are on the team that gives it',
  'took-part-already': 'You took part already',
  'on-requesting-rota': 'You are on call with whoever asks',
  'can-change-beneficiary': 'You can change what would get it',
  'loosened-the-rules': 'You loosened a rule it profits from',
  'operates-countersign': 'You operate Countersign, which holds the key to this',
  'delegate-of-conflicted': 'You stand in for somebody who is not independent',
  'can-change-approver-pool': 'Whoever asks could have put you into the pool',
  'not-a-person': 'Only people decide',
  'unresolved-identity': 'Who you are is not settled',
  'directory-too-old': 'The directory is too old to tell',
  'in-reporting-line': 'One of you reports to the other',
  reciprocal: 'You keep approving each other',
  'joined-pool-too-recently': 'You joined the pool too recently',
}

export function conflictWords(code: string): string {
  return Object.hasOwn(words, code) ? words[code as ConflictCode] : code
}

/** Said of somebody else. */
export function aboutThem(code: string): string {
  return conflictWords(code)
    .replace(/^You /, 'They ')
    .replace(/\byou\b/g, 'them')
}
