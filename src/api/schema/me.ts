/** Whom this installation takes the caller for. */
import { z } from 'zod'
import { idOut, instantOut, listOut, names } from './text.ts'

export const me = z
  .object({
    id: idOut('Whoever acts: a person or a workload.', 'per_maria'),
    kind: z.enum(['person', 'workload']).meta({ description: 'Which of the two.' }),
    chain: listOut(z.string(), 'Through whom it is asked: delegation chain, outermost first.'),
    signedInAt: instantOut.optional().meta({
      description: 'When this person last signed in interactively. Decisions need a sign-in of the last five minutes.',
    }),
    pools: listOut(z.string(), 'Pools this person is in now.'),
    asksFor: listOut(
      z.string(),
      'Whom this person may ask for: themselves, what they own or operate, whom they sponsor, who reports to them.',
    ),
    groups: listOut(z.string(), 'Teams this person is in and rotas they are on: whose coverage they may ask for.'),
    oversees: z.boolean().meta({
      description:
        'Looks over everything: decides the rules, is a founder, reviews, or is of the security pool. Coverage of everybody and the figures are for them.',
    }),
    readsEverything: z.boolean().meta({
      description: 'Reads every record, as reviewers and the security pool do. Evidence of a period is made for them.',
    }),
    founder: z.boolean().meta({ description: 'One of the founders of this installation.' }),
    names,
  })
  .meta({ id: 'Me', description: 'Whom this installation takes the caller for, by their token and the directory.' })

export type Me = z.output<typeof me>
