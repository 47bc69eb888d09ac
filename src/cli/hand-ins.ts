/**
 * What the server hands in for the few commands that run it, so that the command line itself knows nothing of engines,
 * stores and connectors. `src/serve.ts` implements it; it is loaded only when one of these commands runs.
 */
import type { DirectoryFacts, SourceId, SourceSnapshot } from '../core/directory.ts'
import type { Founding } from '../core/founding.ts'
import type { Policy } from '../core/policy.ts'
import type { Refusal } from '../core/refusal.ts'
import type { Instant } from '../core/time.ts'
import type { Problem } from '../files/yaml.ts'
import type { AuditTrust, AuditVerdict } from '../proof/index.ts'

export interface ServeOptions {
  /** The configuration file. */
  readonly config: string
  /** `api` answers, `worker` sweeps and reconciles, `both` does both. */
  readonly role: 'api' | 'worker' | 'both'
}

export interface Running {
  /** Where it answers; absent for a worker. */
  readonly url?: string
  stop(): Promise<void>
}

export interface InitOptions {
  readonly config: string
  readonly founders: readonly string[]
  /** How many of them must accept. */
  readonly needed: number
  readonly policy: Policy
}

export type InitOutcome =
  | { readonly outcome: 'accepted'; readonly founding: Founding }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

/** The log after the change. */
export interface LogKeyChange {
  readonly origin: string
  /** Verifier key that signs from now on. */
  readonly key: string
}

export interface DoctorReport {
  readonly checks: readonly {
    readonly name: string
    readonly state: 'ok' | 'worth-a-look' | 'broken'
    /** Lower-case, no full stop. */
    readonly detail: string
    /** What to do; absent when nothing is. */
    readonly advice?: string
  }[]
}

export interface BackupOutcome {
  readonly majorVersion: number
  readonly fileCount: number
  readonly sizeBytes: number
  /** Given to restore, it shows that the copy is the one that was made. */
  readonly manifestSha256: string
}

export interface DemoOptions {
  /** Plays the story and ends, instead of staying up. */
  readonly exit: boolean
  /** Another directory than that of the example: a file or a folder. */
  readonly directory?: string
  /** Where its data is kept; made anew every time. */
  readonly folder: string
  readonly port: number
}

/** What `demo/run.ts` gives. */
export interface Demo {
  runDemo(options: DemoOptions): Promise<void>
  runAgentDemo(options: Omit<DemoOptions, 'directory'>): Promise<void>
}

/**
 * Whatever is wrong with the configuration, the data folder or the network is thrown as an Error whose message is a
 * sentence for people; with a `code` when it has one.
 */
export interface HandIns {
  serve(options: ServeOptions): Promise<Running>
  init(options: InitOptions): Promise<InitOutcome>
  doctor(options: { readonly config: string }): Promise<DoctorReport>
  /** Derives the log again from its database; undefined when nothing was sealed. */
  auditLog(options: { readonly config: string; readonly trust: AuditTrust }): Promise<AuditVerdict | undefined>
  /** Another key signs the log from now on; the change is an event in it. */
  rotateLogKey(options: { readonly config: string; readonly reason: string }): Promise<LogKeyChange>
  /** What was signed cannot be continued; the same events are sealed anew under another name. */
  beginLogAgain(options: {
    readonly config: string
    readonly origin: string
    readonly reason: string
  }): Promise<LogKeyChange>
  /** Copies the folder of a stopped server of Countersign's own. */
  backup(options: { readonly folder: string; readonly to: string }): Promise<BackupOutcome>
  restore(options: {
    readonly from: string
    readonly to: string
    readonly manifestSha256?: string
  }): Promise<{ readonly majorVersion: number }>
  /** The directory that these files describe, as read at this moment. */
  directoryFromFiles(
    path: string,
    now: Instant,
  ): Promise<{ readonly facts: DirectoryFacts } | { readonly problems: readonly Problem[] }>
  /** What one file or folder says by itself, whichever kind of directory it is, as its source states it. */
  snapshotFromFiles(
    path: string,
    source: SourceId,
    now: Instant,
  ): Promise<{ readonly snapshot: SourceSnapshot } | { readonly problems: readonly Problem[] }>
}
