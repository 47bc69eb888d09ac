/**
 * What the API needs from the house and may not fetch itself: `app.ts` hands it in. Shapes only; each says who has to
 * keep which promise.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { Registry } from 'prom-client'
import type { Nature } from '../connectors/access.ts'
import type { DirectorySource } from '../connectors/directory.ts'
import type { Finding, PeopleNeeded } from '../core/check-policy.ts'
import type { Policy } from '../core/policy.ts'
import type { Actor } from '../core/waiver.ts'
import type { AccessRequestDesk } from '../engine/access-requests/desk.ts'
import type { Machinery } from '../engine/handle.ts'
import type { TokenDesk } from '../engine/runtime/grant-tokens.ts'
import type { Runtime } from '../engine/runtime/runtime.ts'
import type { Witnessing } from '../engine/seal/published.ts'
import type { SeenProofs } from '../tokens/index.ts'
import type { ScimOptions } from './scim/options.ts'

/** What of a request says who is calling. */
export interface Credentials {
  readonly authorization?: string | undefined
  /** Header `DPoP`, and what its proof has to name: method and address as the caller knows them. */
  readonly dpop?: string | undefined
  readonly method?: string
  readonly url?: string
  /** The token is being exchanged: no call of its own, so its key was shown by a proof for the exchange. */
  readonly exchange?: { readonly key?: string }
  /** Looked at only where there is no `authorization`. */
  readonly browser?: BrowserCall
}

/** What of a request says which browser it comes from, and which page. */
export interface BrowserCall {
  readonly cookie: string | undefined
  /** `countersign-page`: what only a page of ours can know. */
  readonly proof: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`. */
  readonly site: string | undefined
  readonly writes: boolean
  /** Somebody is there and did something just now. */
  readonly present: boolean
}

export interface Cookie {
  readonly name: string
  readonly value: string
  readonly maxAgeSeconds: number
  readonly sameSite: 'strict' | 'lax'
  readonly secure: boolean
}

/** Where a browser is led, and what it keeps or forgets. */
export interface Lead {
  readonly address: string
  readonly cookies: readonly Cookie[]
}

/** Signing in by browser. Must lead to the identity provider or to a page of ours, and nowhere else. */
export interface Browsers {
  /** Keys of the issuers at which one can. */
  readonly issuers: readonly string[]
  session(
    call: BrowserCall,
  ): Promise<{ readonly proof: string; readonly endsAt: string; readonly idleSeconds: number } | undefined>
  signIn(wanted: {
    readonly issuer?: string | undefined
    readonly fresh: boolean
    readonly to?: string | undefined
  }): Promise<Lead>
  callback(back: string, cookie: string | undefined): Promise<Lead>
  signOut(cookie: string | undefined, everywhere: boolean): Promise<readonly Cookie[]>
}

/** The built pages. */
export interface Pages {
  /** Folder of the build; absent: nothing was built, and that is said instead of a page. */
  readonly folder: string | undefined
  /** The sample organisation, where one chooses whom to be. */
  readonly sample: boolean
}

/** Nobody was recognised. `problem` says why in one word, `message` in a sentence that is safe to show. */
export interface NotAuthenticated {
  readonly problem: string
  /**
   * `unauthenticated`: sign in. `not-admitted`: the token is good, the directory knows nobody. `unavailable`: try again.
   * `forged`: a browser was made to call by somebody else's page.
   */
  readonly kind: 'unauthenticated' | 'not-admitted' | 'unavailable' | 'forged'
  readonly message: string
  /** WWW-Authenticate, where a better token would help (RFC 6750). */
  readonly challenge?: string
}

/** Must answer for anything a caller can send, and never guess. What it throws lets nobody in. */
export type Authenticate = (credentials: Credentials) => Promise<{ readonly actor: Actor } | NotAuthenticated>

export interface FileText {
  readonly name: string
  readonly text: string
}

export interface FileProblem {
  readonly where: string
  readonly message: string
}

/** Reads the text it is given and nothing else. */
export type ReadPolicyFiles = (
  files: readonly FileText[],
) => { readonly policy: Policy } | { readonly problems: readonly FileProblem[] }

/** What these rules would mean for the people there are now. Must not change anything. */
export type CheckPolicy = (
  policy: Policy,
) => Promise<{ readonly findings: readonly Finding[]; readonly tiers: readonly PeopleNeeded[] }>

/** What the connector of a system knows about its own limits; `undefined` when no connector reaches it. Must not touch the target. */
export type NatureOf = (system: string) => Promise<Nature | undefined>

export interface ReadyCheck {
  /** `database`, `directory`, `clock`, `sweep`, `sequence`; further ones are shown as they are. */
  readonly name: string
  /** `down` takes this process out of service; `degraded` is only said. */
  readonly state: 'ok' | 'degraded' | 'down'
  readonly detail: string
  /** Age or lag in seconds, for `directory`, `sweep` and `sequence`. */
  readonly seconds?: number
}

export interface ReadyReport {
  readonly checks: readonly ReadyCheck[]
}

/** How the log is shown. */
export interface Transparency {
  /** Without signing in. */
  readonly isPublic: boolean
  readonly witnessing: Witnessing
}

export interface ApiOptions {
  readonly machinery: Machinery
  readonly authenticate: Authenticate
  readonly sources: readonly DirectorySource[]
  readonly readPolicyFiles: ReadPolicyFiles
  readonly checkPolicy: CheckPolicy
  /** Proofs of possession that were used; absent: remembered by this process alone. */
  readonly seen?: SeenProofs
  readonly natureOf: NatureOf
  /** Absent: nobody signs in by browser, and there are no pages. */
  readonly browsers?: Browsers
  readonly pages?: Pages
  /** `https://countersign.example`: what problems and documents call this installation. */
  readonly publicUrl: string
  /** Issuers whose tokens are believed, for clients that look for one. */
  readonly authorizationServers?: readonly string[]
  /** Pino, or anything that speaks like it; absent: nothing is logged. */
  readonly log?: FastifyBaseLogger
  /** Must answer within a few seconds and not throw for what can be expected to fail. */
  readonly ready: () => Promise<ReadyReport>
  /** Sources that are pushed to us; absent: there are none. */
  readonly scim?: ScimOptions
  /** What is in force, for checks at every use; absent: every check says no. */
  readonly runtime?: Runtime
  /** Tokens for what is live; absent: none are given. */
  readonly tokens?: TokenDesk
  /** Asking by the profile of decision points; absent: denials carry no offers. */
  readonly accessRequests?: AccessRequestDesk
  /** Absent: shown to everybody, and no witness is required. */
  readonly transparency?: Transparency
  /** Where metrics are kept; absent: a registry of its own. */
  readonly register?: Registry
}
