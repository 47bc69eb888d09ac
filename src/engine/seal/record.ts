/** Reads what the log says of itself, from its events and not from a read model, and which key signs which tree. */
import { evolveLog, type LogEvent, type LogRecord, logStream } from '../../proof/log-record.ts'
import type { Store, StoredEvent } from '../../store/contract.ts'
import { LogBroken } from './broken.ts'

export interface ReadLog {
  readonly record: LogRecord
  /** Where each event of the log's own stream stands in the feed, by version; absent until it is sequenced. */
  readonly positions: ReadonlyMap<number, bigint>
}

/** @returns undefined before the log began. @throws LogBroken `log-record-differs` */
export async function readLog({ waivers }: Pick<Store, 'waivers'>): Promise<ReadLog | undefined> {
  const events = await waivers.events(logStream)
  let record: LogRecord | undefined
  const positions = new Map<number, bigint>()
  for (const event of events) {
    record = next(record, event)
    if (event.position !== undefined) positions.set(event.version, event.position)
  }
  return record === undefined ? undefined : { record, positions }
}

function next(record: LogRecord | undefined, { body, altered, version, position }: StoredEvent): LogRecord {
  if (body === undefined || altered) {
    throw new LogBroken('log-record-differs', `event ${version} of the log was changed or erased`, position)
  }
  try {
    return evolveLog(record, body as LogEvent, version)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new LogBroken('log-record-differs', error.message, position, { cause: error })
  }
}

/** The key that signs a tree of that size: the newest one whose rotation is among its leaves. */
export function keyOfTree({ record, positions }: ReadLog, size: bigint): string {
  const sealed = record.rotations.filter(({ version }) => (positions.get(version) ?? size) < size)
  return sealed.at(-1)?.to ?? record.firstKey
}

/** The rotation at that leaf, if it is one of this log and not of one before it. */
export function rotationAt({ record, positions }: ReadLog, position: bigint) {
  return record.rotations.find(({ version }) => positions.get(version) === position)
}
