/** Words that several parts of the configuration of identity are made of. */
import { z } from 'zod'
import { isTrustworthy } from './addresses.ts'

/** Asymmetric only. With `HS…` the verifying key could also sign, and `none` signs nothing; neither can be configured. */
export const signatureAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
] as const

export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

export const keyText = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, {
  error: 'expected a key of lower-case letters, digits, `-`, `_` and `.`, at most 64 characters',
})
export const exactText = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x21-\x7e]+$/, { error: 'expected visible ASCII characters without spaces' })
export const claimName = exactText.max(255)
export const keyAddress = exactText.refine((text) => trustworthyUrl(text) !== undefined, {
  error: 'expected an https address, or http on `localhost`, `127.0.0.1` or `[::1]`',
})
export const issuerAddress = keyAddress.refine((text) => /^[^?#]+$/.test(text), {
  error: 'expected an issuer without query or fragment, exactly as its tokens spell it',
})
export const publicKey = z.looseObject({ kty: z.enum(['EC', 'RSA', 'OKP']) }).refine((jwk) => jwk.d === undefined, {
  error: 'this is a private key; keep it at the issuer and list the public one',
})

function trustworthyUrl(text: string): URL | undefined {
  const url = URL.parse(text)
  return url !== null && isTrustworthy(url) ? url : undefined
}
