/**
 * What checks at each use share between processes: budgets held in advance, what was exercised by whom, how far each
 * process has read, the keys and the places of the tokens that were given, and what was asked for in the words of
 * decision points. None of it is the record: that stays in the events.
 */
import { type Kysely, sql } from 'kysely'

export const runtime = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table use_leases (
    waiver text not null references waivers (id),
    process text not null,
    uses bigint not null check (uses >= 0),
    bytes bigint not null check (bytes >= 0),
    expires_at timestamptz not null,
    primary key (waiver, process)
  )`,
  `comment on table use_leases is 'Part of a budget that a process may allow without asking. What is not recorded when it expires counts as used.'`,
  `create index use_leases_expire on use_leases (expires_at)`,
  `create table use_stretches (
    waiver text not null references waivers (id),
    start timestamptz not null,
    taken bigint not null check (taken >= 0),
    primary key (waiver, start)
  )`,
  `comment on table use_stretches is 'How many uses of a rate were taken in a stretch of time, over all processes.'`,

  `create table exercised (
    person text not null,
    duty text not null,
    waiver text not null references waivers (id),
    at timestamptz not null,
    primary key (person, duty, waiver)
  )`,
  `comment on table exercised is 'Who stood behind the use of which duty, last at that time: what a chain adds up to.'`,

  `create table runtime_processes (
    process text primary key,
    position bigint not null,
    seen_at timestamptz not null
  )`,
  `comment on table runtime_processes is 'How far each process that answers checks has read the feed, and when it said so.'`,

  `create table signing_keys (
    kid text primary key,
    private_jwk json not null,
    made_at timestamptz not null
  )`,
  `create table grant_tokens (
    id text primary key,
    waiver text not null references waivers (id),
    subject text not null,
    list integer not null,
    place integer not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    unique (list, place)
  )`,
  `create index grant_tokens_waiver on grant_tokens (waiver)`,
  `create index grant_tokens_expire on grant_tokens (expires_at)`,

  `create table access_requests (
    task text primary key,
    waiver text not null unique references waivers (id),
    requester text not null,
    evaluation text not null,
    asked json not null,
    callback json,
    callback_next_at timestamptz,
    callback_attempts integer not null default 0,
    at timestamptz not null,
    unique (requester, evaluation)
  )`,
  `create index access_requests_callback on access_requests (callback_next_at) where callback_next_at is not null`,

  `grant select, insert, update, delete on use_leases, use_stretches, exercised, runtime_processes, signing_keys, grant_tokens,
     access_requests to countersign_app`,
]
