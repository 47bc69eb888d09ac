/**
 * With which keys does an issuer sign? Read from its discovery document, an address, a file or the configuration itself,
 * kept for a while, and read again when a token names a key that is not among them. Keys that cannot be read are an error
 * of their own: then nobody is let in, whatever their token says.
 */
import { readFile } from 'node:fs/promises'
import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose'
import * as openid from 'openid-client'
import { isLoopback, isTrustworthy } from './addresses.ts'
import type { IssuerConfig } from './config.ts'

/** Where keys are. `take` picks those of a published set that may be believed, in the form in which they are used. */
export type KeysAt = Pick<IssuerConfig, 'jwks' | 'jwksFile' | 'jwksUri'> & {
  /** Read for its discovery document where none of the three is given. */
  readonly issuer?: string
  readonly take?: (published: unknown) => unknown
}

export type KeySource = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>

/** The issuer's keys could not be read; `cause` says why. */
export class KeysUnreachable extends Error {
  override readonly name = 'KeysUnreachable'
}

/** A token that names an unknown key makes us look again, at most this often: anybody can invent key names. */
const cooldownMillis = 30_000
/** After a failed attempt nothing is fetched for this long, so that a dead issuer is not hammered by every call. */
const pauseMillis = 5_000
const fetchTimeoutMillis = 5_000
/** Keys and where they are live this long here; a key that the issuer withdrew is trusted no longer than that. */
const keysAgeMillisMax = 600_000
const discoveryAgeMillisMax = 3_600_000
/** A key set of a thousand RSA keys has half of this. */
const documentBytesMax = 1_048_576

type Fetch = (url: string, options: RequestInit) => Promise<Response>

export function keySourceOf(config: KeysAt, now: () => number): KeySource {
  const { jwks, jwksFile, jwksUri, take = (published) => published } = config
  if (jwks !== undefined) return unreachableOr(createLocalJWKSet(take(jwks) as JSONWebKeySet))
  if (jwksFile !== undefined) return fileKeys(jwksFile, taking(take), now)
  if (jwksUri !== undefined) return remoteKeys(new URL(jwksUri), pausing(taking(take)(fetchSmall), now))
  const { issuer } = config
  if (issuer === undefined) throw new TypeError('bug: no place of keys is configured')
  return discoveredKeys(issuer, taking(take), now)
}

type Wrap = (fetch: Fetch) => Fetch

/** What is published is picked from before anything reads it. */
function taking(take: (published: unknown) => unknown): Wrap {
  return (fetch) => async (url, options) => {
    const response = await fetch(url, options)
    return response.ok ? Response.json(take(await response.json())) : response
  }
}

function remoteKeys(address: URL, fetch: Fetch): KeySource {
  const keys = createRemoteJWKSet(address, {
    cooldownDuration: cooldownMillis,
    cacheMaxAge: keysAgeMillisMax,
    timeoutDuration: fetchTimeoutMillis,
    [customFetch]: fetch,
  })
  return unreachableOr(keys)
}

/** A file is read like an address: again after ten minutes, or when a key is missing. */
function fileKeys(path: string, wrap: Wrap, now: () => number): KeySource {
  const read: Fetch = async () => new Response(await readFile(path, 'utf8'))
  return remoteKeys(new URL('file:///jwks'), pausing(wrap(read), now))
}

function discoveredKeys(issuer: string, wrap: Wrap, now: () => number): KeySource {
  const fetch = pausing(fetchSmall, now)
  let found: { readonly keys: Promise<KeySource>; readonly until: number } | undefined
  const discover = async () => {
    try {
      return remoteKeys(await keysAddressOf(issuer, fetch), wrap(fetch))
    } catch (error) {
      found = undefined
      throw error
    }
  }
  return async (header, token) => {
    if (found === undefined || found.until <= now()) found = { keys: discover(), until: now() + discoveryAgeMillisMax }
    return (await found.keys)(header, token)
  }
}

/** @throws {KeysUnreachable} when the document is not there, speaks for another issuer, or points somewhere unsafe. */
async function keysAddressOf(issuer: string, fetch: Fetch): Promise<URL> {
  const server = new URL(issuer)
  try {
    const found = await openid.discovery(server, 'countersign', undefined, openid.None(), {
      timeout: fetchTimeoutMillis / 1000,
      [openid.customFetch]: (url, options) => fetch(url, options as RequestInit),
      execute: isLoopback(server) ? [openid.allowInsecureRequests] : [],
    })
    const { issuer: named, jwks_uri: keysAt } = found.serverMetadata()
    if (named !== issuer) throw new Error(`the discovery document is of the issuer \`${named}\``)
    const address = URL.parse(keysAt ?? '')
    if (address === null || !isTrustworthy(address) || (isLoopback(address) && !isLoopback(server))) {
      throw new Error(`the discovery document names no safe \`jwks_uri\`: \`${keysAt}\``)
    }
    return address
  } catch (cause) {
    throw new KeysUnreachable(`the discovery document of \`${issuer}\` could not be used`, { cause })
  }
}

/** Whatever is not about the token itself is about reaching the keys. */
function unreachableOr(keys: KeySource): KeySource {
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (cause) {
      if (isAboutToken(cause)) throw cause
      throw new KeysUnreachable('the keys of the issuer could not be read', { cause })
    }
  }
}

function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  )
}

/** Keys that were read before go on serving during the pause; only the fetching pauses. */
function pausing(fetch: Fetch, now: () => number): Fetch {
  let pausedUntil = Number.NEGATIVE_INFINITY
  return async (url, options) => {
    if (now() < pausedUntil) throw new Error(`\`${url}\` failed a moment ago`)
    try {
      const response = await fetch(url, options)
      if (!response.ok) throw new Error(`\`${url}\` answered ${response.status}`)
      return response
    } catch (error) {
      pausedUntil = now() + pauseMillis
      throw error
    }
  }
}

const fetchSmall: Fetch = async (url, options) => {
  const response = await fetch(url, options)
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > documentBytesMax) throw new Error(`\`${url}\` answered with more than ${documentBytesMax} bytes`)
    chunks.push(chunk)
  }
  return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), {
    status: response.status,
    headers: response.headers,
  })
}
