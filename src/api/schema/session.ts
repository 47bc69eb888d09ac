/** Signing in by browser: whether this one is signed in, until when, and where one can sign in. */
import { z } from 'zod'
import { count, instantOut, listOut, said } from './text.ts'

export const session = z
  .object({
    signedIn: z.boolean().meta({ description: 'Somebody is signed in with this browser.' }),
    proof: said('Send it as `countersign-page` with every write; no page of another origin can know it.').optional(),
    endsAt: instantOut.optional().meta({ description: 'Then it is over, used or not.' }),
    idleSeconds: count('It is over as well when nobody used it for so long, in seconds.').optional(),
    now: instantOut.meta({ description: 'What time it is by the clock that rules are judged by.' }),
    issuers: listOut(z.string(), 'Keys of the identity providers at which one can sign in.'),
    sample: z.boolean().meta({ description: 'The sample organisation: one chooses whom to be, without a password.' }),
  })
  .meta({ id: 'Session', description: 'The session of this browser.' })

export const sessionEnd = z
  .strictObject({
    everywhere: z.boolean().default(false).meta({ description: 'In every browser this person is signed in with.' }),
  })
  .meta({ id: 'SignOut', description: 'Signs out.' })

export const signedOut = z
  .object({ signedIn: z.literal(false).meta({ description: 'Nobody is signed in with this browser any more.' }) })
  .meta({ id: 'SignedOut', description: 'Signed out.' })

export type SessionView = z.output<typeof session>
export type SignOut = z.input<typeof sessionEnd>
export type SignedOut = z.output<typeof signedOut>
