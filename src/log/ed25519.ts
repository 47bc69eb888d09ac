// Who signed? Ed25519 (RFC 8032) through Web Crypto, which Node and current browsers both have. Keys and signatures
// are plain bytes outside this file; private keys become unreadable as soon as they are loaded.

import { MalformedInput } from './malformed.ts'

export const PUBLIC_KEY_BYTES = 32
export const SEED_BYTES = 32
export const SIGNATURE_BYTES = 64

export type Sign = (message: Uint8Array) => Promise<Uint8Array>

/** False for a wrong signature and for one of another length. @throws MalformedInput `key-length`, `key-structure` */
export async function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (key.length !== PUBLIC_KEY_BYTES) throw wrongLength('public key', PUBLIC_KEY_BYTES)
  if (signature.length !== SIGNATURE_BYTES) return false
  const publicKey = await importPublicKey(key)
  return subtle().verify('Ed25519', publicKey, own(signature), own(message))
}

/** @throws MalformedInput `key-length` when the seed is not 32 bytes */
export async function loadSeed(seed: Uint8Array): Promise<{ publicKey: Uint8Array; sign: Sign }> {
  if (seed.length !== SEED_BYTES) throw wrongLength('private key', SEED_BYTES)
  const privateKey = await importSeed(seed, false)
  const sign: Sign = async (message) => new Uint8Array(await subtle().sign('Ed25519', privateKey, own(message)))
  return { publicKey: await publicKeyOf(seed), sign }
}

// PrivateKeyInfo of RFC 8410 up to the 32 bytes of the seed.
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

async function importSeed(seed: Uint8Array, extractable: boolean) {
  return subtle().importKey('pkcs8', own([...PKCS8_PREFIX, ...seed]), 'Ed25519', extractable, ['sign'])
}

/** Web Crypto derives the public key and only shows it in a JWK. */
async function publicKeyOf(seed: Uint8Array): Promise<Uint8Array> {
  const { x = '' } = await subtle().exportKey('jwk', await importSeed(seed, true))
  return Uint8Array.from(atob(x.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
}

async function importPublicKey(key: Uint8Array) {
  try {
    return await subtle().importKey('raw', own(key), 'Ed25519', false, ['verify'])
  } catch (cause) {
    if (!(cause instanceof DOMException && cause.name === 'DataError')) throw cause
    throw new MalformedInput('key-structure', 'public key is not a point of Ed25519', { cause })
  }
}

function subtle() {
  return globalThis.crypto.subtle
}

/** A copy in memory that nobody shares, which is what Web Crypto asks for. */
function own(bytes: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

function wrongLength(what: string, needed: number): MalformedInput {
  return new MalformedInput('key-length', `${what} is not ${needed} bytes`)
}
