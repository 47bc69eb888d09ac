/** Recorded events as they are shown: one waiver's, the whole feed's, and whether each still follows from its facts. */
import { z } from 'zod'
import { count, exactName, idOut, instantOut, limit, listOut, names, said } from './text.ts'

const body = z.record(z.string(), z.unknown()).optional().meta({
  description:
    'The event as it was decided: `type`, `at`, `by` and what belongs to its type. Absent once it was erased.',
})

export const recordedEvent = z
  .object({
    id: idOut('Id of the event.', 'evt_01k9m2v7c0q3xw8r5t6y4z1a2b.1'),
    stream: idOut(
      'What it happened to: a waiver, a change to the rules, `founding`, `directory`.',
      'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b',
    ),
    version: count('Which one of that stream, from 1, without gaps.'),
    position: count(
      'Where it stands in the one order of everything; absent for the moment it takes to get there.',
    ).optional(),
    type: said('What happened, in the past tense.').meta({ examples: ['WaiverCountersigned'] }),
    at: instantOut,
    by: idOut('Who did it: a person, a workload, or `sys_countersign`.', 'per_maria'),
    body,
    bodyHash: said('Salted hash of the body, which stays when the body was erased.'),
  })
  .meta({
    id: 'RecordedEvent',
    description: 'One event of the record. Conflicts in it carry their path only for those who may see it.',
  })

export const events = z
  .object({ events: listOut(recordedEvent, 'In order.'), names })
  .meta({ id: 'Events', description: 'Every event of one waiver.' })

export const feedQuery = z
  .strictObject({
    after: z
      .string()
      .regex(/^(?:-1|0|[1-9][0-9]{0,15})$/, { error: 'expected a position: a whole number from -1' })
      .refine((text) => Number.isSafeInteger(Number(text)), { error: 'expected a position' })
      .default('-1')
      .meta({ description: 'Position of the last record read before; -1 from the beginning.', examples: ['-1'] }),
    limit: limit(100, 500),
  })
  .meta({ description: 'From where to read.' })

export const feedPage = z
  .object({
    records: listOut(recordedEvent, 'In order; only those you may read, so positions may have gaps for you.'),
    next: z.int().meta({ description: 'What to send as `after` next, whether or not there was something for you.' }),
    last: z.int().meta({
      description:
        'The last position there is; -1 when there is none. When `next` has reached it, you have read everything.',
    }),
    names,
  })
  .meta({ id: 'FeedPage', description: 'A stretch of the one gapless order of everything that was committed.' })

const place = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,15})$/, { error: 'expected a position: a whole number from 0' })
  .refine((text) => Number.isSafeInteger(Number(text)), { error: 'expected a position' })

export const recordsQuery = z
  .strictObject({
    before: place.exactOptional().meta({
      description: 'Only what stands before this position: `next` of the page before.',
      examples: ['4711'],
    }),
    stream: exactName.exactOptional().meta({
      description: 'Only what happened to this: a waiver, a change, `directory`.',
      examples: ['wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'],
    }),
    by: exactName
      .exactOptional()
      .meta({ description: 'Only what this person, workload or system did.', examples: ['per_maria'] }),
    type: z
      .string()
      .regex(/^[A-Za-z]{1,60}$/, { error: 'expected letters: a part of the name of a type' })
      .exactOptional()
      .meta({
        description: 'A part of the name of the type; letter case does not count.',
        examples: ['Countersigned'],
      }),
    limit: limit(50, 200),
  })
  .meta({ description: 'Which records.' })

export const recordsPage = z
  .object({
    records: listOut(recordedEvent, 'Newest first; only those you may read.'),
    next: z.int().optional().meta({
      description:
        'What to send as `before` next; absent at the beginning. One question looks at ten thousand positions at most, so a page may be empty and still have a `next`.',
    }),
    names,
  })
  .meta({ id: 'RecordsPage', description: 'Records, newest first.' })

export const recordPath = z
  .strictObject({ position: place.meta({ description: 'Position of the record.', examples: ['4711'] }) })
  .meta({ description: 'Which record.' })

export const recordDetail = z
  .object({
    record: recordedEvent,
    opening: z
      .object({
        salt: said('Sixteen random bytes, in base64.'),
        body: said('The very text that was hashed behind the salt.'),
      })
      .optional()
      .meta({
        description:
          'What leads from the body to its hash. Absent when the body was erased, or when some of it is cut for you: with the salt one could try out what was cut.',
      }),
    names,
  })
  .meta({ id: 'RecordDetail', description: 'One record, with what opens its leaf.' })

export const why = z
  .object({
    waiver: idOut('The waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    follows: z.boolean().meta({ description: 'True when every act follows from the facts recorded with it.' }),
    acts: listOut(
      z
        .object({
          event: idOut('The event.', 'evt_01k9m2v7c0q3xw8r5t6y4z1a2b.1'),
          type: said('What happened.'),
          at: instantOut,
          by: idOut('Who did it.', 'per_maria'),
          follows: z
            .enum(['yes', 'no', 'unknown'])
            .meta({ description: '`unknown` when a body was erased and there is nothing left to decide from.' }),
          detail: said('What the recorded facts lead to instead.'),
          body,
        })
        .meta({ description: 'One act, decided again.' }),
      'Every act, decided again from the recorded facts.',
    ),
    names,
  })
  .meta({ id: 'Why', description: 'Whether what was decided still follows from what was looked at.' })

export type RecordedEvent = z.output<typeof recordedEvent>
export type Events = z.output<typeof events>
export type FeedPage = z.output<typeof feedPage>
export type Why = z.output<typeof why>
export type RecordsPage = z.output<typeof recordsPage>
export type RecordDetail = z.output<typeof recordDetail>
export interface RecordsQuery {
  readonly before?: number
  readonly stream?: string
  readonly by?: string
  readonly type?: string
  readonly limit?: number
}
export interface FeedQuery {
  readonly after?: number
  readonly limit?: number
}
