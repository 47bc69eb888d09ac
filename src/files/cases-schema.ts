/**
 * The shape of a file of policy cases. The same schema validates, documents and becomes `schemas/cases.schema.json`.
 */
import { z } from 'zod'
import { floorConflicts, policyConflicts } from '../core/conflict.ts'
import { type RefusalCode, refusals } from '../core/refusal.ts'
import { exactText, listOf, moment, nameText, referenceText, someSeconds, termsName } from './values.ts'

const conflictCode = z.enum([...floorConflicts, ...policyConflicts])
const refusalCode = z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]])
const people = (description: string) => listOf(referenceText).meta({ description })

const givenSchema = z
  .strictObject({
    add: z.array(exactText).default([]).meta({
      description:
        'Relations that also hold, as sentences: `per_maria member-of team_payments`, or `… until 2026-11-01`.',
    }),
    remove: z.array(exactText).default([]).meta({ description: 'Relations that do not hold, as sentences.' }),
    onDuty: z
      .record(referenceText, listOf(referenceText))
      .default({})
      .meta({ description: 'Who is on duty on a rota at that moment, instead of what the directory says.' }),
    inPoolSince: z
      .record(referenceText, moment)
      .default({})
      .meta({ description: 'Since when somebody has been in their pools. Whoever is not named has always been.' }),
    took: z
      .record(referenceText, z.enum(['endorsed', 'countersigned', 'activated', 'provisioned']))
      .default({})
      .meta({ description: 'What people did earlier in the same matter.' }),
    decisions: z
      .array(
        z.strictObject({
          countersigner: referenceText.meta({ description: 'Who countersigned.' }),
          askedBy: listOf(referenceText).min(1).meta({ description: 'For whom.' }),
          at: moment.meta({ description: 'When.' }),
        }),
      )
      .default([])
      .meta({ description: 'Earlier countersignatures, for people who keep approving each other.' }),
  })
  .meta({ description: 'What is different from the directory and the record as they are.' })

const expectSchema = z
  .strictObject({
    tier: referenceText.optional().meta({ description: 'The tier this falls into.' }),
    steps: z
      .array(z.enum(['endorse', 'countersign']))
      .min(1)
      .optional()
      .meta({ description: 'The steps of the decision.' }),
    windowMax: someSeconds.optional().meta({ description: 'The longest window that can be asked for.' }),
    countersigners: z.int().min(1).optional().meta({ description: 'How many different people must countersign.' }),
    refused: refusalCode.optional().meta({ description: 'The request itself is refused, with this code.' }),
    mayDecide: people('People who may countersign.').default([]),
    notAlone: people('People who may countersign, but whose countersignature asks for one more.').default([]),
    mayNotDecide: z
      .record(referenceText, z.array(conflictCode))
      .default({})
      .meta({ description: 'People who may not, and at least these reasons; `[]`: for whatever reason.' }),
    onlyDeciders: people('Exactly the people who may countersign.').optional(),
    firstAsked: referenceText.optional().meta({ description: 'Whom routing asks first.' }),
  })
  .refine(
    (expect) =>
      Object.values(expect).some((value) =>
        typeof value === 'object' ? Object.keys(value).length > 0 : value !== undefined,
      ),
    {
      error: 'expects nothing; a case that cannot fail says nothing',
    },
  )
  .meta({ description: 'What must come out. Only what is stated is checked.' })

const caseSchema = z
  .strictObject({
    name: nameText.meta({ description: 'One sentence that says what should be true.' }),
    at: moment.meta({ description: 'The moment at which it is asked.' }),
    asks: referenceText.meta({ description: 'Who asks: a person, or `wl_…` for a workload.' }),
    through: listOf(referenceText).default([]).meta({ description: 'Everybody else through whom it is asked.' }),
    for: referenceText
      .optional()
      .meta({ description: 'Who gets the access; for break-glass the rota. Default: whoever asks.' }),
    kind: z
      .enum(['access-override', 'sod-exception', 'break-glass'])
      .default('access-override')
      .meta({ description: 'What is asked for. Default: `access-override`.' }),
    system: referenceText.meta({ description: 'On which system.' }),
    entitlement: referenceText.meta({ description: 'Which entitlement of it.' }),
    resources: listOf(termsName).min(1).optional().meta({ description: 'Default: all the entitlement offers.' }),
    actions: listOf(termsName).min(1).optional().meta({ description: 'Default: all the entitlement offers.' }),
    window: someSeconds.optional().meta({ description: "How long, from `at` on. Default: the tier's longest." }),
    controls: listOf(referenceText)
      .optional()
      .meta({ description: 'Controls in the terms. Default: those the tier requires.' }),
    exception: z
      .strictObject({
        rule: referenceText.meta({ description: 'The duty rule.' }),
        system: referenceText.meta({ description: 'Where the other side is held.' }),
        entitlement: referenceText.meta({ description: 'The other side.' }),
      })
      .optional()
      .meta({ description: 'For a sod-exception: the rule, and the other side of the conflict.' }),
    given: givenSchema.prefault({}),
    expect: expectSchema,
  })
  .meta({ description: 'One question to the policy, and its expected answer.' })

const useSchema = z
  .strictObject({
    name: nameText.meta({ description: 'One sentence that says what should be true.' }),
    at: moment.meta({ description: 'The moment of the use.' }),
    by: referenceText.meta({ description: 'Who acts: a person, or `wl_…` for a workload.' }),
    through: listOf(referenceText).default([]).meta({ description: 'In whose name, outermost first.' }),
    system: referenceText.meta({ description: 'On which system.' }),
    entitlement: referenceText.meta({ description: 'Under a waiver for which entitlement of it.' }),
    kind: z
      .enum(['access-override', 'sod-exception', 'break-glass'])
      .default('access-override')
      .meta({ description: 'Kind of that waiver. Default: `access-override`.' }),
    left: someSeconds.prefault('PT1H').meta({ description: 'How long the waiver still lasts. Default PT1H.' }),
    action: termsName.meta({ description: 'What is done.' }),
    resource: termsName.meta({ description: 'On what.' }),
    tool: exactText.optional().meta({ description: 'Through which tool.' }),
    bytes: z.int().min(0).optional().meta({ description: 'How many bytes it moves.' }),
    arguments: z.record(z.string(), z.unknown()).optional().meta({ description: 'The arguments of the call.' }),
    expect: z
      .enum(['allowed', 'guardrail-forbids', 'no-guardrail-permits', 'guardrail-failed'])
      .meta({ description: 'What the guardrails say.' }),
    because: listOf(referenceText).optional().meta({ description: 'Exactly these guardrails forbid it, or fail.' }),
  })
  .meta({ description: 'One use under a waiver that covers it, and what the guardrails say.' })

export const casesSchema = z
  .strictObject({
    cases: z.array(caseSchema).default([]).meta({ description: 'The cases, in the order they are run.' }),
    uses: z.array(useSchema).default([]).meta({ description: 'Uses, as the guardrails are asked about them.' }),
  })
  .refine(({ cases, uses }) => cases.length + uses.length > 0, {
    error: 'holds no case; a file that asks nothing says nothing',
  })
  .meta({
    title: 'Countersign policy cases',
    description: 'Questions to the policy with expected answers, run by `countersign policy test`.',
  })

export type CasesFile = z.output<typeof casesSchema>
export type CaseEntry = CasesFile['cases'][number]
export type UseEntry = CasesFile['uses'][number]
