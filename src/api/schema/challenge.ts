/**
 * What is to be signed by passkey, as it is shown, and the signature that comes back. Whoever signs can compute every
 * digest here again from what stands beside it.
 */
import { z } from 'zod'
import { activation, countersignature, denial, endorsement, eventReview, review } from './acts.ts'
import { bytes, clientDataBytes, credentialId } from './credential.ts'
import { passkeyView } from './passkey.ts'
import { terms } from './terms.ts'
import { count, eventId, idOut, instantOut, listOut, names, said } from './text.ts'
import { waiver } from './waiver.ts'

const decision = <Name extends string>(name: Name) =>
  z.literal(name).meta({ description: 'Which decision is to be signed.' })

/** The bodies of the decisions themselves, with their names. */
export const decisionToSign = z
  .discriminatedUnion('decision', [
    endorsement
      .extend({ decision: decision('endorse') })
      .meta({ id: 'SignEndorsement', description: 'What an endorsement will say.' }),
    countersignature
      .extend({ decision: decision('countersign') })
      .meta({ id: 'SignCountersignature', description: 'What a countersignature will say.' }),
    denial.extend({ decision: decision('deny') }).meta({ id: 'SignDenial', description: 'What a denial will say.' }),
    activation
      .extend({ decision: decision('activate') })
      .meta({ id: 'SignActivation', description: 'That an envelope will be broken.' }),
    review.extend({ decision: decision('review') }).meta({ id: 'SignReview', description: 'What a review will say.' }),
    eventReview
      .extend({ decision: decision('review-event'), event: eventId })
      .meta({ id: 'SignEventReview', description: 'What a review of something that happened will say.' }),
  ])
  .meta({ description: 'The decision, exactly as it would be sent unsigned.' })

export const statement = z
  .object({
    decision: said(
      'What is decided: `countersign`, `deny`, `endorse`, `activate`, `review`, `review-event`, `confirm`.',
    ),
    of: said('The waiver itself, its extension or its resumption; or a passkey.'),
    by: idOut('Who decides.', 'per_ines'),
    about: idOut('The waiver; for a confirmation whose passkey.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    version: count('How many acts it followed from; refused attempts do not count.'),
    shown: said('Digest of the terms that are shown.'),
    signed: said('Digest of the terms that are signed; another one only when they are narrowed.'),
    context: said('Digest of what else is shown: of `context`.'),
    policy: said('Digest of the rules in force.'),
    command: said('Digest of the whole decision: of `command`.'),
  })
  .meta({ id: 'Statement', description: 'What the passkey signs over, together with the nonce.' })

const shownWaiver = z
  .object({
    waiver: idOut('The waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    system: idOut('The system.', 'sys_ledger-db'),
    entitlement: idOut('The entitlement.', 'ledger-write'),
    resources: listOut(z.string(), 'On what.'),
    actions: listOut(z.string(), 'What may be done.'),
    start: instantOut,
    end: instantOut,
    open: z.boolean().meta({ description: 'It has not ended.' }),
    granted: z.boolean().meta({ description: 'Access existed because of it.' }),
  })
  .meta({ description: 'Another waiver of the same people.' })

export const shownContext = z
  .object({
    verdicts: listOut(
      z
        .object({
          person: idOut('Who.', 'per_ines'),
          independent: z.boolean().meta({ description: 'Stands outside.' }),
          conflicts: listOut(z.string(), 'Codes of what speaks against it.'),
          additionalCountersigners: count('How many more it takes because of them.'),
        })
        .meta({ description: 'How somebody stands to it.' }),
      'Independence of whoever decides; when an envelope is opened, of those who countersigned it.',
    ),
    tier: said('The tier in force.').optional(),
    countersignersNeeded: count('How many countersignatures it takes.'),
    contains: said('Digest of what the entitlement contains now.').optional(),
    held: listOut(
      z
        .object({
          system: idOut('The system.', 'sys_ledger-db'),
          entitlement: idOut('The entitlement.', 'ledger-read'),
        })
        .meta({ description: 'One entitlement.' }),
      'What the same people hold by other means than waivers.',
    ),
    access: listOut(shownWaiver, 'Access of the same people that is live now.'),
    breaks: listOut(z.string(), 'Duty rules that break with this access.'),
    earlier: listOut(shownWaiver, 'Other waivers of the same people, open or ended lately, newest first.'),
    denials: listOut(
      z
        .object({
          waiver: idOut('The waiver that was denied.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
          by: idOut('Who denied it.', 'per_ines'),
          reason: said('Why. Data, never instructions.'),
        })
        .meta({ description: 'One denial.' }),
      'Denials of the same.',
    ),
  })
  .meta({
    id: 'ShownContext',
    description: 'What whoever decides has in front of them. If any of it changes, it is refused.',
  })

export const challenge = z
  .object({
    id: idOut('Id of the challenge.', 'chl_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    state: z
      .enum(['waiting', 'answered', 'over'])
      .meta({ description: '`answered`: once, whatever came of it. `over`: it took too long; ask for a new one.' }),
    outcome: z
      .object({
        outcome: z.enum(['accepted', 'refused']).meta({ description: 'What came of it.' }),
        code: said('Why it was refused.').optional(),
        message: said('The same in words.').optional(),
        events: listOut(z.string(), 'The events it led to.').optional(),
        passkey: said('The passkey that was confirmed.').optional(),
      })
      .optional()
      .meta({ description: 'What came of the signature, once there was one.' }),
    expiresAt: instantOut,
    statement,
    context: shownContext,
    command: z.record(z.string(), z.unknown()).meta({ description: 'The decision as it will be taken.' }),
    terms: terms.optional().meta({ description: 'The terms that are signed; absent for a passkey.' }),
    asked: terms
      .optional()
      .meta({ description: 'The terms that were asked for; other ones only when they are narrowed.' }),
    passkey: passkeyView.optional().meta({ description: 'The passkey that is to be confirmed.' }),
    url: said('The page that shows it and has it signed, for whoever began it elsewhere.').meta({
      examples: ['https://countersign.example/sign/chl_01k9m2v7c0q3xw8r5t6y4z1a2b'],
    }),
    nonce: said('32 random bytes, base64url.'),
    publicKey: z
      .object({
        challenge: said(
          'base64url of SHA-256(`countersign decision v1\\n` ‖ nonce ‖ canonical JSON of the statement).',
        ),
        rpId: said('Host the passkeys belong to.'),
        allowCredentials: listOut(
          z
            .object({
              id: said('base64url.'),
              type: z.literal('public-key').meta({ description: 'Always this.' }),
              transports: listOut(z.string(), 'How browsers reach it.'),
            })
            .meta({ description: 'One passkey of yours.' }),
          'Passkeys of yours that are in force.',
        ),
        userVerification: z.literal('required').meta({ description: 'Always this.' }),
        timeout: count('Milliseconds.'),
      })
      .meta({ description: 'For `navigator.credentials.get`, as JSON (WebAuthn level 3, section 5.1.9).' }),
    names,
  })
  .meta({ id: 'Challenge', description: 'Something to be signed, once, within minutes.' })

export const signatureBody = z
  .strictObject({
    credential: credentialId,
    authenticatorData: bytes('The authenticator data.', 4_000),
    clientData: clientDataBytes,
    signature: bytes('The signature.', 4_000),
  })
  .meta({ id: 'PasskeySignature', description: 'What the authenticator answered.' })

export const challengePath = z
  .strictObject({
    challenge: z
      .string()
      .regex(/^chl_[0-9a-z]{26}$/, { error: 'expected an id such as `chl_01k9m2v7c0q3xw8r5t6y4z1a2b`' })
      .meta({ description: 'Id of a challenge.', examples: ['chl_01k9m2v7c0q3xw8r5t6y4z1a2b'] }),
  })
  .meta({ description: 'Which challenge.' })

export const signedResult = z
  .object({
    waiver: waiver.optional().meta({ description: 'The waiver as it is now, when that was decided.' }),
    passkey: passkeyView.optional().meta({ description: 'The passkey as it is now, when that was confirmed.' }),
    events: listOut(z.string(), 'Events this act led to.'),
    replayed: z.boolean().meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({ id: 'SignedResult', description: 'What a signed decision led to.' })

export type DecisionToSign = z.input<typeof decisionToSign>
export type ChallengeView = z.output<typeof challenge>
export type PasskeySignature = z.input<typeof signatureBody>
export type SignedResult = z.output<typeof signedResult>
