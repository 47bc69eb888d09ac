// What may a tree size or a leaf index be? An integer from 0 to 2^64-1, held as a bigint from the wire to the hash, so
// that nothing near the upper end is ever rounded. The decimal form is the one of C2SP tlog-checkpoint.

import { MalformedInput, shown } from './malformed.ts'

export const MAX_UINT64 = 2n ** 64n - 1n

/** @throws MalformedInput `not-uint64` */
export function asUint64(value: bigint, what: string): bigint {
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_UINT64) return value
  throw new MalformedInput('not-uint64', `${what} ${shown(String(value))} is not an integer from 0 to 2^64-1`)
}

/**
 * ASCII decimal without leading zeros, as sizes and indexes stand on every line of the C2SP formats.
 * @throws MalformedInput `decimal`, `not-uint64`
 */
export function parseDecimal(text: string, what: string): bigint {
  if (/^(?:0|[1-9][0-9]{0,19})$/.test(text)) return asUint64(BigInt(text), what)
  throw new MalformedInput('decimal', `${what} ${shown(text)} is not a decimal number without leading zeros`)
}

/** How many bits the value needs; 0 for 0. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length
}

export function countOnes(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length
}

/** How often two divides the value, which must not be 0. */
export function trailingZeros(value: bigint): number {
  return bitLength(value & -value) - 1
}
