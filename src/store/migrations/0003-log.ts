/**
 * Where the transparency log is kept: tiles, signed checkpoints and the cosignatures of witnesses. In the database and not
 * in files, so that every process serves the same log, a tile and the checkpoint that needs it are there in one commit, and
 * whatever keeps the events safe keeps their proof safe. Leaves are not kept: they are made from `events`, again and again.
 */
import { type Kysely, sql } from 'kysely'

export const log = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table log_tiles (
    level smallint not null check (level between 0 and 7),
    index bigint not null check (index >= 0),
    hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    primary key (level, index)
  )`,
  `comment on table log_tiles is 'The widest tile there is at each place (C2SP tlog-tiles); narrower ones are its beginning.'`,

  `create table log_checkpoints (
    origin text not null,
    size bigint not null check (size > 0),
    root bytea not null check (octet_length(root) = 32),
    note text not null,
    at timestamptz not null,
    primary key (origin, size)
  )`,
  `comment on table log_checkpoints is 'Every tree head that was ever signed, with the signatures of the log. Only ever added to.'`,

  `create table log_cosignatures (
    origin text not null,
    size bigint not null,
    witness text not null,
    line text not null,
    at timestamptz not null,
    primary key (origin, size, witness),
    foreign key (origin, size) references log_checkpoints (origin, size)
  )`,

  ...['log_checkpoints', 'log_cosignatures'].flatMap((table) => [
    `create trigger only_added before update or delete on ${table} for each row execute function refuse_change()`,
    `create trigger never_emptied before truncate on ${table} for each statement execute function refuse_change()`,
  ]),

  // A tile that is full never changes, and a partial one only gets longer.
  `create function refuse_other_tile() returns trigger language plpgsql as $$
    begin
      if substring(new.hashes from 1 for octet_length(old.hashes)) <> old.hashes then
        raise exception 'tile %/% only ever gets longer', old.level, old.index using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$`,
  `create trigger only_longer before update on log_tiles for each row execute function refuse_other_tile()`,
  `create trigger never_deleted before delete on log_tiles for each row execute function refuse_change()`,
  `create trigger never_emptied before truncate on log_tiles for each statement execute function refuse_change()`,

  `grant select, insert on log_checkpoints, log_cosignatures to countersign_app`,
  `grant select, insert, update on log_tiles to countersign_app`,
]
