/**
 * Directory and policy revisions and the circumstances of decisions, by content hash: the same bytes are kept once, and
 * what is read back is what was hashed, or it is an error.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import type { DirectoryFacts, SourceSnapshot } from '../core/directory.ts'
import type { Policy } from '../core/policy.ts'
import { digestOfText } from '../lib/digest.ts'
import type { RevisionReads } from './contract.ts'
import type { Database } from './database.ts'
import { StoreFault } from './fault.ts'

/** Small contents are kept as they are: a first byte `0` says so, `1` says gzip. */
const compressFromBytes = 4_096

export function pack(content: string): Buffer {
  const bytes = Buffer.from(content, 'utf8')
  return bytes.length < compressFromBytes
    ? Buffer.concat([Buffer.of(0), bytes])
    : Buffer.concat([Buffer.of(1), gzipSync(bytes, { level: 1 })])
}

export function unpack(stored: Buffer): string {
  const bytes = stored.subarray(1)
  return (stored[0] === 1 ? gunzipSync(bytes) : bytes).toString('utf8')
}

export function revisionsOn(db: Kysely<Database>): RevisionReads {
  const read = async (digest: string): Promise<unknown> => {
    const row = await db.selectFrom('revisions').select('content').where('digest', '=', digest).executeTakeFirst()
    if (row === undefined) return undefined
    const content = unpack(row.content)
    if (digestOfText(content) !== digest)
      throw new StoreFault(
        'database-error',
        `revision \`${digest}\` does not have the content it is named after`,
        false,
      )
    return JSON.parse(content)
  }
  return {
    directory: async (digest) => (await read(digest)) as DirectoryFacts | undefined,
    policy: async (digest) => (await read(digest)) as Policy | undefined,
    circumstances: read,
    snapshot: async (digest) => (await read(digest)) as SourceSnapshot | undefined,
    content: read,
    async absent(digests) {
      const { rows } = await sql<{ digest: string }>`
        select wanted.digest from unnest(${[...digests]}::text[]) as wanted (digest)
        where not exists (select from revisions r where r.digest = wanted.digest)`.execute(db)
      return rows.map(({ digest }) => digest)
    },
    async examine(after, limit) {
      const rows = await db
        .selectFrom('revisions')
        .select(['digest', 'content'])
        .where('digest', '>', after)
        .orderBy('digest')
        .limit(limit)
        .execute()
      const differing = rows.filter(({ digest, content }) => !isItself(digest, content)).map(({ digest }) => digest)
      const last = rows.at(-1)?.digest
      return { differing, ...(rows.length < limit || last === undefined ? {} : { next: last }) }
    },
  }
}

/** What cannot even be unpacked is not what it was. */
function isItself(digest: string, stored: Buffer): boolean {
  try {
    return digestOfText(unpack(stored)) === digest
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
