/** What is sent to act on a waiver. No body names who acts, when, or with which result: that is known, not claimed. */
import { z } from 'zod'
import { askedTerms, narrowing } from './terms.ts'
import {
  controlId,
  digest,
  eventId,
  exactName,
  freeText,
  instant,
  listOut,
  names,
  reference,
  said,
  waiverId,
} from './text.ts'
import { finding } from './waiver-parts.ts'

export const ask = z
  .strictObject({ terms: askedTerms })
  .meta({ id: 'Ask', description: 'Asks for a waiver, for oneself or for what one answers for.' })

const seen = digest.meta({
  description: 'Digest of the terms that were shown: `proposal.digest`. Other terms are refused.',
})

export const endorsement = z
  .strictObject({ digest: seen })
  .meta({ id: 'Endorsement', description: 'The operational sign-off of a two-step waiver.' })

export const countersignature = z
  .strictObject({
    digest: seen,
    narrow: narrowing.exactOptional(),
    acknowledges: z
      .array(waiverId)
      .max(100)
      .default([])
      .meta({ description: 'Denied waivers whose denial was shown: every one in `denialsBefore`.' }),
  })
  .meta({
    id: 'Countersignature',
    description: 'The independent approval, of exactly these terms or of narrower ones.',
  })

export const denial = z
  .strictObject({ digest: seen, reason: freeText('Why it is denied.') })
  .meta({ id: 'DenialOf', description: 'A denial; of an extension or resumption when that is what waits.' })

export const question = z
  .strictObject({ text: freeText('What you want to know before you decide.') })
  .meta({ id: 'Asking', description: 'A question of somebody who may decide.' })
export const answer = z
  .strictObject({ text: freeText('The answer to the oldest open question.') })
  .meta({ id: 'Answering', description: 'An answer from the asking side.' })
export const withdrawal = z
  .strictObject({ reason: freeText('Why it is no longer asked for.') })
  .meta({ id: 'Withdrawal', description: 'Takes a request back before access was started.' })
export const activation = z
  .strictObject({
    account: exactName.exactOptional().meta({
      description:
        'For an envelope, when you have several accounts on the target: which of them gets the access. Otherwise the terms say so.',
    }),
  })
  .meta({ id: 'Activation', description: 'Starts the access. Everything is checked anew.' })
export const use = z
  .strictObject({ detail: freeText('What it was used for.') })
  .meta({ id: 'Use', description: 'Records one use, where uses are counted.' })

export const extension = z
  .strictObject({
    end: instant.meta({ description: 'The later end.', examples: ['2026-11-22T18:00:00Z'] }),
    reason: freeText('Why more time is needed.'),
  })
  .meta({ id: 'Extension', description: 'Asks for more time. It is decided from nothing, by somebody independent.' })

export const evidence = z
  .strictObject({ control: controlId, text: freeText('What shows that the control was kept.') })
  .meta({ id: 'Evidence', description: 'Evidence that a compensating control was kept.' })

export const suspension = z
  .strictObject({ reason: freeText('Why.') })
  .meta({ id: 'Suspension', description: 'Removes the access for now. The end does not move.' })
export const resumption = z
  .strictObject({ reason: freeText('Why it may go on.') })
  .meta({ id: 'Resumption', description: 'Asks that a suspended waiver goes on; a new countersignature decides.' })
export const revocation = z
  .strictObject({ reason: freeText('Why it ends now.') })
  .meta({ id: 'Revocation', description: 'Ends the waiver for good.' })

export const review = z
  .strictObject({
    finding,
    note: freeText('What you looked at and what you found.'),
    residueAccepted: z
      .array(z.string().min(1).max(1000))
      .max(200)
      .default([])
      .meta({ description: 'What outlived the removal and is accepted, each by its exact name.' }),
  })
  .meta({ id: 'Review', description: 'Closes the review of a waiver.' })

export const eventReview = z
  .strictObject({ finding, note: freeText('What you looked at and what you found.') })
  .meta({ id: 'EventReview', description: 'The look back at one act: approval, activation, extension or revocation.' })

export const eventPath = z
  .strictObject({ waiver: waiverId, event: eventId })
  .meta({ description: 'Which record of which waiver.' })

export const closure = z
  .strictObject({
    reason: freeText('Why everything under this reference ends now.'),
    kind: z
      .enum(['incident', 'change', 'ticket'])
      .exactOptional()
      .meta({ description: 'Only waivers whose reference is of this kind. Absent: of any kind.' }),
  })
  .meta({ id: 'Closure', description: 'Ends every open waiver that belongs to an incident, change or ticket.' })

export const referencePath = z.strictObject({ reference }).meta({ description: 'Which incident, change or ticket.' })

export const closed = z
  .object({
    reference: said('The reference.'),
    results: listOut(
      z
        .object({
          waiver: said('The waiver.'),
          outcome: z.enum(['ended', 'refused', 'unknown']).meta({
            description:
              '`ended`: it is over. `refused`: you may not end it. `unknown`: nothing is known of the outcome; ask again with the same Idempotency-Key.',
          }),
          code: said('Why it was refused, or the fault.').optional(),
          detail: said('The same in words.').optional(),
        })
        .meta({ description: 'What became of one waiver.' }),
      'One row a waiver that was open under this reference.',
    ),
    complete: z.boolean().meta({ description: 'True when every row says `ended`.' }),
    replayed: z.boolean().meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({
    id: 'Closed',
    description: 'What became of every open waiver under a reference. Look at every row: some may have been refused.',
  })

export type Ask = z.input<typeof ask>
export type Activation = z.input<typeof activation>
export type Endorsement = z.input<typeof endorsement>
export type Countersignature = z.input<typeof countersignature>
export type Denial = z.input<typeof denial>
export type Question = z.input<typeof question>
export type Answer = z.input<typeof answer>
export type Withdrawal = z.input<typeof withdrawal>
export type Use = z.input<typeof use>
export type Extension = z.input<typeof extension>
export type Evidence = z.input<typeof evidence>
export type Suspension = z.input<typeof suspension>
export type Resumption = z.input<typeof resumption>
export type Revocation = z.input<typeof revocation>
export type Review = z.input<typeof review>
export type EventReview = z.input<typeof eventReview>
export type Closure = z.input<typeof closure>
export type Closed = z.output<typeof closed>
