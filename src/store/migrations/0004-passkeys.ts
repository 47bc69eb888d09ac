/**
 * Which passkey is whose, how often each has signed, and what is waiting to be signed. That a credential belongs to one
 * person, that a challenge is answered once, and that a counter never goes back is said no to here, whatever runs above.
 */
import { type Kysely, sql } from 'kysely'

export const passkeys = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // The passkeys themselves are records; this finds them, and keeps what changes with every signature.
  `create table passkeys (
    id text primary key,
    person text not null,
    credential text not null unique,
    sign_count bigint not null default 0 check (sign_count >= 0),
    used_at timestamptz
  )`,
  `create index passkeys_person on passkeys (person)`,
  `create index records_status on records (kind, status)`,

  `create table challenges (
    id text primary key,
    person text not null,
    content json not null,
    nonce bytea not null check (length(nonce) = 32),
    made_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > made_at),
    used_at timestamptz,
    outcome json
  )`,
  `create index challenges_expired on challenges (expires_at)`,

  `create function refuse_reuse() returns trigger language plpgsql as $$
    begin
      if old.used_at is not null and new.used_at is distinct from old.used_at then
        raise exception 'challenge % was answered already', old.id using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$`,
  `create trigger answered_once before update on challenges for each row execute function refuse_reuse()`,
  `create function refuse_counting_back() returns trigger language plpgsql as $$
    begin
      if new.sign_count < old.sign_count then
        raise exception 'passkey % has signed % times already', old.id, old.sign_count using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$`,
  `create trigger counts_on before update on passkeys for each row execute function refuse_counting_back()`,

  `grant select, insert on passkeys to countersign_app`,
  `grant update (sign_count, used_at) on passkeys to countersign_app`,
  `grant select, insert, delete on challenges to countersign_app`,
  `grant update (used_at, outcome) on challenges to countersign_app`,
]
