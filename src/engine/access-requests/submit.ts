/**
 * Takes up an offer: whatever was signed is held against whatever was sent, and what is left is a request like any other,
 * through the same lock and the same core, by whoever the token says. Nothing is decided here that `decide` decides.
 */
import {
  bindingHash,
  boundMembers,
  type Callback,
  type DraftProblem,
  type Evaluated,
  isBound,
} from '../../access-request/index.ts'
import {
  type Askable,
  askableAs,
  type NamedActor,
  type ResolvedSubject,
  type RuntimeFacts,
  type RuntimeReason,
  resolveSubject,
} from '../../core/runtime.ts'
import { answersFor, isControllerOf } from '../../core/standing.ts'
import type { CompensatingControl, Reference, Terms } from '../../core/terms.ts'
import { type Instant, parseInstant } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import { digestOf } from '../../lib/digest.ts'
import { newId } from '../../lib/id.ts'
import type { IdempotencyKey, Transaction } from '../../store/contract.ts'
import { decideOn, type Found, type Handled, persistently, underLock, written } from '../handle.ts'
import type { Question } from '../runtime/check.ts'
import { type AccessRequestDesk, type AskedBefore, type Taken, takenOf } from './desk.ts'
import { type ReadOffer, readOffer } from './offers.ts'

export interface Wanted {
  readonly question: Question
  readonly evaluated: Evaluated
  readonly denial: {
    readonly token?: string
    readonly evaluation?: string
    readonly expiresAt: string
  }
  /** Whom the body says acts; it has to be who the token says. */
  readonly claimed: readonly NamedActor[]
  readonly reason: string
  readonly until: string
  readonly usesMax: number
  readonly account?: string
  readonly controls: readonly CompensatingControl[]
  readonly reference?: Reference
  readonly callback?: Callback
  /** The caller's own key, and everything it stands for. */
  readonly key?: string
  readonly body: unknown
}

export type Submitted =
  | { readonly outcome: 'taken'; readonly task: Taken; readonly handled?: Handled; readonly replayed: boolean }
  | { readonly outcome: 'no'; readonly problem: DraftProblem; readonly detail: string }
  | { readonly outcome: 'refused'; readonly handled: Handled }
  | { readonly outcome: 'may-not-tell' }
  | { readonly outcome: 'not-known'; readonly reason: RuntimeReason }

export async function submit(desk: AccessRequestDesk, actor: Actor, wanted: Wanted): Promise<Submitted> {
  const facts = desk.runtime.facts()
  if (typeof facts === 'string') return { outcome: 'not-known', reason: facts }
  const offer = wanted.denial.token === undefined ? undefined : await readOffer(desk, wanted.denial.token)
  if (offer === undefined) return unbound('it carries no offer that was made here, or for here')
  const subject = resolveSubject(wanted.question.subject, facts.directory, facts.now)
  if (typeof subject === 'string') return unbound('its subject is not known for certain')
  const wrong = unlike(offer, wanted, subject) ?? strange(actor, wanted, subject, facts)
  if (wrong !== undefined) return unbound(wrong)
  const key = keyFor(actor, wanted)
  const before = await answeredBefore(desk, key)
  if (before !== undefined) return before
  if (facts.now >= offer.expiresAt) return stale('it was made too long ago')
  const { callback } = wanted
  if (callback !== undefined && !desk.mayTell(actor.id, callback.endpoint)) return { outcome: 'may-not-tell' }
  const use = { ...wanted.question, ...subject }
  const askable = askableAs(use, 'no-waiver', desk.runtime.live.of(subject.actor, use.system), facts)
  if (askable === undefined)
    return { outcome: 'no', problem: 'not_requestable', detail: 'as things are now it cannot be asked for' }
  // From a moment that is past for the database as well.
  const { now: start } = await desk.machinery.store.recentHeads()
  const terms = termsOf(wanted, subject, askable, start)
  return ask(desk, actor, { wanted, offer, terms, key })
}

/** @returns what of the request is not as it was signed. */
function unlike(offer: ReadOffer, wanted: Wanted, subject: ResolvedSubject): string | undefined {
  const { denial, evaluated, question } = wanted
  if (!isBound(offer, evaluated)) return 'the question is not the one that was denied'
  if (denial.evaluation !== undefined && offer.evaluation !== undefined && denial.evaluation !== offer.evaluation)
    return 'the evaluation is another one'
  const said = parseInstant(denial.expiresAt)
  if (said === undefined || said < offer.expiresAt) return 'its end is not the one that was signed'
  if (said > offer.expiresAt && offer.point === undefined) return 'its end is not the one that was signed'
  if (offer.point?.systems.includes(question.system) === false) return 'whoever denied it has no say over that system'
  const parties = [subject.actor, ...subject.chain]
  const same = offer.parties?.length === parties.length && parties.every((party, at) => offer.parties?.[at] === party)
  return offer.parties === undefined || same ? undefined : 'others stand behind it than stood behind the denial'
}

/** An offer is taken up by whom it is about, or by whoever may ask for them; and nobody who stood behind it is left out. */
function strange(
  actor: Actor,
  { claimed }: Wanted,
  subject: ResolvedSubject,
  { directory, now }: RuntimeFacts,
): string | undefined {
  const known = [actor.id, ...actor.chain]
  const may =
    actor.id === subject.actor ||
    isControllerOf(directory, actor.id, subject.actor, now) ||
    answersFor(directory, actor.id, subject.actor, now)
  if (!may) return 'the denial was about somebody else'
  if (!subject.chain.every((node) => known.includes(node)))
    return 'somebody who stood behind the denied question is not in the token of whoever asks'
  for (const { iss, sub } of claimed) {
    const named = resolveSubject(
      { type: iss ?? (sub.startsWith('per_') ? 'person' : 'workload'), id: sub, actors: [] },
      directory,
      now,
    )
    if (typeof named === 'string' || !known.includes(named.actor)) return '`client.actor` is not what the token says'
  }
  return undefined
}

function termsOf(wanted: Wanted, { actor }: ResolvedSubject, askable: Askable, start: Instant): Terms {
  const { question, reason, until, usesMax, controls, reference } = wanted
  const [only, second] = askable.accounts
  const account = wanted.account ?? (second === undefined ? only : '')
  return {
    kind: 'access-override',
    beneficiary: actor,
    access: {
      system: question.system,
      entitlement: askable.entitlement,
      account,
      resources: [question.resource],
      actions: [question.action],
    },
    window: { start, end: parseInstant(until) ?? until },
    reason,
    controls,
    conditions: { usesMax, ...askable.conditions },
    contains: '',
    ...(reference === undefined ? {} : { reference }),
  }
}

interface Asking {
  readonly wanted: Wanted
  readonly offer: ReadOffer
  readonly terms: Terms
  readonly key: IdempotencyKey | undefined
}

async function ask({ machinery }: AccessRequestDesk, actor: Actor, asking: Asking): Promise<Submitted> {
  const waiver = newId('wvr')
  const order = { actor, command: { type: 'request', terms: asking.terms } as const }
  const done = await persistently(machinery, (again) =>
    underLock<Submitted>(machinery, order, waiver, again, {
      // Asking takes no signature: whoever asks is known by the token.
      signed: async () => undefined,
      finish: (tx, found) => takeUp(tx, found, actor, asking),
    }),
  )
  if (done.outcome === 'accepted') throw new Error(`bug: \`${waiver}\` was asked for without a task`)
  return 'waiverId' in done ? { outcome: 'refused', handled: done } : done
}

/** INVARIANT: the waiver, the task and the answer to the key come to be together, or none of them does. */
async function takeUp(tx: Transaction, found: Found, actor: Actor, asking: Asking): Promise<Submitted> {
  const { wanted, offer, key } = asking
  const before = key === undefined ? undefined : answerOf(key, await tx.answered(key))
  if (before !== undefined) return before
  if (await tx.offerTaken(actor.id, offer.id)) return unbound('it was taken up before')
  if (offer.rules !== undefined && offer.rules !== found.facts.policies.todayDigest)
    return stale('the rules were changed since')
  const decision = decideOn(found)
  const handled = await written(tx, found, decision)
  if (handled.outcome === 'refused') return { outcome: 'refused', handled }
  const asked: AskedBefore = {
    hash: bindingHash(wanted.evaluated, membersOf(offer)),
    members: membersOf(offer),
    justifiedBy: actor.id,
    ...(offer.evaluation === undefined ? {} : { evaluation: offer.evaluation }),
    ...(offer.point === undefined ? {} : { point: offer.point.issuer }),
  }
  const request = {
    task: newId('arq'),
    waiver: handled.waiver.id,
    requester: actor.id,
    offer: offer.id,
    asked,
    ...(wanted.callback === undefined ? {} : { callback: wanted.callback }),
  }
  await tx.addAccessRequest(request)
  const task: Taken = { ...takenOf({ ...request, at: found.facts.now }) }
  if (key !== undefined) await tx.write({ waivers: [], revisions: [], answer: { key, answer: task } })
  return { outcome: 'taken', task, handled, replayed: false }
}

function membersOf({ binding_context_members: members, point }: ReadOffer): readonly string[] {
  return point === undefined ? boundMembers : ((members ?? []) as readonly string[])
}

function keyFor(actor: Actor, { key, body }: Wanted): IdempotencyKey | undefined {
  return key === undefined ? undefined : { key, actor: actor.id, fingerprint: digestOf({ accessRequest: body }) }
}

async function answeredBefore(
  { machinery }: AccessRequestDesk,
  key: IdempotencyKey | undefined,
): Promise<Submitted | undefined> {
  if (key === undefined) return undefined
  return answerOf(key, await machinery.store.transact((tx) => tx.answered(key)))
}

function answerOf(
  { fingerprint }: IdempotencyKey,
  answered: Awaited<ReturnType<Transaction['answered']>>,
): Submitted | undefined {
  if (answered === undefined) return undefined
  if (answered.fingerprint === fingerprint) return { outcome: 'taken', task: answered.answer as Taken, replayed: true }
  return { outcome: 'no', problem: 'duplicate_request', detail: 'ask with a new key' }
}

function unbound(detail: string): Submitted {
  return { outcome: 'no', problem: 'invalid_denial_binding', detail }
}

function stale(detail: string): Submitted {
  return { outcome: 'no', problem: 'expired_denial', detail }
}
