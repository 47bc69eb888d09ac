/**
 * People of a test world who sign: each has an authenticator in software, enrolled and confirmed on the way everybody's
 * is, the first time they need it. Nothing here lets anybody decide without a signature that holds.
 */

import type { Passkey } from '../../src/core/passkeys.ts'
import type { Assertion } from '../../src/core/signed.ts'
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
  /** Sees to it that somebody has a passkey, if they can get one at all. */
  ready(person: string): Promise<void>
  /** Enrols only. */
  enrolUnconfirmed(person: string): Promise<Passkey>
  confirm(by: string, passkey: Passkey, owner: string): Promise<void>
  sign(person: string, opened: Pick<Opened, 'id' | 'challenge' | 'passkeys'>): SignedOrder
  /** Shows, signs and decides where the command can be signed and its actor is a person; anything else goes as it is. */
  handle(order: SignableOrder, machinery?: Machinery): Promise<Handled>
  /** @param counts at first sight of somebody: whether it counts its signatures; two at once may then arrive out of order */
  authenticatorOf(person: string, counts?: boolean): Authenticator
  /** What a browser would answer. */
  answer(person: string, asked: BrowserOptions): Assertion
}

interface BrowserOptions {
  readonly challenge: string
  readonly rpId: string
  readonly allowCredentials: readonly { readonly id: string }[]
}

export interface SignableOrder {
  readonly actor: Actor
  readonly command: Command
  readonly waiver?: WaiverId
  readonly idempotencyKey?: string
}

/**
 * @param confirmers whoever looks after security, then founders
 * @param enrolsLater whoever has no passkey in force when they need one gets it then
 */
export function signersOf(
  machinery: Machinery,
  actorOf: (id: string) => Actor,
  confirmers: readonly string[],
  enrolsLater = true,
): Signers {
  const authenticators = new Map<string, Authenticator>()
  const enrolling = new Map<string, Promise<Passkey>>()
  const { id: relyingParty, origins } = testRelyingParty
  const origin = origins[0] ?? ''
  const signers: Signers = {
    authenticatorOf(person, counts = false) {
      const known = authenticators.get(person) ?? softwareAuthenticator({ model, counts })
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
    enrol(person) {
      // Whoever does several things at once enrols once.
      const known = enrolling.get(person) ?? enrolled(person).finally(() => enrolling.delete(person))
      enrolling.set(person, known)
      return known
    },
    async ready(person) {
      if (!authenticators.has(person)) await signers.enrol(person).catch(() => {})
    },
    async confirm(by, passkey, owner) {
      await confirmed(by, passkey, owner)
    },
    sign(person, { id, challenge, passkeys }) {
      const allowCredentials = passkeys.map(({ credential }) => ({ id: credential }))
      return { challenge: id, assertion: signers.answer(person, { challenge, rpId: relyingParty, allowCredentials }) }
    },
    answer(person, { challenge, rpId, allowCredentials }) {
      const credentials = allowCredentials.map(({ id }) => id)
      return signers.authenticatorOf(person).get({ challenge, relyingParty: rpId, origin, credentials })
    },
    async handle(order, on = machinery) {
      const { waiver, command, actor, idempotencyKey } = order
      const signs = waiver !== undefined && isSignable(command) && /^per_/.test(actor.id) && actor.chain.length === 0
      if (!signs) return handle(on, order)
      if (enrolsLater) await signers.ready(actor.id)
      const key = idempotencyKey === undefined ? {} : { idempotencyKey }
      const opened = await openDecision(on, { waiver, command, actor, ...key })
      if (opened.outcome !== 'opened') return opened
      return handle(on, { waiver, command, actor, signed: signers.sign(actor.id, opened), ...key })
    },
  }
  return signers

  async function enrolled(person: string): Promise<Passkey> {
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
  }

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
