/** The IETF's Token Status List: two bits for each token, packed and compressed, and back again. */
import { base64url } from 'jose'

export type TokenStatus = 'valid' | 'invalid' | 'suspended'

const values: Readonly<Record<TokenStatus, number>> = { valid: 0, invalid: 1, suspended: 2 }

export const statusListType = 'statuslist+jwt'
export const statusListMediaType = `application/${statusListType}`

export interface StatusList {
  readonly bits: 1 | 2 | 4 | 8
  readonly lst: string
}

/** A list has this many bytes at most, whatever it claims when compressed. */
const bytesMax = 1_048_576

/** @param marked tokens that are not valid, by their place */
export async function packed(placesCount: number, marked: ReadonlyMap<number, TokenStatus>): Promise<StatusList> {
  const bytes = new Uint8Array(Math.ceil(placesCount / 4))
  for (const [place, status] of marked) {
    const index = place >> 2
    bytes[index] = (bytes[index] ?? 0) | (values[status] << ((place & 3) * 2))
  }
  return { bits: 2, lst: base64url.encode(await through(new CompressionStream('deflate'), bytes)) }
}

/** @throws when it is no such list, or one that is too large */
export async function unpacked({ bits, lst }: StatusList): Promise<(place: number) => TokenStatus | undefined> {
  if (![1, 2, 4, 8].includes(bits)) throw new TypeError('a status list has 1, 2, 4 or 8 bits for each token')
  const bytes = await through(new DecompressionStream('deflate'), new Uint8Array(base64url.decode(lst)))
  const perByte = 8 / bits
  return (place) => {
    const byte = Number.isSafeInteger(place) && place >= 0 ? bytes[Math.floor(place / perByte)] : undefined
    if (byte === undefined) return undefined
    const value = (byte >> ((place % perByte) * bits)) & (2 ** bits - 1)
    // What this list says in a way we do not know is no yes.
    return value === values.valid ? 'valid' : value === values.suspended ? 'suspended' : 'invalid'
  }
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of new Blob([bytes]).stream().pipeThrough(stream)) {
    length += part.byteLength
    if (length > bytesMax) throw new TypeError(`a status list has at most ${bytesMax} bytes`)
    parts.push(part)
  }
  const joined = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.byteLength
  }
  return joined
}
