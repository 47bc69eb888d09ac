/** What an event says to a person, one sentence for every type there is; the switch keeps the list complete. */
import type { EventOf, WaiverEvent } from '../../core/waiver.ts'
import { instantIn } from './moments.ts'
import type { Page } from './page.ts'
import { quoted, visible } from './visible.ts'

export interface Phrase {
  /** What happened, with the words of nobody in it. */
  readonly says: string
  /** What somebody wrote, to be shown as theirs. */
  readonly spoken?: string
}

export function phraseOf(event: WaiverEvent, { timeZone }: Page): Phrase {
  const when = (instant: string) => instantIn(instant, timeZone)
  switch (event.type) {
    case 'WaiverRequested':
      return { says: `asked, to be decided by ${when(event.decideBy)}` }
    case 'WaiverEndorsed':
      return { says: `endorsed the ${event.of}` }
    case 'TermsNarrowed':
      return { says: 'narrowed the terms' }
    case 'WaiverCountersigned':
      return { says: signed('countersigned', event) }
    case 'ExtensionCountersigned':
      return { says: signed('countersigned more time', event) }
    case 'ResumptionCountersigned':
      return { says: signed('countersigned the resumption', event) }
    case 'WaiverDenied':
      return { says: 'denied', spoken: event.reason }
    case 'ExtensionDenied':
      return { says: 'denied more time', spoken: event.reason }
    case 'ResumptionDenied':
      return { says: 'denied the resumption', spoken: event.reason }
    case 'QuestionAsked':
      return { says: 'asked back', spoken: event.text }
    case 'QuestionAnswered':
      return { says: 'answered', spoken: event.text }
    case 'WaiverWithdrawn':
      return { says: 'took the request back', spoken: event.reason }
    case 'WaiverLapsed':
      return { says: event.cause === 'lapsed' ? 'lapsed: nobody decided in time' : 'lapsed: nobody started it in time' }
    case 'ApprovalVoided':
      return { says: 'the approval is void', spoken: event.reason }
    case 'SignatureVoided':
      return { says: `the signature of ${visible(event.person)} counts no more`, spoken: event.reason }
    case 'ProposalVoided':
      return { says: `the ${event.of} is no longer asked for`, spoken: event.reason }
    case 'ActivationStarted':
      return { says: `started the access of account ${quoted(event.account)}, until ${when(event.end)}` }
    case 'AccessActivated':
      return { says: 'the target was seen to give the access' }
    case 'AccessUsed':
      return { says: `used it, ${event.count} in all`, spoken: event.detail }
    case 'ExtensionRequested':
      return { says: `asked for more time, until ${when(event.terms.window.end)}`, spoken: event.reason }
    case 'ExtensionLapsed':
      return { says: 'nobody decided about more time in time' }
    case 'ControlEvidenced':
      return {
        says: `gave evidence for ${quoted(event.control)}, next due ${when(event.nextDueAt)}`,
        spoken: event.text,
      }
    case 'ControlMissed':
      return { says: `evidence for ${quoted(event.control)} was missed` }
    case 'AccessSuspended':
      return { says: 'suspended; the access is removed meanwhile', spoken: event.reason }
    case 'ResumptionRequested':
      return { says: 'asked to go on', spoken: event.reason }
    case 'ResumptionLapsed':
      return { says: 'nobody decided about going on in time' }
    case 'AccessRevoked':
      return { says: `ended: ${visible(event.cause)}`, spoken: event.reason }
    case 'AccessExpired':
      return { says: 'expired: the window is over' }
    case 'RemovalVerified':
      return {
        says:
          event.residue.length === 0
            ? 'seen to be gone from the target'
            : `seen to be gone from the target; left behind: ${event.residue.map(quoted).join(', ')}`,
      }
    case 'RemovalFailed':
      return { says: 'could not be seen to be gone yet', spoken: event.reason }
    case 'ReviewOpened':
      return { says: `review opened, due ${when(event.dueAt)}` }
    case 'ReviewOverdue':
      return { says: 'the review is overdue' }
    case 'ReviewClosed':
      return {
        says: `review closed: ${visible(event.finding)}${event.residueAccepted.length === 0 ? '' : `, accepting ${event.residueAccepted.map(quoted).join(', ')}`}`,
        spoken: event.note,
      }
    case 'EventReviewed':
      return { says: `reviewed ${visible(event.event)}: ${visible(event.finding)}`, spoken: event.note }
    case 'AttemptRefused':
      return { says: `tried to ${visible(event.command)} and was refused: ${visible(event.code)}` }
    default:
      return unknownPhrase(event)
  }
}

/** A server that is newer than this client says things it cannot know. */
function unknownPhrase(event: never): Phrase {
  return { says: visible(String((event as { readonly type: unknown }).type)) }
}

function signed(
  what: string,
  {
    saw,
    signed: digest,
    complete,
    countersignersNeeded,
  }: EventOf<'ExtensionCountersigned'> | EventOf<'WaiverCountersigned'> | EventOf<'ResumptionCountersigned'>,
): string {
  const narrowed = saw === digest ? '' : ', narrower than was asked'
  return `${what}${narrowed}${complete ? '' : `; ${countersignersNeeded} countersignatures are needed`}`
}
