/** A key that tokens are bound to, kept in a file as a private JWK. */
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { type ProofRequest, proofFor } from '../tokens/index.ts'
import { UsageError } from './usage-error.ts'

export async function makeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return JSON.stringify({ ...(await exportJWK(privateKey)), alg: 'ES256' })
}

/** @param text what stands in the file */
export async function proofOf(text: string, request: Omit<ProofRequest, 'proof'>): Promise<string> {
  try {
    const jwk = JSON.parse(text) as JWK
    const privateKey = await importJWK(jwk, 'ES256')
    if (privateKey instanceof Uint8Array || privateKey.type !== 'private') throw new TypeError('this is no private key')
    return await proofFor({ privateKey, publicJwk: jwk, algorithm: 'ES256' }, request)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`--key: expected a private P-256 key as a JWK: ${why}`)
  }
}
