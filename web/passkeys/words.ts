/** What is done by signing, in words. */
import type { ChallengeView } from '../../src/client/index.ts'

/** @returns the title of what is signed, said to whoever signs. */
export function signingWords({ statement: { decision, of, shown, signed } }: ChallengeView): string {
  switch (decision) {
    case 'countersign':
      if (shown !== signed) return 'You countersign less than was asked'
      if (of === 'extension') return 'You countersign more time'
      return of === 'resumption' ? 'You countersign that it goes on' : 'You countersign exactly this'
    case 'endorse':
      return 'You sign off for the owner’s side'
    case 'deny':
      return of === 'extension' ? 'You deny more time' : 'You deny this'
    case 'activate':
      return 'You open the envelope'
    case 'review':
      return 'You close the review'
    case 'review-event':
      return 'You close the look back at one act'
    case 'confirm':
      return 'You confirm that this passkey is theirs'
    default:
      return 'You decide this'
  }
}

/** What has happened, once it was signed and taken. */
export const doneWords: Readonly<Record<string, string>> = {
  countersign: 'Countersigned.',
  endorse: 'Endorsed. Somebody from outside decides next.',
  deny: 'Denied.',
  activate: 'The envelope is open.',
  review: 'The review is closed.',
  'review-event': 'This act is looked back at.',
  confirm: 'Confirmed. From now on it signs.',
}
