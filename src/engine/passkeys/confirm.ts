/**
 * Confirming somebody else's passkey, with one's own where one has one, and removing those that are lost. What is shown to
 * whoever confirms is what they sign.
 */
import type { PersonId } from '../../core/directory.ts'
import { confirmationStatement } from '../../core/passkeys/confirmation.ts'
import { decidePasskeys } from '../../core/passkeys/decide.ts'
import type { PasskeysCommand } from '../../core/passkeys.ts'
import { refusal } from '../../core/refusal.ts'
import type { Actor } from '../../core/waiver.ts'
import { commandDigest } from '../../proof/shown.ts'
import { challengeFor, noneInForce, type Opened, onlyUnsigned, open } from '../challenges.ts'
import { type Machinery, persistently } from '../handle.ts'
import { type ChallengeContent, checkAnswer, type SignedOrder } from '../signing.ts'
import { lockedFacts, type PasskeysHandled, transacted, writeDecided } from './locked.ts'

/** Shows somebody else's new passkey to whoever has one to confirm it with. */
export async function openConfirmation(
  machinery: Machinery,
  actor: Actor,
  person: PersonId,
  command: Extract<PasskeysCommand, { type: 'confirm' }>,
): Promise<Opened | PasskeysHandled> {
  return persistently(machinery, () =>
    machinery.store.transact(async (tx): Promise<Opened | PasskeysHandled> => {
      const found = await lockedFacts(machinery, tx, person, actor, command, undefined)
      if (found === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
      const { state, facts, own } = found
      const decision = decidePasskeys(state, command, facts)
      const passkey = state?.passkeys.find(({ id }) => id === command.passkey)
      const mayOpen = decision.outcome === 'accepted' || onlyUnsigned.has(decision.refusal.code)
      if (!mayOpen || state === undefined || passkey === undefined || facts.shown === undefined)
        return writeDecided(tx, person, command, state, decision)
      if (own.length === 0) return { outcome: 'refused', refusal: refusal('passkey-not-in-force', noneInForce) }
      const { context, contextDigest: shown, commandDigest: said } = facts.shown
      const statement = confirmationStatement(state, passkey, { ...facts, context: shown, command: said })
      return open(tx, actor.id, own, { for: 'confirmation', person, command, statement, context })
    }),
  )
}

export async function handlePasskeys(
  machinery: Machinery,
  person: PersonId,
  command: Extract<PasskeysCommand, { type: 'confirm' | 'remove' }>,
  actor: Actor,
  signed?: SignedOrder,
): Promise<PasskeysHandled> {
  const checked =
    signed === undefined
      ? undefined
      : await checkAnswer(
          machinery,
          signed,
          actor,
          (content) =>
            content.for === 'confirmation' &&
            content.person === person &&
            commandDigest(content.command) === commandDigest(command),
        )
  return transacted(machinery, person, actor, checked, async () => command)
}

/** The confirmation that was shown, with the signature under it. */
export async function answerConfirmation(
  machinery: Machinery,
  actor: Actor,
  signed: SignedOrder,
): Promise<PasskeysHandled | undefined> {
  const content = (await challengeFor(machinery.store, signed.challenge, actor.id))?.content as
    | ChallengeContent
    | undefined
  if (content?.for !== 'confirmation') return undefined
  const command = content.command as Extract<PasskeysCommand, { type: 'confirm' }>
  return handlePasskeys(machinery, content.person, command, actor, signed)
}
