/**
 * Is this a token that the installation gave, for this system? Verified once and remembered for a minute at most; whether
 * it still counts is what its status, or the installation itself, is asked for.
 */
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import {
  fromSubject,
  type GrantDetails,
  grantDetailsIn,
  grantTokenType,
  type StatusReference,
  statusReferenceIn,
} from '../tokens/index.ts'
import { type Fetch, published } from './published.ts'
import { type Refused, refused } from './reasons.ts'

/** A verified token, taken apart once. */
export interface ReadToken {
  readonly actor: string
  readonly chain: readonly string[]
  readonly audience: string
  readonly details: GrantDetails
  readonly actions: ReadonlySet<string>
  readonly resources: ReadonlySet<string>
  readonly status: StatusReference
  readonly expiresMillis: number
  /** Thumbprint of the key that whoever sends it has to show. */
  readonly key?: string
}

export interface Tokens {
  read(token: string, nowMillis: number): ReadToken | Refused | Promise<ReadToken | Refused>
}

export interface Keys {
  readonly get: JWTVerifyGetKey
}

const algorithms = ['ES256']
const rememberedMillis = 60_000
const keysMillis = 600_000
/** A token that names an unknown key makes us look again, at most this often: anybody can invent key names. */
const cooldownMillis = 2_000

/** @param audiences systems whose tokens are taken */
export function tokensOf(issuer: string, audiences: readonly string[], keys: Keys, countMax: number): Tokens {
  const kept = new Map<string, { readonly read: ReadToken; readonly until: number }>()
  const remember = (token: string, read: ReadToken, nowMillis: number) => {
    kept.set(token, { read, until: Math.min(read.expiresMillis, nowMillis + rememberedMillis) })
    const oldest = kept.size > countMax ? kept.keys().next() : undefined
    if (oldest?.done === false) kept.delete(oldest.value)
    return read
  }
  return {
    read(token, nowMillis) {
      const known = kept.get(token)
      if (known !== undefined && known.until > nowMillis) return known.read
      kept.delete(token)
      return verified(token, issuer, audiences, keys, nowMillis).then((read) =>
        'allowed' in read || countMax === 0 ? read : remember(token, read, nowMillis),
      )
    },
  }
}

async function verified(
  token: string,
  issuer: string,
  audiences: readonly string[],
  keys: Keys,
  nowMillis: number,
): Promise<ReadToken | Refused> {
  try {
    const { payload } = await jwtVerify(token, keys.get, {
      algorithms,
      issuer,
      typ: grantTokenType,
      requiredClaims: ['exp', 'iat', 'jti', 'sub'],
      currentDate: new Date(nowMillis),
      // Given by a machine whose clock may run a little ahead of ours; for its end there is no such leeway.
      clockTolerance: 0,
    })
    return takenApart(payload, audiences)
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refused('token-expired')
    if (error instanceof errors.JOSEError || error instanceof TypeError) return refused('token-invalid')
    if (error instanceof KeysUnknown) return refused('keys-unknown')
    throw error
  }
}

function takenApart(claims: JWTPayload, audiences: readonly string[]): ReadToken | Refused {
  const { aud, exp, cnf } = claims
  // One audience alone: whoever else a token is for could replay it here.
  if (typeof aud !== 'string' || !audiences.includes(aud)) return refused('audience-wrong')
  const [details, status, who] = [grantDetailsIn(claims), statusReferenceIn(claims), fromSubject(claims)]
  if (details === undefined || status === undefined || who === undefined) return refused('terms-not-understood')
  const key = keyIn(cnf)
  if (key === false) return refused('terms-not-understood')
  return {
    ...who,
    audience: aud,
    details,
    actions: new Set(details.actions),
    resources: new Set(details.resources),
    status,
    expiresMillis: (exp as number) * 1000,
    ...(key === undefined ? {} : { key }),
  }
}

/** @returns false when it is bound in a way that is not understood. */
function keyIn(cnf: unknown): string | undefined | false {
  if (cnf === undefined) return undefined
  if (typeof cnf !== 'object' || cnf === null) return false
  const { jkt, ...others } = cnf as Readonly<Record<string, unknown>>
  return typeof jkt === 'string' && Object.keys(others).length === 0 ? jkt : false
}

export class KeysUnknown extends Error {
  override readonly name = 'KeysUnknown'
}

/** Keys of the installation, read again when a token names one that is not among them. */
export function keysAt(address: string, fetch: Fetch, now: () => number): Keys {
  let known: { readonly get: JWTVerifyGetKey; readonly at: number } | undefined
  let reading: Promise<JWTVerifyGetKey> | undefined
  let triedAt = Number.NEGATIVE_INFINITY

  const readAgain = (): Promise<JWTVerifyGetKey> => {
    triedAt = now()
    reading ??= published(fetch, address, 'application/json')
      .then((text) => {
        const get = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet)
        known = { get, at: now() }
        return get
      })
      .catch((cause: unknown) => {
        throw new KeysUnknown('the keys could not be read', { cause })
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  return {
    async get(header, token) {
      const current = known !== undefined && now() - known.at < keysMillis ? known.get : await readAgain()
      try {
        return await current(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
        if (reading === undefined && now() - triedAt < cooldownMillis) throw error
        return (await readAgain())(header, token)
      }
    },
  }
}

/** Whether it could be a token of ours at all; nothing of it is believed. */
export function looksLikeToken(text: string): boolean {
  if (text.length > 16_384 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return false
  try {
    return algorithms.includes(decodeProtectedHeader(text).alg ?? '')
  } catch {
    return false
  }
}
