/**
 * Brings a database to the shape this version needs. Forward only; several processes may start at once, one migrates and
 * the others wait for it.
 */
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { connect, type Database, schemaName } from './database.ts'
import { beginning } from './migrations/0001-beginning.ts'
import { notices } from './migrations/0002-notices.ts'
import { log } from './migrations/0003-log.ts'
import { passkeys } from './migrations/0004-passkeys.ts'
import { people } from './migrations/0005-people.ts'
import { scim } from './migrations/0006-scim.ts'
import { runtime } from './migrations/0007-runtime.ts'
import { sessions } from './migrations/0008-sessions.ts'
import { sinks } from './migrations/0009-sinks.ts'
import { lookingUp } from './migrations/0010-looking-up.ts'
import { tokenKeys } from './migrations/0011-token-keys.ts'
import { figures } from './migrations/0013-figures.ts'
import { drift } from './migrations/0014-drift.ts'
import { seenProofs } from './migrations/0015-seen-proofs.ts'
import { clockJumps } from './migrations/0016-clock-jumps.ts'
import { workloads } from './migrations/0018-workloads.ts'
import { openWaivers } from './migrations/0019-open-waivers.ts'
import { driftBySystem } from './migrations/0020-drift-by-system.ts'
import { driftCounted } from './migrations/0021-drift-counted.ts'
import { waitingWaivers } from './migrations/0022-waiting-waivers.ts'
import { scimChanges } from './migrations/0023-scim-changes.ts'

const migrations = {
  '0001-beginning': beginning,
  '0002-notices': notices,
  '0003-log': log,
  '0004-passkeys': passkeys,
  '0005-people': people,
  '0006-scim': scim,
  '0007-runtime': runtime,
  '0008-sessions': sessions,
  '0009-sinks': sinks,
  '0010-looking-up': lookingUp,
  '0011-token-keys': tokenKeys,
  '0013-figures': figures,
  '0014-drift': drift,
  '0015-seen-proofs': seenProofs,
  '0016-clock-jumps': clockJumps,
  '0018-workloads': workloads,
  '0019-open-waivers': openWaivers,
  '0020-drift-by-system': driftBySystem,
  '0021-drift-counted': driftCounted,
  '0022-waiting-waivers': waitingWaivers,
  '0023-scim-changes': scimChanges,
}

export async function migrate(url: string): Promise<void> {
  const db = connect({ url, poolMax: 2, asApplication: false })
  try {
    await checkServer(db)
    // "If not exists" looks before it makes: of two that begin at once the second may still find it made.
    await sql
      .raw(
        `do $$ begin create schema if not exists ${schemaName};
           exception when unique_violation or duplicate_schema then null; end $$`,
      )
      .execute(db)
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => migrations },
      migrationTableSchema: schemaName,
      // None of them builds on a later one, so a number that was left free may be filled afterwards.
      allowUnorderedMigrations: true,
    })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error instanceof Error ? error : new Error(String(error))
  } finally {
    await db.destroy()
  }
}

async function checkServer(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string }>`
    select current_setting('server_version_num')::int as version,
           pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`.execute(db)
  const { version = 0, encoding = '' } = rows[0] ?? {}
  if (version < 150_000 || version >= 190_000)
    throw new Error(`PostgreSQL 15 to 18 is needed, this server is ${Math.floor(version / 10_000)}`)
  if (encoding !== 'UTF8')
    throw new Error(`the database must be encoded in UTF8, it is ${encoding}; create one with encoding 'UTF8'`)
}
