/**
 * How we tell people: the contract of notice connectors. A notice leads somewhere to look; it never carries a decision,
 * a token, or a link that acts.
 */
import type { Outcome } from './access.ts'

export interface Notice {
  /** Id of the outbox entry; receivers use it to drop repeats. */
  readonly id: string
  /** Event type, e.g. `AccessActivated`, or `BreakGlassOpened`. */
  readonly type: string
  readonly at: string
  readonly urgency: 'normal' | 'immediate'
  /** Ids and codes only; free text of requesters stays behind the sign-in. */
  readonly data: Readonly<Record<string, unknown>>
}

/** `send` is called again on anything but `done` or a not retryable `not-done`; receivers must expect repeats. */
export interface NoticeConnector {
  readonly kind: string
  send(notice: Notice): Promise<Outcome>
}
