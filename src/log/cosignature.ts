// What does a witness sign? C2SP tlog-cosignature, Ed25519: "at this time this was the largest consistent tree I saw",
// as a fixed header, a time line and the whole text of the checkpoint. A witness with this promise is what keeps a log
// from showing two histories.

import { SIGNATURE_BYTES } from './ed25519.ts'
import { KEY_TYPE, keyLabel, type Signer } from './key.ts'
import { MalformedInput } from './malformed.ts'
import type { NoteSignature } from './note.ts'
import { encodeUtf8 } from './utf8.ts'

const TIME_BYTES = 8
const TIME_SECONDS_MAX = 2n ** 63n - 1n

export interface Cosignature {
  /** POSIX time. */
  timeSeconds: bigint
  /** 64 bytes. */
  signature: Uint8Array
}

/** @throws MalformedInput `timestamp` */
export function cosignatureMessage(checkpointText: string, timeSeconds: bigint): Uint8Array {
  return encodeUtf8(`cosignature/v1\ntime ${asTime(timeSeconds)}\n${checkpointText}`)
}

/** The parts of a note signature of that type; undefined when it cannot be one. */
export function splitCosignature(bytes: Uint8Array): Cosignature | undefined {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined
  const timeSeconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  return timeSeconds > TIME_SECONDS_MAX ? undefined : { timeSeconds, signature: bytes.subarray(TIME_BYTES) }
}

/**
 * The witness's signature line for a checkpoint text. The caller has checked consistency and stored the new head first.
 * @throws MalformedInput `timestamp`, `key-type`, `utf8`
 */
export async function cosign(checkpointText: string, witness: Signer, timeSeconds: bigint): Promise<NoteSignature> {
  const { key, sign } = witness
  if (key.type !== KEY_TYPE.cosignature) {
    throw new MalformedInput('key-type', `${keyLabel(key)} does not make timestamped cosignatures`)
  }
  const signature = new Uint8Array(TIME_BYTES + SIGNATURE_BYTES)
  signature.set(await sign(cosignatureMessage(checkpointText, timeSeconds)), TIME_BYTES)
  new DataView(signature.buffer).setBigUint64(0, timeSeconds)
  return { name: key.name, id: key.id, signature }
}

function asTime(timeSeconds: bigint): bigint {
  if (timeSeconds >= 0n && timeSeconds <= TIME_SECONDS_MAX) return timeSeconds
  throw new MalformedInput('timestamp', `time ${timeSeconds} is not between 0 and 2^63-1 seconds`)
}
