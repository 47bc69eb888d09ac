/**
 * The only write path of waivers. It locks, gathers facts, lets the core decide, applies the events and commits all of
 * it at once; whatever must happen in the world happens afterwards, from what was committed. It never says yes itself.
 */

import { type Decision, decide, proposedTerms, refuse } from '../core/decide.ts'
import { dueAt } from '../core/due.ts'
import { evolve } from '../core/evolve.ts'
import { wantedGrant } from '../core/plan.ts'
import { type Refusal, refusal } from '../core/refusal.ts'
import type { JudgeGuardrails } from '../core/runtime.ts'
import type { Signed } from '../core/signed.ts'
import type { Instant } from '../core/time.ts'
import type { Actor, Command, EventId, Waiver, WaiverEvent, WaiverId } from '../core/waiver.ts'
import { eventId } from '../core/waiver.ts'
import { digestOf } from '../lib/digest.ts'
import { newId } from '../lib/id.ts'
import type { Known } from '../proof/circumstances.ts'
import { withShown } from '../proof/shown.ts'
import { termsDigest } from '../proof/terms-digest.ts'
import type { IdempotencyKey, Locked, Store, Transaction, WaiverWrite } from '../store/contract.ts'
import { StoreFault } from '../store/fault.ts'
import { type Gathered, gather, requestingPersons, rotaOf } from './circumstances.ts'
import type { Knowledge } from './knowledge.ts'
import type { Logger } from './logger.ts'
import type { PasskeyChecks } from './passkey-checks.ts'
import { isAsRecorded } from './recorded.ts'
import { checkSigned, type SignedOrder, takeSigned } from './signing.ts'
import type { Targets } from './targets.ts'

export interface Order {
  /** Absent for a request. */
  readonly waiver?: WaiverId
  readonly command: Command
  readonly actor: Actor
  /** The signature by passkey that came with it. */
  readonly signed?: SignedOrder
  /** The caller's own key: the same key and command are answered once and the same. */
  readonly idempotencyKey?: string
}

export type Handled =
  | {
      readonly outcome: 'accepted'
      readonly waiver: Waiver
      readonly events: readonly EventId[]
      readonly replayed: boolean
    }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly waiverId: WaiverId; readonly replayed: boolean }

export interface Machinery {
  readonly store: Store
  readonly knowledge: Knowledge
  readonly targets: Targets
  readonly passkeys: PasskeyChecks
  readonly log: Logger
  /** Evaluates guardrails, at every use and when it is asked why. */
  readonly guardrails?: JudgeGuardrails
  /** Called after a commit: sequencer and reconciler have something to do. Must not throw. */
  readonly committed: () => void
}

const triesMax = 4

export async function handle(machinery: Machinery, order: Order): Promise<Handled> {
  const id = order.waiver ?? newId('wvr')
  return persistently(machinery, async (again) => {
    const checked = await checkSigned(machinery, order, id)
    const signed: Locking<Handled>['signed'] = (tx, now) => takeSigned(tx, checked, order.actor, now)
    return underLock(machinery, order, id, again, { signed, finish: settle, together: !again })
  })
}

/** @param once told whether it is tried again, so that it looks at nothing it remembers */
export async function persistently<Value>(
  machinery: Machinery,
  once: (again: boolean) => Promise<Value>,
): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      const value = await once(tries > 1)
      machinery.committed()
      return value
    } catch (error) {
      // Somebody else was quicker: look again, and let the core say what that means now.
      const again = error instanceof StoreFault && (error.code === 'conflict' || error.code === 'answered-before')
      if (!again || tries === triesMax) throw error
    }
  }
}

/** What is known once everything is locked that has to be. */
export interface Found extends Gathered {
  readonly id: WaiverId
  readonly waiver: Waiver | undefined
  readonly order: Order
  readonly key: IdempotencyKey | undefined
  /** Why it is refused whatever the core would say. */
  readonly no: Refusal | undefined
}

/** What is done under the lock. */
interface Locking<Value> {
  /** What became of a signature, at this moment; it is a fact of the decision. */
  readonly signed: (tx: Transaction, now: Instant) => Promise<Signed | undefined>
  readonly finish: (tx: Transaction, found: Found) => Promise<Value>
  /** Others who decide at the same moment may share the commit; whoever has to try again does so alone. */
  readonly together?: boolean
}

/** Locks, gathers, and leaves the rest to `finish`, all in one transaction. */
export async function underLock<Value>(
  machinery: Machinery,
  order: Order,
  id: WaiverId,
  again: boolean,
  { signed, finish, together = false }: Locking<Value>,
): Promise<Value | Handled> {
  const { store, knowledge } = machinery
  const prepared = await prepare(machinery, order, again)
  const key = keyOf(order)
  const run = async (tx: Transaction): Promise<Value | Handled> => {
    if (prepared.persons.length > 0) await tx.lockPersons(prepared.persons)
    const locked = await tx.lockWaiver(id, key)
    if (locked.answered !== undefined) return replay(machinery, locked, key as IdempotencyKey, id)
    if (prepared.policy !== undefined && prepared.policy !== locked.heads.policy) {
      throw new StoreFault('conflict', 'the rules changed while the target was asked', true)
    }
    const known = await knowledgeFor(knowledge, locked)
    if (known === undefined)
      return { outcome: 'refused', refusal: refusal('not-initialised'), waiverId: id, replayed: false }
    const gathered = await gatherFor(tx, locked, known, order, id, prepared, signed)
    if (gathered === undefined)
      return { outcome: 'refused', refusal: refusal('unknown-waiver', `\`${id}\``), waiverId: id, replayed: false }
    const no =
      gives(order.command) && !(await isWhatFollows(store, locked.waiver)) ? refusal('record-altered') : undefined
    return finish(tx, { ...gathered, id, waiver: locked.waiver, order, key, no })
  }
  return store.transact(run, together ? 'together' : undefined)
}

interface Prepared {
  readonly contains?: string
  /** Rules under which the target was asked. */
  readonly policy?: string
  /** Why the target did not say what the entitlement contains. */
  readonly silence?: string
  /** People whose requests must not be decided side by side. */
  readonly persons: readonly string[]
}

/** What has to be known before anything is locked: the target is asked here, never while a lock is held. */
async function prepare(
  { store, knowledge, targets }: Machinery,
  { waiver: id, command, actor }: Order,
  again: boolean,
): Promise<Prepared> {
  const asks = command.type === 'request' || command.type === 'request-extension'
  const needsContents = asks || command.type === 'countersign' || command.type === 'activate' || command.type === 'tick'
  if (!needsContents) return { persons: [] }
  const waiver = id === undefined ? undefined : await store.waivers.find(id)
  const terms = command.type === 'request' ? command.terms : waiver?.terms
  const heads = await (again ? store.heads() : store.recentHeads())
  if (terms === undefined || heads.policy === undefined || heads.directory === undefined) return { persons: [] }
  const [policy, directory] = await Promise.all([
    knowledge.policy(heads.policy),
    knowledge.directory(heads.directory, heads.freshness),
  ])
  const contents = await targets
    .contents(terms.access, policy)
    .catch((error: unknown) => ({ silence: messageOf(error) }))
  const rota = rotaOf(terms)
  const opens = command.type === 'activate' && rota !== undefined
  const side = opens ? [actor.id, ...actor.chain] : [waiver?.requester ?? actor.id, ...actor.chain, terms.beneficiary]
  const persons = asks || opens ? requestingPersons(directory, side, heads.now, policy) : []
  return {
    persons: rota === undefined ? persons : [...persons, rota],
    policy: heads.policy,
    ...('silence' in contents ? { silence: contents.silence } : { contains: contents.digest }),
  }
}

export async function knowledgeFor(
  knowledge: Knowledge,
  { heads, waiver }: Pick<Locked, 'heads' | 'waiver'>,
): Promise<Known | undefined> {
  if (heads.directory === undefined || heads.policy === undefined) return undefined
  const [directory, today, rules] = await Promise.all([
    knowledge.directory(heads.directory, heads.freshness),
    knowledge.policy(heads.policy),
    knowledge.rules(heads.policySince ?? ''),
  ])
  const asked = waiver === undefined || waiver.policy === heads.policy ? today : await knowledge.policy(waiver.policy)
  return { directory, asked, today, todayDigest: heads.policy, directoryDigest: heads.directory, rules }
}

async function gatherFor(
  tx: Transaction,
  locked: Locked,
  known: Known,
  { command, actor }: Order,
  id: WaiverId,
  { contains, silence }: Prepared,
  signedAt: Locking<unknown>['signed'],
): Promise<Gathered | undefined> {
  const { waiver, now } = locked
  const filled = withContains(command, contains)
  const proposed = proposedTerms(waiver, filled)
  const terms = waiver?.terms ?? proposed
  if (terms === undefined) return undefined
  const digest = proposed === undefined ? undefined : termsDigest(proposed)
  const signed = await signedAt(tx, now)
  const question = { id, waiver, command: filled, actor, terms, digest, contains, silence, signed }
  const gathered = await gather(tx, locked, known, question)
  return signed === undefined ? gathered : { ...gathered, facts: withShown(gathered.facts, waiver, filled) }
}

/** What is asked for contains what the target says now, whatever the caller wrote there. */
function withContains(command: Command, contains: string | undefined): Command {
  return command.type === 'request' ? { ...command, terms: { ...command.terms, contains: contains ?? '' } } : command
}

export function decideOn({ waiver, facts, order, no }: Found): Decision {
  return no === undefined
    ? decide(waiver, withContains(order.command, facts.contains), facts)
    : refuse(order.command, facts, no)
}

async function settle(tx: Transaction, found: Found): Promise<Handled> {
  return written(tx, found, decideOn(found))
}

/** Writes what was decided, also when that was no. */
export async function written(tx: Transaction, found: Found, decision: Decision): Promise<Handled> {
  const { id, waiver, askedBy, revision, order, key } = found
  const write = waiverWrite(id, waiver, decision.events, askedBy)
  const handled: Handled =
    decision.outcome === 'refused'
      ? { outcome: 'refused', refusal: decision.refusal, waiverId: id, replayed: false }
      : { outcome: 'accepted', waiver: write.after ?? bug(id), events: eventIds(write), replayed: false }
  const cites = decision.events.some((event) => event.facts !== undefined)
  await tx.write({
    waivers: decision.events.length === 0 ? [] : [write],
    revisions: cites ? [revision] : [],
    ...(key === undefined ? {} : { answer: { key, answer: remembered(handled) } }),
  })
  if (order.signed !== undefined) await tx.settleChallenge(order.signed.challenge, outcomeOf(handled))
  return handled
}

/** What whoever waits for the signature elsewhere is told. */
function outcomeOf(handled: Handled) {
  return handled.outcome === 'accepted'
    ? { outcome: 'accepted', events: handled.events }
    : { outcome: 'refused', code: handled.refusal.code, message: handled.refusal.message }
}

/** Before access is given, the state is compared with the events it should follow from: a row that was written by hand gives nothing. */
function gives({ type }: Command): boolean {
  return type === 'activate' || type === 'tick'
}

async function isWhatFollows({ waivers }: Store, waiver: Waiver | undefined): Promise<boolean> {
  return waiver === undefined || isAsRecorded(waiver, await waivers.events(waiver.id))
}

export function waiverWrite(
  id: WaiverId,
  before: Waiver | undefined,
  events: readonly WaiverEvent[],
  askedBy: readonly string[],
): WaiverWrite {
  // An attempt that was refused before there was a waiver is a record without one.
  const real = before === undefined && events[0]?.type === 'AttemptRefused' ? [] : events
  const after = real.reduce<Waiver | undefined>((waiver, event) => evolve(waiver, event, id), before)
  return { id, before, after, events, dueAt: after && dueAt(after), grant: after && wantedGrant(after), askedBy }
}

function eventIds({ id, before, events }: WaiverWrite): readonly EventId[] {
  const first = (before?.version ?? 0) + 1
  return events.map((_, index) => eventId(id, first + index))
}

function keyOf({ idempotencyKey, actor, command, waiver }: Order): IdempotencyKey | undefined {
  if (idempotencyKey === undefined) return undefined
  return { key: idempotencyKey, actor: actor.id, fingerprint: digestOf({ command, waiver: waiver ?? null }) }
}

/** What is kept under an idempotency key: enough to say the same again. */
interface Remembered {
  readonly waiver: WaiverId
  readonly events?: readonly EventId[]
  readonly refusal?: Refusal
}

function remembered(handled: Handled): Remembered {
  return handled.outcome === 'accepted'
    ? { waiver: handled.waiver.id, events: handled.events }
    : { waiver: handled.waiverId, refusal: handled.refusal }
}

async function replay({ store }: Machinery, { answered }: Locked, key: IdempotencyKey, id: WaiverId): Promise<Handled> {
  if (answered?.fingerprint !== key.fingerprint) {
    return { outcome: 'refused', refusal: refusal('idempotency-key-reused'), waiverId: id, replayed: true }
  }
  const before = answered.answer as Remembered
  if (before.refusal !== undefined)
    return { outcome: 'refused', refusal: before.refusal, waiverId: before.waiver, replayed: true }
  const waiver = (await store.waivers.find(before.waiver)) ?? bug(before.waiver)
  return { outcome: 'accepted', waiver, events: before.events ?? [], replayed: true }
}

function bug(id: WaiverId): never {
  throw new Error(`bug: \`${id}\` was accepted and is not there`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
