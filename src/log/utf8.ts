// How does text become bytes and back without loss? Strict UTF-8 both ways: nothing is replaced, a byte order mark stays
// a character, and an unpaired surrogate is refused rather than turned into another text with another signature.

import { MalformedInput } from './malformed.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws MalformedInput `utf8` */
export function encodeUtf8(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text)
  throw new MalformedInput('utf8', 'text has an unpaired surrogate')
}

/** @throws MalformedInput `utf8` */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new MalformedInput('utf8', 'bytes are not valid UTF-8', { cause })
  }
}

/** Text from either form in which it travels. @throws MalformedInput `utf8` */
export function asText(input: string | Uint8Array): string {
  if (typeof input !== 'string') return decodeUtf8(input)
  if (input.isWellFormed()) return input
  throw new MalformedInput('utf8', 'text has an unpaired surrogate')
}

/** Whether the text has an ASCII control character other than a newline, which no signed note may have. */
export function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 && code !== 0x0a) return true
  }
  return false
}
