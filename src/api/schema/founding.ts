/** The beginning as it is shown, and what founders do. Founders never grant access. */
import { z } from 'zod'
import { count, digest, idOut, instantOut, listOut, names, none, said } from './text.ts'

export const founding = z
  .object({
    status: z.enum(['not-proposed', 'proposed', 'founded']).meta({ description: 'How far the beginning has come.' }),
    founders: listOut(z.string(), 'Who the founders are.'),
    needed: count('How many of them must accept.'),
    policy: said('Digest of the first policy; absent before it was proposed.').optional(),
    accepted: listOut(
      z.object({ by: idOut('The founder.', 'per_maria'), at: instantOut }).meta({ description: 'One acceptance.' }),
      'Who accepted it.',
    ),
    clock: z
      .enum(['steady', 'went-backwards'])
      .meta({ description: '`went-backwards`: nothing is given until the founders have confirmed the time.' }),
    clockConfirmedBy: listOut(z.string(), 'Founders who confirmed the time since.'),
    replayed: z
      .boolean()
      .optional()
      .meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({ id: 'Founding', description: 'Who founded this installation, and what still waits for them.' })

export const acceptance = z
  .strictObject({ policy: digest.meta({ description: 'Digest of the policy that was shown.' }) })
  .meta({ id: 'Acceptance', description: 'A founder accepts the first policy.' })
export const clockConfirmation = none.meta({
  id: 'ClockConfirmation',
  description: 'A founder confirms the time after the clock went backwards.',
})

export type FoundingView = z.output<typeof founding>
export type Acceptance = z.input<typeof acceptance>
