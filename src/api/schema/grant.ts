/** Grants as they are shown: what shall be true on a target, and what was seen there last. */
import { z } from 'zod'
import { count, grantId, idOut, instantOut, limit, listOut, names, said, systemId, yesOrNo } from './text.ts'

const observed = z
  .object({
    present: z.boolean().meta({ description: 'The access was there.' }),
    differs: listOut(z.string(), 'How it differed from what was countersigned.'),
    sessions: listOut(
      z
        .object({
          session: said("The target's own id of the session."),
          account: said('The account.'),
          since: said('Since when. Instant in UTC.'),
          detail: said('What the target says about it.'),
        })
        .meta({ description: 'A session that uses the access.' }),
      'Sessions that use the access.',
    ),
    residue: listOut(
      z
        .object({
          kind: said('What kind of thing.'),
          name: said('By which it can be accepted in a review.'),
          detail: said('In words.'),
        })
        .meta({ description: 'Something that outlives a plain removal.' }),
      'What would be, or was, left behind.',
    ),
  })
  .meta({ description: 'What was seen on the target at the last look.' })

export const grant = z
  .object({
    grant: idOut('Id of the grant.', 'grt_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    waiver: idOut('The waiver that gave it.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    generation: count('Rises with every change of what shall be true.'),
    wanted: z.enum(['present', 'absent']).meta({ description: 'What shall be true on the target.' }),
    settled: z.boolean().meta({ description: 'True when the last look showed that.' }),
    system: idOut('The target.', 'sys_ledger-db'),
    entitlement: idOut('What is granted there.', 'ledger-write'),
    account: said('The account on the target.'),
    resources: listOut(z.string(), 'On what.'),
    actions: listOut(z.string(), 'What may be done.'),
    until: instantOut.meta({ description: 'When it ends.' }),
    attempts: count('Attempts since it last was as wanted.'),
    lastError: said('Why the last attempt did not do it.').optional(),
    nextAt: instantOut.optional().meta({ description: 'When the target is looked at next.' }),
    observedAt: instantOut.optional().meta({ description: 'When the target was looked at last.' }),
    observed: observed.optional(),
  })
  .meta({ id: 'Grant', description: 'Access that exists, or should, on a target.' })

export const grantQuery = z
  .strictObject({
    system: systemId.exactOptional(),
    settled: yesOrNo('`false`: only those whose target was not yet seen to be as wanted.').exactOptional(),
    after: grantId
      .meta({ description: 'Id of the last grant looked at before: `next` of the page before.' })
      .exactOptional(),
    limit: limit(50, 200),
  })
  .meta({ description: 'Which grants to list.' })

export const grantPage = z
  .object({
    grants: listOut(grant, 'Newest first; only those of waivers you may read.'),
    next: said('What to send as `after` for the next page; absent on the last one.').optional(),
    names,
  })
  .meta({ id: 'GrantPage', description: 'A page of grants.' })

export const grantPath = z.strictObject({ grant: grantId }).meta({ description: 'Which grant.' })
export const grantDetail = z.object({ grant, names }).meta({ id: 'GrantDetail', description: 'A grant.' })

export type GrantView = z.output<typeof grant>
export type GrantPage = z.output<typeof grantPage>
export type GrantDetail = z.output<typeof grantDetail>
export interface GrantQuery {
  readonly system?: string
  readonly settled?: boolean
  readonly after?: string
  readonly limit?: number
}
