/** What the installation's own records say, in words: its founding, its rules, its directory, its log. */
import type { Standing } from '../signs/sign.tsx'

const words: Readonly<Record<string, readonly [Standing, string]>> = {
  FoundingProposed: ['wait', 'proposed the founding'],
  FoundingAccepted: ['good', 'accepted the founding'],
  Founded: ['good', 'founded this installation'],
  ClockConfirmed: ['good', 'confirmed the time'],
  ChangeProposed: ['wait', 'proposed other rules'],
  ChangeCountersigned: ['good', 'countersigned other rules'],
  ChangeDenied: ['bad', 'denied other rules'],
  ChangeWithdrawn: ['over', 'took a change of the rules back'],
  ChangeSuperseded: ['over', 'closed a change of the rules: others came first'],
  ChangeTookEffect: ['good', 'put other rules into force'],
  DirectoryChanged: ['over', 'read a directory that has changed'],
  SourceHeld: ['wait', 'held a source that suddenly says much less'],
  SourceConfirmed: ['good', 'confirmed what a held source says'],
  SourceRejected: ['bad', 'said that a held source is wrong'],
  SourceReleased: ['over', 'released a source that says again what it said'],
  AssertionProposed: ['wait', 'said who may be whom'],
  AssertionConfirmed: ['good', 'confirmed who is whom'],
  AssertionRejected: ['bad', 'said that a link is wrong'],
  AssertionEnded: ['over', 'ended a link'],
  AssertionWithdrawn: ['over', 'took a link back'],
  MitigationEvidenced: ['good', 'gave evidence for a control over a conflict of duties'],
  PasskeyEnrolled: ['wait', 'enrolled a passkey'],
  PasskeyConfirmed: ['good', 'confirmed a passkey'],
  PasskeyRemoved: ['over', 'removed a passkey'],
  LogBegan: ['good', 'began the log'],
  LogKeyRotated: ['wait', 'gave the log another key'],
  LogBeganAgain: ['bad', 'began the log again, because signed records were lost'],
}

export function installationWords(type: string): readonly [Standing, string] | undefined {
  return Object.hasOwn(words, type) ? words[type] : undefined
}
