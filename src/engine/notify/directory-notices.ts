/**
 * What is told of the directory: sources that are held, and what people say and confirm about it. Whoever may decide about
 * it hears of it at once where access depends on it.
 */
import type { Hold, HoldEvent } from '../../core/hold.ts'
import type { People, Telling } from './telling.ts'

type HoldOf<Type extends HoldEvent['type']> = Extract<HoldEvent, { type: Type }>

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
