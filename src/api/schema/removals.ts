/** Removals that are open: access that should be gone and was not yet seen to be, the oldest first. */
import { z } from 'zod'
import { count, idOut, instantOut, limit, listOut, names, said } from './text.ts'

export const removalsQuery = z.strictObject({ limit: limit(100, 500) }).meta({ description: 'How many to list.' })

export const removals = z
  .object({
    removals: listOut(
      z
        .object({
          waiver: idOut('The waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
          kind: said('Kind of the waiver.'),
          beneficiary: idOut('Whose access.', 'per_maria'),
          system: idOut('On which target.', 'sys_ledger-db'),
          entitlement: idOut('What.', 'ledger-write'),
          status: said('`ended`, or `suspended`: then it is only gone for a while.'),
          since: instantOut,
          dueAt: instantOut.meta({
            description: 'By then the target, if it answers, would have been seen to be clean.',
          }),
          overdue: z.boolean().meta({ description: 'That has passed, or an attempt has failed.' }),
          failures: count('Attempts that failed.'),
          lastFailure: said('Why the last one failed.').optional(),
        })
        .meta({ description: 'One open removal.' }),
      'The oldest first; only of waivers you may read.',
    ),
    complete: z.boolean().meta({ description: 'False when there are more than could be looked at.' }),
    nowAt: instantOut,
    names,
  })
  .meta({ id: 'Removals', description: 'Open removals.' })

export type Removals = z.output<typeof removals>
