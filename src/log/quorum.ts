// Have enough witnesses cosigned? k of n, one vote per public key, whatever names it goes by. A witness list that could
// count somebody twice, or a threshold that nobody can mean, is refused instead of read kindly.

import { encodeBase64 } from './base64.ts'
import { splitCosignature } from './cosignature.ts'
import { KEY_TYPE, keyLabel, type VerifierKey } from './key.ts'
import { MalformedInput } from './malformed.ts'
import { isFrom, type Note, verifyNote } from './note.ts'

export interface Quorum {
  witnesses: readonly VerifierKey[]
  /** How many of them must have cosigned; 0 asks for none, and has to be said. */
  required: number
}

export interface WitnessVote {
  key: VerifierKey
  timeSeconds: bigint
}

export type QuorumVerdict =
  | { reached: true; votes: readonly WitnessVote[] }
  | { reached: false; votes: readonly WitnessVote[]; fault: 'too-few' }
  | { reached: false; votes: readonly []; fault: 'wrong-signature'; key: VerifierKey }

/** @throws MalformedInput `quorum`, `key-type`, `duplicate-key` for a quorum that is none */
export async function verifyQuorum(note: Note, quorum: Quorum): Promise<QuorumVerdict> {
  assertQuorum(quorum)
  const verdict = await verifyNote(note, quorum.witnesses)
  if (!verdict.signed && verdict.fault === 'wrong-signature') {
    return { reached: false, votes: [], fault: 'wrong-signature', key: verdict.key }
  }
  const votes = verdict.signed ? verdict.by.map((key) => ({ key, timeSeconds: timeOf(note, key) })) : []
  return votes.length >= quorum.required ? { reached: true, votes } : { reached: false, votes, fault: 'too-few' }
}

/** @throws MalformedInput `quorum`, `key-type`, `duplicate-key` */
export function assertQuorum({ witnesses, required }: Quorum): void {
  if (!Number.isSafeInteger(required) || required < 0 || required > witnesses.length) {
    throw new MalformedInput('quorum', `${required} of ${witnesses.length} witnesses is not a quorum`)
  }
  const wrongType = witnesses.find((key) => key.type !== KEY_TYPE.cosignature)
  if (wrongType !== undefined) {
    throw new MalformedInput('key-type', `${keyLabel(wrongType)} is not a key for timestamped cosignatures`)
  }
  assertDistinctKeys(witnesses)
}

/** @throws MalformedInput `duplicate-key` when one public key stands behind two entries */
export function assertDistinctKeys(keys: readonly VerifierKey[]): void {
  const seen = new Map<string, VerifierKey>()
  for (const key of keys) {
    const other = seen.get(encodeBase64(key.publicKey))
    if (other !== undefined) {
      const labels = `${keyLabel(other)} and ${keyLabel(key)}`
      throw new MalformedInput('duplicate-key', `${labels} are the same public key`)
    }
    seen.set(encodeBase64(key.publicKey), key)
  }
}

/** The latest time at which the witness vouched; every line of it was verified. */
function timeOf(note: Note, key: VerifierKey): bigint {
  let latest = 0n
  for (const line of note.signatures) {
    const time = isFrom(line, key) ? splitCosignature(line.signature)?.timeSeconds : undefined
    if (time !== undefined && time > latest) latest = time
  }
  return latest
}
