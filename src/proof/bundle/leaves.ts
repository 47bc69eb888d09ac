/** Is each event, with its body, the leaf it claims to be? Opens the leaf from what the bundle gives and follows its path. */

import { canonicalJson, saltedDigest } from '../../lib/digest.ts'
import { decodeBase64, leafHash, MalformedInput, rootFromInclusion, sameBytes, type TreeHead } from '../../log/index.ts'
import { leafOf } from '../leaf.ts'
import type { BundledEvent } from './form.ts'
import { Disproof } from './steps.ts'

const saltBytes = 16

/** @throws Disproof */
export function assertLeaf(event: BundledEvent, { size, root }: TreeHead): void {
  const hash = leafHash(leafOf({ ...event, bodyHash: bodyHashOf(event) }))
  const proof = event.inclusion.map((line) => hashIn(line, event))
  const implied = sound(event, () => rootFromInclusion({ index: BigInt(event.index), size, leafHash: hash, proof }))
  if (sameBytes(implied, root)) return
  throw new Disproof(`\`${event.id}\` is not leaf ${event.index} of the log`, event.index)
}

/** @throws Disproof when the body is not itself: what stands in it must be what stands in the leaf. */
export function assertSaysTheSame({ id, index, body, type, at, by }: BundledEvent): void {
  if (body === undefined || (body.type === type && body.at === at && body.by === by)) return
  throw new Disproof(`the body of \`${id}\` says something else than its record`, index)
}

/** The salt has one length, so that nothing can move from the salt into the body. */
function bodyHashOf(event: BundledEvent): string {
  const { id, index, salt, body, bodyHash } = event
  const isOpen = salt !== undefined && body !== undefined && bodyHash === undefined
  const isErased = salt === undefined && body === undefined && bodyHash !== undefined
  if (isErased) return bodyHash
  if (!isOpen) throw new Disproof(`\`${id}\` has neither a body with its salt nor the hash of one`, index)
  const bytes = sound(event, () => decodeBase64(salt, 'salt'))
  if (bytes.length !== saltBytes) throw new Disproof(`the salt of \`${id}\` is not ${saltBytes} bytes`, index)
  return saltedDigest(bytes, canonicalJson(body))
}

function hashIn(line: string, event: BundledEvent): Uint8Array {
  return sound(event, () => decodeBase64(line, 'proof hash'))
}

/** Whatever is malformed proves nothing, and says why. */
function sound<Value>({ id, index }: Pick<BundledEvent, 'id' | 'index'>, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
    throw new Disproof(`\`${id}\`: ${error.message}`, index)
  }
}
