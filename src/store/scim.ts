/** What identity providers have pushed, on PostgreSQL: one statement a change, which also moves the revision of its source. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { clock, type Database, instantText } from './database.ts'
import type { ScimDraft, ScimPlace, ScimQuery, ScimResource, ScimState } from './scim-contract.ts'

interface Row {
  source: string
  kind: 'User' | 'Group'
  id: string
  node: string
  version: number
  name_key: string
  external_id: string | null
  inactive_since: string | null
  created_at: string
  modified_at: string
  body: Readonly<Record<string, unknown>>
}

const columns = sql`source, kind, id, node, version, name_key, external_id, body,
  ${instantText(sql`inactive_since`)} as inactive_since, ${instantText(sql`created_at`)} as created_at,
  ${instantText(sql`modified_at`)} as modified_at`

/** The revision moves in the same statement, and with it the lock by which changes of one source go one after the other. */
const moved = (source: string) => sql`moved as (
  insert into scim_sources (source, revision) values (${source}, 1)
  on conflict (source) do update set revision = scim_sources.revision + 1 returning source, revision)`

export function scimOn(db: Kysely<Database>): ScimState {
  return {
    async create({ source, kind, id, node, nameKey, externalId, active, body }) {
      return orTaken(async () => {
        const { rows } = await sql<Row>`
          with ${moved(source)}
          insert into scim_resources (source, kind, id, node, version, name_key, external_id, inactive_since,
                                      created_at, modified_at, body, changed_at, named_at)
          select source, ${kind}, ${id}, ${node}, 1, ${nameKey}, ${externalId ?? null},
                 ${active ? sql`null` : clock}::timestamptz, clock(), clock(), ${JSON.stringify(body)}::json, revision, revision from moved
          returning ${columns}`.execute(db)
        return resourceOf(rows[0] as Row)
      })
    },
    async replace(before, draft) {
      const answer = await orTaken(async () => {
        const { rows } = await sql<Row>`
          with ${moved(before.source)}
          update scim_resources set version = version + 1, ${assignments(draft)}, modified_at = clock(),
            changed_at = (select revision from moved),
            named_at = case when name_key is distinct from ${draft.nameKey} or external_id is distinct from ${draft.externalId ?? null}
                       then (select revision from moved) else named_at end
          where ${isStill(before)} and source in (select source from moved)
          returning ${columns}`.execute(db)
        return rows[0] === undefined ? 'changed' : resourceOf(rows[0])
      })
      return answer === 'node-taken' ? 'changed' : answer
    },
    async remove(before) {
      const { rows } = await sql<{ id: string }>`
        with ${moved(before.source)}
        update scim_resources set version = version + 1, deleted_at = clock(), modified_at = clock(),
          changed_at = (select revision from moved), named_at = (select revision from moved)
        where ${isStill(before)} and source in (select source from moved)
        returning id`.execute(db)
      return rows.length === 0 ? 'changed' : 'removed'
    },
    async find(place, id) {
      const { rows } = await sql<Row>`
        select ${columns} from scim_resources where ${isThere(place)} and id = ${id}`.execute(db)
      return rows[0] === undefined ? undefined : resourceOf(rows[0])
    },
    async search(place, by, offset, limit) {
      const where = sql`${isThere(place)} and ${matches(by)}`
      const [found, counted] = await Promise.all([
        sql<Row>`select ${columns} from scim_resources where ${where} order by id offset ${offset} limit ${limit}`.execute(
          db,
        ),
        sql<{ total: number }>`select count(*)::int as total from scim_resources where ${where}`.execute(db),
      ])
      return { total: counted.rows[0]?.total ?? 0, resources: found.rows.map(resourceOf) }
    },
    async formerNode({ source, kind }, { nameKey, externalId = null }) {
      const { rows } = await sql<{ node: string }>`
        select node from scim_resources
        where source = ${source} and kind = ${kind} and deleted_at is not null
          and (external_id = ${externalId} or (name_key = ${nameKey} and (external_id is null or ${externalId}::text is null)))
        order by (external_id = ${externalId}) desc nulls last, deleted_at desc limit 1`.execute(db)
      return rows[0]?.node
    },
    async existing(source, ids) {
      const { rows } = await sql<{ id: string }>`
        select id from scim_resources where source = ${source} and deleted_at is null and id = any(${[...ids]})`.execute(
        db,
      )
      return new Set(rows.map(({ id }) => id))
    },
    async groupsOf(source, member) {
      const { rows } = await sql<Pick<Row, 'id' | 'body'>>`
        select id, body from scim_resources g
        where source = ${source} and kind = 'Group' and deleted_at is null
          and exists (select from json_array_elements(g.body -> 'members') m where m ->> 'value' = ${member})
        order by id`.execute(db)
      return rows
    },
    async heard(source) {
      await sql`
        insert into scim_sources (source, heard_at) values (${source}, clock())
        on conflict (source) do update set heard_at = clock()
        where scim_sources.heard_at is null or scim_sources.heard_at < clock() - interval '10 seconds'`.execute(db)
    },
    async everything(source) {
      // One statement, and so one moment.
      const { rows } = await sql<{ revision: string; heard_at: string | null; resources: readonly Row[] }>`
        select s.revision::text, ${instantText(sql`s.heard_at`)} as heard_at,
               coalesce((select json_agg(r order by r.kind, r.id) from (
                 select ${columns} from scim_resources where source = ${source} and deleted_at is null) r), '[]') as resources
        from scim_sources s where s.source = ${source}`.execute(db)
      const [row] = rows
      if (row === undefined) return { revision: '0', resources: [] }
      return {
        revision: row.revision,
        ...(row.heard_at === null ? {} : { heardAt: row.heard_at }),
        resources: row.resources.map(resourceOf),
      }
    },
    async changes(source, since, limit) {
      // One statement, and so one moment.
      const changed = sql`source = ${source} and changed_at > ${since}::bigint`
      const { rows } = await sql<{ revision: string; heard_at: string; resources: readonly Row[] }>`
        select s.revision::text, ${instantText(sql`s.heard_at`)} as heard_at,
               coalesce((select json_agg(r order by r.kind, r.id) from (
                 select ${columns} from scim_resources where ${changed} limit ${limit + 1}) r), '[]') as resources
        from scim_sources s
        where s.source = ${source} and s.heard_at is not null
          and not exists (select from scim_resources where ${changed} and named_at > ${since}::bigint)`.execute(db)
      const [row] = rows
      if (row === undefined || row.resources.length > limit) return undefined
      return { revision: row.revision, heardAt: row.heard_at, resources: row.resources.map(resourceOf) }
    },
    async named(source, revision, { ids, names }) {
      const { rows } = await sql<{ resources: readonly Row[] }>`
        select coalesce((select json_agg(r order by r.kind, r.id) from (
          select ${columns} from scim_resources
          where source = ${source} and deleted_at is null
            and (id = any(${[...ids]}) or (kind = 'User' and (name_key = any(${[...names]}) or external_id = any(${[...names]}))))
        ) r), '[]') as resources
        from scim_sources s where s.source = ${source} and s.revision = ${revision}::bigint`.execute(db)
      return rows[0]?.resources.map(resourceOf)
    },
  }
}

function isThere({ source, kind }: ScimPlace): RawBuilder<unknown> {
  return sql`source = ${source} and kind = ${kind} and deleted_at is null`
}

function isStill({ id, version, ...place }: ScimResource): RawBuilder<unknown> {
  return sql`${isThere(place)} and id = ${id} and version = ${version}`
}

function matches({ id, nameKey, externalId }: ScimQuery): RawBuilder<unknown> {
  const parts = [
    ...(id === undefined ? [] : [sql`id = ${id}`]),
    ...(nameKey === undefined ? [] : [sql`name_key = ${nameKey}`]),
    ...(externalId === undefined ? [] : [sql`external_id = ${externalId}`]),
  ]
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `)
}

function assignments({ nameKey, externalId, active, body }: ScimDraft): RawBuilder<unknown> {
  return sql`name_key = ${nameKey}, external_id = ${externalId ?? null}, body = ${JSON.stringify(body)}::json,
    inactive_since = ${active ? sql`null` : sql`coalesce(inactive_since, clock())`}`
}

async function orTaken<Value>(write: () => Promise<Value>): Promise<Value | 'name-taken' | 'node-taken'> {
  try {
    return await write()
  } catch (error) {
    const { constraint } = error as { readonly constraint?: string }
    if (constraint === 'scim_names') return 'name-taken'
    if (constraint === 'scim_nodes') return 'node-taken'
    throw error
  }
}

function resourceOf(row: Row): ScimResource {
  const { source, kind, id, node, version, body } = row
  return {
    source,
    kind,
    id,
    node,
    version,
    nameKey: row.name_key,
    active: row.inactive_since === null,
    body,
    created: row.created_at,
    modified: row.modified_at,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    ...(row.inactive_since === null ? {} : { inactiveSince: row.inactive_since }),
  }
}
