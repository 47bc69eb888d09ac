/**
 * What of an event goes into the log? One record a leaf: ids, place, type, time and the salted hash of the body, as the one
 * canonical JSON text (RFC 8785). No body and no free text, so erasing a body leaves the leaf and every proof as they are.
 * The bytes of a leaf never change; another shape is another `countersign`.
 */
import { canonicalJson } from '../lib/digest.ts'

export const leafVersion = 'event/v1'

/** The row of an event, as far as it is sealed. */
export interface SealedEvent {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly at: string
  readonly by: string
  readonly bodyHash: string
}

const encoder = new TextEncoder()
const members = ['at', 'body', 'by', 'countersign', 'id', 'stream', 'type', 'version']

export function leafOf({ id, stream, version, type, at, by, bodyHash }: SealedEvent): Uint8Array {
  return encoder.encode(canonicalJson({ countersign: leafVersion, id, stream, version, type, at, by, body: bodyHash }))
}

/** @returns what a leaf says; undefined for bytes that `leafOf` cannot have made. */
export function readLeaf(bytes: Uint8Array): SealedEvent | undefined {
  const record = parse(bytes)
  if (record === undefined || record.countersign !== leafVersion) return undefined
  if (Object.keys(record).sort().join() !== members.join()) return undefined
  const { id, stream, version, type, at, by, body } = record
  const texts = [id, stream, type, at, by, body]
  if (!texts.every((text) => typeof text === 'string') || typeof version !== 'number') return undefined
  const event = { id, stream, version, type, at, by, bodyHash: body } as SealedEvent
  return sameBytes(leafOf(event), bytes) ? event : undefined
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
