/** Content hashes: SHA-256 over canonical JSON (RFC 8785, JCS), written `sha256:` and hexadecimal. */
import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'

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
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
}

/** Binds a body without revealing it: the salt keeps short or guessable bodies from being tried out. */
export function saltedDigest(salt: Uint8Array, text: string): string {
  return `sha256:${createHash('sha256').update(salt).update(text, 'utf8').digest('hex')}`
}

export function newSalt(): Buffer {
  return randomBytes(16)
}
