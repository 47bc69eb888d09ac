/** What each kind of record says, in words. Bodies may have been erased; then only what happened is known. */
import type { ReactNode } from 'react'
import type { ConflictView, RecordedEvent, TermsView } from '../../src/client/index.ts'
import type { EventType, WaiverEvent } from '../../src/core/waiver.ts'
import { differenceWords, draftOf } from '../decision/narrowing.ts'
import type { Names } from '../people/name.tsx'
import type { Standing } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Quote } from '../text/quote.tsx'
import { Said } from '../text/said.tsx'
import { Moment } from '../time/moment.tsx'
import { Conflicts } from './conflicts.tsx'
import { ControlName } from './control-name.tsx'
import { installationWords } from './installation.ts'

export interface Telling {
  readonly is: Standing
  readonly words: ReactNode
  readonly more?: ReactNode
}

/** @param before the terms that stood before this record */
export function saidOf({ type, body }: RecordedEvent, names: Names, before: TermsView | undefined): Telling {
  // The API passes on what was recorded; its conflicts carry their path only for those who may see it.
  const event = body as WaiverEvent | undefined
  if (event === undefined) return { is: 'over', words: <>{plain(type)} (what was said is erased)</> }
  const [is, words] = installationWords(type) ?? (['over', plain(type)] as const)
  return said(event, names, before) ?? { is, words }
}

function said(event: WaiverEvent, names: Names, before: TermsView | undefined): Telling | undefined {
  switch (event.type) {
    case 'WaiverRequested':
      return { is: 'wait', words: 'asked', more: <Quote by="why" text={event.terms.reason} /> }
    case 'WaiverEndorsed':
      return { is: 'good', words: 'endorsed it' }
    case 'TermsNarrowed':
      return {
        is: 'good',
        words: 'narrowed it',
        more: <Narrowed before={before} terms={event.terms} changes={event.changes} />,
      }
    case 'WaiverCountersigned':
    case 'ExtensionCountersigned':
    case 'ResumptionCountersigned':
      return countersigned(event)
    case 'WaiverDenied':
    case 'ExtensionDenied':
    case 'ResumptionDenied':
      return { is: 'bad', words: deniedWords[event.type], more: <Quote by="why" text={event.reason} /> }
    case 'QuestionAsked':
      return { is: 'wait', words: 'asked back', more: <Quote by="question" text={event.text} /> }
    case 'QuestionAnswered':
      return { is: 'wait', words: 'answered', more: <Quote by="answer" text={event.text} /> }
    case 'WaiverWithdrawn':
      return { is: 'over', words: 'withdrew it', more: <Quote by="why" text={event.reason} /> }
    case 'WaiverLapsed':
      return {
        is: 'over',
        words: event.cause === 'lapsed' ? 'closed it: nobody decided in time' : 'closed it: nobody started it in time',
      }
    case 'ApprovalVoided':
      return {
        is: 'bad',
        words: (
          <>
            voided the approval: <Inert text={event.reason} />
          </>
        ),
      }
    case 'ActivationStarted':
      return {
        is: 'live',
        words: (
          <>
            started the access, as{' '}
            <code>
              <Inert text={event.account} />
            </code>
            , until <Moment at={event.end} />
          </>
        ),
      }
    case 'AccessActivated':
      return { is: 'live', words: 'read the target back: the access is there' }
    case 'AccessUsed':
      return { is: 'live', words: <>recorded use {event.count}</>, more: <Quote by="what for" text={event.detail} /> }
    case 'ExtensionRequested':
      return {
        is: 'wait',
        words: (
          <>
            asked for more time, until <Moment at={event.terms.window.end} />
          </>
        ),
        more: <Quote by="why" text={event.reason} />,
      }
    case 'ResumptionRequested':
      return { is: 'wait', words: 'asked that it goes on', more: <Quote by="why" text={event.reason} /> }
    case 'ExtensionLapsed':
    case 'ResumptionLapsed':
      return { is: 'over', words: 'closed the question: nobody decided in time' }
    case 'ControlEvidenced':
      return {
        is: 'good',
        words: (
          <>
            gave evidence for <ControlName id={event.control} />
          </>
        ),
        more: <Quote by="evidence" text={event.text} />,
      }
    case 'ControlMissed':
      return {
        is: 'bad',
        words: (
          <>
            noticed that <ControlName id={event.control} /> was missed
          </>
        ),
      }
    case 'AccessSuspended':
      return { is: 'wait', words: 'suspended the access', more: <Quote by="why" text={event.reason} /> }
    case 'AccessRevoked':
      return { is: 'over', words: 'ended it', more: <Quote by={event.cause} text={event.reason} /> }
    case 'AccessExpired':
      return { is: 'over', words: 'ended it: its time was over' }
    case 'RemovalVerified':
      return { is: event.residue.length === 0 ? 'good' : 'bad', words: removedWords(event.residue) }
    case 'RemovalFailed':
      return {
        is: 'bad',
        words: (
          <>
            could not remove it yet: <Inert text={event.reason} />
          </>
        ),
      }
    case 'ReviewOpened':
      return {
        is: 'wait',
        words: (
          <>
            opened the review, due <Moment at={event.dueAt} />
          </>
        ),
      }
    case 'ReviewOverdue':
      return { is: 'bad', words: 'noticed that the review is overdue' }
    case 'ReviewClosed':
      return {
        is: event.finding === 'justified' ? 'good' : 'bad',
        words: <>closed the review: {event.finding.replaceAll('-', ' ')}</>,
        more: <Quote by="note" text={event.note} />,
      }
    case 'EventReviewed':
      return {
        is: event.finding === 'justified' ? 'good' : 'bad',
        words: <>looked back at one act: {event.finding.replaceAll('-', ' ')}</>,
        more: <Quote by="note" text={event.note} />,
      }
    case 'AttemptRefused':
      return refusedAttempt(event, names)
    default:
      return undefined
  }
}

type CountersignedEvent = Extract<
  WaiverEvent,
  { type: 'WaiverCountersigned' | 'ExtensionCountersigned' | 'ResumptionCountersigned' }
>

function countersigned({ type, complete, saw, signed }: CountersignedEvent): Telling {
  const what =
    type === 'WaiverCountersigned'
      ? 'countersigned'
      : type === 'ExtensionCountersigned'
        ? 'countersigned more time'
        : 'countersigned that it goes on'
  return {
    is: 'good',
    words: `${what}${saw === signed ? '' : ' the narrower terms'}${complete ? '' : '; one more is needed'}`,
  }
}

const deniedWords = {
  WaiverDenied: 'denied it',
  ExtensionDenied: 'denied more time',
  ResumptionDenied: 'denied that it goes on',
} as const

function removedWords(residue: readonly string[]): ReactNode {
  if (residue.length === 0) return 'read the target back after ending sessions: the access is gone'
  return (
    <>
      read the target back: the access is gone, and {residue.length} left behind:{' '}
      {residue.map((name) => (
        <Change key={name} text={name} />
      ))}
    </>
  )
}

function refusedAttempt(event: Extract<WaiverEvent, { type: 'AttemptRefused' }>, names: Names): Telling {
  const conflicts = (event.verdict?.conflicts ?? []) as readonly ConflictView[]
  return {
    is: 'bad',
    words: (
      <>
        tried to {event.command.replaceAll('-', ' ')} and was refused: <Said text={event.message} />
      </>
    ),
    more: <Conflicts conflicts={conflicts} names={names} />,
  }
}

function Narrowed({
  before,
  terms,
  changes,
}: {
  readonly before: TermsView | undefined
  readonly terms: TermsView
  readonly changes: readonly string[]
}) {
  const words =
    before === undefined
      ? changes
      : differenceWords(before, { ...draftOf(terms), end: terms.window.end }, Date.parse(terms.window.start))
  return (
    <ul>
      {words.map((word) => (
        <li key={word}>
          <Inert text={word} />
        </li>
      ))}
    </ul>
  )
}

function Change({ text }: { readonly text: string }) {
  return (
    <code>
      <Inert text={text} />{' '}
    </code>
  )
}

/** `AccessActivated` → `access activated`. */
function plain(type: EventType | string): string {
  return type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}
