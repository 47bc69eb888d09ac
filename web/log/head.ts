/**
 * Does the head of the log hold? Everything is fetched as bytes and judged here, by the code that `countersign verify` uses:
 * the key and how it came to be the key, the signature, the cosignatures, and whether this is the history that this browser
 * saw before. What the server says about itself is believed nowhere.
 */
import {
  type Checkpoint,
  checkConsistency,
  encodeBase64,
  keyLabel,
  MalformedInput,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  proveConsistency,
  type TileReader,
  tileHashReader,
  tilePath,
  type VerifierKey,
  verifyNote,
  verifyQuorum,
} from '../../src/log/index.ts'
import { KeysDiffer, keyAt, keyHistory } from '../../src/proof/audit/keys.ts'
import { api, yes } from '../app/api.ts'
import { nowMillis } from '../time/clock.ts'
import { remember, type Seen, seenBefore } from './seen.ts'
import { failed, type Step, step, worst } from './step.ts'

export interface Head {
  readonly note: string
  readonly checkpoint: Checkpoint
  readonly key: VerifierKey
  readonly witnesses: readonly { readonly key: VerifierKey; readonly at: string | undefined }[]
  readonly required: number
  readonly steps: readonly Step[]
  /** What this browser had seen before this. */
  readonly seen: Seen | undefined
}

/** What cannot even be read. */
export interface Unreadable {
  readonly note: string
  readonly steps: readonly Step[]
  readonly seen: Seen | undefined
}

export async function lookAtHead(signal: AbortSignal): Promise<Head | Unreadable> {
  const call = { signal }
  const seen = seenBefore()
  const [note, keys, watch] = await Promise.all([
    yes(api.logCheckpoint(call)),
    yes(api.logKeys(call)),
    yes(api.logWitnesses(call)),
  ])
  try {
    const checkpoint = parseCheckpoint(parseNote(note).text)
    const history = await keyHistory(keys)
    const key = keyAt(history, checkpoint.size)
    const witnesses = watch.witnesses.map(parseVerifierKey)
    const steps = [
      keyStep(key, history.keys, checkpoint, seen),
      await signatureStep(note, key),
      await quorumStep(note, witnesses, watch.required),
      await continuityStep(checkpoint, seen, tilesOver(signal)),
    ]
    // Only what holds in every way may be what the next one is compared with.
    if (worst(steps) === 'proven') remember({ note, key: keys.key, at: new Date(nowMillis()).toISOString() })
    return { note, checkpoint, key, witnesses: await votes(note, witnesses), required: watch.required, steps, seen }
  } catch (error) {
    if (!(error instanceof MalformedInput || error instanceof KeysDiffer)) throw error
    return { note, steps: [step('disproven', 'The head can be read', error.message)], seen }
  }
}

export function encodeRoot({ root }: Checkpoint): string {
  return encodeBase64(root)
}

/** Tiles as they are served; whoever uses them checks them against a head. */
export function tilesOver(signal: AbortSignal): TileReader {
  return (tiles) => Promise.all(tiles.map((tile) => yes(api.logTile(tilePath(tile), { signal }))))
}

function keyStep(key: VerifierKey, keys: readonly VerifierKey[], { origin }: Checkpoint, seen: Seen | undefined): Step {
  const title = 'The key is the key of this log'
  const label = keyLabel(key)
  if (key.name !== origin) return step('disproven', title, `the head is of \`${origin}\`, the key of \`${key.name}\``)
  if (seen === undefined)
    return step('proven', title, `\`${label}\`, seen here for the first time: compare it with what you were given`)
  const before = parseVerifierKey(seen.key)
  const known = keys.some(
    (one) => keyLabel(one) === keyLabel(before) && one.publicKey.join() === before.publicKey.join(),
  )
  if (!known)
    return step(
      'disproven',
      title,
      `this browser knew \`${keyLabel(before)}\`, and nothing leads from it to \`${label}\``,
    )
  if (keyLabel(before) === label) return step('proven', title, `\`${label}\`, as this browser knew it`)
  return step('proven', title, `\`${label}\`, which followed \`${keyLabel(before)}\` by a change that both have signed`)
}

async function signatureStep(note: string, key: VerifierKey): Promise<Step> {
  const title = 'The log has signed this head'
  const verdict = await verifyNote(parseNote(note), [key])
  if (verdict.signed) return step('proven', title, `Ed25519, by \`${keyLabel(key)}\``)
  return verdict.fault === 'wrong-signature'
    ? step('disproven', title, `the signature under \`${keyLabel(key)}\` is wrong`)
    : step('disproven', title, `it is not signed by \`${keyLabel(key)}\``)
}

async function quorumStep(note: string, witnesses: readonly VerifierKey[], required: number): Promise<Step> {
  const title = 'Witnesses have seen the same head'
  if (required === 0 && witnesses.length === 0)
    return step('proven', 'No witness has to have seen it', 'this installation has none, and asks for none')
  const { reached, votes: given, ...why } = await verifyQuorum(parseNote(note), { witnesses, required })
  const count = `${given.length} of ${witnesses.length} cosigned it, ${required} are required`
  if (reached) return step('proven', title, count)
  return 'fault' in why && why.fault === 'wrong-signature'
    ? step('disproven', title, 'a cosignature under the key of a witness is wrong')
    : step('incomplete', title, count)
}

async function votes(note: string, witnesses: readonly VerifierKey[]): Promise<Head['witnesses']> {
  const { votes: given } = await verifyQuorum(parseNote(note), { witnesses, required: 0 })
  return witnesses.map((key) => {
    const vote = given.find((one) => keyLabel(one.key) === keyLabel(key))
    return { key, at: vote && new Date(Number(vote.timeSeconds) * 1_000).toISOString() }
  })
}

async function continuityStep(newer: Checkpoint, seen: Seen | undefined, tiles: TileReader): Promise<Step> {
  const title = 'It continues what this browser saw before'
  if (seen === undefined) return step('proven', title, 'nothing was seen before; from now on it is compared', 'first')
  const older = parseCheckpoint(parseNote(seen.note).text)
  if (older.origin !== newer.origin)
    return step('disproven', title, `it was called \`${older.origin}\` and is called \`${newer.origin}\`: another log`)
  if (older.size > newer.size)
    return step('disproven', title, `${older.size} records were signed before, and now there are only ${newer.size}`)
  try {
    const proof = await proveConsistency(older.size, newer.size, tileHashReader(newer, tiles))
    if (checkConsistency({ older, newer, proof }))
      return step('proven', title, `the ${older.size} records seen before are the first ${older.size} of ${newer.size}`)
  } catch (error) {
    return failed(title, error)
  }
  return step('disproven', title, `the first ${older.size} records are other ones than this browser saw before`)
}
