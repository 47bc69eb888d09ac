/**
 * Content hashes: SHA-256 over canonical JSON (RFC 8785, JCS), written `sha256:` and hexadecimal. The hash is the log's own,
 * so that whatever is hashed here can be hashed again in a browser.
 */
import canonicalize from 'canonicalize'
import { sha256 } from '../log/sha256.ts'

const encoder = new TextEncoder()
const saltBytes = 16

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

export function newSalt(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(saltBytes))
}

function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${Array.from(sha256(bytes), hexOf).join('')}`
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
