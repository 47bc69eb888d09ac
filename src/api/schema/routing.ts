/** Who could decide: of a waiver that is there, or of terms that nobody has asked for yet. */
import { z } from 'zod'
import { conflict, excluded, verdict } from './conflict.ts'
import { askedTerms } from './terms.ts'
import { count, idOut, instant, instantOut, listOut, names, said } from './text.ts'
import { obligations } from './waiver-parts.ts'

const held = listOut(
  z
    .object({
      system: idOut('The system.', 'sys_ledger-db'),
      entitlement: idOut('What can be used there.', 'ledger-read'),
      waiver: said('The waiver that gives it.').optional(),
      until: said('When that one ends. Instant in UTC.').optional(),
      source: said('For standing access: which source of the directory says so.').optional(),
      through: said('The team through which it is held.').optional(),
    })
    .meta({ description: 'One access that is there today.' }),
  'What the beneficiary can use today: standing access the directory knows of, and what other waivers give.',
)

const duty = z
  .object({
    rule: idOut('The duty rule.', 'pay-and-approve'),
    name: said('Its name.'),
    severity: said('How bad it is.'),
  })
  .meta({ description: 'A duty rule.' })

export const routing = z
  .object({
    eligible: listOut(
      z
        .object({
          person: idOut('Who.', 'per_ines'),
          pool: idOut('The pool by which they may decide.', 'security-approvers'),
          onDuty: z.boolean().meta({ description: 'On duty now.' }),
          load: z.number().meta({ description: 'Decisions they took part in over the last 30 days.' }),
          additionalCountersigners: z.int().meta({ description: '1 when their countersignature would need one more.' }),
        })
        .meta({ description: 'Somebody who may decide.' }),
      'In the order in which to ask: on duty first, then those with the least load.',
    ),
    excluded: listOut(excluded, 'Members of the deciding pools who may not decide this.'),
    pools: listOut(
      z
        .object({
          pool: idOut('The pool.', 'security-approvers'),
          members: count('How many are in it.'),
          eligible: count('How many of them may decide this.'),
        })
        .meta({ description: 'One deciding pool.' }),
      'The pools that decide this.',
    ),
    obligations,
    names,
  })
  .meta({
    id: 'Routing',
    description: 'Who could decide this now. It promises nothing: independence is asked again with the decision.',
  })

export const previewBody = z
  .strictObject({
    terms: askedTerms,
    later: instant.exactOptional().meta({
      description: 'Another moment, such as three in the morning: who of those who could decide is on duty then?',
    }),
  })
  .meta({ id: 'PreviewOf', description: 'Terms somebody thinks of asking for.' })

export const preview = routing
  .extend({
    accounts: listOut(z.string(), 'Accounts of the beneficiary on that system, by exact name.'),
    contains: listOut(z.string(), 'What the entitlement contains now, as its target says; empty when it does not say.'),
    onDutyLater: listOut(z.string(), 'Who of those who could decide is on duty at `later`; empty when none was given.'),
    held,
    breaks: listOut(
      duty.extend({
        controls: listOut(
          z.string(),
          'Compensating controls of which an exception needs one; empty: none is possible.',
        ),
        others: listOut(
          z
            .object({
              system: idOut('The system.', 'sys_erp'),
              entitlement: idOut('The other side.', 'payments-write'),
            })
            .meta({ description: 'What is held already and conflicts.' }),
          'What conflicts with it: the other side that a sod-exception names.',
        ),
      }),
      'Duty rules that would come to be broken. Such access is asked for as a sod-exception, or not at all.',
    ),
    problems: listOut(
      z
        .object({ at: said('Which part of the terms.'), message: said('What is wrong.') })
        .meta({ description: 'One thing that is wrong with the terms.' }),
      'What is wrong with the form of the terms.',
    ),
  })
  .meta({
    id: 'Preview',
    description: 'What would be asked of these terms and who could decide them. Nothing is recorded.',
  })

export const context = z
  .object({
    contains: z
      .object({
        state: z
          .enum(['same', 'changed', 'unknown'])
          .meta({ description: 'Against what the entitlement contained when it was asked for.' }),
        summary: listOut(z.string(), 'What the entitlement contains now, one line each, as its target says.'),
      })
      .meta({ description: 'What would be given.' }),
    earlier: listOut(
      z
        .object({
          waiver: idOut('The waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
          status: said('Where in its life it is.'),
          entitlement: idOut('What it was for.', 'ledger-write'),
          start: instantOut,
          end: instantOut,
          granted: z.boolean().meta({ description: 'Access existed because of it.' }),
          cause: said('How it ended.').optional(),
        })
        .meta({ description: 'Another waiver of the same people on the same system.' }),
      'Waivers of the same controlling persons on this system that are open or ended in the last 90 days, newest first.',
    ),
    held,
    breaks: listOut(
      duty,
      'Duty rules that holding this together with what the earlier waivers still give would break.',
    ),
    nowAt: instantOut.meta({ description: 'When this was looked at.' }),
    names,
  })
  .meta({
    id: 'Context',
    description:
      'What whoever decides should see: the entitlement as it is now, what these people had and have, which rules break.',
  })

export type Routing = z.output<typeof routing>
export type PreviewOf = z.input<typeof previewBody>
export type Preview = z.output<typeof preview>
export type Context = z.output<typeof context>
export { conflict, verdict }
