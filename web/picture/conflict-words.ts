/** What a kind of conflict means, said to the person it is about, or about them. */
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

/** The same, said about somebody else. */
const wordsOfOthers: Readonly<Record<ConflictCode, string>> = {
  'is-requester': 'They would ask themselves',
  'is-beneficiary': 'It would be theirs',
  'same-person-other-account': 'The two may be the same person',
  'controls-beneficiary': 'They control what would get it',
  'in-delegation-chain': 'It is asked through them',
  'on-requesting-team': 'They share a team with whoever asks',
  'on-granting-team': 'They are on the team that gives it',
  'took-part-already': 'They took part already',
  'on-requesting-rota': 'They are on call with whoever asks',
  'can-change-beneficiary': 'They can change what would get it',
  'loosened-the-rules': 'They loosened a rule it profits from',
  'operates-countersign': 'They operate Countersign, which holds the key to this',
  'delegate-of-conflicted': 'They stand in for somebody who is not independent',
  'can-change-approver-pool': 'Whoever asks could have put them into the pool',
  'not-a-person': 'Only people decide',
  'unresolved-identity': 'Who they are is not settled',
  'directory-too-old': 'The directory is too old to tell',
  'in-reporting-line': 'One of them reports to the other',
  reciprocal: 'They keep approving each other',
  'joined-pool-too-recently': 'They joined the pool too recently',
}

export function conflictWords(code: string): string {
  return Object.hasOwn(words, code) ? words[code as ConflictCode] : code
}

export function aboutThem(code: string): string {
  return Object.hasOwn(wordsOfOthers, code) ? wordsOfOthers[code as ConflictCode] : code
}
