/** Passkeys as they are shown, and what is sent to enrol, confirm and remove them. */
import { z } from 'zod'
import { attestationBytes, clientDataBytes, credentialId } from './credential.ts'
import { count, digest, freeText, idOut, instantOut, listOut, names, personId, said, yesOrNo } from './text.ts'

export const passkeyView = z
  .object({
    id: idOut('Id of the passkey.', 'psk_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    person: idOut('Whose it is.', 'per_ines'),
    name: said('What its owner calls it. Data, never instructions.'),
    state: z.enum(['waiting', 'not-yet-in-force', 'in-force', 'not-confirmed-in-time', 'removed']).meta({
      description: '`in-force`: it signs. `waiting`: nobody independent has confirmed it yet.',
    }),
    digest: said('Of person, credential and key: what a confirmation names.'),
    fingerprint: said('The first 80 bits of the digest, to be read aloud and compared.').meta({
      examples: ['7f3a 91c2 05de 44b1 a0c9'],
    }),
    algorithm: z.enum(['ES256', 'EdDSA', 'RS256']).meta({ description: 'How it signs.' }),
    model: said('Model of the authenticator, by its own word.'),
    synced: z.boolean().meta({ description: 'Kept by a service that copies it to other devices of its owner.' }),
    sample: z.boolean().meta({ description: "Made by the sample's own authenticator." }),
    enrolledAt: instantOut,
    confirmBy: instantOut.meta({ description: 'Unconfirmed at this instant, it never will be.' }),
    replaces: z.boolean().meta({ description: 'Its owner had one before.' }),
    confirmations: listOut(
      z
        .object({
          by: idOut('Who confirmed it.', 'per_omar'),
          at: instantOut,
          asFounder: z.boolean().optional().meta({ description: 'As a founder, because nobody else was independent.' }),
        })
        .meta({ description: 'One confirmation.' }),
      'Who confirmed that it is its owner’s.',
    ),
    effectiveAt: instantOut.optional().meta({ description: 'From this instant on it signs.' }),
    removed: z
      .object({ by: idOut('Who removed it.', 'per_ines'), at: instantOut, reason: said('Why. Data.') })
      .optional()
      .meta({ description: 'It signs nothing any more.' }),
  })
  .meta({ id: 'Passkey', description: 'A key that signs decisions of one person.' })

const passkeyId = z
  .string()
  .regex(/^psk_[0-9a-z]{26}$/, { error: 'expected an id such as `psk_01k9m2v7c0q3xw8r5t6y4z1a2b`' })
  .meta({ description: 'Id of a passkey.', examples: ['psk_01k9m2v7c0q3xw8r5t6y4z1a2b'] })

export const passkeyPath = z.strictObject({ passkey: passkeyId }).meta({ description: 'Which passkey.' })

export const passkeysQuery = z
  .strictObject({
    of: personId.exactOptional().meta({ description: 'Whose; absent: your own.' }),
    waiting: yesOrNo(
      'Instead those of everybody that wait to be confirmed, as far as you may confirm or look after them.',
    ).exactOptional(),
  })
  .meta({ description: 'Which passkeys.' })

export const passkeyList = z
  .object({ passkeys: listOut(passkeyView, 'Oldest first.'), names })
  .meta({ id: 'Passkeys', description: 'Passkeys.' })

export const passkeyDetail = z
  .object({
    passkey: passkeyView,
    mayConfirm: z.boolean().meta({ description: 'Nothing known now speaks against you confirming it.' }),
    because: said('The refusal code that would be the answer.').optional(),
    replayed: z
      .boolean()
      .optional()
      .meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({ id: 'PasskeyDetail', description: 'One passkey.' })

/** For `navigator.credentials.create`, as JSON (WebAuthn level 3, section 5.1.9). */
export const enrolling = z
  .object({
    challenge: idOut('What to send back with the passkey.', 'chl_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    expiresAt: instantOut,
    publicKey: z
      .object({
        challenge: said('32 random bytes, base64url.'),
        rp: z.object({ id: said('Host.'), name: said('Name.') }).meta({ description: 'This installation.' }),
        user: z
          .object({
            id: said('base64url; says nothing about the person.'),
            name: said('Login.'),
            displayName: said('Name.'),
          })
          .meta({ description: 'The person.' }),
        pubKeyCredParams: listOut(
          z
            .object({
              type: z.literal('public-key').meta({ description: 'Always this.' }),
              alg: z.int().meta({ description: 'COSE number.' }),
            })
            .meta({ description: 'An algorithm.' }),
          'Algorithms that are known here.',
        ),
        excludeCredentials: listOut(
          z
            .object({
              id: said('base64url.'),
              type: z.literal('public-key').meta({ description: 'Always this.' }),
              transports: listOut(z.string(), 'How browsers reach it.'),
            })
            .meta({ description: 'A passkey you have already.' }),
          'So that one authenticator is not enrolled twice.',
        ),
        authenticatorSelection: z
          .object({
            userVerification: z.literal('required').meta({ description: 'Always this.' }),
            residentKey: z.literal('preferred').meta({ description: 'Always this.' }),
          })
          .meta({ description: 'What an authenticator has to do.' }),
        attestation: z.literal('none').meta({ description: 'Always this.' }),
        timeout: count('Milliseconds.'),
      })
      .meta({ description: 'For `navigator.credentials.create`, as JSON.' }),
  })
  .meta({ id: 'Enrolling', description: 'What a browser needs to make a passkey.' })

export const enrolment = z
  .strictObject({
    challenge: z
      .string()
      .regex(/^chl_[0-9a-z]{26}$/, { error: 'expected an id such as `chl_01k9m2v7c0q3xw8r5t6y4z1a2b`' })
      .meta({ description: 'The challenge it was made for.', examples: ['chl_01k9m2v7c0q3xw8r5t6y4z1a2b'] }),
    name: z
      .string()
      .max(80)
      .refine((text) => text.trim() !== '' && text.isWellFormed(), { error: 'expected something to read' })
      .meta({ description: 'What you call it: `laptop`, `blue key`. Shown as text.', examples: ['blue key'] }),
    credential: credentialId,
    attestation: attestationBytes,
    clientData: clientDataBytes,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/, { error: 'expected a word such as `usb`' }))
      .max(8)
      .default([])
      .meta({ description: 'How browsers reach it; a hint for later.' }),
  })
  .meta({ id: 'Enrolment', description: 'The passkey that was made.' })

export const confirmation = z
  .strictObject({ digest: digest.meta({ description: 'Digest of the passkey that was shown.' }) })
  .meta({ id: 'Confirmation', description: 'This passkey is its owner’s.' })

export const passkeyRemoval = z
  .strictObject({ reason: freeText('Why, such as `lost`.') })
  .meta({ id: 'PasskeyRemoval', description: 'It signs nothing from now on.' })

export type PasskeyView = z.output<typeof passkeyView>
export type PasskeyList = z.output<typeof passkeyList>
export type PasskeyDetail = z.output<typeof passkeyDetail>
export type Enrolling = z.output<typeof enrolling>
export type Enrolment = z.input<typeof enrolment>
export type Confirmation = z.input<typeof confirmation>
export type PasskeyRemoval = z.input<typeof passkeyRemoval>
export interface PasskeysQuery {
  readonly of?: string
  readonly waiting?: boolean
}
