/**
 * Prefixed ids, in Crockford base 32: those that sort by the time they were made, 48 bits of milliseconds and 80 random bits,
 * and those that follow from what they are about, so that the same thing has one id however often it is met.
 */
import { randomBytes } from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

export function newId(
  prefix: 'wvr' | 'chg' | 'fnd' | 'ntc' | 'prc' | 'psk' | 'chl' | 'scim' | 'gtk' | 'arq' | 'evl',
  millis = Date.now(),
): string {
  let time = ''
  for (let rest = millis, digits = 0; digits < 10; digits++, rest = Math.floor(rest / 32))
    time = alphabet[rest % 32] + time
  const random = Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('')
  return `${prefix}_${time}${random}`
}

/** @param digest of what it is about, as `digestOf` writes it; 130 bits of it are used */
export function idFrom(prefix: 'lnk' | 'own' | 'drf', digest: string): string {
  const hex = digest.slice('sha256:'.length)
  const letters = Array.from({ length: 26 }, (_, n) => alphabet[Number.parseInt(hex.slice(n * 2, n * 2 + 2), 16) & 31])
  return `${prefix}_${letters.join('')}`
}
