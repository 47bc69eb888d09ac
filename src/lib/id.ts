/** Prefixed ids that sort by the time they were made: 48 bits of milliseconds and 80 random bits, in Crockford base 32. */
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
