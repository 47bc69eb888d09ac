// How do records travel? As entry bundles of C2SP tlog-tiles: up to 256 entries, each behind its length in two bytes,
// big-endian. A bundle says nothing of its own width; the tree size does, so reading one needs the width.

import { MalformedInput } from './malformed.ts'

export const ENTRY_BYTES_MAX = 0xffff
const LENGTH_BYTES = 2

/** @throws MalformedInput `entry-too-large` */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  for (const { length } of entries) assertEntryLength(length)
  const bytes = new Uint8Array(entries.reduce((total, entry) => total + LENGTH_BYTES + entry.length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const entry of entries) {
    view.setUint16(at, entry.length)
    bytes.set(entry, at + LENGTH_BYTES)
    at += LENGTH_BYTES + entry.length
  }
  return bytes
}

/** The entries as views into the given bytes. @throws MalformedInput `entries-structure` */
export function decodeEntries(bytes: Uint8Array, width: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at + LENGTH_BYTES
    if (start > bytes.length) throw brokenOff(entries.length)
    at = start + view.getUint16(at)
    if (at > bytes.length) throw brokenOff(entries.length)
    entries.push(bytes.subarray(start, at))
  }
  if (entries.length === width) return entries
  throw new MalformedInput('entries-structure', `bundle has ${entries.length} entries where it needs ${width}`)
}

function assertEntryLength(length: number): void {
  if (length <= ENTRY_BYTES_MAX) return
  throw new MalformedInput('entry-too-large', `entry of ${length} bytes is larger than ${ENTRY_BYTES_MAX} bytes`)
}

function brokenOff(entry: number): MalformedInput {
  return new MalformedInput('entries-structure', `bundle breaks off inside its entry ${entry}`)
}
