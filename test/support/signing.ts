/**
 * People of a test world who sign: each has an authenticator in software, enrolled and confirmed on the way everybody's
 * is, the first time they need it. Nothing here lets anybody decide without a signature that holds.
 */

import type { Passkey } from '../../src/core/passkeys.ts'
import type { Actor, Command, WaiverId } from '../../src/core/waiver.ts'
import { type Authenticator, softwareAuthenticator } from '../../src/demo/authenticator.ts'
import { type Opened, openDecision } from '../../src/engine/challenges.ts'
import { type Handled, handle, type Machinery } from '../../src/engine/handle.ts'
import { handlePasskeys, openConfirmation } from '../../src/engine/passkeys/confirm.ts'
import { enrolPasskey, openEnrolment } from '../../src/engine/passkeys/enrol.ts'
import type { SignedOrder } from '../../src/engine/signing.ts'
import { relyingPartyOf } from '../../src/identity/passkeys/index.ts'
import { isSignable } from '../../src/proof/shown.ts'

/** Every test world is reached here, as far as passkeys know. */
export const testAddress = 'https://countersign.test'
export const testRelyingParty = relyingPartyOf(testAddress)
/** Like a real authenticator, not like the sample's. */
const model = '00000000-0000-0000-0000-000000000000'

export interface Signers {
  /** Enrols a passkey and has it confirmed. */
  enrol(person: string): Promise<Passkey>
  /** Enrols only. */
  enrolUnconfirmed(person: string): Promise<Passkey>
  confirm(by: string, passkey: Passkey, owner: string): Promise<void>
  sign(person: string, opened: Pick<Opened, 'id' | 'challenge' | 'passkeys'>): SignedOrder
  /** Shows, signs and decides where the command can be signed and its actor is a person; anything else goes as it is. */
  handle(order: SignableOrder, machinery?: Machinery): Promise<Handled>
  authenticatorOf(person: string): Authenticator
}

export interface SignableOrder {
  readonly actor: Actor
  readonly command: Command
  readonly waiver?: WaiverId
  readonly idempotencyKey?: string
}

/** @param confirmers whoever looks after security, then founders */
export function signersOf(
  machinery: Machinery,
  actorOf: (id: string) => Actor,
  confirmers: readonly string[],
): Signers {
  const authenticators = new Map<string, Authenticator>()
  const { id: relyingParty, origins } = testRelyingParty
  const origin = origins[0] ?? ''
  const signers: Signers = {
    authenticatorOf(person) {
      const known = authenticators.get(person) ?? softwareAuthenticator({ model })
      authenticators.set(person, known)
      return known
    },
    async enrolUnconfirmed(person) {
      const actor = actorOf(person)
      const { id: challenge, challenge: nonce } = await openEnrolment(machinery, actor)
      const made = signers.authenticatorOf(person).create({ challenge: nonce, relyingParty, origin })
      const handled = await enrolPasskey(machinery, actor, { challenge, name: 'test key', registration: made })
      if (handled.outcome === 'refused') throw new Error(`${person} enrols: ${handled.refusal.message}`)
      return handled.passkey
    },
    async enrol(person) {
      const passkey = await signers.enrolUnconfirmed(person)
      const refused: string[] = []
      for (const by of confirmers.filter((one) => one !== person)) {
        const { passkeys } = await confirmed(by, passkey, person).catch((error: Error) => {
          refused.push(`${by}: ${error.message}`)
          return { passkeys: undefined }
        })
        const after = passkeys?.passkeys.find(({ id }) => id === passkey.id)
        if (after?.status === 'confirmed') return after
      }
      throw new Error(`nobody confirms the passkey of ${person}: ${refused.join('; ')}`)
    },
    async confirm(by, passkey, owner) {
      await confirmed(by, passkey, owner)
    },
    sign(person, { id, challenge, passkeys }) {
      const credentials = passkeys.map(({ credential }) => credential)
      const assertion = signers.authenticatorOf(person).get({ challenge, relyingParty, origin, credentials })
      return { challenge: id, assertion }
    },
    async handle(order, on = machinery) {
      const { waiver, command, actor, idempotencyKey } = order
      const signs = waiver !== undefined && isSignable(command) && /^per_/.test(actor.id) && actor.chain.length === 0
      if (!signs) return handle(on, order)
      const opened = await openDecision(on, { waiver, command, actor })
      if (opened.outcome === 'opened') {
        const key = idempotencyKey === undefined ? {} : { idempotencyKey }
        return handle(on, { waiver, command, actor, signed: signers.sign(actor.id, opened), ...key })
      }
      if (opened.outcome === 'accepted' || opened.refusal.code !== 'passkey-not-in-force') return opened
      await signers.enrol(actor.id)
      return signers.handle(order, on)
    },
  }
  return signers

  async function confirmed(by: string, { id: passkey, digest }: Passkey, owner: string) {
    const command = { type: 'confirm' as const, passkey, digest }
    const actor = actorOf(by)
    const opened = await openConfirmation(machinery, actor, owner, command)
    const none = opened.outcome === 'refused' && opened.refusal.code === 'passkey-not-in-force'
    const handled =
      opened.outcome === 'opened'
        ? await handlePasskeys(machinery, owner, command, actor, signers.sign(by, opened))
        : none
          ? await handlePasskeys(machinery, owner, command, actor)
          : opened
    if (handled.outcome === 'refused') throw new Error(handled.refusal.code)
    return handled
  }
}
