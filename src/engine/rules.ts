/**
 * Changes to the rules: proposed from files, countersigned by somebody independent, in force after a delay. The engine
 * compares and hashes; whether a change may be made is decided in `core/change.ts`.
 */
import { admittedPeople, type Change, type ChangeCommand, decideChange, evolveChange } from '../core/change.ts'
import type { Founding } from '../core/founding.ts'
import type { Policy, PoolTenure } from '../core/policy.ts'
import { type Refusal, refusal } from '../core/refusal.ts'
import { admittedBy, compareRules } from '../core/rules-diff.ts'
import type { Digest } from '../core/terms.ts'
import { type Instant, plusSeconds } from '../core/time.ts'
import { type Actor, eventId, systemActor } from '../core/waiver.ts'
import { canonicalJson, digestOfText } from '../lib/digest.ts'
import { newId } from '../lib/id.ts'
import type { IdempotencyKey, LockedRecord, NewEvent, Revision, Transaction } from '../store/contract.ts'
import { requestingPersons } from './circumstances.ts'
import { knowledgeFor, type Machinery } from './handle.ts'
import { keyFor, transactOnce } from './once.ts'

export type ChangeHandled = (
  | { readonly outcome: 'accepted'; readonly change: Change }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly changeId: string }
) & {
  /** It was done, or refused, before, under the same idempotency key. */
  readonly replayed?: true
}

/** Proposes rules as read from files. What only `init` sets stays what it is. */
export async function proposeRules(
  machinery: Machinery,
  actor: Actor,
  files: Policy,
  base: Digest | undefined,
  reason: string,
  idempotencyKey?: string,
): Promise<ChangeHandled> {
  const key = keyFor(actor, idempotencyKey, { type: 'propose', files: policyRevision(files).digest, base, reason })
  return transacted(machinery, newId('chg'), actor, key, (current, digest) => {
    const proposed: Policy = { ...files, founders: current.founders }
    const differences = compareRules(current, proposed)
    if (differences.length === 0 && (base ?? digest) === digest)
      return refusal('not-in-this-state', 'these are the rules already in force')
    const revision = policyRevision(proposed)
    return {
      command: {
        type: 'propose',
        reason,
        // Another base than what was compared with is refused by the core, and the attempt is on record.
        base: base ?? digest,
        proposed: revision.digest,
        differences,
        admits: admittedBy(current, proposed),
      },
      revisions: [revision],
    }
  })
}

export function handleChange(
  machinery: Machinery,
  id: string,
  command: ChangeCommand,
  actor: Actor,
  idempotencyKey?: string,
): Promise<ChangeHandled> {
  const key = keyFor(actor, idempotencyKey, { change: id, command })
  return transacted(machinery, id, actor, key, () => ({ command, revisions: [] }))
}

/** Puts countersigned changes into force whose delay is over. */
export async function sweepChanges(machinery: Machinery): Promise<number> {
  const due = await machinery.store.records.due(50)
  let moved = 0
  for (const id of due) {
    const handled = await handleChange(machinery, id, { type: 'tick' }, { id: systemActor, chain: [] })
    if (handled.outcome === 'accepted' && handled.change.status !== 'countersigned') moved++
  }
  return moved
}

/** The command, made inside the transaction from the rules in force: what is compared with is what is in force. */
type Order = (
  current: Policy,
  digest: Digest,
) => { readonly command: ChangeCommand; readonly revisions: readonly Revision[] } | Refusal

async function transacted(
  machinery: Machinery,
  id: string,
  actor: Actor,
  key: IdempotencyKey | undefined,
  order: Order,
): Promise<ChangeHandled> {
  // One change takes effect at a time, or two that were made on the same revision would both fit; and none does so
  // between comparing and proposing.
  const lock = async (tx: Transaction) => {
    await tx.lockRecord('policy')
    return tx.lockRecord(id)
  }
  const once = await transactOnce(machinery.store, key, lock, (tx, locked) =>
    changeOnce(machinery, tx, locked, id, actor, order),
  )
  machinery.committed()
  switch (once.state) {
    case 'done':
      return once.value
    case 'done-before':
      return { ...once.value, replayed: true }
    case 'key-reused':
      return { outcome: 'refused', refusal: refusal('idempotency-key-reused'), changeId: id, replayed: true }
    default:
      return once satisfies never
  }
}

async function changeOnce(
  { store, knowledge }: Machinery,
  tx: Transaction,
  { now, heads, state }: LockedRecord,
  id: string,
  actor: Actor,
  order: Order,
): Promise<ChangeHandled> {
  const change = state as Change | undefined
  const known = await knowledgeFor(knowledge, { heads })
  if (known === undefined || heads.policy === undefined)
    return { outcome: 'refused', refusal: refusal('not-initialised'), changeId: id }
  const { directory, today, rules } = known
  const ordered = order(today, heads.policy)
  if ('code' in ordered) return { outcome: 'refused', refusal: ordered, changeId: '' }
  const { command, revisions } = ordered
  const asking =
    change === undefined
      ? []
      : requestingPersons(directory, [change.author, ...admittedPeople(change, { directory, now })], now, today)
  const decisions = await tx.decisions(
    asking,
    plusSeconds(now, -today.independence.reciprocal.overDays * 86_400),
    today.independence.reciprocal.ringMax,
  )
  const founding = (await store.records.find('founding')) as Founding | undefined
  const decision = decideChange(change, command, {
    now,
    actor,
    directory,
    policy: today,
    current: heads.policy,
    history: { decisions, ...rules },
    clock: heads.clock,
    foundersNeeded: founding?.needed ?? Number.POSITIVE_INFINITY,
  })
  const after = decision.events.reduce<Change | undefined>((next, event) => evolveChange(next, event, id), change)
  const effective = decision.events.some((event) => event.type === 'ChangeTookEffect')
  // An attempt on something that is not there is nobody's record.
  if (decision.events.length > 0 && (change !== undefined || command.type === 'propose')) {
    await tx.writeRecord({
      id,
      kind: 'change',
      version: (change?.version ?? 0) + decision.events.length,
      status: after?.status ?? 'refused',
      state: after,
      dueAt: after?.status === 'countersigned' ? after.effectiveAt : undefined,
      events: newEvents(id, change?.version ?? 0, decision.events),
      revisions,
      heads: effective && after !== undefined ? { policy: after.proposed } : {},
      thaw: false,
    })
  }
  if (effective && after !== undefined) {
    const next = await knowledge.policy(after.proposed)
    await writeTenures(tx, today, next, now, rules.tenures)
  }
  if (decision.outcome === 'refused') return { outcome: 'refused', refusal: decision.refusal, changeId: id }
  if (after === undefined) throw new Error(`bug: \`${id}\` was accepted and is not there`)
  return { outcome: 'accepted', change: after }
}

/** Who is listed in which pool since when. Somebody who stays keeps their time; a pool that is new starts at zero. */
export async function writeTenures(
  tx: Transaction,
  before: Policy | undefined,
  after: Policy,
  now: Instant,
  known: readonly PoolTenure[],
): Promise<void> {
  const kept = new Map(known.map((tenure) => [`${tenure.pool} ${tenure.member}`, tenure]))
  const wasIn = (pool: string, member: string) => before?.pools[pool]?.members.includes(member) ?? false
  const tenures = Object.values(after.pools).flatMap((pool) =>
    pool.members.map((member): PoolTenure => {
      const old = wasIn(pool.id, member) ? kept.get(`${pool.id} ${member}`) : undefined
      return old ?? { pool: pool.id, member, since: now }
    }),
  )
  const { version } = await tx.lockRecord('tenures')
  await tx.writeRecord({
    id: 'tenures',
    kind: 'tenures',
    version: version + 1,
    status: 'current',
    state: tenures,
    dueAt: undefined,
    events: [],
    revisions: [],
    heads: {},
    thaw: false,
  })
}

export function policyRevision(policy: Policy): Revision {
  const content = canonicalJson(policy)
  return { digest: digestOfText(content), kind: 'policy', content }
}

export function newEvents(
  stream: string,
  version: number,
  events: readonly { type: string; at: Instant; by: string }[],
): NewEvent[] {
  return events.map((event, index) => ({
    stream,
    version: version + index + 1,
    id: eventId(stream, version + index + 1),
    type: event.type,
    at: event.at,
    by: event.by,
    body: event,
  }))
}
