/**
 * What is really true on the target, whatever its connector says? Accounts, access, sessions and what was left behind,
 * in memory, with a log of every effect, so that a test can ask who had what and when. It outlives the connectors made
 * for it, as a target outlives a crash. Time is asked for, never measured.
 */

import type { Instant } from '../../core/time.ts'
import type { Activity, GrantSpec, Holding, LiveSession, Residue } from '../access.ts'

export type Effect =
  | { readonly effect: 'given'; readonly grant: string; readonly account: string; readonly generation: number }
  | { readonly effect: 'taken'; readonly grant: string; readonly account: string; readonly generation: number }
  | {
      readonly effect: 'session-opened'
      readonly session: string
      readonly account: string
      readonly uses: readonly string[]
    }
  | {
      readonly effect: 'session-ended'
      readonly session: string
      readonly account: string
      readonly uses: readonly string[]
    }
  | { readonly effect: 'used'; readonly account: string; readonly what: string }

/** An effect with its place in the order of effects, from 1. */
export type Logged = Effect & { readonly order: number; readonly at: Instant }

export interface Session extends LiveSession {
  /** Grants whose access the session opened with, and goes on using until it is ended: the worst a target can do. */
  readonly uses: readonly string[]
}

/** Standing access is to whatever is asked about; what was given is to its resources. */
export interface Held extends Omit<Holding, 'entitlement'> {
  readonly resources?: readonly string[]
}

export interface WorldOptions {
  readonly now: () => Instant
  readonly accounts?: readonly string[]
  /** What can be asked for; anything else is refused. Absent: everything. */
  readonly resources?: readonly string[]
  readonly actions?: readonly string[]
  /** Whether the target refuses work of an older generation. Default true; a target that cannot is the harder test. */
  readonly fenced?: boolean
}

export class World {
  readonly log: Logged[] = []
  readonly accounts: Set<string>
  readonly #options: WorldOptions
  readonly #access = new Map<string, GrantSpec>()
  readonly #newest = new Map<string, { readonly generation: number; readonly account: string }>()
  readonly #sessions = new Map<string, Session>()
  readonly #residue = new Map<string, Residue[]>()
  readonly #standing: { readonly account: string; readonly holds: string }[] = []
  readonly #guests = new Map<string, readonly string[]>()
  readonly #extra = new Set<string>()
  readonly #underWay: (() => void)[] = []

  constructor(options: WorldOptions) {
    this.#options = options
    this.accounts = new Set(options.accounts)
  }

  /** Grants that exist on the target now, as they were applied. */
  get access(): readonly GrantSpec[] {
    return [...this.#access.values()]
  }

  get sessions(): readonly Session[] {
    return [...this.#sessions.values()]
  }

  accessOf(grant: string): GrantSpec | undefined {
    return this.#access.get(grant)
  }

  /** Whether the account can do anything of this grant at all: by access, or by a session that outlived it. */
  canUse(account: string): boolean {
    const held = this.access.some((spec) => spec.account === account)
    return held || this.#standing.some((one) => one.account === account) || this.sessionsOf(account).length > 0
  }

  sessionsOf(account: string): readonly Session[] {
    return this.sessions.filter((session) => session.account === account && session.uses.length > 0)
  }

  /** @returns why it was refused, or undefined when the access is there now. */
  give(spec: GrantSpec): string | undefined {
    const refusal = this.#refusal(spec)
    if (refusal !== undefined) return refusal
    const before = this.#access.get(spec.grant)
    this.#newest.set(spec.grant, spec)
    this.#access.set(spec.grant, spec)
    if (before === undefined) this.#note({ effect: 'given', ...told(spec) })
    return undefined
  }

  /** @returns why it was refused, or undefined when the access is gone now. */
  take(spec: GrantSpec): string | undefined {
    if (this.#isOlder(spec)) return olderThan(spec)
    this.#newest.set(spec.grant, spec)
    if (this.#access.delete(spec.grant)) this.#note({ effect: 'taken', ...told(spec) })
    return undefined
  }

  openSession(account: string): Session {
    const uses = this.access.filter((spec) => spec.account === account).map(({ grant }) => grant)
    const session = `session-${this.log.length + 1}`
    const opened: Session = { session, account, since: this.#options.now(), detail: 'open', uses }
    this.#sessions.set(session, opened)
    this.#note({ effect: 'session-opened', session, account, uses })
    return opened
  }

  /** Sessions that use the grant. */
  using(grant: string): readonly Session[] {
    return this.sessions.filter(({ uses }) => uses.includes(grant))
  }

  endSession(session: string): void {
    const ended = this.#sessions.get(session)
    if (ended === undefined) return
    this.#sessions.delete(session)
    this.#note({ effect: 'session-ended', session, account: ended.account, uses: ended.uses })
  }

  /** The account does something with its access; activity tells of it. */
  use(account: string, what: string): void {
    this.#note({ effect: 'used', account, what })
  }

  activityOf(account: string, since: Instant): readonly Activity[] {
    return this.log.flatMap((one) =>
      one.effect === 'used' && one.account === account && one.at >= since
        ? [{ at: one.at, account, what: one.what }]
        : [],
    )
  }

  /** Leaves something behind that outlives the grant, until it is cleaned up. */
  leave(grant: string, residue: Residue): void {
    this.#residue.set(grant, [...this.residueOf(grant), residue])
  }

  cleanUp(grant: string): void {
    this.#residue.delete(grant)
  }

  residueOf(grant: string): readonly Residue[] {
    return this.#residue.get(grant) ?? []
  }

  /** Somebody changes the access behind everybody's back. */
  tamper(grant: string, change: Partial<GrantSpec>): void {
    const spec = this.#access.get(grant)
    if (spec !== undefined) this.#access.set(grant, { ...spec, ...change })
  }

  /** Access that others gave, to keep. */
  giveStanding(account: string, holds: string): void {
    this.#standing.push({ account, holds })
  }

  takeStanding(account: string): void {
    this.#standing.splice(0, Infinity, ...this.#standing.filter((one) => one.account !== account))
  }

  standingOf(account: string): readonly string[] {
    return this.#standing.filter((one) => one.account === account).map(({ holds }) => holds)
  }

  holdings(): readonly Held[] {
    const ours = this.access.map(({ grant, account, until, resources }) => ({
      account,
      holds: resources.join(),
      resources,
      grant,
      until,
    }))
    const guests = ours.flatMap((one) => (this.#guests.get(one.grant) ?? []).map((account) => ({ ...one, account })))
    return [...ours, ...guests, ...this.#standing]
  }

  /** Another account uses the access of this grant too, for as long as it is there. */
  letIn(grant: string, account: string): void {
    this.#guests.set(grant, [...(this.#guests.get(grant) ?? []), account])
  }

  putOut(grant: string): void {
    this.#guests.delete(grant)
  }

  /** Whether all of this can be asked for here. */
  offers(resources: readonly string[]): boolean {
    return isOffered(resources, this.#options.resources)
  }

  /** What the resource contains besides itself, so that an entitlement can be widened. */
  widen(what: string): void {
    this.#extra.add(what)
  }

  narrow(what: string): void {
    this.#extra.delete(what)
  }

  contents(): readonly string[] {
    return [...this.#extra].sort()
  }

  /** Keeps an effect that is on its way. */
  postpone(effect: () => void): void {
    this.#underWay.push(effect)
  }

  get underWay(): number {
    return this.#underWay.length
  }

  /** What was delayed arrives now, the oldest first. */
  deliver(count = this.#underWay.length): void {
    for (const effect of this.#underWay.splice(0, count)) effect()
  }

  /** Why the target would not take this spec, or undefined. */
  #refusal(spec: GrantSpec): string | undefined {
    const { resources, actions } = this.#options
    if (spec.account === '' || spec.account.includes('\0') || !spec.account.isWellFormed())
      return 'no account can have this name'
    if (!this.accounts.has(spec.account)) return `the account \`${spec.account}\` does not exist`
    if (!isOffered(spec.resources, resources)) return 'there is no such resource'
    if (!isOffered(spec.actions, actions)) return 'there is no such action'
    const newest = this.#newest.get(spec.grant)
    if (newest !== undefined && newest.account !== spec.account) return 'the grant is for another account'
    return this.#isOlder(spec) ? olderThan(spec) : undefined
  }

  #isOlder({ grant, generation }: GrantSpec): boolean {
    const newest = this.#newest.get(grant)
    return this.#options.fenced !== false && newest !== undefined && generation < newest.generation
  }

  #note(effect: Effect): void {
    this.log.push({ ...effect, order: this.log.length + 1, at: this.#options.now() })
  }
}

function told({ grant, account, generation }: GrantSpec) {
  return { grant, account, generation }
}

function olderThan({ generation }: GrantSpec): string {
  return `generation ${generation} is older than what the target has seen`
}

function isOffered(asked: readonly string[], offered: readonly string[] | undefined): boolean {
  return asked.length > 0 && (offered === undefined || asked.every((one) => offered.includes(one)))
}
