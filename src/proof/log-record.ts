/**
 * What the log says about itself, as events in its own feed: under which name it began and with which key, every change of
 * key, and that it had to begin again. Whoever knows one key can follow it to all later ones; nothing else says which key
 * may sign.
 */

/** Stream and record of these events. */
export const logStream = 'log'

interface Stamp {
  readonly at: string
  readonly by: string
}

export type LogEvent = Stamp &
  (
    | {
        readonly type: 'LogBegan'
        readonly origin: string
        /** Verifier key, as in `signed-note`. */
        readonly key: string
      }
    | { readonly type: 'LogKeyRotated'; readonly from: string; readonly to: string; readonly reason: string }
    | {
        /** What was signed as `instead` can no longer be continued; the same feed is sealed anew under another name. */
        readonly type: 'LogBeganAgain'
        readonly origin: string
        readonly key: string
        readonly instead: string
        readonly reason: string
      }
  )

/** What the log is now. */
export interface LogRecord {
  readonly origin: string
  readonly firstKey: string
  /** Version of the event with which it began, in the stream. */
  readonly since: number
  /** Since then, in order. */
  readonly rotations: readonly KeyRotation[]
}

export interface KeyRotation {
  readonly version: number
  readonly from: string
  readonly to: string
}

/** @throws for what cannot follow from what was before, such as a rotation away from a key that did not sign. */
export function evolveLog(record: LogRecord | undefined, event: LogEvent, version: number): LogRecord {
  switch (event.type) {
    case 'LogBegan':
      if (record !== undefined) throw new Error('the log began twice')
      return { origin: event.origin, firstKey: event.key, since: version, rotations: [] }
    case 'LogKeyRotated': {
      if (record === undefined) throw new Error('a key was changed before the log began')
      if (newestKey(record) !== event.from) throw new Error('the key was changed from one that did not sign')
      return { ...record, rotations: [...record.rotations, { version, from: event.from, to: event.to }] }
    }
    case 'LogBeganAgain':
      if (record?.origin !== event.instead) throw new Error('the log began again instead of one that was not there')
      return { origin: event.origin, firstKey: event.key, since: version, rotations: [] }
    default:
      return event satisfies never
  }
}

export function newestKey({ firstKey, rotations }: LogRecord): string {
  return rotations.at(-1)?.to ?? firstKey
}
