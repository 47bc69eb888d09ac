/**
 * Directory and policy revisions and the circumstances of decisions, by content hash: the same bytes are kept once, and
 * what is read back is what was hashed, or it is an error.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import type { DirectoryFacts, SourceSnapshot } from '../core/directory.ts'
import type { Policy } from '../core/policy.ts'
import { digestOfText } from '../lib/digest.ts'
import {
  gather,
  isRoot,
  namesBelow,
  PartMissing,
  PartWrong,
  type ReadContents,
  type Root,
} from '../proof/parts/index.ts'
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
  const readAll: ReadContents = async (digests) =>
    new Map((await storedUnder(db, digests)).map((row) => [row.digest, contentOf(row)] as const))
  const read = async (digest: string) => (await readAll([digest])).get(digest)
  const readLarge = async (digest: string) => {
    const content = await read(digest)
    if (!isRoot(content)) return content
    return gather(content, readAll).catch((error: unknown) => {
      throw error instanceof PartMissing || error instanceof PartWrong
        ? new StoreFault('database-error', `of \`${digest}\`: ${error.message}`, false)
        : error
    })
  }
  const notThere = async (digests: readonly string[]): Promise<readonly string[]> => {
    const { rows } = await sql<{ digest: string }>`
      select wanted.digest from unnest(${[...digests]}::text[]) as wanted (digest)
      where not exists (select from revisions r where r.digest = wanted.digest)`.execute(db)
    return rows.map(({ digest }) => digest)
  }
  return {
    directory: async (digest) => (await readLarge(digest)) as DirectoryFacts | undefined,
    policy: async (digest) => (await read(digest)) as Policy | undefined,
    circumstances: read,
    snapshot: async (digest) => (await readLarge(digest)) as SourceSnapshot | undefined,
    content: read,
    contents: readAll,
    async absent(digests) {
      const gone = await notThere(digests)
      const there = digests.filter((digest) => !gone.includes(digest))
      return [...gone, ...(await lackingParts(db, there, notThere))]
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

/** Only directories are cut into parts. Parts of parts are read, and the parts themselves only looked for. */
async function lackingParts(
  db: Kysely<Database>,
  digests: readonly string[],
  notThere: (digests: readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const readSound = async (wanted: readonly string[]) => {
    const rows = await storedUnder(db, wanted)
    return new Map(
      rows.filter((row) => isItself(row.digest, row.content)).map((row) => [row.digest, contentOf(row)] as const),
    )
  }
  const { rows } = await sql<{ digest: string }>`
    select digest from revisions where kind = 'directory' and digest = any(${[...digests]}::text[])`.execute(db)
  const lacking: string[] = []
  for (const { digest } of rows) {
    const root = (await readSound([digest])).get(digest)
    if (isRoot(root) && !(await hasAllParts(root, readSound, notThere))) lacking.push(digest)
  }
  return lacking
}

async function hasAllParts(
  root: Root,
  read: ReadContents,
  notThere: (digests: readonly string[]) => Promise<readonly string[]>,
): Promise<boolean> {
  try {
    const names: string[] = []
    for await (const name of namesBelow(root, read)) names.push(name)
    return (await notThere(names)).length === 0
  } catch (error) {
    if (error instanceof PartMissing || error instanceof PartWrong) return false
    throw error
  }
}

interface Stored {
  readonly digest: string
  readonly content: Buffer
}

async function storedUnder(db: Kysely<Database>, digests: readonly string[]): Promise<readonly Stored[]> {
  if (digests.length === 0) return []
  const { rows } = await sql<Stored>`
    select digest, content from revisions where digest = any(${[...digests]}::text[])`.execute(db)
  return rows
}

/** @throws StoreFault for content that is not what it is named after */
function contentOf({ digest, content: stored }: Stored): unknown {
  const content = unpack(stored)
  if (digestOfText(content) === digest) return JSON.parse(content)
  throw new StoreFault('database-error', `revision \`${digest}\` does not have the content it is named after`, false)
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
