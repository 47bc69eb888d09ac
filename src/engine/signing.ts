/**
 * A signature by passkey that came with a command: its bytes are checked before anything is locked, and under the lock its
 * challenge is taken, its passkey is looked at once more and its counter goes on. What comes of it is a fact of the
 * decision; whether the decision follows is for the core.
 */

import type { PersonId } from '../core/directory.ts'
import { isInForce, type Passkey, type Passkeys } from '../core/passkeys.ts'
import type { Assertion, PasskeyEvidence, ShownContext, Signed, Statement } from '../core/signed.ts'
import type { Instant } from '../core/time.ts'
import type { Actor, Command, WaiverId } from '../core/waiver.ts'
import { canonicalJson } from '../lib/digest.ts'
import { enrolmentsStream } from '../proof/bundle/enrolments.ts'
import { contextDigest } from '../proof/shown.ts'
import { decodeBase64url, encodeBase64url, readClientData } from '../signature/index.ts'
import type { ChallengeId, Store, Transaction } from '../store/contract.ts'
import type { PasskeyChecks } from './passkey-checks.ts'

export interface SignedOrder {
  readonly challenge: ChallengeId
  readonly assertion: Assertion
}

/** What is kept with a challenge: everything that was shown, and the very command that is answered to. */
export type ChallengeContent =
  | {
      readonly for: 'decision'
      readonly waiver: WaiverId
      readonly command: Command
      readonly statement: Statement
      readonly context: ShownContext
    }
  | {
      readonly for: 'confirmation'
      readonly person: PersonId
      readonly command: object
      readonly statement: Statement
      readonly context: ShownContext
    }
  | { readonly for: 'enrolment' }

/** Checked without a lock: what it proves if its challenge and its passkey still hold under one. */
export interface Checked {
  readonly challenge: ChallengeId
  readonly signed: Signed
  readonly signCount: number
}

interface Checking {
  readonly store: Store
  readonly passkeys: PasskeyChecks
}

export async function checkSigned(
  checking: Checking,
  { signed, command, actor }: { readonly signed?: SignedOrder; readonly command: Command; readonly actor: Actor },
  waiver: WaiverId,
): Promise<Checked | undefined> {
  if (signed === undefined) return undefined
  return checkAnswer(
    checking,
    signed,
    actor,
    (content) => content.for === 'decision' && content.waiver === waiver && isSame(content.command, command),
  )
}

export async function checkAnswer(
  { store, passkeys }: Checking,
  { challenge: id, assertion }: SignedOrder,
  actor: Actor,
  isMeant: (content: ChallengeContent) => boolean,
): Promise<Checked> {
  const fails = (code: Extract<Signed, { outcome: 'fails' }>['code'], detail: string): Checked => ({
    challenge: id,
    signed: { outcome: 'fails', code, detail },
    signCount: 0,
  })
  const challenge = await store.passkeys.challenge(id)
  const content = challenge?.content as ChallengeContent | undefined
  if (challenge === undefined || content === undefined || challenge.person !== actor.id)
    return fails('challenge-spent', 'it was not shown to you')
  if (content.for === 'enrolment' || !isMeant(content))
    return fails('signature-invalid', 'it was asked for something else')
  if (challenge.usedAt !== undefined) return fails('challenge-spent', `it was answered at ${challenge.usedAt}`)
  if (challenge.expired) return fails('challenge-spent', `it was good until ${challenge.expiresAt}`)
  const passkey = await passkeyOf(store, assertion.credential, actor.id)
  if (passkey === undefined) return fails('passkey-not-in-force', 'it is none of yours')
  if (passkey.sample && !passkeys.relyingParty.isSample)
    return fails('passkey-not-in-force', "the sample's own authenticator is for the sample alone")
  const { statement, context } = content
  const evidence = evidenceOf(assertion, passkey, passkeys, challenge.nonce, statement)
  if (!passkeys.relyingParty.origins.includes(evidence.origin)) return fails('signature-invalid', 'origin-differs')
  const verified = await passkeys.verified(evidence)
  if (verified.outcome === 'fails') return fails('signature-invalid', verified.detail)
  // What was kept as shown must be what was signed as shown; otherwise somebody wrote to our tables.
  if (contextDigest(context) !== statement.context) return fails('signature-invalid', 'what was shown is not on record')
  const signed: Signed = { outcome: 'holds', evidence, shown: context }
  return { challenge: id, signed, signCount: verified.signCount }
}

/** Under the lock, at the moment of deciding. Whatever is wrong, the challenge is used up. */
export async function takeSigned(
  tx: Transaction,
  checked: Checked | undefined,
  actor: Actor,
  now: Instant,
): Promise<Signed | undefined> {
  if (checked === undefined) return undefined
  const taken = await tx.takeChallenge(checked.challenge, actor.id)
  const { signed } = checked
  if (signed.outcome === 'fails') return signed
  if (!taken) return { outcome: 'fails', code: 'challenge-spent', detail: 'it was answered meanwhile' }
  const { state } = await tx.lockRecord(passkeysRecord(actor.id))
  const passkey = (state as Passkeys | undefined)?.passkeys.find(({ id }) => id === signed.evidence.passkey)
  if (passkey === undefined || !isInForce(passkey, now))
    return { outcome: 'fails', code: 'passkey-not-in-force', detail: stateOf(passkey, now) }
  const goesOn = await tx.countUse(passkey.credential, checked.signCount)
  if (!goesOn) return { outcome: 'fails', code: 'signature-invalid', detail: 'counter-went-back' }
  return signed
}

/** The record of somebody's passkeys goes by the name of its stream of events. */
export const passkeysRecord: (person: PersonId) => string = enrolmentsStream

async function passkeyOf(store: Store, credential: string, person: PersonId): Promise<Passkey | undefined> {
  const known = await store.passkeys.find({ credential })
  if (known === undefined || known.person !== person) return undefined
  const state = (await store.records.find(passkeysRecord(person))) as Passkeys | undefined
  return state?.passkeys.find((one) => one.id === known.id && one.credential === credential)
}

function evidenceOf(
  { credential, authenticatorData, clientData, signature }: Assertion,
  { id, publicKey }: Passkey,
  { relyingParty }: PasskeyChecks,
  nonce: Uint8Array,
  statement: Statement,
): PasskeyEvidence {
  const bytes = decodeBase64url(clientData)
  const origin = (bytes && readClientData(bytes)?.origin) ?? ''
  return {
    passkey: id,
    credential,
    publicKey,
    relyingParty: relyingParty.id,
    origin,
    nonce: encodeBase64url(nonce),
    statement,
    authenticatorData,
    clientData,
    signature,
  }
}

function stateOf(passkey: Passkey | undefined, now: Instant): string {
  if (passkey === undefined) return 'it is none of yours'
  const { status, effectiveAt } = passkey
  if (status === 'confirmed' && effectiveAt !== undefined && effectiveAt > now) return `it signs from ${effectiveAt} on`
  return status === 'waiting' ? 'nobody independent has confirmed it yet' : `it is ${status}`
}

function isSame(one: object, other: object): boolean {
  return canonicalJson(one) === canonicalJson(other)
}
