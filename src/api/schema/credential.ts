/** Bytes as browsers send them, in base64url. What they mean is for `identity` and `signature` to find out. */
import { z } from 'zod'

export const bytes = (description: string, max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, { error: 'expected base64url without padding' })
    .meta({ description: `${description} base64url.` })

export const credentialId = bytes('Id of the credential.', 1_400)
export const clientDataBytes = bytes('The client data as the browser made them.', 20_000)
export const attestationBytes = bytes('The attestation object as the authenticator made it.', 60_000)
