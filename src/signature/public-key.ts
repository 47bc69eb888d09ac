/**
 * With which key? Reads the public key of a passkey as authenticators give it (COSE, RFC 9052 and 9053) and turns it into
 * one that Web Crypto verifies with. Three algorithms are known, each with exactly the members it needs: a key that says
 * more or less than that is refused.
 */
import { encodeBase64url } from './base64url.ts'

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256'

export interface PublicKey {
  readonly algorithm: Algorithm
  readonly jwk: {
    readonly kty: string
    readonly crv?: string
    readonly x?: string
    readonly y?: string
    readonly n?: string
    readonly e?: string
  }
}

/** COSE numbers: key type, algorithm, curve. */
const keyTypes = { okp: 1, ec2: 2, rsa: 3 } as const
export const coseAlgorithms: Readonly<Record<Algorithm, number>> = { ES256: -7, EdDSA: -8, RS256: -257 }

const rsaBytesMin = 256
const rsaBytesMax = 1_024

/** @returns `undefined` for a key of another kind or in another shape. */
export function readPublicKey(cose: Uint8Array): PublicKey | undefined {
  const members = readMap(cose)
  if (members === undefined) return undefined
  const bytes = (label: number, min: number, max = min) => {
    const value = members.get(label)
    return value instanceof Uint8Array && value.length >= min && value.length <= max
      ? encodeBase64url(value)
      : undefined
  }
  const is = (type: number, algorithm: Algorithm, ...labels: readonly number[]) =>
    members.get(1) === type &&
    members.get(3) === coseAlgorithms[algorithm] &&
    members.size === labels.length + 2 &&
    labels.every((label) => members.has(label))
  if (is(keyTypes.ec2, 'ES256', -1, -2, -3) && members.get(-1) === 1) {
    const [x, y] = [bytes(-2, 32), bytes(-3, 32)]
    return x && y ? { algorithm: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x, y } } : undefined
  }
  if (is(keyTypes.okp, 'EdDSA', -1, -2) && members.get(-1) === 6) {
    const x = bytes(-2, 32)
    return x ? { algorithm: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x } } : undefined
  }
  if (is(keyTypes.rsa, 'RS256', -1, -2)) {
    const [n, e] = [bytes(-1, rsaBytesMin, rsaBytesMax), bytes(-2, 3)]
    return n && e === 'AQAB' ? { algorithm: 'RS256', jwk: { kty: 'RSA', n, e } } : undefined
  }
  return undefined
}

/** A CBOR map of integers to integers and byte strings, in shortest form and without anything after it. */
function readMap(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> | undefined {
  const first = bytes[0] ?? 0
  if (first >> 5 !== 5 || (first & 0x1f) > 8) return undefined
  const members = new Map<number, number | Uint8Array>()
  let at = 1
  for (let left = first & 0x1f; left > 0; left--) {
    const label = readItem(bytes, at)
    if (typeof label?.value !== 'number' || members.has(label.value)) return undefined
    const item = readItem(bytes, label.end)
    if (item === undefined) return undefined
    members.set(label.value, item.value)
    at = item.end
  }
  return at === bytes.length ? members : undefined
}

interface Item {
  readonly value: number | Uint8Array
  readonly end: number
}

/** An unsigned or negative integer or a byte string, of at most two bytes of argument (RFC 8949 section 3). */
function readItem(bytes: Uint8Array, at: number): Item | undefined {
  const head = bytes[at]
  if (head === undefined) return undefined
  const [major, short] = [head >> 5, head & 0x1f]
  const size = short < 24 ? 0 : short === 24 ? 1 : short === 25 ? 2 : undefined
  if (size === undefined || at + 1 + size > bytes.length) return undefined
  const argument = size === 0 ? short : bytes.slice(at + 1, at + 1 + size).reduce((sum, byte) => sum * 256 + byte, 0)
  const shortest = size === 0 || (size === 1 ? argument >= 24 : argument >= 256)
  if (!shortest) return undefined
  const end = at + 1 + size
  switch (major) {
    case 0:
      return { value: argument, end }
    case 1:
      return { value: -1 - argument, end }
    case 2:
      return end + argument <= bytes.length
        ? { value: bytes.slice(end, end + argument), end: end + argument }
        : undefined
    default:
      return undefined
  }
}
