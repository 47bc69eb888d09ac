/**
 * A reader of the feed and its jobs, in one commit. Whoever dies before the commit has done nothing, whoever dies after
 * it has done everything; the place is moved from where it was read, so two processes never both move it.
 */
import { createHash } from 'node:crypto'
import type { Db, PgBoss } from 'pg-boss'
import { schemaName } from '../database.ts'
import { StoreFault } from '../fault.ts'

export interface NewJob {
  readonly queue: string
  /** A key that is kept in the queue is not added again. */
  readonly key: string
  readonly data: object
  /** Runs before others, and has a lane of its own. */
  readonly urgent: boolean
}

export interface Look {
  /** Position of the last event the reader has dealt with; -1: none yet. */
  readonly position: bigint
  /** There are committed events that have no position yet. */
  readonly behind: boolean
}

export interface Step {
  readonly position: bigint
  readonly jobs: readonly NewJob[]
}

export async function look(boss: PgBoss, reader: string): Promise<Look> {
  const sql = `select position, exists (select from ${schemaName}.unsequenced) as behind from ${schemaName}.feed_readers where name = $1`
  const { rows } = await boss.getDb().executeSql(sql, [reader])
  return { position: positionIn(rows, reader), behind: rows[0].behind === true }
}

/** @returns how many jobs were added, or `busy` when another process is doing the same. */
export async function advance(
  boss: PgBoss,
  reader: string,
  step: (position: bigint) => Promise<Step>,
): Promise<number | 'busy'> {
  const transaction = await begin(boss)
  try {
    const { db } = transaction
    if (!(await isAlone(db, reader))) return 'busy'
    const from = await placeOf(db, reader)
    const { position, jobs } = await step(from)
    await addJobs(boss, db, jobs)
    if (position !== from) await move(db, reader, from, position)
    await transaction.commit()
    return jobs.length
  } finally {
    // After a commit, and after a first rollback, this does nothing.
    await transaction.rollback()
  }
}

export async function begin(boss: PgBoss) {
  const transaction = await boss.getDb().beginTransaction?.()
  if (transaction === undefined) throw new Error('bug: the queue cannot open a transaction')
  return transaction
}

/** Given back with the transaction, so that a process that dies leaves no lock behind. */
async function isAlone(db: Db, reader: string): Promise<boolean> {
  const { rows } = await db.executeSql('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as mine', [
    `countersign:reader:${reader}`,
  ])
  return rows[0]?.mine === true
}

async function placeOf(db: Db, reader: string): Promise<bigint> {
  const { rows } = await db.executeSql(`select position from ${schemaName}.feed_readers where name = $1`, [reader])
  return positionIn(rows, reader)
}

async function move(db: Db, reader: string, from: bigint, to: bigint): Promise<void> {
  const { rows } = await db.executeSql(
    `update ${schemaName}.feed_readers set position = $2 where name = $1 and position = $3 returning position`,
    [reader, String(to), String(from)],
  )
  if (rows.length !== 1) throw new StoreFault('conflict', `somebody else moved the reader \`${reader}\``, true)
}

async function addJobs(boss: PgBoss, db: Db, jobs: readonly NewJob[]): Promise<void> {
  for (const [queue, added] of Map.groupBy(jobs, (job) => job.queue)) {
    const rows = added.map(({ key, data, urgent }) => ({ id: idOf(queue, key), data, priority: urgent ? 1 : 0 }))
    await boss.insert(queue, rows, { db })
  }
}

/** The queue's own ids are UUIDs: version 8 (RFC 9562), from a hash. */
function idOf(queue: string, key: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([queue, key]))
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function positionIn(rows: readonly { readonly position?: string }[], reader: string): bigint {
  const position = rows[0]?.position
  if (position === undefined) throw new Error(`bug: the feed has no reader \`${reader}\``)
  return BigInt(position)
}
