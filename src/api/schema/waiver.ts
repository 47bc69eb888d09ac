/** A waiver as it is shown: everything that follows from its events, and how whoever asks stands to it. */
import { z } from 'zod'
import { verdict } from './conflict.ts'
import { grant } from './grant.ts'
import { terms, waiverKind } from './terms.ts'
import {
  count,
  idOut,
  instantOut,
  limit,
  listOut,
  names,
  nodeId,
  said,
  seconds,
  systemId,
  waiverId,
  yesOrNo,
} from './text.ts'
import {
  activation,
  controlState,
  denial,
  end,
  obligations,
  proposal,
  record,
  removal,
  review,
  signature,
  status,
  suspension,
} from './waiver-parts.ts'

export const waiver = z
  .object({
    id: idOut('Id of the waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    version: count('How many events it follows from.'),
    status,
    requester: idOut('Who asked.', 'per_maria'),
    chain: listOut(z.string(), 'Through whom it was asked: delegation chain, outermost first.'),
    requestedAt: instantOut,
    terms,
    digest: said('Digest of the terms in force.'),
    policy: said('Digest of the policy it was asked under.'),
    obligations,
    continues: listOut(z.string(), 'Waivers this one goes on from; then it counts as an extension.'),
    ordinal: count('How many extensions came before it in that chain.'),
    countersignersBefore: listOut(
      z.string(),
      'Who countersigned what this continues; an extension needs somebody else.',
    ),
    denialsBefore: listOut(denial, 'Earlier denials of the same.'),
    proposal: proposal.optional(),
    approvals: listOut(signature, 'Countersignatures in force.'),
    endorsers: listOut(z.string(), 'Who endorsed.'),
    activateBy: instantOut.optional().meta({ description: 'It has to be started before this.' }),
    activation: activation.optional(),
    retryAt: instantOut
      .optional()
      .meta({ description: 'A refused automatic activation is not tried again before this.' }),
    usesCount: count('How often it was used.'),
    extensionsCount: count('How often it was extended.'),
    controls: listOut(controlState, 'Compensating controls.'),
    suspension: suspension.optional(),
    end: end.optional(),
    removal,
    review: review.optional(),
    records: listOut(record, 'The four acts, each reviewable on its own.'),
    refusalsCount: count('How many attempts were refused.'),
    generation: count('Rises whenever what shall be true on the target changes.'),
  })
  .meta({ id: 'Waiver', description: 'Everything that follows from the events of one waiver.' })

export const act = z
  .enum([
    'endorse',
    'countersign',
    'deny',
    'ask-back',
    'answer',
    'withdraw',
    'activate',
    'use',
    'request-extension',
    'evidence',
    'suspend',
    'request-resumption',
    'revoke',
    'review',
    'review-event',
  ])
  .meta({ description: 'Something one may do to a waiver.' })

export const standing = z
  .object({
    relations: listOut(z.string(), 'How you stand to this waiver: `requester`, `countersign-pool`, `target-owner`, …'),
    verdict,
    acts: listOut(
      z
        .object({
          act,
          may: z.boolean().meta({ description: 'True when nothing known now speaks against it.' }),
          because: said('The refusal code that would be the answer.').optional(),
        })
        .meta({ description: 'One act, and whether you may try it now.' }),
      'What you may do now. A hint for people: only the attempt itself decides, on the facts of its moment.',
    ),
    accounts: listOut(
      z.string(),
      'Of an envelope that you may open: your own accounts on its target, beyond doubt. With several of them you name one.',
    ).optional(),
  })
  .meta({ id: 'Standing', description: 'How whoever asks stands to this waiver, on the newest facts.' })

export const nature = z
  .object({
    sessionOutlivesRevokeSeconds: z.number().nullable().meta({
      description:
        'After a plain revoke, how long a session that is already open keeps its rights, in seconds; null: until it is ended.',
    }),
    endSessionsSecondsMax: seconds('Worst case between ending sessions and the last right gone.'),
    residueSeen: listOut(z.string(), 'What may outlive a removal and is looked for.'),
    residueNotSeen: listOut(z.string(), 'What may outlive a removal and cannot be seen.'),
    probe: said('How the target is read back.'),
    timeoutMillis: z
      .number()
      .meta({ description: 'After this long every question to the target has an answer or none, in milliseconds.' }),
  })
  .meta({ id: 'Nature', description: 'What the connector knows about its own limits.' })

export const waiverDetail = z
  .object({
    waiver,
    grant: grant.optional(),
    standing,
    nature: nature.optional(),
    worstCaseEnd: instantOut.optional().meta({
      description:
        'When the last right is gone at the latest if the target answers: the end, and the longest its sessions take to be ended.',
    }),
    names,
  })
  .meta({ id: 'WaiverDetail', description: 'A waiver, its grant on the target, and how you stand to it.' })

export const written = z
  .object({
    waiver,
    events: listOut(z.string(), 'The events this added, in order.'),
    replayed: z.boolean().meta({
      description: 'True when this was answered before under the same Idempotency-Key; then nothing was done again.',
    }),
    names,
  })
  .meta({ id: 'Written', description: 'What an accepted act led to.' })

const one = <Schema extends z.ZodType>(schema: Schema) => schema.exactOptional()

/** A list in an address: given once or several times. */
const oneOrMore = z
  .union([status.transform((only) => [only]), z.array(status).min(1).max(7)])
  .meta({ description: 'Only these states. May be given several times.' })

export const waiverQuery = z
  .strictObject({
    status: one(oneOrMore),
    system: one(systemId),
    beneficiary: one(nodeId),
    requester: one(nodeId),
    kind: one(waiverKind),
    open: one(yesOrNo('Only waivers that are still open, or only those that have ended.')),
    waitsForMe: one(yesOrNo('`true`: only those in which you may decide, review, answer or activate now.')),
    after: one(waiverId.meta({ description: 'Id of the last waiver looked at before: `next` of the page before.' })),
    limit: limit(50, 200),
  })
  .meta({ description: 'Which waivers to list.' })

export const waiverPage = z
  .object({
    waivers: listOut(
      waiver,
      'Newest first; only those you may read. A page may be short or empty and still have a next one.',
    ),
    next: said('What to send as `after` for the next page; absent on the last one.').optional(),
    names,
  })
  .meta({ id: 'WaiverPage', description: 'A page of waivers.' })

export const waiverPath = z.strictObject({ waiver: waiverId }).meta({ description: 'Which waiver.' })

export type WaiverView = z.output<typeof waiver>
export type WaiverDetail = z.output<typeof waiverDetail>
export type Written = z.output<typeof written>
export type WaiverPage = z.output<typeof waiverPage>
export type Act = z.output<typeof act>
export type StandingView = z.output<typeof standing>
export type NatureView = z.output<typeof nature>
/** As a client writes it; lists and yes or no as values, not as text. */
export interface WaiverQuery {
  readonly status?: readonly z.output<typeof status>[]
  readonly system?: string
  readonly beneficiary?: string
  readonly requester?: string
  readonly kind?: z.output<typeof waiverKind>
  readonly open?: boolean
  readonly waitsForMe?: boolean
  readonly after?: string
  readonly limit?: number
}
