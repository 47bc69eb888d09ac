// Which key is meant? A name, an id and a signature type, as in C2SP signed-note and Go's sumdb/note. The id is only a
// short label; trust comes from the whole public key, which whoever verifies was given beforehand.

import { decodeBase64, encodeBase64 } from './base64.ts'
import { loadSeed, PUBLIC_KEY_BYTES, SEED_BYTES, type Sign } from './ed25519.ts'
import { MalformedInput, shown } from './malformed.ts'
import { sha256 } from './sha256.ts'
import { encodeUtf8, hasControlCharacter } from './utf8.ts'

/** 0x01: Ed25519 over the note text. 0x04: timestamped Ed25519 cosignature (`cosignature/v1`). Others are not read. */
export const KEY_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const

export type KeyType = (typeof KEY_TYPE)[keyof typeof KEY_TYPE]

export interface VerifierKey {
  name: string
  /** 32 bits, as printed in eight hexadecimal digits. */
  id: number
  type: KeyType
  /** 32 bytes. */
  publicKey: Uint8Array
}

/** A key that can sign. How it does so is its own affair: in memory here, in a hardware module elsewhere. */
export interface Signer {
  key: VerifierKey
  sign: Sign
}

/** @throws MalformedInput `key-name`, `key-length`, `utf8` */
export function makeVerifierKey(name: string, type: KeyType, publicKey: Uint8Array): VerifierKey {
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new MalformedInput('key-length', 'public key is not 32 bytes')
  return { name: asKeyName(name), id: keyId(name, type, publicKey), type, publicKey }
}

/** `<name>+<id>+<base64 of type and public key>` */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${formatKeyId(key.id)}+${encodeBase64(Uint8Array.of(key.type, ...key.publicKey))}`
}

/** @throws MalformedInput `key-structure`, `base64`, `key-type`, `key-length`, `key-name`, `key-id` */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, id, type, material } = parseEncodedKey(text)
  return withId(makeVerifierKey(name, type, material), id)
}

const PRIVATE_MARK = 'PRIVATE+KEY+'

/** The private form of sumdb/note: anyone who has this text can sign. @throws MalformedInput `key-length`, `key-name` */
export async function formatSigningKey(name: string, type: KeyType, seed: Uint8Array): Promise<string> {
  const { key } = await makeSigner(name, type, seed)
  return `${PRIVATE_MARK}${key.name}+${formatKeyId(key.id)}+${encodeBase64(Uint8Array.of(type, ...seed))}`
}

/** @throws MalformedInput as `parseVerifierKey`; messages never contain the key */
export async function parseSigningKey(text: string): Promise<Signer> {
  if (!text.startsWith(PRIVATE_MARK)) {
    throw new MalformedInput('key-structure', 'signing key does not start with `PRIVATE+KEY+`')
  }
  const { name, id, type, material } = parseEncodedKey(text.slice(PRIVATE_MARK.length))
  const parsed = await makeSigner(name, type, material)
  return { ...parsed, key: withId(parsed.key, id) }
}

/** @throws MalformedInput `key-length`, `key-name` */
export async function makeSigner(name: string, type: KeyType, seed: Uint8Array): Promise<Signer> {
  if (seed.length !== SEED_BYTES) throw new MalformedInput('key-length', 'private key is not 32 bytes')
  const { publicKey, sign } = await loadSeed(seed)
  return { key: makeVerifierKey(name, type, publicKey), sign }
}

/** Name and id together say which key made a signature. */
export function keyLabel({ name, id }: { name: string; id: number }): string {
  return `${name}+${formatKeyId(id)}`
}

/** Not empty, no Unicode space, no plus, no control character. @throws MalformedInput `key-name` */
export function asKeyName(name: string): string {
  if (name.isWellFormed() && !hasControlCharacter(name) && /^[^\p{White_Space}+]+$/u.test(name)) return name
  throw new MalformedInput('key-name', `key name ${shown(name)} is empty or has a space, a plus or a control character`)
}

interface EncodedKey {
  name: string
  id: string
  type: KeyType
  material: Uint8Array
}

function parseEncodedKey(text: string): EncodedKey {
  const [, name, id, base64] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su.exec(text) ?? []
  if (name === undefined || id === undefined || base64 === undefined) {
    throw new MalformedInput('key-structure', 'key is not of the form `name+id+base64`')
  }
  const [type, ...material] = decodeKey(base64)
  if (type === KEY_TYPE.ed25519 || type === KEY_TYPE.cosignature) {
    return { name: asKeyName(name), id, type, material: Uint8Array.from(material) }
  }
  throw new MalformedInput('key-type', `key type ${type} is neither ${KEY_TYPE.ed25519} nor ${KEY_TYPE.cosignature}`)
}

/** Decodes without letting the text, which may be a private key, into the message. */
function decodeKey(base64: string): Uint8Array {
  try {
    return decodeBase64(base64, 'key')
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
    throw new MalformedInput('base64', 'key is not padded base64')
  }
}

function withId(key: VerifierKey, id: string): VerifierKey {
  if (formatKeyId(key.id) === id) return key
  throw new MalformedInput('key-id', `key id ${id} of ${shown(key.name)} does not belong to its key`)
}

/** SHA-256(name, newline, type, public key), first four bytes, big-endian. */
function keyId(name: string, type: KeyType, publicKey: Uint8Array): number {
  const hash = sha256(Uint8Array.of(...encodeUtf8(name), 0x0a, type, ...publicKey))
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0)
}

function formatKeyId(id: number): string {
  return id.toString(16).padStart(8, '0')
}
