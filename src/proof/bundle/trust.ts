/**
 * Whom does the proof rest on? The key somebody was given another way, or else the one the bundle names, which is said
 * plainly; every change of key since; the signature under the head; the witnesses. Nothing of the server is believed.
 */
import type { JudgeGuardrails } from '../../core/runtime.ts'
import {
  type Checkpoint,
  checkConsistency,
  decodeBase64,
  formatVerifierKey,
  isFrom,
  keyLabel,
  MalformedInput,
  type Note,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
  verifyNote,
  verifyQuorum,
} from '../../log/index.ts'
import { type LogEvent, logStream } from '../log-record.ts'
import type { Bundle, Handover } from './form.ts'
import { assertLeaf, assertSaysTheSame } from './leaves.ts'
import { type BundleStep, Disproof, incomplete, proven } from './steps.ts'

/** What the verifier believes beforehand, from a source other than the bundle. */
export interface BundleTrust {
  /** Keys of the log; any one suffices. Empty: the bundle's own word is taken, and said to be. */
  readonly keys: readonly VerifierKey[]
  readonly witnesses: readonly VerifierKey[]
  /** How many of the witnesses must have cosigned; without it all of them, or what the bundle says when none is given. */
  readonly required?: number
  /** Evaluates guardrails again; without it, what they let pass cannot be said to follow. */
  readonly guardrails?: JudgeGuardrails
}

export interface Head {
  readonly note: Note
  readonly checkpoint: Checkpoint
}

/** @throws Disproof */
export function openHead(text: string, origin: string): Head {
  return sound('the checkpoint', () => {
    const note = parseNote(text)
    const checkpoint = parseCheckpoint(note.text)
    if (checkpoint.extensions.length > 0) throw new Disproof('the checkpoint says more than anybody checks')
    if (checkpoint.origin !== origin) throw new Disproof(`it is a checkpoint of \`${checkpoint.origin}\``)
    return { note, checkpoint }
  })
}

/** Every key the log had, as far as the bundle shows; the last one signs now. @throws Disproof */
export async function keysOf({ log, handovers }: Bundle, head: Head): Promise<readonly VerifierKey[]> {
  const signs = keyIn(log.key)
  if (signs.name !== log.origin) throw new Disproof(`the key is called \`${signs.name}\`, the log \`${log.origin}\``)
  const keys: VerifierKey[] = []
  for (const handover of handovers) {
    const { from, to } = await assertHandover(handover, log.origin, head)
    const before = keys.at(-1)
    if (before !== undefined && formatVerifierKey(before) !== formatVerifierKey(from)) {
      throw new Disproof('the changes of key do not follow each other', handover.event.index)
    }
    if (before === undefined) keys.push(from)
    keys.push(to)
  }
  const last = keys.at(-1)
  if (last !== undefined && formatVerifierKey(last) !== log.key) throw new Disproof('the last change is to another key')
  return keys.length === 0 ? [signs] : keys
}

/** The first checkpoint with the change is signed by both keys, and the head continues it. */
async function assertHandover({ event, checkpoint: text, consistency }: Handover, origin: string, head: Head) {
  const body = event.body as LogEvent | undefined
  if (event.stream !== logStream || body?.type !== 'LogKeyRotated') {
    throw new Disproof(`\`${event.id}\` is no change of key`, event.index)
  }
  const { note, checkpoint } = openHead(text, origin)
  assertLeaf(event, checkpoint)
  assertSaysTheSame(event)
  const [from, to] = [keyIn(body.from), keyIn(body.to)]
  const verdict = await verified(note, [from, to])
  if (verdict.length !== 2) throw new Disproof('the change of key is not signed by both keys', event.index)
  assertNobodyElse(note, [from, to])
  const proof = sound('the change of key', () => consistency.map((line) => decodeBase64(line, 'proof hash')))
  const continues = sound('the change of key', () =>
    checkConsistency({ older: checkpoint, newer: head.checkpoint, proof }),
  )
  if (!continues) throw new Disproof('the head does not continue the change of key', event.index)
  return { from, to }
}

/** @param keys from `keysOf` */
export function keyStep(keys: readonly VerifierKey[], trust: BundleTrust): BundleStep {
  const signs = keys.at(-1) as VerifierKey
  const given = trust.keys.map(formatVerifierKey)
  if (given.length === 0) {
    const detail = `nobody named a key beforehand: the one that is believed, \`${formatVerifierKey(signs)}\`, is the bundle's own word; whoever made the bundle may have made it`
    return proven('key', detail, [keyLabel(signs)])
  }
  const believed = keys.find((key) => given.includes(formatVerifierKey(key)))
  if (believed === undefined) {
    throw new Disproof(`\`${keyLabel(signs)}\` signed, which is none of the keys that were given and follows from none`)
  }
  return proven('key', 'given beforehand', [keyLabel(believed)])
}

export async function checkpointStep({ note, checkpoint }: Head, signs: VerifierKey): Promise<BundleStep> {
  const by = await verified(note, [signs])
  if (by.length === 0) throw new Disproof(`the head is not signed by \`${keyLabel(signs)}\``)
  return proven('checkpoint', `${checkpoint.size} leaves of \`${checkpoint.origin}\``, [keyLabel(signs)])
}

export async function witnessStep(
  { note }: Head,
  { log }: Bundle,
  logKeys: readonly VerifierKey[],
  trust: BundleTrust,
): Promise<BundleStep> {
  const named = log.witnesses.map(keyIn)
  const own = trust.witnesses.length === 0
  const witnesses = own ? named : trust.witnesses
  const required = trust.required ?? (own ? log.required : witnesses.length)
  assertNobodyElse(note, [...logKeys, ...named, ...trust.witnesses])
  for (const witness of witnesses) assertOther(witness, logKeys)
  // Those the bundle names beside those that were given: a wrong cosignature anywhere condemns it.
  await verified(note, named.filter(isNotAmong(trust.witnesses)))
  const verdict = await soundly('the witnesses', () => verifyQuorum(note, { witnesses, required }))
  if (!verdict.reached && verdict.fault === 'wrong-signature') {
    throw new Disproof(`the cosignature of \`${keyLabel(verdict.key)}\` is wrong`)
  }
  const { votes } = verdict
  const labels = votes.map(({ key }) => keyLabel(key))
  const who = own && witnesses.length > 0 ? ', all of them named by the bundle itself' : ''
  const counts = `${votes.length} of ${witnesses.length} witnesses cosigned, ${required} are required${who}`
  if (!verdict.reached) return incomplete('witnesses', counts, labels)
  if (required === 0 && votes.length === 0) {
    return proven('witnesses', 'none is required; whether the log shows others the same is not known', [])
  }
  const times = votes.map(({ key, timeSeconds }) => `${keyLabel(key)} at ${instantOf(timeSeconds)}`)
  return proven('witnesses', `${counts}: ${times.join(', ')}`, labels)
}

/** Every signature is somebody's, so that nothing travels in a note that nobody looks at. */
function assertNobodyElse({ signatures }: Note, keys: readonly VerifierKey[]): void {
  const stranger = signatures.find((signature) => !keys.some((key) => isFrom(signature, key)))
  if (stranger === undefined) return
  throw new Disproof(`\`${keyLabel(stranger)}\` signed the checkpoint, and nobody says who that is`)
}

function assertOther(witness: VerifierKey, logKeys: readonly VerifierKey[]): void {
  const same = logKeys.some((key) => key.publicKey.join() === witness.publicKey.join())
  if (same) throw new Disproof(`\`${keyLabel(witness)}\` is the log's own key; nobody is their own witness`)
}

function isNotAmong(others: readonly VerifierKey[]): (key: VerifierKey) => boolean {
  const labels = new Set(others.map(formatVerifierKey))
  return (key) => !labels.has(formatVerifierKey(key))
}

/** @returns the keys among these that signed. @throws Disproof for a wrong signature under one of them */
async function verified(note: Note, keys: readonly VerifierKey[]): Promise<readonly VerifierKey[]> {
  const verdict = await soundly('a key', () => verifyNote(note, keys))
  if (verdict.signed) return verdict.by
  if (verdict.fault === 'no-known-key') return []
  throw new Disproof(`the signature of \`${keyLabel(verdict.key)}\` is wrong`)
}

function keyIn(text: string): VerifierKey {
  return sound('a key', () => parseVerifierKey(text))
}

function sound<Value>(what: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
    throw new Disproof(`${what}: ${error.message}`)
  }
}

async function soundly<Value>(what: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
    throw new Disproof(`${what}: ${error.message}`)
  }
}

function instantOf(timeSeconds: bigint): string {
  const date = new Date(Number(timeSeconds) * 1000)
  return Number.isNaN(date.getTime()) ? `${timeSeconds} s` : date.toISOString()
}
