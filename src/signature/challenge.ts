/**
 * What does the authenticator really sign over? One hash of who decides what about which terms in which context, and of
 * a number nobody could know before; anybody who has the statement and the nonce computes the same.
 */
import type { Statement } from '../core/signed.ts'
import { canonicalJson } from '../lib/digest.ts'

/** Keeps these hashes apart from all others; changes whenever the meaning of a statement does. */
const domain = 'countersign decision v1\n'
export const nonceBytes = 32

/** SHA-256(domain ‖ nonce ‖ JCS(statement)). The first two have one length each, so nothing can move between the parts. */
export async function challengeOf(nonce: Uint8Array, statement: Statement): Promise<Uint8Array<ArrayBuffer>> {
  if (nonce.length !== nonceBytes) throw new RangeError(`a nonce has ${nonceBytes} bytes, not ${nonce.length}`)
  const encoder = new TextEncoder()
  const [head, body] = [encoder.encode(domain), encoder.encode(canonicalJson(statement))]
  const whole = new Uint8Array(head.length + nonce.length + body.length)
  whole.set(head)
  whole.set(nonce, head.length)
  whole.set(body, head.length + nonce.length)
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', whole))
}
