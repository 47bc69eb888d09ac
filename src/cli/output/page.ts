/** What everything that is shown needs to know: how wide, in which colours, when is now, and who is behind an id. */
import type { Seen } from './moments.ts'
import type { Paint } from './paint.ts'

/** Id → name, as the server or the files say it. Untrusted text like any other. */
export type Names = Readonly<Record<string, string>>

export interface Page extends Seen {
  readonly paint: Paint
  /** Columns for text that is wrapped. */
  readonly width: number
  /** Columns for tables; unlimited where the output is no terminal, so that lines stay lines for other programs. */
  readonly tableWidth: number
}
