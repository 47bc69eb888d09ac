/** Figures of a period: how much was asked for, what came of it, how fast, and what was refused for what. */
import { z } from 'zod'
import { period, periodFields } from './period.ts'
import { count, idOut, instantOut, limit, listOut, names, said } from './text.ts'

export const figuresQuery = z
  .strictObject({
    ...periodFields,
    by: z
      .enum(['day', 'week'])
      .exactOptional()
      .meta({ description: 'How long a stretch is. Default: days for up to five weeks, otherwise weeks.' }),
  })
  .meta({ description: 'Which period.' })

const spread = z
  .object({
    count: count('How many there were.'),
    median: z.number().optional().meta({ description: 'Half of them took no longer. In seconds.' }),
    slowestTenth: z.number().optional().meta({ description: 'Nine of ten took no longer. In seconds.' }),
    longest: z.number().optional().meta({ description: 'The longest of them. In seconds.' }),
    steps: listOut(
      z
        .object({
          secondsMax: z.number().optional().meta({ description: 'Up to so long; absent: longer than all before.' }),
          count: count('How many, not counting those of the step before.'),
        })
        .meta({ description: 'One step.' }),
      'How they are distributed, the shortest first.',
    ),
  })
  .meta({ id: 'Spread', description: 'Lengths of time.' })

const stretch = z
  .object({
    start: instantOut,
    end: instantOut,
    asked: count('Asked for in it.'),
    countersigned: count('Countersigned in it.'),
    denied: count('Denied in it.'),
    undecided: count('Withdrawn, not decided in time, or void, in it.'),
    refusedAttempts: count('Attempts that were refused in it.'),
    envelopesOpened: count('Envelopes that were opened in it.'),
    decidedMedianSeconds: z
      .number()
      .optional()
      .meta({ description: 'Half of what was decided in it had waited no longer. In seconds.' }),
  })
  .meta({ id: 'FiguresStretch', description: 'A day or a week.' })

export const figures = z
  .object({
    period,
    by: z.enum(['day', 'week']).meta({ description: 'How long a stretch is.' }),
    asOf: instantOut.meta({ description: 'When it was counted; for up to half a minute it is not counted again.' }),
    stretches: listOut(stretch, 'The period in days or weeks, in order.'),
    decided: spread.meta({ description: 'From being asked for to being countersigned or denied.' }),
    open: spread.meta({ description: 'From the start of access to its end, of what ended in the period.' }),
    removed: spread.meta({ description: 'From the end of access to its being seen to be gone.' }),
    refusals: listOut(
      z
        .object({ code: said('The refusal.'), count: count('How often.') })
        .meta({ description: 'One kind of refusal.' }),
      'What was refused, the most frequent first.',
    ),
    standing: z
      .object({
        open: count('Waivers that are open.'),
        live: count('Those whose access may exist on a target.'),
        reviewsOpen: count('Reviews that are open.'),
        reviewsOverdue: count('Those that nobody closed in time.'),
        removalsOpen: count('Access that should be gone and was not yet seen to be.'),
      })
      .meta({ description: 'How it stands now.' }),
  })
  .meta({ id: 'Figures', description: 'Figures of a period.' })

export const approvalsQuery = z
  .strictObject({ ...periodFields, limit: limit(50, 500) })
  .meta({ description: 'Which period, and how many pairs.' })

export const approvals = z
  .object({
    period,
    asOf: instantOut,
    pairs: listOut(
      z
        .object({
          countersigner: idOut('Who countersigned.', 'per_ines'),
          person: idOut('For whom: on the asking side.', 'per_maria'),
          count: count('How many waivers.'),
          back: count('How many the other way round.'),
          lastAt: instantOut,
        })
        .meta({ description: 'One direction between two.' }),
      'Those who approved for each other first, then the most frequent.',
    ),
    pairsCount: count('Pairs there are, also beyond those listed.'),
    mutualCount: count('Twos who approved for each other.'),
    names,
  })
  .meta({ id: 'Approvals', description: 'Who approved for whom.' })

export type FiguresQuery = z.input<typeof figuresQuery>
export type FiguresView = z.output<typeof figures>
export type ApprovalsQuery = Omit<z.input<typeof approvalsQuery>, 'limit'> & { readonly limit?: number }
export type ApprovalsView = z.output<typeof approvals>
