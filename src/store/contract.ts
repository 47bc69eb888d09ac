/**
 * What we remember, as the engine sees it: one transaction that locks, reads the clock once, and writes events with
 * everything derived from them. Obligations of every implementation:
 * - `transact` commits everything or nothing; a commit whose outcome is unknown is resolved before it answers.
 * - A waiver's row lock is the only serialisation point: from `lockWaiver` to commit nobody else decides about it.
 * - `now` is read after the lock was taken, so that order of locks and order of times agree.
 * - Events are only ever added. Versions of a stream have no gaps, and a version is written once.
 */
import type { DirectoryFacts, NodeId, PersonId, RotaId, SourceSnapshot } from '../core/directory.ts'
import type { IndependenceHistory } from '../core/independence.ts'
import type { WantedGrant } from '../core/plan.ts'
import type { Policy } from '../core/policy.ts'
import type { PasskeyId } from '../core/signed.ts'
import type { Digest } from '../core/terms.ts'
import type { Instant } from '../core/time.ts'
import type { EventId, Status, Waiver, WaiverEvent, WaiverId } from '../core/waiver.ts'
import type { DriftStore } from './drift-contract.ts'
import type { FigureReads } from './figures-contract.ts'
import type { LogStore } from './log-contract.ts'
import type { ScimState } from './scim-contract.ts'

/** What is in force for the whole installation at the moment of a decision. */
export interface Heads {
  readonly directory?: Digest
  /** When each source was last read, which may be later than the directory last changed. */
  readonly freshness: Readonly<Record<string, Instant>>
  readonly policy?: Digest
  /** When that policy came into force: tells apart two times of the same rules. */
  readonly policySince?: Instant
  readonly clock: 'steady' | 'went-backwards'
  /** How often it has gone backwards so far. */
  readonly clockJumps: number
}

export interface Locked {
  readonly now: Instant
  readonly heads: Heads
  readonly waiver?: Waiver
  /** What was answered to the same idempotency key before. */
  readonly answered?: Answered
  /** Uses of this waiver that processes hold in advance; absent: none. */
  readonly leased?: number
}

export interface Answered {
  readonly fingerprint: Digest
  readonly answer: unknown
}

export interface IdempotencyKey {
  readonly key: string
  /** Whose key it is; keys of different actors never meet. */
  readonly actor: string
  /** Digest of the whole command, so that a key reused for something else is found out. */
  readonly fingerprint: Digest
}

/** Any record of the one feed. Waiver events and the installation's own share it. */
export interface StoredEvent {
  readonly position?: bigint
  readonly id: EventId
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly at: Instant
  readonly by: string
  /** Undefined once the body was erased; its salted hash stays. */
  readonly body?: unknown
  readonly bodyHash: Digest
  /** The body is not the one that was hashed when it was written: somebody changed it. */
  readonly altered?: true
}

export interface NewEvent {
  readonly stream: string
  readonly version: number
  readonly id: EventId
  readonly type: string
  readonly at: Instant
  readonly by: string
  readonly body: unknown
}

export interface WaiverWrite {
  readonly before: Waiver | undefined
  readonly after: Waiver | undefined
  readonly id: WaiverId
  readonly events: readonly WaiverEvent[]
  readonly dueAt: Instant | undefined
  readonly grant: WantedGrant | undefined
  /** Everybody on the requesting side, as persons; written with the request, and once more by whoever opens an envelope. */
  readonly askedBy: readonly PersonId[]
}

export interface Batch {
  readonly waivers: readonly WaiverWrite[]
  /** Content-addressed facts that the events refer to. */
  readonly revisions: readonly Revision[]
  readonly answer?: { readonly key: IdempotencyKey; readonly answer: unknown }
  /** What was held in advance and stands in the events of this batch now. */
  readonly settled?: readonly LeasePart[]
}

/** A part of a waiver's budget that one process holds in advance. */
export interface LeasePart {
  readonly waiver: WaiverId
  readonly process: string
  readonly uses: number
  readonly bytes: number
}

export interface LeaseAsked extends LeasePart {
  /** How long it is held without being renewed. */
  readonly seconds: number
  /** Uses of the stretch of time that the terms' rate counts by. */
  readonly stretchUses: number
}

export interface LeaseGiven {
  readonly uses: number
  readonly bytes: number
  /** Uses that may begin in the stretch of now, and when that is over. */
  readonly stretch?: { readonly uses: number; readonly end: Instant }
  /** What is left for others, of uses and bytes; absent: not limited. */
  readonly left: { readonly uses?: number; readonly bytes?: number }
  /** By the record everything was used; otherwise others may still give back what they hold. */
  readonly spent: boolean
}

/**
 * Budgets over several processes: what a process holds here nobody else can give away, so that together they never
 * allow more than the terms do, whoever dies.
 */
export interface UseLeases {
  /** Gives at most what is asked for and still there; nothing for a waiver that is not open. */
  take(asked: LeaseAsked): Promise<LeaseGiven>
  renew(process: string, waivers: readonly WaiverId[], seconds: number): Promise<void>
  giveBack(parts: readonly LeasePart[]): Promise<void>
  /** Waivers on which something is held that nobody renewed in time. */
  expired(limit: number): Promise<readonly WaiverId[]>
  /** Stretches that are long over. */
  forgetStretches(): Promise<void>
}

export interface Revision {
  readonly digest: Digest
  /** `part`: of a directory or a snapshot that is too large for one text (`proof/parts`). */
  readonly kind: 'directory' | 'policy' | 'circumstances' | 'snapshot' | 'part'
  /** Canonical JSON; the digest is the hash of exactly these bytes. */
  readonly content: string
}

export interface Transaction {
  lockWaiver(id: WaiverId, key?: IdempotencyKey): Promise<Locked>
  /** Takes up to `limit` waivers whose time has come and that nobody else has taken. */
  lockDue(limit: number): Promise<{ readonly now: Instant; readonly heads: Heads; readonly waivers: readonly Waiver[] }>
  /** Serialises everything that asks for the same controlling persons, so that caps cannot be split between two requests. */
  lockPersons(persons: readonly PersonId[]): Promise<void>
  /** Approvals that lead from the asking side to others within `ringMax` steps, since `since`. */
  decisions(askedBy: readonly PersonId[], since: Instant, ringMax: number): Promise<IndependenceHistory['decisions']>
  /**
   * From here to the commit nobody else decides: whoever decides already is waited for, whoever comes waits. It goes before
   * every row lock of the same transaction.
   */
  haltDecisions(): Promise<void>
  /** Between two statements of this transaction minutes may pass, since much is worked out in it. */
  takesLong(): Promise<void>
  /** Writes revisions ahead of what will name them, so that nobody holds all of them; what is there already stays. */
  keep(revisions: readonly Revision[]): Promise<void>
  /** Ids, in order, of open waivers that one of these would take with them by leaving. */
  openWaiversOf(people: readonly NodeId[]): Promise<readonly WaiverId[]>
  /** Locks these waivers, in the order of their ids. */
  lockWaivers(ids: readonly WaiverId[]): Promise<readonly Waiver[]>
  /** Other waivers of these persons, on any system, that are open or ended after `since`; also envelopes of the rota. */
  earlier(
    persons: readonly PersonId[],
    except: WaiverId,
    since: Instant,
    rota?: RotaId | undefined,
  ): Promise<readonly Waiver[]>
  /** Takes away what nobody renewed in time, of waivers that were locked before. Whoever held it allows nothing on it any more. */
  dropExpiredLeases(waivers: readonly WaiverId[]): Promise<readonly LeasePart[]>
  /** What these persons exercised through other waivers that are open, or since then. */
  exercised(
    persons: readonly PersonId[],
    except: WaiverId,
    since: Instant,
  ): Promise<readonly { readonly person: PersonId; readonly duty: string; readonly exception?: string }[]>
  /** They exercise these duties through this waiver now. */
  exercise(persons: readonly PersonId[], duties: readonly string[], waiver: WaiverId): Promise<void>
  /** What time it is and what is in force, asked after whatever was locked before. */
  moment(): Promise<{ readonly now: Instant; readonly heads: Heads }>
  /** What was answered under this key; ask after the lock that serialises the act. */
  answered(key: IdempotencyKey): Promise<Answered | undefined>
  write(batch: Batch): Promise<void>
  /** Whether this requester took up this offer before. */
  offerTaken(requester: NodeId, offer: string): Promise<boolean>
  /** Beside the waiver that was asked for, in the same transaction. */
  addAccessRequest(request: NewAccessRequest): Promise<void>
  /** Founding, changes to the rules, the directory: one at a time each, like a waiver. */
  lockRecord(id: string): Promise<LockedRecord>
  writeRecord(write: RecordWrite): Promise<void>
  /** Something to be signed by this person, for so long. */
  openChallenge(challenge: NewChallenge, lastsSeconds: number): Promise<{ readonly expiresAt: Instant }>
  /** In one statement: true for exactly one taker, and only while it is in time and this person's. */
  takeChallenge(id: ChallengeId, person: PersonId): Promise<boolean>
  /** What came of it, for whoever waits elsewhere. */
  settleChallenge(id: ChallengeId, outcome: unknown): Promise<void>
  /** @throws {StoreFault} `conflict` when somebody has enrolled the same credential */
  addPasskey(passkey: KnownPasskey, signCount: number): Promise<void>
  /** False when the counter does not go on; an authenticator that always says 0 does not count. */
  countUse(credential: string, signCount: number): Promise<boolean>
}

/** `chl_…` */
export type ChallengeId = string

export interface NewChallenge {
  readonly id: ChallengeId
  readonly person: PersonId
  /** Whatever the engine needs to know again when it is answered. */
  readonly content: unknown
  readonly nonce: Uint8Array
}

export interface StoredChallenge extends NewChallenge {
  readonly expiresAt: Instant
  readonly usedAt?: Instant
  /** Over by the clock that never goes back. */
  readonly expired: boolean
  readonly outcome?: unknown
}

export interface KnownPasskey {
  readonly id: PasskeyId
  readonly person: PersonId
  readonly credential: string
}

export interface Passkeys {
  challenge(id: ChallengeId): Promise<StoredChallenge | undefined>
  /** By our id or by the authenticator's. */
  find(by: { readonly id: PasskeyId } | { readonly credential: string }): Promise<KnownPasskey | undefined>
}

export interface LockedRecord {
  readonly now: Instant
  readonly heads: Heads
  readonly version: number
  readonly state?: unknown
}

export interface RecordWrite {
  readonly id: string
  readonly kind: RecordKind
  readonly version: number
  readonly status: string
  /** Undefined: only the events are written, of an attempt that led to nothing. */
  readonly state: unknown
  readonly dueAt: Instant | undefined
  readonly events: readonly NewEvent[]
  readonly revisions: readonly Revision[]
  /** Revisions that come into force with this commit. */
  readonly heads: { readonly directory?: Digest; readonly policy?: Digest }
  /** The founders confirmed the time: giving resumes. */
  readonly thaw: boolean
}

export type RecordKind =
  | 'founding'
  | 'change'
  | 'directory'
  | 'tenures'
  | 'log'
  | 'hold'
  | 'link'
  | 'ownership'
  | 'passkeys'
  | 'mitigation'
  | 'drift'

export interface Records {
  find(id: string): Promise<unknown>
  /** Newest first. */
  list(kind: RecordKind, limit: number, status?: string): Promise<readonly unknown[]>
  /** Records whose time has come, by the clock that never goes back. */
  due(limit: number): Promise<readonly string[]>
}

export interface Newest extends Heads {
  readonly now: Instant
  /** Position of the last event of the feed; -1: none. */
  readonly last: bigint
  /** The highest of the committed events that have no position yet; absent: there is none. */
  readonly waiting?: bigint
}

/** The processes that answer checks at each use, and how far each has read the feed. */
export interface Processes {
  /** Said again and again; whoever was silent for a minute is forgotten. */
  report(process: string, position: bigint): Promise<void>
  /** Those that may still answer by what they knew before `position`: heard of within `silentMillis`. */
  behind(position: bigint, silentMillis: number): Promise<number>
}

/** A token that was given for a waiver. What it says stands in the token; here is how it is taken back. */
export interface GivenToken {
  readonly id: string
  readonly waiver: WaiverId
  readonly subject: NodeId
  /** Where its status stands. */
  readonly list: number
  readonly place: number
  readonly expiresAt: Instant
  readonly revoked: boolean
}

export interface Tokens {
  /** @param key public half of what a process signs with; to be found for so long */
  publish(kid: string, key: Readonly<Record<string, unknown>>, seconds: number): Promise<void>
  keys(): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** A place that no other token has or had. */
  place(): Promise<Pick<GivenToken, 'list' | 'place'>>
  add(token: Omit<GivenToken, 'revoked'>): Promise<void>
  revoke(id: string): Promise<void>
  find(id: string): Promise<GivenToken | undefined>
  /** Tokens of a list that may still be valid. */
  listed(list: number): Promise<readonly GivenToken[]>
  /** Tokens that are long over. */
  forget(): Promise<void>
}

/** What somebody asked for by taking up the offer of a denial. */
export interface NewAccessRequest {
  /** The handle; hard to guess. */
  readonly task: string
  readonly waiver: WaiverId
  readonly requester: NodeId
  /** Which offer was taken up; each once by the same requester. */
  readonly offer: string
  /** What the engine needs to know again. */
  readonly asked: unknown
  /** Where to tell when it is over. */
  readonly callback?: unknown
}

export interface AccessRequest extends NewAccessRequest {
  readonly at: Instant
}

export interface AccessRequests {
  find(task: string): Promise<AccessRequest | undefined>
  ofWaiver(waiver: WaiverId): Promise<AccessRequest | undefined>
  /** Takes what is decided and not told yet, and hides it for so long; each with how often it was tried, this time included. */
  takeCallbacks(
    limit: number,
    leaseSeconds: number,
  ): Promise<readonly (AccessRequest & { readonly attempts: number })[]>
  /** @param inSeconds when to try again; absent: never */
  callbackAgain(task: string, inSeconds: number | undefined): Promise<void>
}

/** The whole store, as `app.ts` hands it to the engine. */
export interface Store {
  /**
   * `together`: whoever decides at the same moment may share the transaction and its commit. It is as if each had one of its
   * own, but `run` may be started a second time, alone, when nothing of the first was committed.
   */
  transact<R>(run: (tx: Transaction) => Promise<R>, company?: 'together'): Promise<R>
  /** Current heads and time, without a lock: for preparing, never for deciding. */
  heads(): Promise<Heads & { readonly now: Instant }>
  /** The same, up to half a second old: for whatever is asked again under the lock. */
  recentHeads(): Promise<Heads & { readonly now: Instant }>
  /** Heads, time, and how far the feed has got, all of one moment: what a reader that wants to be current compares with. */
  newest(): Promise<Newest>
  /** Raises the highest time seen, and freezes giving when the clock stands behind it. */
  watchClock(): Promise<'steady' | 'went-backwards'>
  /** How late things are that happen by themselves, in seconds. */
  lag(): Promise<{ readonly sweepSeconds: number; readonly sequenceSeconds: number }>
  readonly waivers: WaiverReads
  readonly revisions: RevisionReads
  readonly grants: Grants
  readonly feed: Feed
  readonly figures: FigureReads
  readonly sinkPlaces: SinkPlaces
  readonly records: Records
  /** What identity providers have pushed to us. */
  readonly scim: ScimState
  readonly leases: UseLeases
  readonly processes: Processes
  readonly tokens: Tokens
  readonly seenProofs: SeenProofKeys
  readonly accessRequests: AccessRequests
  readonly sessions: Sessions
  readonly log: LogStore
  readonly passkeys: Passkeys
  readonly drift: DriftStore
  close(): Promise<void>
}

/** Proofs of possession that were used, by any process. */
export interface SeenProofKeys {
  /** @returns those that were new; afterwards all of them are remembered for so long. */
  remember(keys: readonly string[], seconds: number): Promise<ReadonlySet<string>>
  /** Those too old to matter. @returns whether there may be more. */
  forget(): Promise<boolean>
}

/** Who is signed in with which browser. */
export interface Session {
  /** As the issuer's tokens name it: the key of the issuer, and a login there. */
  readonly account: { readonly on: string; readonly login: string }
  /** Whose account it was when the session began. */
  readonly person: PersonId
  /** When this person last signed in by an act of their own, where that may decide. */
  readonly signedInAt?: Instant
  readonly usedAt: Instant
  /** Whatever happens, it is over then. */
  readonly endsAt: Instant
}

/** Keys are hashes of what browsers hold; 32 bytes. */
export interface Sessions {
  /** In the place of the one this browser had before, which is over with it. */
  begin(
    key: Buffer,
    session: Pick<Session, 'account' | 'person' | 'signedInAt'> & { readonly lastsSeconds: number },
    replaced?: Buffer,
  ): Promise<void>
  /** @returns nothing once it is over or nobody has used it for `idleSeconds`. @param used somebody is there now */
  find(key: Buffer, idleSeconds: number, used: boolean): Promise<Session | undefined>
  end(key: Buffer): Promise<void>
  /** In every browser. */
  endAll(person: PersonId): Promise<void>
}

export interface WaiverFilter {
  readonly status?: readonly Status[]
  readonly system?: string
  readonly beneficiary?: string
  readonly requester?: string
  readonly open?: boolean
  readonly kind?: string
  /** Id of the last waiver of the page before; newest first. */
  readonly after?: WaiverId
  readonly limit: number
}

/** Some of many: `total` is how many there are from where the page begins. */
export interface SomeWaivers {
  readonly waivers: readonly Waiver[]
  readonly total: number
}

export interface WaitingReads {
  /**
   * Waivers that wait for a decision or a sign-off of these pools, or for the owners of these systems; the one that can wait
   * least first. `after` is the last of the page before.
   */
  waiting(page: {
    readonly deciders: readonly string[]
    readonly owned: readonly string[]
    readonly after?: { readonly decideBy: Instant; readonly id: WaiverId }
    readonly limit: number
  }): Promise<SomeWaivers>
  /** Open waivers that the person asked for, or that are for them or for these beneficiaries; the newest first. */
  asked(of: {
    readonly person: string
    readonly beneficiaries: readonly string[]
    readonly limit: number
  }): Promise<SomeWaivers>
}

export interface WaiverReads extends WaitingReads {
  find(id: WaiverId): Promise<Waiver | undefined>
  list(filter: WaiverFilter): Promise<readonly Waiver[]>
  /** Ended waivers whose review is open, the one that is due first first; `after` is the last of the page before. */
  openReviews(page: {
    readonly after?: { readonly dueAt: Instant; readonly id: WaiverId }
    readonly limit: number
  }): Promise<readonly Waiver[]>
  /** Open waivers tied to an incident, change or ticket. */
  withReference(reference: string): Promise<readonly WaiverId[]>
  events(stream: string): Promise<readonly StoredEvent[]>
  /** Open waivers whose access was started, in the order of their ids. */
  started(after: WaiverId, limit: number): Promise<readonly Waiver[]>
  /** Who benefits from any open waiver, and who opened an envelope that is live. */
  openBeneficiaries(): Promise<readonly string[]>
  /** Open waivers of these beneficiaries or on this system, in the order of their ids. */
  openOf(filter: { readonly users?: readonly string[]; readonly system?: string }): Promise<readonly WaiverId[]>
  /** Several waivers at once; what is not there is left out. */
  findAll(ids: readonly WaiverId[]): Promise<readonly Waiver[]>
  /** Seconds of decisions each person took part in lately, for fair routing. */
  decisionsCount(since: Instant): Promise<ReadonlyMap<PersonId, number>>
  /** What was asked since then under each rule, and what came of it; of the newest `limit` waivers. */
  activity(
    since: Instant,
    limit: number,
  ): Promise<{ readonly rules: readonly RuleActivity[]; readonly complete: boolean }>
}

export interface RuleActivity {
  /** `entitlement` is named with its system before it. */
  readonly of: 'tier' | 'entitlement' | 'duty-rule' | 'kind'
  readonly id: string
  readonly asked: number
  readonly given: number
  readonly denied: number
  readonly lapsed: number
  readonly live: number
  readonly refused: number
  readonly latest: WaiverId
}

export interface RevisionReads {
  directory(digest: Digest): Promise<DirectoryFacts | undefined>
  policy(digest: Digest): Promise<Policy | undefined>
  circumstances(digest: Digest): Promise<unknown>
  /** What a source said and nobody has confirmed. */
  snapshot(digest: Digest): Promise<SourceSnapshot | undefined>
  /** Of whatever kind, as it was stored: canonical JSON, and of what was cut into parts the root. */
  content(digest: Digest): Promise<unknown>
  /** Several at once; what is not there is left out. */
  contents(digests: readonly Digest[]): Promise<ReadonlyMap<Digest, unknown>>
  /** Those of these that are not there, or not with all their parts. */
  absent(digests: readonly Digest[]): Promise<readonly Digest[]>
  /** Looks at a page of all there are, in order of their digests. */
  examine(
    after: Digest,
    limit: number,
  ): Promise<{
    /** Content that is not what it is named after. */
    readonly differing: readonly Digest[]
    /** Where to go on; absent at the end. */
    readonly next?: Digest
  }>
}

/** One grant as the reconciler works on it. The row is the schedule. */
export interface GrantRow {
  readonly wanted: WantedGrant
  readonly waiver: WaiverId
  readonly attempts: number
  /** At the last look it was as it shall be, and nothing has been asked of it since. */
  readonly settled: boolean
  readonly lastError?: string
}

export interface GrantReport {
  readonly grant: string
  /** Reports of an older generation are dropped. */
  readonly generation: number
  readonly settled: boolean
  /** `Infinity`: never again. */
  readonly nextInSeconds: number
  readonly attempts: number
  readonly lastError?: string
  readonly observed?: unknown
  /** Whether the target showed a use of the access; absent: it was not asked, or cannot say. */
  readonly use?: 'seen' | 'not-seen'
}

export interface GrantView extends GrantRow {
  readonly nextAt?: Instant
  readonly observed?: unknown
  readonly observedAt?: Instant
}

export interface Grants {
  /** Takes grants whose time has come, at most `perSystem` of each system but `without`, and hides them for `leaseSeconds`. */
  claim(
    limit: number,
    perSystem: number,
    leaseSeconds: number,
    without?: readonly string[],
  ): Promise<readonly GrantRow[]>
  report(reports: readonly GrantReport[]): Promise<void>
  find(grant: string): Promise<GrantView | undefined>
  list(filter: {
    readonly system?: string
    readonly settled?: boolean
    readonly after?: string
    readonly limit: number
  }): Promise<readonly GrantView[]>
}

/** How far each sink has got in the feed. */
export interface SinkPlaces {
  /** Takes a sink's place for a while. @returns the position it has got to; `undefined` while another process has it. */
  take(sink: string, leaseSeconds: number): Promise<bigint | undefined>
  /** Gives the place back, moved or not. Nothing happens when somebody else has moved it meanwhile. */
  leave(sink: string, from: bigint, to: bigint): Promise<void>
  all(): Promise<readonly { readonly sink: string; readonly position: bigint }[]>
}

export type PlacedEvent = StoredEvent & { readonly position: bigint }

export interface FeedBackwards {
  /** Only what stands before this position; absent: from the newest on. */
  readonly before?: bigint
  readonly stream?: string
  readonly by?: string
  /** A part of the name of its type, in whatever case. */
  readonly type?: string
  readonly limit: number
}

export interface FeedStretch {
  readonly events: readonly PlacedEvent[]
  /** Where to go on; absent at the beginning of the feed. */
  readonly next?: bigint
}

export interface Feed {
  /** Gives committed events their gapless position. Only one process does it at a time. @returns how many. */
  sequence(limit: number): Promise<number>
  after(position: bigint, limit: number): Promise<readonly PlacedEvent[]>
  /** Newest first, from a bounded stretch of the feed, however much of it fits. */
  before(asked: FeedBackwards): Promise<FeedStretch>
  /** The event of this position with what opens its leaf. */
  at(
    position: bigint,
  ): Promise<{ readonly event: PlacedEvent; readonly salt: Uint8Array; readonly text?: string } | undefined>
  /** Whether everything that was waiting when `newest` said so has a position by now. */
  isPlaced(waiting: bigint): Promise<boolean>
  last(): Promise<bigint>
}
