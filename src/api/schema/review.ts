/** Open reviews: which looks back are due, the overdue ones first. */
import { z } from 'zod'
import { idOut, instantOut, limit, listOut, names, said } from './text.ts'

export const reviewQuery = z.strictObject({ limit: limit(100, 500) }).meta({ description: 'How many to list.' })

export const reviews = z
  .object({
    reviews: listOut(
      z
        .object({
          waiver: idOut('The waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
          kind: said('Kind of the waiver.'),
          requester: idOut('Who asked.', 'per_maria'),
          beneficiary: idOut('Who got the access.', 'per_maria'),
          system: idOut('The target.', 'sys_ledger-db'),
          endedAt: instantOut,
          cause: said('Why it ended.'),
          dueAt: instantOut,
          overdue: z.boolean().meta({ description: 'Nobody closed it in time.' }),
          removal: said('`open`: it cannot be closed yet. `verified` or `not-needed`: it can.'),
          residue: listOut(z.string(), 'What has to be accepted by name.'),
          mayReview: z.boolean().meta({ description: 'Nothing known now speaks against your closing it.' }),
        })
        .meta({ description: 'One open review.' }),
      'Overdue ones first, then by when they are due; only of waivers you may read.',
    ),
    complete: z
      .boolean()
      .meta({ description: 'False when there are more than could be looked at; then close some and ask again.' }),
    names,
  })
  .meta({ id: 'Reviews', description: 'Open reviews.' })

export type Reviews = z.output<typeof reviews>
