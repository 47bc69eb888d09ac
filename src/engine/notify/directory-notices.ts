/**
 * What is told of the directory: sources that are held, and what people say and confirm about it. Whoever may decide about
 * it hears of it at once where access depends on it.
 */
import type { Assertion, AssertionEvent } from '../../core/assertion.ts'
import type { Hold, HoldEvent } from '../../core/hold.ts'
import type { People, Telling } from './telling.ts'

type HoldOf<Type extends HoldEvent['type']> = Extract<HoldEvent, { type: Type }>

type AssertionOf<Type extends AssertionEvent['type']> = Extract<AssertionEvent, { type: Type }>

/** Accounts hear nothing, and what they are called is what somebody typed. */
const named = ({ author, said }: Assertion) => [author, said.from, said.to].filter((id) => !id.startsWith('acc_'))

/** Whoever is named hears of it: a link counts against them from now on. */
export const assertionNotices: {
  readonly [Type in AssertionEvent['type']]: Telling<Assertion, AssertionOf<Type>> | undefined
} = {
  AssertionProposed: {
    urgency: 'normal',
    to: (assertion, { rules, security }) => [...named(assertion), ...rules, ...security],
  },
  AssertionConfirmed: { urgency: 'normal', to: named },
  AssertionRejected: { urgency: 'normal', to: named },
  AssertionWithdrawn: { urgency: 'normal', to: named },
  AssertionEnded: {
    urgency: 'normal',
    to: (assertion, { rules, security }) => [...named(assertion), ...rules, ...security],
  },
  AttemptRefused: undefined,
}

const watchers = (_: Hold, { rules, security, founders }: People) => [...rules, ...security, ...founders]

export const holdNotices: { readonly [Type in HoldEvent['type']]: Telling<Hold, HoldOf<Type>> | undefined } = {
  SourceHeld: {
    urgency: 'immediate',
    to: watchers,
    codes: ({ word }) => ({
      peopleGone: word.gone.people.gone,
      teamsGone: word.gone.teams.gone,
      membershipsGone: word.gone.memberships.gone,
    }),
  },
  SourceReleased: { urgency: 'normal', to: watchers },
  SourceConfirmed: { urgency: 'normal', to: watchers },
  SourceRejected: { urgency: 'normal', to: watchers },
  AttemptRefused: undefined,
}
