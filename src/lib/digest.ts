/**
 * Content hashes: SHA-256 over canonical JSON (RFC 8785, JCS), written `sha256:` and hexadecimal. The hash is the log's own,
 * so that whatever is hashed here can be hashed again in a browser.
 */
import canonicalize from 'canonicalize'
import { sha256 } from '../log/sha256.ts'

const encoder = new TextEncoder()
const saltBytes = 16
/** More than 65,536 bytes at a time are refused. */
const saltsAtOnce = 4_096

/** @returns the one JSON text of a value. @throws on anything JSON cannot say (a bug of the caller). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('bug: a value without a JSON form was to be hashed')
  return text
}

export function digestOf(value: unknown): string {
  return digestOfText(canonicalJson(value))
}

export function digestOfText(text: string): string {
  return digestOfBytes(encoder.encode(text))
}

/** Binds a body without revealing it: the salt keeps short or guessable bodies from being tried out. */
export function saltedDigest(salt: Uint8Array, text: string): string {
  const body = encoder.encode(text)
  const bytes = new Uint8Array(salt.length + body.length)
  bytes.set(salt)
  bytes.set(body, salt.length)
  return digestOfBytes(bytes)
}

/** One for each of so many bodies; chance is asked for many at once. */
export function newSalts(count: number): readonly Uint8Array[] {
  let pool = new Uint8Array(0)
  return Array.from({ length: count }, (_, n) => {
    const at = n % saltsAtOnce
    if (at === 0) pool = crypto.getRandomValues(new Uint8Array(Math.min(saltsAtOnce, count - n) * saltBytes))
    return pool.subarray(at * saltBytes, (at + 1) * saltBytes)
  })
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function digestOfBytes(bytes: Uint8Array): string {
  let text = 'sha256:'
  for (const byte of sha256(bytes)) text += hexOf[byte]
  return text
}
