/** Sources whose word is held because they suddenly say much less: what would go, and the confirmation of exactly that. */
import { z } from 'zod'
import { count, digest, exactName, freeText, idOut, instantOut, listOut, names, said } from './text.ts'

const share = (what: string) =>
  z
    .object({ gone: count(`${what} it no longer says.`), of: count('How many there were.') })
    .meta({ description: `How many ${what.toLowerCase()} of how many.` })

const hold = z
  .object({
    source: idOut('The source.', 'hr'),
    status: z
      .enum(['held', 'confirmed', 'rejected', 'released'])
      .meta({ description: '`held` and `rejected`: its last good facts stay in force, and grow old.' }),
    since: instantOut.meta({ description: 'Since when it is held.' }),
    snapshot: said('Digest of what it said last: what a confirmation has to name.'),
    revision: said("The source's own revision of that."),
    at: instantOut.meta({ description: 'When it said so first.' }),
    gone: z
      .object({ people: share('People'), teams: share('Teams'), memberships: share('Memberships') })
      .meta({ description: 'What it suddenly lacks.' }),
    end: z
      .object({ by: idOut('Who.', 'per_rae'), at: instantOut, reason: said('Why, in their words.') })
      .optional()
      .meta({ description: 'How it was settled.' }),
  })
  .meta({ id: 'Hold', description: 'A source that suddenly says much less, and what is done about it.' })

export const holds = z
  .object({ holds: listOut(hold, 'Those that keep something out now.'), names })
  .meta({ id: 'Holds', description: 'Sources whose word is held.' })

export const holdDetail = z
  .object({
    hold,
    people: listOut(z.string(), 'Who would be gone; the first 500.').optional(),
    teams: listOut(z.string(), 'Teams that would be gone; the first 500.').optional(),
    replayed: z
      .boolean()
      .optional()
      .meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({
    id: 'HoldDetail',
    description: 'One hold; with names for those who may see the settings of this installation.',
  })

export const holdPath = z
  .strictObject({ source: exactName.meta({ description: 'Id of the source.', examples: ['hr'] }) })
  .meta({ description: 'Which source.' })

const decision = (what: string) => ({
  snapshot: digest.meta({ description: 'Digest of what was shown: `snapshot` of the hold.' }),
  reason: freeText(what),
})

export const holdConfirmation = z
  .strictObject(decision('Why it is right that so much has gone.'))
  .meta({ id: 'HoldConfirmation', description: 'Puts exactly what was shown into force.' })
export const holdRejection = z
  .strictObject(decision('Why it is wrong.'))
  .meta({ id: 'HoldRejection', description: 'Keeps it out as long as the source says the same.' })

export type HoldView = z.output<typeof hold>
export type Holds = z.output<typeof holds>
export type HoldDetail = z.output<typeof holdDetail>
export type HoldConfirmation = z.input<typeof holdConfirmation>
export type HoldRejection = z.input<typeof holdRejection>
