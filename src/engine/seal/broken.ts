/**
 * The log is not what was signed. Somebody edited, cut or replaced something below us, or an older copy was put back.
 * From then on nothing is signed: a second history under the same name could not be taken back.
 */

/** What was found. Stable: operators' alarms and documents name it. */
export const findings = {
  'tail-cut': 'fewer events are there than were signed: the end was cut off, or an older copy was put back',
  'history-forked': 'what is there is another history than the one that was signed',
  'record-differs': 'an event is not the one that was sealed',
  'record-missing': 'an event that was sealed is not there',
  'body-differs': 'the body of an event is not the one whose hash was sealed',
  'tiles-differ': 'stored tiles are not those of the tree that was signed',
  'checkpoint-differs': 'a stored checkpoint is not signed by the key of the log',
  'feed-gap': 'positions of the feed do not follow each other',
  'log-record-differs': 'what the log says of itself does not fit together',
  'origin-differs': 'the log has another name than the configuration gives it',
} as const

export type Finding = keyof typeof findings

export class LogBroken extends Error {
  override readonly name = 'LogBroken'
  readonly finding: Finding
  /** The first leaf that does not hold, where it is known. */
  readonly index: bigint | undefined

  constructor(finding: Finding, detail: string, index?: bigint, options?: ErrorOptions) {
    super(`${findings[finding]}: ${detail}`, options)
    this.finding = finding
    this.index = index
  }
}

/** Not a finding: this process cannot sign, another one may. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing'
}
