/**
 * The first shape of the database. What the domain rules say no to is said no to here once more, as constraints that no
 * program can go round: versions without repeats, one grant a waiver, no two open waivers for one account and window,
 * events that are only ever added.
 */
import { type Kysely, sql } from 'kysely'

export const beginning = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create extension if not exists btree_gist with schema public`,

  `create function clock() returns timestamptz language sql volatile as 'select clock_timestamp()'`,

  `create table events (
    seq bigint generated always as identity primary key,
    id text not null unique,
    stream text not null,
    version integer not null check (version > 0),
    type text not null,
    at timestamptz not null,
    actor text not null,
    body_hash text not null,
    unique (stream, version)
  )`,
  `comment on table events is 'One row an act, in the order of writing; the order of committing is in feed. Only ever added to.'`,

  // Apart from the events, so that a body can be erased while the record of the act, and its hash, stay.
  `create table event_bodies (
    event text primary key references events (id),
    salt bytea not null,
    body text
  )`,

  `create table unsequenced (seq bigint primary key)`,
  `create table feed (
    position bigint primary key check (position >= 0),
    seq bigint not null unique references events (seq)
  )`,

  `create table waivers (
    id text primary key,
    version integer not null,
    status text not null,
    kind text not null,
    open boolean not null,
    requester text not null,
    beneficiary text not null,
    system text not null,
    entitlement text not null,
    account text,
    reference text,
    window_start timestamptz not null,
    window_end timestamptz not null,
    due_at timestamptz,
    state json not null,
    check (window_end > window_start),
    constraint one_open_waiver exclude using gist (
      beneficiary with =, system with =, entitlement with =, account with =,
      tstzrange(window_start, window_end) with &&
    ) where (open and kind <> 'break-glass')
  )`,
  `create index waivers_due on waivers (due_at) where due_at is not null`,
  `create index waivers_open on waivers (system, beneficiary) where open`,
  `create index waivers_reference on waivers (reference) where open and reference is not null`,

  `create table waiver_persons (
    person text not null,
    waiver text not null references waivers (id),
    primary key (person, waiver)
  )`,
  `create index waiver_persons_waiver on waiver_persons (waiver)`,

  `create table decisions (
    event text primary key references events (id),
    waiver text not null references waivers (id),
    countersigner text not null,
    at timestamptz not null
  )`,
  `create index decisions_countersigner on decisions (countersigner, at)`,
  // One person counts once in one decision; a later extension is another decision with another digest.
  `create index decisions_waiver on decisions (waiver)`,

  `create table grants (
    id text primary key,
    waiver text not null unique references waivers (id),
    generation integer not null,
    system text not null,
    wanted json not null,
    settled boolean not null,
    next_at timestamptz,
    attempts integer not null,
    last_error text,
    observed json,
    observed_at timestamptz,
    claimed_until timestamptz,
    claimed_generation integer
  )`,
  `create index grants_due on grants (system, next_at) where next_at is not null`,

  `create table revisions (
    digest text primary key,
    kind text not null,
    content bytea not null
  )`,

  `create table heads (
    name text primary key,
    digest text references revisions (digest),
    at timestamptz not null,
    frozen boolean not null default false
  )`,
  `insert into heads (name, at) values ('directory', 'epoch'), ('policy', 'epoch'), ('clock', 'epoch')`,
  // The highest time ever shown: what must be taken away goes by this one.
  `create function steady_clock() returns timestamptz language sql volatile as
     $$ select greatest(clock(), (select at from heads where name = 'clock')) $$`,

  `create table answers (
    actor text not null,
    key text not null,
    fingerprint text not null,
    answer json not null,
    at timestamptz not null,
    primary key (actor, key)
  )`,
  `create index answers_at on answers (at)`,

  // Founding, changes to the rules: aggregates of the installation itself.
  `create table records (
    id text primary key,
    kind text not null,
    version integer not null,
    status text not null,
    state json not null,
    due_at timestamptz
  )`,
  `create index records_due on records (due_at) where due_at is not null`,

  `create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'rows of % are only ever added', tg_table_name using errcode = 'insufficient_privilege';
    end $$`,
  ...['events', 'feed', 'revisions', 'decisions'].flatMap((table) => [
    `create trigger only_added before update or delete on ${table} for each row execute function refuse_change()`,
    `create trigger never_emptied before truncate on ${table} for each statement execute function refuse_change()`,
  ]),

  // Roles belong to the whole server, so another database of it may have made this one already.
  `do $$ begin
    if not exists (select from pg_roles where rolname = 'countersign_app') then create role countersign_app nologin; end if;
  exception when duplicate_object or unique_violation then null;
  end $$`,
  // Whoever made the role may not yet become it (PostgreSQL 16 and later); whoever already may need not be able to grant it.
  `do $$ begin
    execute format('grant countersign_app to %I', current_user);
  exception when insufficient_privilege or invalid_grant_operation then null;
  end $$`,
  `grant usage on schema countersign to countersign_app`,
  `grant select, insert on events, event_bodies, feed, decisions, revisions, waiver_persons to countersign_app`,
  `grant update (body) on event_bodies to countersign_app`,
  `grant select, insert, update on waivers, grants, heads, records to countersign_app`,
  `grant select, insert, delete on unsequenced, answers to countersign_app`,
]
