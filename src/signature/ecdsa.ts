/**
 * An ECDSA signature over P-256 as authenticators send it (DER, RFC 3279 section 2.2.3), in the form that Web Crypto takes:
 * two numbers of 32 bytes. Only the one shortest spelling of each number is read.
 */

/** @returns `undefined` for anything but one well-formed signature. */
export function rawFromDer(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined
  const r = readNumber(der, 2)
  const s = r === undefined ? undefined : readNumber(der, r.end)
  if (r === undefined || s === undefined || s.end !== der.length) return undefined
  const raw = new Uint8Array(64)
  raw.set(r.bytes, 32 - r.bytes.length)
  raw.set(s.bytes, 64 - s.bytes.length)
  return raw
}

function readNumber(der: Uint8Array, at: number): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  const length = der[at + 1]
  if (der[at] !== 0x02 || length === undefined || length === 0 || length > 33) return undefined
  const end = at + 2 + length
  if (end > der.length) return undefined
  const bytes = der.slice(at + 2, end)
  const [first = 0, second = 0] = bytes
  const padded = first === 0 && length > 1
  // A leading zero stands exactly where the number would otherwise read as a negative one.
  if (first >= 0x80 || (padded && second < 0x80) || (!padded && length > 32)) return undefined
  return { bytes: padded ? bytes.slice(1) : bytes, end }
}
