/** The keys of the transparency log, and how one followed the other. */
import { z } from 'zod'
import { count, listOut, said } from './text.ts'

const change = z
  .object({
    index: count('Which leaf of the log the change is.'),
    from: said('The verifier key that signed before.'),
    to: said('The verifier key that signs since.'),
    leaf: said('The leaf as text; its bytes are what is hashed.'),
    body: said('The body whose salted hash stands in the leaf.'),
    salt: said('The salt of that hash, in base64.'),
    checkpoint: said('The first checkpoint that contains the leaf, signed by both keys.'),
  })
  .meta({ description: 'A change of the key that signs the log.' })

export const logKeys = z
  .object({
    origin: said('What the log calls itself in its checkpoints.'),
    key: said('The verifier key that signs now.'),
    changes: listOut(change, 'In order.'),
  })
  .meta({ id: 'LogKeys', description: 'The keys of the transparency log.' })

export const logWitnesses = z
  .object({
    witnesses: listOut(said('Name, id and public key.'), 'Verifier keys as in C2SP signed-note.'),
    required: count('How many of them a complete proof needs.'),
  })
  .meta({ id: 'LogWitnesses', description: 'Who watches the log, as its operator says.' })

export type LogWitnesses = z.output<typeof logWitnesses>
export type LogKeys = z.output<typeof logKeys>
