/**
 * What is told of changes to the rules and of the founding. Nothing here is decided quietly: whoever may object hears of
 * a change when it is proposed, when it is countersigned, and when it takes effect.
 */
import type { Change, ChangeEvent } from '../../core/change.ts'
import type { Founding, FoundingEvent } from '../../core/founding.ts'
import type { People, Telling } from './telling.ts'

type ChangeOf<Type extends ChangeEvent['type']> = Extract<ChangeEvent, { type: Type }>
type FoundingOf<Type extends FoundingEvent['type']> = Extract<FoundingEvent, { type: Type }>

const watchers = (change: Change, { rules, founders }: People) => [change.author, ...rules, ...founders]

export const changeNotices: {
  readonly [Type in ChangeEvent['type']]: Telling<Change, ChangeOf<Type>> | undefined
} = {
  ChangeProposed: { urgency: 'normal', to: (_, { rules, founders }) => [...rules, ...founders] },
  ChangeCountersigned: {
    urgency: 'normal',
    to: watchers,
    codes: ({ complete, effectiveAt }) => ({ complete, effectiveAt }),
  },
  ChangeDenied: { urgency: 'normal', to: watchers },
  ChangeWithdrawn: { urgency: 'normal', to: watchers },
  ChangeTookEffect: { urgency: 'normal', to: watchers },
  ChangeSuperseded: { urgency: 'normal', to: watchers },
  AttemptRefused: undefined,
}

export const foundingNotices: {
  readonly [Type in FoundingEvent['type']]: Telling<Founding, FoundingOf<Type>> | undefined
} = {
  FoundingProposed: { urgency: 'normal', to: ({ founders }) => founders },
  FoundingAccepted: { urgency: 'normal', to: ({ founders }) => founders },
  Founded: { urgency: 'normal', to: ({ founders }) => founders },
  AttemptRefused: undefined,
  ClockConfirmed: { urgency: 'normal', to: ({ founders }) => founders, codes: ({ complete }) => ({ complete }) },
}
