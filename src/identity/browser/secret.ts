/**
 * What does a browser hold, and what do we remember of it? It holds a secret of 256 random bits that scripts cannot read;
 * we remember its hash. What proves that a write comes from our own page follows from the secret and is told to that page.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export interface SessionSecret {
  /** The value of the cookie. */
  readonly cookie: string
  /** What the store finds the session by. */
  readonly key: Buffer
}

export function newSecret(): SessionSecret {
  return secretOf(randomBytes(32).toString('base64url'))
}

/** @returns undefined for anything that cannot be one. */
export function readSecret(cookie: string | undefined): SessionSecret | undefined {
  return cookie !== undefined && /^[A-Za-z0-9_-]{43}$/.test(cookie) ? secretOf(cookie) : undefined
}

function secretOf(cookie: string): SessionSecret {
  return { cookie, key: createHash('sha256').update(cookie).digest() }
}

/** Knowing it takes reading an answer of ours, which no page of another origin can. */
export function proofOf({ cookie }: SessionSecret): string {
  return createHmac('sha256', cookie).update('countersign: this write comes from our page').digest('base64url')
}

export function isProofOf(secret: SessionSecret, given: string | undefined): boolean {
  const expected = Buffer.from(proofOf(secret))
  const actual = Buffer.from(given ?? '')
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}
