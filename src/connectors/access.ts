/**
 * How we touch a system that grants access: the contract every access connector keeps. It states obligations, not
 * conveniences: what may have happened when a call fails, what "gone" means, and what the target cannot tell.
 * A connector never decides whether access is allowed; it is told what shall be true and reports what is.
 */
import type { Instant } from '../core/time.ts'

/**
 * Every call has three outcomes. `unknown` means the effect may or may not have happened (time-out, lost connection):
 * the caller observes, it never assumes. A connector that cannot tell `not-done` from `unknown` says `unknown`.
 */
export type Outcome<Value = void> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'not-done'; readonly reason: string; readonly retryable: boolean }
  | { readonly outcome: 'unknown'; readonly reason: string }

export const done = <Value>(value: Value): Outcome<Value> => ({ outcome: 'done', value })
export const notDone = (reason: string, retryable: boolean): Outcome<never> => ({
  outcome: 'not-done',
  reason,
  retryable,
})
export const unknown = (reason: string): Outcome<never> => ({ outcome: 'unknown', reason })

/** What exactly shall exist on the target: one grant, the whole truth about it, and a fence. */
export interface GrantSpec {
  /** `grt_…`; a connector may derive names on the target from it, and must do so injectively. */
  readonly grant: string
  /** Rises with every change of mind. A connector that can, refuses work of an older generation. */
  readonly generation: number
  /** The account on the target, byte for byte. */
  readonly account: string
  /** The entitlement's `target` settings from policy, opaque to everyone else. */
  readonly target: Readonly<Record<string, unknown>>
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  /** A second line only: set where the target can expire access by itself. Countersign never relies on it. */
  readonly until: Instant
}

/** What an entitlement contains now. Its canonical JSON is hashed into the terms and observed again at activation. */
export interface Description {
  /** Plain JSON, stable order, no timestamps and nothing that changes while the entitlement stays what it is. */
  readonly contains: unknown
  /** One line each, for the person who decides. */
  readonly summary: readonly string[]
}

export interface LiveSession {
  /** The target's own id of the session, enough for `endSessions` to name exactly this one. */
  readonly session: string
  readonly account: string
  readonly since: Instant
  readonly detail: string
}

/** Something that outlives a plain removal: owned objects, onward grants, functions that run with the role's rights. */
export interface Residue {
  readonly kind: string
  /** Stable name, so that it can be accepted by name in a review. */
  readonly name: string
  readonly detail: string
}

export interface Observation {
  readonly present: boolean
  /** True when the target holds something for this grant that differs from the spec (wider, narrower, moved expiry). */
  readonly differs: readonly string[]
  readonly sessions: readonly LiveSession[]
  readonly residue: readonly Residue[]
}

/** An entitlement that the policy governs, as it is looked for on the target: all of it, not what one waiver asks of it. */
export interface Governed extends Pick<GrantSpec, 'target' | 'resources' | 'actions'> {
  /** Its name in the policy; holdings say it back. */
  readonly entitlement: string
}

/** One way by which an account can use something of a governed entitlement right now, ours or not. */
export interface Holding {
  /** Byte by byte; what everybody has is told of an account no login can have, such as `public`. */
  readonly account: string
  /** Which of those asked about; absent: all of them and everything else, by the right to administer the target. */
  readonly entitlement?: string
  /** The way in the target's words, the same as long as it is the same way: `member of payments_writer through reporting`. */
  readonly holds: string
  /** Set where the way leads through a grant of ours, whoever the account is. */
  readonly grant?: string
  /** When the target ends it by itself. `never`: it keeps ends for this, and has none. Absent: it keeps none. */
  readonly until?: Instant | 'never'
}

/** Who can use what we govern, at one moment. */
export interface Inventory {
  readonly holdings: readonly Holding[]
  /** Entitlements of which the target cannot say who has them, and why. Of these nothing is known, not "nobody". */
  readonly unread: readonly { readonly entitlement: string; readonly reason: string }[]
}

export interface Activity {
  readonly at: Instant
  readonly account: string
  readonly what: string
}

/** What a connector knows about its own limits; shown to whoever decides. */
export interface Nature {
  /** After a plain revoke, how long a session that is already open keeps its rights; `null`: until it is ended. */
  readonly sessionOutlivesRevokeSeconds: number | null
  /** Worst case between "end sessions" and the last right gone, in seconds, as measured or documented. */
  readonly endSessionsSecondsMax: number
  readonly residueSeen: readonly string[]
  readonly residueNotSeen: readonly string[]
  /** How it probes, in a sentence. */
  readonly probe: string
  /** After this long every method has answered, in milliseconds: connecting, working and reading back together. */
  readonly timeoutMillis: number
}

/**
 * Obligations, kept by the contract suite (`access.contract.ts`):
 * - Every method is idempotent: the same call twice leaves the same target and the same answer.
 * - `apply` after a `done` is visible to `observe`; `revoke` of access that is already gone is `done`.
 * - `apply` never widens beyond the spec and `revoke` removes only this grant: another grant of the same account stays.
 * - `observe` reads the target, never a cache, and lists sessions that still use the access, also after `revoke`.
 * - `endSessions` ends only sessions that use, or by the rule in `nature.probe` may use, this grant's access, and is
 *   `done` only after reading back that they are gone.
 * - `inventory` reads the target, never a cache, and all of it: what it cannot read is `unread`, or the whole call fails.
 *   An account that can use part of an entitlement holds it; every way is told, also one beside a grant of ours.
 * - Names from terms (account, resource) are data: quoted, never interpreted, byte for byte.
 * - No method throws or rejects, and every method gives up after `nature.timeoutMillis` with `unknown` (or `not-done`
 *   when it surely did nothing).
 * - What cannot be given exactly as the spec says (a resource that does not exist, an action that does not fit) is `not-done`.
 */
export interface AccessConnector {
  readonly nature: Nature
  describe(entitlement: Pick<GrantSpec, 'target' | 'resources' | 'actions'>): Promise<Outcome<Description>>
  apply(spec: GrantSpec): Promise<Outcome>
  revoke(spec: GrantSpec): Promise<Outcome>
  observe(spec: GrantSpec): Promise<Outcome<Observation>>
  endSessions(spec: GrantSpec): Promise<Outcome<{ readonly ended: number }>>
  /** Who can use something of these entitlements right now, through us or not; our own credential is left out. */
  inventory(governed: readonly Governed[]): Promise<Outcome<Inventory>>
  /** What was done with the access since, where the target can say; `not-done` with a reason where it cannot. */
  activity(spec: GrantSpec, since: Instant): Promise<Outcome<readonly Activity[]>>
  close(): Promise<void>
}

/** A connector kind: how `app.ts` makes one from a policy's `connectors` entry. `settings` is validated by the kind. */
export interface AccessConnectorKind {
  readonly kind: string
  create(settings: Readonly<Record<string, unknown>>, secrets: SecretReader): AccessConnector
}

/** Reads `env:NAME` and `file:/path` references; throws with a clear message when there is nothing. */
export type SecretReader = (reference: string) => string
