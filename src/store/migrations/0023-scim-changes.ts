/**
 * What has a provider changed since a revision? So that one person more or less costs what it is, and not another reading of
 * everybody. What was there before counts as changed and named anew at the revision of today: then everything is read once.
 */
import { type Kysely, sql } from 'kysely'

export const scimChanges = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `alter table scim_resources add column changed_at bigint not null default 0, add column named_at bigint not null default 0`,
  `comment on column scim_resources.named_at is 'Revision at which it came, went, or changed what others name it by.'`,
  `update scim_resources r set changed_at = s.revision, named_at = s.revision from scim_sources s where s.source = r.source`,
  `create index scim_changed on scim_resources (source, changed_at)`,
]
