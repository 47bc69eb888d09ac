// How do bytes stand in text? As standard base64 with padding (RFC 4648 section 4), in its one canonical spelling:
// a lenient decoder would let the same signature or hash appear under several texts.

import { MalformedInput, shown } from './malformed.ts'

const ALPHABET = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** @throws MalformedInput `base64` */
export function decodeBase64(text: string, what: string): Uint8Array {
  if (!ALPHABET.test(text)) throw new MalformedInput('base64', `${what} ${shown(text)} is not padded base64`)
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  if (encodeBase64(bytes) === text) return bytes
  throw new MalformedInput('base64', `${what} ${shown(text)} has stray bits after its last byte`)
}
