// Does this one record stand in the log, as far as these keys can say? Step by step, so that a person can read what was
// shown, what was refuted and what is missing. Only a proof whose every step is proven counts; incomplete never does.

import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { checkConsistency } from './consistency.ts'
import { rootFromInclusion } from './inclusion.ts'
import { keyLabel, type VerifierKey } from './key.ts'
import { MalformedInput, shown } from './malformed.ts'
import { type Note, parseNote, verifyNote } from './note.ts'
import { assertDistinctKeys, assertQuorum, verifyQuorum } from './quorum.ts'
import { type Hash, sameBytes } from './sha256.ts'
import { leafHash, type TreeHead } from './tree.ts'

export type Outcome = 'proven' | 'disproven' | 'incomplete'

export type StepName = 'checkpoint' | 'origin' | 'log-signature' | 'quorum' | 'inclusion' | 'consistency'

export interface ProofStep {
  name: StepName
  outcome: Outcome
  detail: string
  /** The keys that proved or disproved it, as `name+id`. */
  keys: readonly string[]
}

export interface ProofVerdict {
  /** `disproven` if any step is, else `incomplete` if any step is. */
  outcome: Outcome
  steps: readonly ProofStep[]
}

/** What the verifier believes beforehand, from a source other than the proof. */
export interface LogTrust {
  origin: string
  /** Keys of the log; one signature suffices, so that keys can be rotated. */
  keys: readonly VerifierKey[]
  witnesses: readonly VerifierKey[]
  /** How many witnesses must have cosigned; 0 asks for none. */
  quorum: number
}

export interface ProofClaim {
  /** The record's bytes as sealed. */
  leaf: Uint8Array
  index: bigint
  inclusion?: readonly Hash[]
  /** The signed note. */
  checkpoint: string | Uint8Array
  trust: LogTrust
  /** A head seen before, which the checkpoint must continue. */
  earlier?: TreeHead & { consistency?: readonly Hash[] }
}

/**
 * Malformed claims come back as disproven steps.
 * @throws MalformedInput `quorum`, `key-type`, `duplicate-key` when the trust itself makes no sense
 */
export async function verifyProof(claim: ProofClaim): Promise<ProofVerdict> {
  assertTrust(claim.trust)
  const opened = openCheckpoint(claim.checkpoint)
  if (opened instanceof MalformedInput) return verdict([step('checkpoint', 'disproven', opened.message)])
  const { note, checkpoint } = opened
  const detail = `${checkpoint.size} leaves, root and size read from a signed note`
  return verdict([
    step('checkpoint', 'proven', detail),
    originStep(checkpoint, claim.trust),
    await logSignatureStep(note, claim.trust),
    await quorumStep(note, claim.trust),
    inclusionStep(claim, checkpoint),
    ...(claim.earlier === undefined ? [] : [consistencyStep(claim.earlier, checkpoint)]),
  ])
}

function originStep({ origin }: Checkpoint, trust: LogTrust): ProofStep {
  if (origin === trust.origin) return step('origin', 'proven', `checkpoint is of ${shown(origin)}`)
  return step('origin', 'disproven', `checkpoint is of ${shown(origin)}, not of ${shown(trust.origin)}`)
}

async function logSignatureStep(note: Note, trust: LogTrust): Promise<ProofStep> {
  const result = await verifyNote(note, trust.keys)
  if (result.signed) return step('log-signature', 'proven', 'signed by the log', result.by)
  switch (result.fault) {
    case 'no-known-key':
      return step('log-signature', 'incomplete', 'none of the trusted keys of the log signed it')
    case 'wrong-signature':
      return step('log-signature', 'disproven', 'a signature under a key of the log is wrong', [result.key])
    default:
      return result satisfies never
  }
}

async function quorumStep(note: Note, { witnesses, quorum }: LogTrust): Promise<ProofStep> {
  if (quorum === 0) return step('quorum', 'proven', 'no witness is required')
  const result = await verifyQuorum(note, { witnesses, required: quorum })
  const count = `${result.votes.length} of ${witnesses.length} witnesses cosigned, ${quorum} are required`
  const voters = result.votes.map(({ key }) => key)
  if (result.reached) return step('quorum', 'proven', count, voters)
  switch (result.fault) {
    case 'too-few':
      return step('quorum', 'incomplete', count, voters)
    case 'wrong-signature':
      return step('quorum', 'disproven', 'a cosignature under a key of a witness is wrong', [result.key])
    default:
      return result satisfies never
  }
}

function inclusionStep({ leaf, index, inclusion }: ProofClaim, { size, root }: Checkpoint): ProofStep {
  if (inclusion === undefined) return step('inclusion', 'incomplete', 'there is no audit path')
  return judged('inclusion', () => {
    const implied = rootFromInclusion({ index, size, leafHash: leafHash(leaf), proof: inclusion })
    if (sameBytes(implied, root)) return step('inclusion', 'proven', `record is leaf ${index} of ${size}`)
    return step('inclusion', 'disproven', `record is not leaf ${index} of ${size}: its path leads to another root`)
  })
}

function consistencyStep(earlier: NonNullable<ProofClaim['earlier']>, checkpoint: Checkpoint): ProofStep {
  const { consistency } = earlier
  if (consistency === undefined) return step('consistency', 'incomplete', 'there is no consistency proof')
  return judged('consistency', () => {
    const sizes = `the ${earlier.size} leaves seen before`
    if (checkConsistency({ older: earlier, newer: checkpoint, proof: consistency })) {
      return step('consistency', 'proven', `checkpoint continues ${sizes}`)
    }
    return step('consistency', 'disproven', `checkpoint does not continue ${sizes}: these are two histories`)
  })
}

/** A malformed claim proves nothing, and says why. */
function judged(name: StepName, judge: () => ProofStep): ProofStep {
  try {
    return judge()
  } catch (error) {
    if (error instanceof MalformedInput) return step(name, 'disproven', error.message)
    throw error
  }
}

function openCheckpoint(input: string | Uint8Array): { note: Note; checkpoint: Checkpoint } | MalformedInput {
  try {
    const note = parseNote(input)
    return { note, checkpoint: parseCheckpoint(note.text) }
  } catch (error) {
    if (error instanceof MalformedInput) return error
    throw error
  }
}

/** A log that is its own witness watches nobody, so one public key may only stand on one side. */
function assertTrust({ keys, witnesses, quorum }: LogTrust): void {
  assertQuorum({ witnesses, required: quorum })
  for (const witness of witnesses) for (const key of keys) assertDistinctKeys([key, witness])
}

function step(name: StepName, outcome: Outcome, detail: string, keys: readonly VerifierKey[] = []): ProofStep {
  return { name, outcome, detail, keys: keys.map(keyLabel) }
}

function verdict(steps: readonly ProofStep[]): ProofVerdict {
  const has = (outcome: Outcome) => steps.some((each) => each.outcome === outcome)
  return { outcome: has('disproven') ? 'disproven' : has('incomplete') ? 'incomplete' : 'proven', steps }
}
