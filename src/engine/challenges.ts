/**
 * Shows what is to be signed. Asking to sign is the beginning of the attempt: whoever may not decide is refused here
 * already, on the record like any other; whoever may gets a challenge that is good once, for minutes, for exactly this.
 */
import { randomBytes } from 'node:crypto'
import { type SignableCommand, statementOf } from '../core/decide/signed.ts'
import type { PersonId } from '../core/directory.ts'
import { isInForce, type Passkey, type Passkeys } from '../core/passkeys.ts'
import type { RefusalCode } from '../core/refusal.ts'
import type { Signed, Statement } from '../core/signed.ts'
import type { Instant } from '../core/time.ts'
import type { Actor, Command, WaiverId } from '../core/waiver.ts'
import { newId } from '../lib/id.ts'
import { withShown } from '../proof/shown.ts'
import { challengeOf, encodeBase64url, nonceBytes } from '../signature/index.ts'
import type { ChallengeId, Store, StoredChallenge, Transaction } from '../store/contract.ts'
import {
  decideOn,
  type Found,
  type Handled,
  handle,
  type Machinery,
  type Order,
  persistently,
  underLock,
  written,
} from './handle.ts'
import { type ChallengeContent, passkeysRecord, type SignedOrder } from './signing.ts'

/** Time to read and to find one's key; what was shown has to be true at the end of it anyway. */
export const challengeSeconds = 300

/** Something to sign, as it is shown to whoever shall sign it. */
export interface Opened {
  readonly outcome: 'opened'
  readonly id: ChallengeId
  readonly expiresAt: Instant
  readonly content: Exclude<ChallengeContent, { for: 'enrolment' }>
  /** base64url; anybody can compute the second from the first and the statement. */
  readonly nonce: string
  readonly challenge: string
  readonly passkeys: readonly Passkey[]
}

/** Refusals that say no more than that a signature is missing. */
export const onlyUnsigned: ReadonlySet<RefusalCode> = new Set(['passkey-needed', 'sign-in-not-fresh'])

/** @param order with the key under which it is going to be signed: what was decided under it already is told again */
export async function openDecision(
  machinery: Machinery,
  order: Order & { readonly waiver: WaiverId; readonly command: SignableCommand },
): Promise<Opened | Handled> {
  const { waiver, command, actor } = order
  return persistently(machinery, (again) => {
    let passkeys: readonly Passkey[] = []
    return underLock(machinery, order, waiver, again, {
      async signed(_, now): Promise<Signed | undefined> {
        passkeys = await inForceOf(machinery.store, actor.id, now)
        const fails = { outcome: 'fails', code: 'passkey-not-in-force', detail: noneInForce } as const
        return passkeys.length === 0 ? fails : undefined
      },
      async finish(tx, found): Promise<Opened | Handled> {
        const decision = decideOn(found)
        const mayOpen = decision.outcome === 'accepted' || onlyUnsigned.has(decision.refusal.code)
        if (!mayOpen || found.waiver === undefined || passkeys.length === 0) return written(tx, found, decision)
        return open(tx, actor.id, passkeys, contentFor(found, command))
      },
    })
  })
}

/** The very command that was shown, with the signature under it. */
export async function answerDecision(
  machinery: Machinery,
  {
    actor,
    signed,
    idempotencyKey,
  }: { readonly actor: Actor; readonly signed: SignedOrder; readonly idempotencyKey?: string },
): Promise<{ readonly type: Command['type']; readonly handled: Handled } | undefined> {
  const challenge = await challengeFor(machinery.store, signed.challenge, actor.id)
  const content = challenge?.content as ChallengeContent | undefined
  if (content?.for !== 'decision') return undefined
  const { waiver, command } = content
  const key = idempotencyKey === undefined ? {} : { idempotencyKey }
  return { type: command.type, handled: await handle(machinery, { waiver, command, actor, signed, ...key }) }
}

/** @returns somebody's own challenge; those of others are not there. */
export async function challengeFor(
  { passkeys }: Store,
  id: ChallengeId,
  person: PersonId,
): Promise<StoredChallenge | undefined> {
  const challenge = await passkeys.challenge(id)
  return challenge?.person === person ? challenge : undefined
}

export async function open(
  tx: Transaction,
  person: PersonId,
  passkeys: readonly Passkey[],
  content: Exclude<ChallengeContent, { for: 'enrolment' }>,
): Promise<Opened> {
  const id = newId('chl')
  const nonce = randomBytes(nonceBytes)
  const { expiresAt } = await tx.openChallenge({ id, person, content, nonce }, challengeSeconds)
  return openedFrom({ id, expiresAt, content, nonce, passkeys })
}

export async function openedFrom({
  nonce,
  ...opened
}: Pick<Opened, 'id' | 'expiresAt' | 'content' | 'passkeys'> & { readonly nonce: Uint8Array }): Promise<Opened> {
  const challenge = encodeBase64url(await challengeOf(nonce, opened.content.statement))
  return { outcome: 'opened', ...opened, nonce: encodeBase64url(nonce), challenge }
}

export async function inForceOf({ records }: Store, person: PersonId, now: Instant): Promise<readonly Passkey[]> {
  const state = (await records.find(passkeysRecord(person))) as Passkeys | undefined
  return state?.passkeys.filter((passkey) => isInForce(passkey, now)) ?? []
}

/** Whoever has nothing to sign with is told so, on the record, before anybody is sent to a browser. */
export const noneInForce = 'none of yours is in force; enrol one, and have it confirmed'

function contentFor(
  { waiver, facts, id }: Found,
  command: SignableCommand,
): Extract<ChallengeContent, { for: 'decision' }> {
  const { shown } = withShown(facts, waiver, command)
  if (shown === undefined || waiver === undefined) throw new Error(`bug: nothing is shown of \`${id}\``)
  const { context, contextDigest, commandDigest } = shown
  const statement: Statement = statementOf(waiver, command, {
    ...facts,
    context: contextDigest,
    command: commandDigest,
  })
  return { for: 'decision', waiver: id, command, statement, context: context }
}
