/**
 * The OpenID AuthZEN Authorization API 1.0 as it travels. What the text does not name is ignored, as it demands; what it
 * does name is checked. Only here do our words meet those of decision points.
 */
import { z } from 'zod'

const lengthMax = 1_000
const text = (description: string, example?: string) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .meta({ description, ...(example === undefined ? {} : { examples: [example] }) })

const properties = (description: string) => z.record(z.string(), z.unknown()).optional().meta({ description })

const subjectType = text(
  '`person` or `workload` (also `user`, `service`, `agent`) with an id of the directory, or the key of an issuer, or the id of a system, on which `id` is an account.',
  'workload',
)
const resourceType = text('Id of the system; or anything, when `properties.system` names the system.', 'sys_ledger-db')

export const subject = z
  .looseObject({
    type: subjectType,
    id: text('Byte by byte.', 'wl_reconciler'),
    properties: properties(
      '`act`: whoever acts for the subject, nested as in RFC 8693, each with `sub` and perhaps `iss`.',
    ),
  })
  .meta({ description: 'Who does it.' })

export const action = z
  .looseObject({ name: text('Exact name of the action.', 'select'), properties: properties('More about the action.') })
  .meta({ description: 'What is done.' })

export const resource = z
  .looseObject({
    type: resourceType,
    id: text('Exact name of the resource.', 'ledger.entries'),
    properties: properties('`system`: id of the system, where `type` is something else.'),
  })
  .meta({ description: 'On what.' })

export const context = z.record(z.string(), z.unknown()).meta({
  description:
    'About this use. `purpose`: `use` (what an enforcer is told yes to counts as used) or `ask` (only to know). Whoever does not enforce the system only ever asks.',
})

export const evaluation = z
  .looseObject({ subject, action, resource, context: context.optional() })
  .meta({ id: 'AccessEvaluation', description: 'May this subject do this on this resource, now?' })

/** In a batch each entry is read by itself, so that one that is malformed is a no and not the end of the others. */
export const evaluations = z
  .looseObject({
    subject: z.unknown().optional().meta({ description: 'For every entry without one.' }),
    action: z.unknown().optional().meta({ description: 'For every entry without one.' }),
    resource: z.unknown().optional().meta({ description: 'For every entry without one.' }),
    context: z.unknown().optional().meta({ description: 'For every entry without one.' }),
    evaluations: z.array(z.record(z.string(), z.unknown())).max(500).optional().meta({
      description: 'Up to 500 questions; without any, the question is the one at the top.',
    }),
    options: z
      .looseObject({
        evaluations_semantic: z
          .enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'])
          .optional()
          .meta({ description: 'Whether the first no, or the first yes, ends it. Default: `execute_all`.' }),
      })
      .optional()
      .meta({ description: 'How the batch is run.' }),
  })
  .meta({ id: 'AccessEvaluations', description: 'Several questions at once.' })

const page = z.record(z.string(), z.unknown()).optional().meta({ description: 'Ignored: everything comes at once.' })
const typed = (type: z.ZodType<string>, description: string) =>
  z.looseObject({ type, properties: properties('As in an evaluation.') }).meta({ description })

export const resourceSearch = z
  .looseObject({
    subject,
    action,
    resource: typed(resourceType, 'Which kind of resource.'),
    context: context.optional(),
    page,
  })
  .meta({ id: 'ResourceSearch', description: 'On which resources may this subject do this?' })
export const actionSearch = z
  .looseObject({ subject, resource, context: context.optional(), page })
  .meta({ id: 'ActionSearch', description: 'What may this subject do on this resource?' })
export const subjectSearch = z
  .looseObject({
    subject: typed(subjectType, 'Which kind of subject.'),
    action,
    resource,
    context: context.optional(),
    page,
  })
  .meta({ id: 'SubjectSearch', description: 'Who may do this on this resource?' })

export const decision = z
  .looseObject({
    decision: z.boolean().meta({ description: 'Whether it may go ahead. Anything but true is no.' }),
    context: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Why, under which waiver, until when, and what is left.' }),
  })
  .meta({ id: 'AccessDecision', description: 'A no is answered with 200 as well; errors are about the question.' })

export const decisions = z
  .looseObject({
    decision: z.boolean().optional().meta({ description: 'Only where no `evaluations` were asked.' }),
    context: z.record(z.string(), z.unknown()).optional().meta({ description: 'As in a single decision.' }),
    evaluations: z.array(decision).readonly().optional().meta({ description: 'In the order of the questions.' }),
  })
  .meta({ id: 'AccessDecisions', description: 'One decision for each question that was looked at.' })

export const searchResult = z
  .object({
    results: z
      .array(z.record(z.string(), z.unknown()))
      .readonly()
      .meta({ description: 'Subjects, resources or actions; each would be told yes right now.' }),
  })
  .meta({ id: 'AccessSearchResult', description: 'Everything that was found.' })

export const metadata = z
  .record(z.string(), z.unknown())
  .meta({ id: 'PolicyDecisionPoint', description: 'Where this decision point is asked what.' })

export type Evaluation = z.output<typeof evaluation>
export type Evaluations = z.output<typeof evaluations>
export type DecisionView = z.output<typeof decision>
export type SubjectView = z.output<typeof subject>
