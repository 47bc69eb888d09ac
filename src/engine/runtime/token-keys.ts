/**
 * With what does this process sign tokens? With a key that it made itself, that never leaves it and that no database holds;
 * only the public half is published, for as long as something signed with it may be valid. A new one takes its place each day.
 */
import {
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import type { Store } from '../../store/contract.ts'

export const tokenAlgorithm = 'ES256'
const signsMillis = 86_400_000
/** Nothing that is signed lives longer. */
const verifiesSecondsAfter = 900
/** Keys of other processes are read again after this long, or when one is missing. */
const knownMillis = 10_000
const askAgainMillis = 500

export interface TokenKeys {
  sign(typ: string, claims: object): Promise<string>
  /** @returns the claims of what any process of this installation signed; undefined for anything else. Times are not looked at. */
  verified(typ: string, token: string): Promise<JWTPayload | undefined>
  /** Public keys of all processes. */
  published(): Promise<JSONWebKeySet>
}

interface Own {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly until: number
}

export function tokenKeysOn({ tokens }: Pick<Store, 'tokens'>, monotonic: () => number): TokenKeys {
  let own: Promise<Own> | undefined
  let ownUntil = Number.NEGATIVE_INFINITY
  let read: { readonly keys: Promise<JSONWebKeySet>; readonly at: number } | undefined

  const signer = (): Promise<Own> => {
    if (own === undefined || monotonic() >= ownUntil) {
      ownUntil = monotonic() + signsMillis
      own = newKey(tokens, ownUntil).catch((error: unknown) => {
        own = undefined
        throw error
      })
      read = undefined
    }
    return own
  }

  const published = (ageMillisMax: number): Promise<JSONWebKeySet> => {
    if (read === undefined || monotonic() - read.at > ageMillisMax) {
      const keys = tokens.keys().then((all) => ({ keys: all as JWK[] }))
      const reading = { keys, at: monotonic() }
      read = reading
      keys.catch(() => {
        if (read === reading) read = undefined
      })
    }
    return read.keys
  }

  const verifiedWith = async (keys: JSONWebKeySet, typ: string, token: string) => {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: [tokenAlgorithm],
      typ,
      // Whoever asks has a clock of their own.
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
    return payload
  }

  return {
    async sign(typ, claims) {
      const { kid, privateKey } = await signer()
      return new SignJWT({ ...claims }).setProtectedHeader({ alg: tokenAlgorithm, typ, kid }).sign(privateKey)
    },
    async verified(typ, token) {
      for (const ageMillisMax of [knownMillis, askAgainMillis]) {
        try {
          return await verifiedWith(await published(ageMillisMax), typ, token)
        } catch (error) {
          if (error instanceof errors.JWKSNoMatchingKey && ageMillisMax === knownMillis) continue
          if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
          throw error
        }
      }
      return undefined
    },
    async published() {
      await signer()
      return published(knownMillis)
    },
  }
}

async function newKey(tokens: Store['tokens'], until: number): Promise<Own> {
  const { privateKey, publicKey } = await generateKeyPair(tokenAlgorithm, { extractable: false })
  const { kty, crv, x, y } = await exportJWK(publicKey)
  const jwk = { kty, crv, x, y } as JWK
  const kid = await calculateJwkThumbprint(jwk)
  // INVARIANT: published before anything is signed with it.
  await tokens.publish(kid, { ...jwk, kid, alg: tokenAlgorithm, use: 'sig' }, signsMillis / 1000 + verifiesSecondsAfter)
  return { kid, privateKey, until }
}
