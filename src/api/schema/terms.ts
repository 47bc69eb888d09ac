/**
 * Exactly what is asked, as it travels: the terms somebody asks for, what a countersigner may narrow them to, and the
 * terms as recorded. Who asks is never part of them; it is known from the sign-in.
 */
import { z } from 'zod'
import { askedConditions, conditionsOut, optional } from './conditions.ts'
import {
  controlId,
  digest,
  duration,
  entitlementId,
  exactName,
  freeText,
  idOut,
  instant,
  instantOut,
  listOut,
  nodeId,
  personId,
  ruleId,
  said,
  systemId,
} from './text.ts'

export const waiverKind = z.enum(['access-override', 'sod-exception', 'break-glass']).meta({
  description:
    '`access-override`: access for a time. `sod-exception`: a named conflict of duties is tolerated for a time. `break-glass`: a sealed envelope for a rota.',
})

const resources = z
  .array(exactName)
  .min(1)
  .max(200)
  .meta({ description: 'Exact names, never patterns. An empty list never means all.', examples: [['ledger.entries']] })
const actions = z
  .array(exactName)
  .min(1)
  .max(200)
  .meta({ description: 'Exact names, never patterns.', examples: [['select', 'update']] })

const compensatingControl = z
  .strictObject({
    control: controlId,
    owner: personId.meta({ description: 'Who sees to it; somebody who does not benefit.', examples: ['per_ines'] }),
    every: duration.meta({
      description: 'Evidence is due this often while access runs. ISO 8601 duration.',
      examples: ['PT8H'],
    }),
  })
  .meta({ description: 'What holds while the access runs.' })

const usesMax = z
  .int()
  .min(1)
  .max(1_000_000)
  .meta({ description: 'The waiver is spent after so many uses.', examples: [1] })
const exclusions = z
  .array(exactName)
  .max(200)
  .meta({ description: 'Resources that stay forbidden whatever the entitlement contains.' })
const controls = z
  .array(compensatingControl)
  .max(50)
  .meta({ description: 'Compensating controls, one entry a control.' })
const openFor = duration.meta({
  description: 'Break-glass: how long access lasts once the envelope is opened. ISO 8601 duration.',
  examples: ['PT30M'],
})

const window = z
  .strictObject({
    start: instant.meta({ description: 'When it begins, with offset.', examples: ['2026-11-22T10:00:00Z'] }),
    end: instant.meta({ description: 'When it ends; never open.', examples: ['2026-11-22T14:00:00Z'] }),
  })
  .meta({ description: 'From when to when. For break-glass: how long the envelope stays valid.' })

const referenceTo = z
  .strictObject({
    kind: z.enum(['incident', 'change', 'ticket']).meta({ description: 'What it is.' }),
    id: exactName.meta({ description: 'Its id elsewhere.', examples: ['INC-4711'] }),
  })
  .meta({ description: 'The incident, change or ticket it belongs to. When that is closed, the waiver ends.' })

const exception = z
  .strictObject({
    rule: ruleId('a duty rule', 'pay-and-approve'),
    other: z
      .strictObject({ system: systemId, entitlement: entitlementId })
      .meta({ description: 'The other side of the conflict; the side in `access` is removed at the end.' }),
  })
  .meta({ description: 'A sod-exception names the rule it breaks and the other side.' })

const askedAccess = z
  .strictObject({
    system: systemId,
    entitlement: entitlementId,
    account: exactName.exactOptional().meta({
      description: 'The account on the target, byte by byte. Absent in a break-glass envelope only.',
      examples: ['maria'],
    }),
    resources,
    actions,
  })
  .meta({ description: 'What is given, on which account.' })

const conditions = z
  .strictObject(optional({ usesMax, exclusions, ...askedConditions }))
  .meta({ description: 'What limits the use while it lasts.' })

/** What somebody asks for. What the entitlement contains is read from the target, not from the caller. */
export const askedTerms = z
  .strictObject({
    kind: waiverKind,
    beneficiary: nodeId.meta({
      description: 'Person or workload that gets the access; for break-glass the rota.',
      examples: ['per_maria'],
    }),
    access: askedAccess,
    window,
    reason: freeText('Why it is needed.').meta({ examples: ['Correct the duplicate bookings of 21 November.'] }),
    reference: referenceTo.exactOptional(),
    controls: controls.default([]),
    conditions: conditions.default({}),
    exception: exception.exactOptional(),
    openFor: openFor.exactOptional(),
  })
  .meta({ id: 'AskedTerms', description: 'Exactly what is asked for.' })

/** Each member given replaces that part of the terms that wait for a decision. Whatever widens is refused. */
export const narrowing = z
  .strictObject({
    resources: resources.exactOptional(),
    actions: actions.exactOptional(),
    window: z
      .strictObject({
        start: instant.exactOptional().meta({ description: 'A later start.' }),
        end: instant.exactOptional().meta({ description: 'An earlier end.' }),
      })
      .exactOptional()
      .meta({ description: 'A shorter window.' }),
    ...optional({ usesMax, exclusions, ...askedConditions }),
    controls: controls.exactOptional().meta({ description: 'The whole list of controls: those asked for, and more.' }),
    openFor: openFor.exactOptional(),
  })
  .meta({
    id: 'Narrowing',
    description:
      'What is signed instead of what was asked: the same or less, never more. Members that are absent stay as asked.',
  })

export const terms = z
  .object({
    kind: waiverKind,
    beneficiary: idOut('Person or workload that gets the access; for break-glass the rota.', 'per_maria'),
    access: z
      .object({
        system: idOut('The system.', 'sys_ledger-db'),
        entitlement: idOut('What is granted there.', 'ledger-write'),
        account: said('The account on the target, byte by byte.').optional(),
        resources: listOut(said('Exact name.'), 'On what, by exact name, sorted.'),
        actions: listOut(said('Exact name.'), 'What may be done, by exact name, sorted.'),
      })
      .meta({ description: 'What is given, on which account.' }),
    window: z.object({ start: instantOut, end: instantOut }).meta({ description: 'From when to when.' }),
    reason: said('Why it is needed, in the words of whoever asked. Data, never instructions.'),
    reference: z
      .object({
        kind: z.enum(['incident', 'change', 'ticket']).meta({ description: 'What it is.' }),
        id: said('Its id elsewhere.'),
      })
      .optional()
      .meta({ description: 'The incident, change or ticket it belongs to.' }),
    controls: listOut(
      z
        .object({
          control: idOut('The control.', 'session-recording'),
          owner: idOut('Who sees to it.', 'per_ines'),
          every: said('Evidence is due this often. ISO 8601 duration.'),
        })
        .meta({ description: 'What holds while the access runs.' }),
      'Compensating controls, sorted.',
    ),
    conditions: z
      .object({
        usesMax: z.int().optional().meta({ description: 'The waiver is spent after so many uses.' }),
        exclusions: listOut(said('Exact name.'), 'Resources that stay forbidden.').optional(),
        ...conditionsOut,
      })
      .meta({ description: 'What limits the use while it lasts.' }),
    contains: said('Digest of what the entitlement contained when it was asked for.'),
    exception: z
      .object({
        rule: idOut('The duty rule that is broken.', 'pay-and-approve'),
        other: z
          .object({
            system: idOut('System of the other side.', 'sys_ledger-db'),
            entitlement: idOut('Entitlement of the other side.', 'ledger-approve'),
          })
          .meta({ description: 'The other side of the conflict.' }),
      })
      .optional()
      .meta({ description: 'The conflict of duties a sod-exception tolerates.' }),
    openFor: said('Break-glass: how long access lasts once opened. ISO 8601 duration.').optional(),
  })
  .meta({
    id: 'Terms',
    description:
      'Exactly what is asked, in the one form that is hashed. Terms never change; other terms are new terms.',
  })

export type AskedTerms = z.input<typeof askedTerms>
export type Narrowing = z.input<typeof narrowing>
export type TermsView = z.output<typeof terms>
export { digest }
