/**
 * One person's passkeys change one at a time: locks them, gathers what a decision about them may look at, and writes what
 * was decided. Whether it is allowed is decided in `core/passkeys/decide.ts`.
 */
import type { PersonId } from '../../core/directory.ts'
import type { Founding } from '../../core/founding.ts'
import { confirmationShown, confirmsByKey } from '../../core/passkeys/confirmation.ts'
import { decidePasskeys } from '../../core/passkeys/decide.ts'
import {
  evolvePasskeys,
  isInForce,
  type Passkey,
  type Passkeys,
  type PasskeysCommand,
  type PasskeysFacts,
} from '../../core/passkeys.ts'
import { type Refusal, refusal } from '../../core/refusal.ts'
import type { PasskeyId } from '../../core/signed.ts'
import type { Actor } from '../../core/waiver.ts'
import { commandDigest, contextDigest } from '../../proof/shown.ts'
import type { Transaction } from '../../store/contract.ts'
import { knowledgeFor, type Machinery, persistently } from '../handle.ts'
import { newEvents } from '../rules.ts'
import { type Checked, passkeysRecord, takeSigned } from '../signing.ts'

export type PasskeysHandled =
  | { readonly outcome: 'accepted'; readonly passkeys: Passkeys; readonly passkey: Passkey }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

export interface LockedFacts {
  readonly state: Passkeys | undefined
  readonly facts: PasskeysFacts
  /** Passkeys in force of whoever acts. */
  readonly own: readonly Passkey[]
}

export async function passkeysOf({ store }: Machinery, person: PersonId): Promise<Passkeys | undefined> {
  return (await store.records.find(passkeysRecord(person))) as Passkeys | undefined
}

/** Whose it is; nobody's when there is no such passkey. */
export async function ownerOf({ store }: Machinery, id: PasskeyId): Promise<PersonId | undefined> {
  return (await store.passkeys.find({ id }))?.person
}

/** @param commandIn what is done, made inside the transaction */
export async function transacted(
  machinery: Machinery,
  person: PersonId,
  actor: Actor,
  checked: Checked | undefined,
  commandIn: (tx: Transaction) => Promise<PasskeysCommand>,
): Promise<PasskeysHandled> {
  return persistently(machinery, () =>
    machinery.store.transact(async (tx): Promise<PasskeysHandled> => {
      const command = await commandIn(tx)
      const found = await lockedFacts(machinery, tx, person, actor, command, checked)
      if (found === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
      const { state, facts } = found
      const handled = await writeDecided(tx, person, command, state, decidePasskeys(state, command, facts))
      if (checked !== undefined) await tx.settleChallenge(checked.challenge, outcomeOf(handled))
      return handled
    }),
  )
}

export async function lockedFacts(
  { store, knowledge }: Machinery,
  tx: Transaction,
  person: PersonId,
  actor: Actor,
  command: PasskeysCommand,
  checked: Checked | undefined,
): Promise<LockedFacts | undefined> {
  // In one order, so that two who confirm each other's do not wait for each other for ever.
  for (const one of [...new Set([person, actor.id])].sort()) await tx.lockRecord(passkeysRecord(one))
  const { now, heads, state } = await tx.lockRecord(passkeysRecord(person))
  const mine = actor.id === person ? state : (await tx.lockRecord(passkeysRecord(actor.id))).state
  const kept = (mine as Passkeys | undefined)?.passkeys ?? []
  const own = kept.filter((one) => isInForce(one, now))
  const known = await knowledgeFor(knowledge, { heads })
  if (known === undefined) return undefined
  const { directory, today, todayDigest, rules } = known
  const founding = (await store.records.find('founding')) as Founding | undefined
  const signed = await takeSigned(tx, checked, actor, now)
  const made = command.type === 'enrol' && command.made.outcome === 'holds' ? command.made.passkey : undefined
  const twin = made === undefined ? undefined : await store.passkeys.find({ credential: made.credential })
  const facts: PasskeysFacts = {
    now,
    actor,
    person,
    directory,
    policy: today,
    policyDigest: todayDigest,
    history: { decisions: [], ...rules },
    clock: heads.clock,
    foundersNeeded: founding?.needed ?? Number.POSITIVE_INFINITY,
    known: twin !== undefined,
    signs: confirmsByKey(kept, today, now),
    ...(signed === undefined ? {} : { signed }),
  }
  return { state: state as Passkeys | undefined, facts: withShown(facts, state as Passkeys | undefined, command), own }
}

function withShown(facts: PasskeysFacts, state: Passkeys | undefined, command: PasskeysCommand): PasskeysFacts {
  const passkey = command.type === 'confirm' ? state?.passkeys.find(({ id }) => id === command.passkey) : undefined
  if (passkey === undefined) return facts
  const context = confirmationShown(passkey, facts)
  return { ...facts, shown: { context, contextDigest: contextDigest(context), commandDigest: commandDigest(command) } }
}

export async function writeDecided(
  tx: Transaction,
  person: PersonId,
  command: PasskeysCommand,
  before: Passkeys | undefined,
  decision: ReturnType<typeof decidePasskeys>,
): Promise<PasskeysHandled> {
  const id = passkeysRecord(person)
  const after = decision.events.reduce<Passkeys | undefined>((next, event) => evolvePasskeys(next, event), before)
  // An attempt on passkeys of somebody who never had any is nobody's record.
  if (after !== undefined && (before !== undefined || command.type === 'enrol')) {
    await tx.writeRecord({
      id,
      kind: 'passkeys',
      version: after.version,
      status: after.passkeys.some(({ status }) => status === 'waiting') ? 'waiting' : 'settled',
      state: after,
      dueAt: undefined,
      events: newEvents(id, before?.version ?? 0, decision.events),
      revisions: [],
      heads: {},
      thaw: false,
    })
  }
  if (decision.outcome === 'refused') return { outcome: 'refused', refusal: decision.refusal }
  if (command.type === 'enrol' && command.made.outcome === 'holds') {
    const { id: passkey, credential } = command.made.passkey
    await tx.addPasskey({ id: passkey, person, credential }, command.made.signCount)
  }
  const touched =
    command.type === 'enrol' ? after?.passkeys.at(-1) : after?.passkeys.find(({ id: one }) => one === command.passkey)
  if (after === undefined || touched === undefined) throw new Error(`bug: \`${id}\` was accepted and is not there`)
  return { outcome: 'accepted', passkeys: after, passkey: touched }
}

function outcomeOf(handled: PasskeysHandled) {
  return handled.outcome === 'accepted'
    ? { outcome: 'accepted', passkey: handled.passkey.id }
    : { outcome: 'refused', code: handled.refusal.code, message: handled.refusal.message }
}
