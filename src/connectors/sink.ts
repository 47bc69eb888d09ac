/**
 * Where the record goes as it is committed: the contract of sinks. Documents come in the order of the feed, each at least
 * once; after anything but `done` the same ones come again. A sink adds nothing and leaves nothing out.
 */
import type { Outcome } from './access.ts'

export interface RecordSink {
  readonly kind: string
  send(documents: readonly Readonly<Record<string, unknown>>[]): Promise<Outcome>
}
