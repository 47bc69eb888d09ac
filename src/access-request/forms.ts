/**
 * The bodies of the profile as they travel: what is submitted, and what is told of a task. What the draft does not name is
 * ignored where it leaves room for more, and nothing in a body says who asks.
 */
import { z } from 'zod'
import { callbackEvents, ownMembers, taskStatuses } from './names.ts'

const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((one) => one.isWellFormed() && !one.includes('\0'), { error: 'expected well-formed text without NUL' })
const said = (description: string, max = 1_000) => text(max).meta({ description })
const optional = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.exactOptional().meta({ description })

/** RFC 3339; read as one moment. */
const instant = z
  .string()
  .max(40)
  .refine((one) => /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:/.test(one) && !Number.isNaN(Date.parse(one)), {
    error: 'expected an instant such as 2026-11-22T10:00:00Z',
  })

const entity = (description: string) =>
  z.looseObject({ type: said('Its kind.'), id: said('Its name.') }).meta({ description })

const denial = z
  .looseObject({
    evaluation_id: optional(text(200), 'As the denial had it.'),
    evaluated_at: optional(instant, 'As the denial had it.'),
    expires_at: instant.meta({ description: 'As `context.access_request.expires_at` had it.' }),
    reason: optional(text(200), 'As the denial had it.'),
    binding_token: optional(text(8_000), 'As the denial had it, byte by byte.'),
    template: optional(text(200), 'As the denial had it.'),
  })
  .meta({ description: 'Which denial this belongs to. What was signed counts; everything else has to agree with it.' })

const control = z
  .strictObject({
    control: said('Id of the control in the policy.', 100),
    owner: said('Who sees to it; somebody who does not benefit.', 200),
    every: said('Evidence is due this often, as an ISO 8601 duration.', 40),
  })
  .meta({ description: 'A compensating control that holds meanwhile.' })

const requestedAccess = z
  .looseObject({
    requested_until: instant.meta({ description: 'Until when it is needed; never open.' }),
    emergency: optional(
      z.boolean(),
      'Changes nothing here: what is urgent has envelopes that were sealed in advance, and is never decided by fewer.',
    ),
    [ownMembers.usesMax]: optional(z.int().min(1).max(1_000_000), 'At most so many uses; one when left out.'),
    [ownMembers.account]: optional(text(300), 'Which account on the system, where the subject has several.'),
    [ownMembers.controls]: optional(z.array(control).max(50), 'Compensating controls.'),
    [ownMembers.reference]: optional(
      z.strictObject({
        kind: z.enum(['incident', 'change', 'ticket']).meta({ description: 'What it is.' }),
        id: said('Its id elsewhere.', 300),
      }),
      'What it belongs to; it ends when that is closed.',
    ),
  })
  .meta({ description: 'What is asked for beyond the question that was denied.' })

const actor = z
  .looseObject({
    id: said('Who acts.'),
    issuer: optional(text(1_000), 'On which issuer or system that is an account; absent: an id of the directory.'),
    act: optional(z.record(z.string(), z.unknown()), 'The next one in the chain, with `sub` and perhaps `iss`.'),
  })
  .meta({ description: 'Who acts for the subject. Has to be what the token says; it never adds anybody.' })

const callback = z
  .looseObject({
    endpoint: said('Address to be told at. It has to be on the list of this installation for whoever asks.', 2_000),
    state: optional(text(2_000), 'Comes back as it was sent.'),
    events: optional(z.array(z.enum(callbackEvents)).min(1).max(10), 'What to be told of; everything when left out.'),
  })
  .meta({ description: 'Where to be told when the task is over.' })

export const submission = z
  .looseObject({
    subject: entity('Who it was about, as it was asked.'),
    action: z.looseObject({ name: said('What was to be done.') }).meta({ description: 'As it was asked.' }),
    resource: entity('On what, as it was asked.'),
    context: z
      .looseObject({ business_justification: said('Why it is needed. A person reads it, as words of yours.', 2_000) })
      .meta({ description: 'As it was asked, and why it is needed.' }),
    requested_access: requestedAccess,
    client: optional(
      z.looseObject({ actor: optional(actor, 'Who acts.') }).meta({ description: 'What it says of itself.' }),
      'What it says of itself.',
    ),
    denial,
    callback: optional(callback, 'Where to be told.'),
    items: optional(
      z.never({
        error:
          'several at once are the Bulk Access Requests Profile, which is not taken here: send one request for each denial',
      }),
      'Not taken: it belongs to the Bulk Access Requests Profile. Send one request for each denial.',
    ),
  })
  .meta({ id: 'AccessRequestSubmission', description: 'Takes up the offer of a denial.' })

export const cancellation = z
  .looseObject({
    reason: optional(text(200), 'In one word.'),
    comment: optional(text(2_000), 'For the record.'),
  })
  .nullish()
  .meta({ id: 'AccessRequestCancellation', description: 'May be left out.' })

const links = z.record(z.string(), z.string()).meta({
  description: '`ticket`: a page for people. `cancel`: takes the request back. `start`: starts what was approved.',
})

const task = z
  .object({
    id: z.string().meta({ description: 'The handle. It allows nothing by itself.' }),
    status: z.enum(taskStatuses).meta({ description: 'Anything but `approved` is not approved.' }),
    status_endpoint: z.string().meta({ description: 'Where to ask how it stands.' }),
    expires_at: z.string().meta({ description: 'Until then it can be asked about.' }),
    progress: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Which step it waits for. Never who is awaited.' }),
    links: links.optional(),
    display: z.record(z.string(), z.string()).optional().meta({ description: 'For people: what happens now.' }),
  })
  .meta({ description: 'The task.' })

const result = z
  .object({
    mode: z.string().meta({ description: '`reevaluate`: ask the check again, with `approval` as `context.approval`.' }),
    approval: z
      .object({
        id: z.string().meta({ description: 'Which approval. It allows nothing by itself.' }),
        approved_at: z.string().optional().meta({ description: 'When it was countersigned.' }),
        approved_until: z.string().meta({ description: 'It is of no use after that.' }),
        state: z.string().optional().meta({ description: 'Signed, for whoever decides elsewhere.' }),
      })
      .meta({ description: 'Goes into the next question as it is.' }),
  })
  .meta({ description: 'Only of what was approved.' })

export const taskAnswer = z
  .object({ task, result: result.optional() })
  .meta({ id: 'AccessRequestTask', description: 'How an access request stands.' })

export const jsonSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: 'AccessRequestSchema', description: 'JSON Schema 2020-12 of what has to be added to a submission.' })

export type Submission = z.output<typeof submission>
export type Callback = z.output<typeof callback>
export type TaskAnswer = z.output<typeof taskAnswer>
