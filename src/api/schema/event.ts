/** Recorded events as they are shown: one waiver's, the whole feed's, and whether each still follows from its facts. */
import { z } from 'zod'
import { count, idOut, instantOut, limit, listOut, names, said } from './text.ts'

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
export interface FeedQuery {
  readonly after?: number
  readonly limit?: number
}
