/**
 * What one line of a history says, in the one form that every history is brought into. A field that is left out means
 * that the history does not say; `null` means that it says there is none. The two are never mixed: the first becomes
 * "unknown" in the report, the second a finding.
 */
import { z } from 'zod'

/** What was done. `noted` is for changes of no consequence for access, such as a corrected spelling. */
export const actKinds = ['granted', 'end-changed', 'access-changed', 'removed', 'noted'] as const
export type ActKind = (typeof actKinds)[number]

const textLengthMax = 4_000
const listLengthMax = 1_000

const text = z.string().trim().min(1, 'must not be empty').max(textLengthMax)
const names = z.array(text).max(listLengthMax)

export const recordSchema = z
  .strictObject({
    at: text.meta({ description: 'When it took effect: ISO 8601 with an offset, or a date alone.' }),
    act: z.enum(actKinds).meta({ description: 'What was done.' }),
    beneficiary: text.optional().meta({ description: 'Who has the access.' }),
    grant: text.optional().meta({
      description:
        'Name of the grant. Left out: the same beneficiary, system and entitlement are the same grant. With neither entitlement nor grant, an `end-changed` or `removed` concerns everything the beneficiary has.',
    }),
    system: text.optional().meta({ description: 'Where the access is.' }),
    entitlement: text.optional().meta({ description: 'What was given.' }),
    entitlementBefore: text.optional().meta({ description: 'For `access-changed`: what it was before.' }),
    team: text.optional().meta({
      description: 'For whom it was asked. Left out: the teams of the beneficiary, by the directory.',
    }),
    change: text.optional().meta({
      description: 'What was decided in one go: a pull request, a ticket. Left out: the line stands alone.',
    }),
    askedBy: names.min(1).optional().meta({ description: 'Who asked for it or wrote the change.' }),
    approvedBy: names.optional().meta({ description: 'Who approved it. An empty list says: nobody.' }),
    enteredBy: text.optional().meta({ description: 'Who put it in force: merged it, ran it, clicked.' }),
    machines: names.optional().meta({ description: 'Which of the names above are no people.' }),
    until: z.union([text, z.null()]).optional().meta({
      description: 'The promised end from now on: a date (its whole day counts) or an instant. `null`: there is none.',
    }),
    untilBefore: z.union([text, z.null()]).optional().meta({ description: 'The promised end before.' }),
    reason: z
      .union([z.string().max(textLengthMax), z.null()])
      .optional()
      .meta({
        description: 'Why. `null` or blank: none was given.',
      }),
    reference: z.union([text, z.null()]).optional().meta({ description: 'Ticket, incident or change it refers to.' }),
    sponsor: z.union([text, z.null()]).optional().meta({ description: 'Who stands for the beneficiary.' }),
  })
  .refine(({ beneficiary, grant }) => beneficiary !== undefined || grant !== undefined, {
    message: 'name the `beneficiary`, or the `grant` it is about',
  })

export type HistoryRecord = z.output<typeof recordSchema>
export type RecordField = keyof HistoryRecord

/** Fields that take several names. */
export const listFields: readonly RecordField[] = ['askedBy', 'approvedBy', 'machines']
/** Fields that can say that there is none. */
export const nullableFields: readonly RecordField[] = ['until', 'untilBefore', 'reason', 'reference', 'sponsor']
export const recordFields = Object.keys(recordSchema.shape) as readonly RecordField[]
