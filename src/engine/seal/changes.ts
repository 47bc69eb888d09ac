/**
 * What operators change about the log, each as an event in the log itself: which key signs, and, when what was signed is
 * lost, that it begins again under another name. Neither changes anything that was signed before.
 */
import { systemActor } from '../../core/waiver.ts'
import { evolveLog, type LogEvent, type LogRecord, logStream, newestKey } from '../../proof/log-record.ts'
import type { Store } from '../../store/contract.ts'
import { newEvents } from '../rules.ts'
import { readLog } from './record.ts'

/** Why it cannot be changed like that, as a sentence. */
export interface LogUnchanged {
  readonly unchanged: string
}

/** @param to verifier key that signs from the next checkpoint but one; the next one is signed by both */
export function rotateKey(store: Store, to: string, reason: string): Promise<LogRecord | LogUnchanged> {
  return changed(store, (record, stamp) => {
    if (newestKey(record) === to) return { unchanged: 'that key signs already' }
    return { ...stamp, type: 'LogKeyRotated', from: newestKey(record), to, reason }
  })
}

/** For a database whose newest events are lost for good, after they had been signed. */
export function beginAgain(
  store: Store,
  origin: string,
  key: string,
  reason: string,
): Promise<LogRecord | LogUnchanged> {
  return changed(store, (record, stamp) => {
    if (record.origin === origin) return { unchanged: `the log is called \`${origin}\` already; give it another name` }
    return { ...stamp, type: 'LogBeganAgain', origin, key, instead: record.origin, reason }
  })
}

type Stamp = Pick<LogEvent, 'at' | 'by'>

async function changed(
  store: Store,
  change: (record: LogRecord, stamp: Stamp) => LogEvent | LogUnchanged,
): Promise<LogRecord | LogUnchanged> {
  return store.transact(async (tx) => {
    const { now, version } = await tx.lockRecord(logStream)
    const known = await readLog(store)
    if (known === undefined) return { unchanged: 'the log has not begun; start the server first' }
    const event = change(known.record, { at: now, by: systemActor })
    if ('unchanged' in event) return event
    const after = evolveLog(known.record, event, version + 1)
    await tx.writeRecord({
      id: logStream,
      kind: 'log',
      version: version + 1,
      status: 'current',
      state: { origin: after.origin, key: newestKey(after) },
      dueAt: undefined,
      events: newEvents(logStream, version, [event]),
      revisions: [],
      heads: {},
      thaw: false,
    })
    return after
  })
}
