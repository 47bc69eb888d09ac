/** What identity providers push: users and groups of each source, as they sent them, and how far each source has got. */
import { type Kysely, sql } from 'kysely'

export const scim = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table scim_sources (
    source text primary key,
    revision bigint not null default 0,
    heard_at timestamptz
  )`,
  `create table scim_resources (
    source text not null references scim_sources (source),
    kind text not null check (kind in ('User', 'Group')),
    id text not null,
    node text not null,
    version integer not null check (version > 0),
    name_key text not null,
    external_id text,
    inactive_since timestamptz,
    created_at timestamptz not null,
    modified_at timestamptz not null,
    deleted_at timestamptz,
    body json not null,
    primary key (source, kind, id)
  )`,
  `comment on column scim_resources.deleted_at is 'What was deleted stays known, so that whoever comes back is no stranger.'`,
  `create unique index scim_names on scim_resources (source, name_key) where kind = 'User' and deleted_at is null`,
  `create unique index scim_nodes on scim_resources (source, kind, node) where deleted_at is null`,
  `create index scim_external on scim_resources (source, kind, external_id)`,
  `create index scim_group_names on scim_resources (source, kind, name_key)`,
  `grant select, insert, update on scim_sources, scim_resources to countersign_app`,
]
