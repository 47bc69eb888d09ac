/**
 * One statement that writes whole batches: events, bodies, the queue of the sequencer, read models, grants, facts and
 * the answer to an idempotency key. One waiver or a thousand take the same path, so that the sweep is no side door.
 */
import { type Transaction as KyselyTransaction, type RawBuilder, sql } from 'kysely'
import { peopleOf } from '../core/decide/departures.ts'
import type { Digest } from '../core/terms.ts'
import { eventId, isOpen, type Waiver } from '../core/waiver.ts'
import { canonicalJson, newSalts, saltedDigest } from '../lib/digest.ts'
import type { Batch, NewEvent, Revision, WaiverWrite } from './contract.ts'
import type { Database } from './database.ts'
import { settledPart } from './leases.ts'
import { pack } from './revisions.ts'
import { jsonTexts } from './texts.ts'
import { timesOf } from './times.ts'

type Tx = KyselyTransaction<Database>

/**
 * Of several batches no two may be about the same waiver or answer the same key.
 * @returns the transaction id, by which an unknown commit is resolved; undefined when there was nothing to write.
 */
export async function writeBatches(tx: Tx, batches: readonly Batch[]): Promise<string | undefined> {
  const waivers = batches.flatMap((batch) => batch.waivers)
  const changed = waivers.filter(({ before, after }) => after !== undefined && after !== before)
  const parts = [
    ...eventParts(waivers.flatMap(newEvents)),
    ...(changed.length === 0 ? [] : [waiverPart(changed)]),
    ...personsPart(waivers),
    ...decisionsPart(waivers),
    ...grantsPart(changed),
    ...revisionsPart(batches.flatMap((batch) => batch.revisions)),
    ...answersPart(batches.flatMap(({ answer }) => (answer === undefined ? [] : [answer]))),
    ...settledPart(batches.flatMap(({ settled = [] }) => settled)),
  ]
  if (parts.length === 0) return undefined
  const { rows } = await sql<{ id: string }>`with ${sql.join(parts)} select pg_current_xact_id()::text as id`.execute(
    tx,
  )
  return rows[0]?.id
}

function newEvents({ id, before, events }: WaiverWrite): NewEvent[] {
  const first = (before?.version ?? 0) + 1
  return events.map((event, index) => ({
    stream: id,
    version: first + index,
    id: eventId(id, first + index),
    type: event.type,
    at: event.at,
    by: event.by,
    body: event,
  }))
}

/** Also used for the installation's own records. */
export function eventParts(events: readonly NewEvent[]): RawBuilder<unknown>[] {
  if (events.length === 0) return []
  const bodies = events.map((event) => canonicalJson(event.body))
  const salts = newSalts(events.length)
  const hashes = bodies.map((body, index): Digest => saltedDigest(salts[index] as Uint8Array, body))
  const column = <Key extends keyof NewEvent>(key: Key) => events.map((event) => event[key])
  return [
    sql`new_events as (
      insert into events (id, stream, version, type, at, actor, body_hash)
      select * from unnest(${column('id')}::text[], ${column('stream')}::text[], ${column('version')}::int[], ${column('type')}::text[],
                           ${column('at')}::timestamptz[], ${column('by')}::text[], ${hashes}::text[])
      returning seq)`,
    sql`new_queue as (insert into unsequenced (seq) select seq from new_events)`,
    sql`new_bodies as (
      insert into event_bodies (event, salt, body)
      select * from unnest(${column('id')}::text[], ${salts}::bytea[], ${jsonTexts(bodies)}))`,
    ...refusalsPart(events),
  ]
}

/** What was refused for what, to be counted without opening bodies. */
function refusalsPart(events: readonly NewEvent[]): RawBuilder<unknown>[] {
  const refused = events.filter(({ type }) => type === 'AttemptRefused')
  if (refused.length === 0) return []
  const said = (key: 'command' | 'code') =>
    refused.map(({ body }) => String((body as Record<string, unknown>)[key] ?? ''))
  return [
    sql`new_refusals as (
      insert into refusals (event, at, command, code)
      select * from unnest(${refused.map(({ id }) => id)}::text[], ${refused.map(({ at }) => at)}::timestamptz[],
                           ${said('command')}::text[], ${said('code')}::text[]))`,
  ]
}

function waiverPart(changed: readonly WaiverWrite[]): RawBuilder<unknown> {
  const states = changed.map(({ after }) => after as Waiver)
  const column = (value: (waiver: Waiver) => unknown) => states.map(value)
  const times = states.map(timesOf)
  return sql`new_states as (
    insert into waivers (id, version, status, kind, open, requester, beneficiary, system, entitlement, account, reference,
                         window_start, window_end, due_at, review_due_at, state, people, asked_at, outcome, decided_at,
                         started_at, ended_at, removed_at, removal_since)
    select id, version, status, kind, open, requester, beneficiary, system, entitlement, account, reference,
           window_start, window_end, due_at, review_due_at, state, array(select json_array_elements_text(people)), asked_at,
           outcome, decided_at, started_at, ended_at, removed_at, removal_since
    from unnest(
      ${column((w) => w.id)}::text[], ${column((w) => w.version)}::int[], ${column((w) => w.status)}::text[],
      ${column((w) => w.terms.kind)}::text[], ${column(isOpen)}::boolean[], ${column((w) => w.requester)}::text[],
      ${column((w) => w.terms.beneficiary)}::text[], ${column((w) => w.terms.access.system)}::text[],
      ${column((w) => w.terms.access.entitlement)}::text[], ${column((w) => w.terms.access.account ?? null)}::text[],
      ${column((w) => w.terms.reference?.id ?? null)}::text[], ${column((w) => w.terms.window.start)}::timestamptz[],
      ${column((w) => w.terms.window.end)}::timestamptz[], ${changed.map(({ dueAt }) => dueAt ?? null)}::timestamptz[],
      ${column(reviewDueAt)}::timestamptz[], ${jsonTexts(states.map((w) => JSON.stringify(w)))}::json[],
      ${jsonTexts(states.map((w) => JSON.stringify(peopleOf(w))))}::json[], ${column((w) => w.requestedAt)}::timestamptz[],
      ${times.map(({ outcome }) => outcome)}::text[], ${times.map(({ decidedAt }) => decidedAt)}::timestamptz[],
      ${times.map(({ startedAt }) => startedAt)}::timestamptz[], ${times.map(({ endedAt }) => endedAt)}::timestamptz[],
      ${times.map(({ removedAt }) => removedAt)}::timestamptz[], ${times.map(({ removalSince }) => removalSince)}::timestamptz[])
      as fresh (id, version, status, kind, open, requester, beneficiary, system, entitlement, account, reference,
                window_start, window_end, due_at, review_due_at, state, people, asked_at, outcome, decided_at, started_at,
                ended_at, removed_at, removal_since)
    on conflict (id) do update set
      version = excluded.version, status = excluded.status, open = excluded.open, window_start = excluded.window_start,
      window_end = excluded.window_end, due_at = excluded.due_at, review_due_at = excluded.review_due_at,
      state = excluded.state, people = excluded.people, outcome = excluded.outcome, decided_at = excluded.decided_at,
      started_at = excluded.started_at, ended_at = excluded.ended_at, removed_at = excluded.removed_at,
      removal_since = excluded.removal_since)`
}

function reviewDueAt({ status, review }: Waiver): string | null {
  return status === 'ended' && review !== undefined ? review.dueAt : null
}

function personsPart(writes: readonly WaiverWrite[]): RawBuilder<unknown>[] {
  const pairs = writes
    .filter((write) => write.before === undefined || opensEnvelope(write))
    .flatMap(({ id, after, askedBy }) => (after ? askedBy.map((person) => [person, id]) : []))
  if (pairs.length === 0) return []
  return [
    sql`new_persons as (insert into waiver_persons (person, waiver)
        select * from unnest(${pairs.map(([person]) => person)}::text[], ${pairs.map(([, id]) => id)}::text[])
        on conflict do nothing)`,
  ]
}

function opensEnvelope({ before, events }: WaiverWrite): boolean {
  return before?.terms.kind === 'break-glass' && events.some(({ type }) => type === 'ActivationStarted')
}

function decisionsPart(writes: readonly WaiverWrite[]): RawBuilder<unknown>[] {
  const rows = writes.flatMap(({ id, before, events }) =>
    events.flatMap((event, index) => {
      const decides =
        event.type === 'WaiverCountersigned' ||
        event.type === 'ExtensionCountersigned' ||
        event.type === 'ResumptionCountersigned'
      return decides
        ? [{ event: eventId(id, (before?.version ?? 0) + 1 + index), waiver: id, by: event.by, at: event.at }]
        : []
    }),
  )
  if (rows.length === 0) return []
  return [
    sql`new_decisions as (insert into decisions (event, waiver, countersigner, at)
        select * from unnest(${rows.map((r) => r.event)}::text[], ${rows.map((r) => r.waiver)}::text[],
                             ${rows.map((r) => r.by)}::text[], ${rows.map((r) => r.at)}::timestamptz[]))`,
  ]
}

/** A grant is touched only when what shall be true on the target has changed; then it is due at once. */
function grantsPart(changed: readonly WaiverWrite[]): RawBuilder<unknown>[] {
  const writes = changed.filter(({ grant, before }) => grant !== undefined && grant.generation !== before?.generation)
  if (writes.length === 0) return []
  const grants = writes.map(({ grant }) => grant as NonNullable<typeof grant>)
  return [
    sql`new_grants as (
      insert into grants (id, waiver, generation, system, wanted, settled, next_at, attempts)
      select id, waiver, generation, system, wanted, false, clock(), 0 from unnest(
        ${grants.map((g) => g.grant)}::text[], ${writes.map((w) => w.id)}::text[], ${grants.map((g) => g.generation)}::int[],
        ${grants.map((g) => g.system)}::text[], ${jsonTexts(grants.map((g) => JSON.stringify(g)))}::json[])
        as fresh (id, waiver, generation, system, wanted)
      on conflict (id) do update set
        generation = excluded.generation, wanted = excluded.wanted, settled = false, next_at = excluded.next_at, attempts = 0,
        last_error = null
      where grants.generation < excluded.generation)`,
  ]
}

export function revisionsPart(revisions: readonly Revision[]): RawBuilder<unknown>[] {
  if (revisions.length === 0) return []
  const unique = [...new Map(revisions.map((revision) => [revision.digest, revision])).values()]
  return [
    sql`new_revisions as (
      insert into revisions (digest, kind, content)
      select * from unnest(${unique.map((r) => r.digest)}::text[], ${unique.map((r) => r.kind)}::text[], ${unique.map((r) => pack(r.content))}::bytea[])
      on conflict (digest) do nothing)`,
  ]
}

function answersPart(answers: readonly NonNullable<Batch['answer']>[]): RawBuilder<unknown>[] {
  if (answers.length === 0) return []
  const column = (name: 'actor' | 'key' | 'fingerprint') => answers.map(({ key }) => key[name])
  return [
    sql`new_answers as (insert into answers (actor, key, fingerprint, answer, at)
        select actor, key, fingerprint, answer, clock() from unnest(
          ${column('actor')}::text[], ${column('key')}::text[], ${column('fingerprint')}::text[],
          ${jsonTexts(answers.map(({ answer }) => JSON.stringify(answer)))}::json[]) as fresh (actor, key, fingerprint, answer))`,
  ]
}
