/**
 * Who is behind this browser? Sessions that live on the server: the browser holds a secret, the store its hash, and whose
 * account it is is asked of the directory at every call. A session ends when nobody used it for a while, when its day is
 * over, when its person signs out, here or everywhere, and when the account is not theirs any more.
 */
import { millisOf } from '../../core/time.ts'
import type { Session, Sessions } from '../../store/contract.ts'
import type { ResolveAccount } from '../account.ts'
import { type Authenticated, actorOf } from '../actor.ts'
import type { IssuerConfig } from '../config.ts'
import { type AuthenticationProblem, authenticationProblem } from '../problem.ts'
import type { TokenVerifier } from '../tokens.ts'
import { type Cookie, cookieNames, onlyCookie, sessionCookie, signInCookie } from './cookies.ts'
import { browserProvider } from './provider.ts'
import { isProofOf, newSecret, proofOf, readSecret, type SessionSecret } from './secret.ts'
import { beginSignIn, finishSignIn, isState, type SignInOptions, type SignInProblem, type Wanted } from './sign-in.ts'

export interface BrowserOptions {
  readonly publicUrl: string
  readonly audience: string
  readonly issuers: readonly IssuerConfig[]
  readonly sessions: Sessions
  readonly verifier: TokenVerifier
  readonly resolveAccount: ResolveAccount
  /** Reads what a reference to a secret names. */
  readonly readReference: (reference: string) => string
  /** A session that nobody used for so long is over. */
  readonly idleSeconds: number
  /** A session is over after so long, used or not. */
  readonly lastsSeconds: number
}

/** What of a call says which browser it comes from, and which page. */
export interface BrowserCall {
  readonly cookie: string | undefined
  /** Header `countersign-page`: proves that a page of ours makes this call. */
  readonly proof: string | undefined
  /** `Origin`. */
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`. */
  readonly site: string | undefined
  readonly writes: boolean
  /** Somebody is there and did something just now; a page that refreshes itself does not say so. */
  readonly present: boolean
}

/** Leads the browser on, with what it has to keep or forget. */
export interface Lead {
  readonly address: string
  readonly cookies: readonly Cookie[]
}

export interface OpenSession {
  readonly proof: string
  readonly endsAt: string
  readonly idleSeconds: number
}

export interface Browsers {
  /** Issuers at which one can sign in by browser. */
  readonly issuers: readonly string[]
  holdsSession(cookie: string | undefined): boolean
  authenticate(call: BrowserCall): Promise<Authenticated | AuthenticationProblem>
  /** @returns nothing when there is none, or it is over. */
  session(call: BrowserCall): Promise<OpenSession | undefined>
  signIn(wanted: Wanted): Promise<Lead>
  /** @param back path and query @param cookie the whole header */
  callback(back: string, cookie: string | undefined): Promise<Lead>
  signOut(cookie: string | undefined, everywhere: boolean): Promise<readonly Cookie[]>
}

export function browsersOf(options: BrowserOptions): Browsers {
  const { publicUrl, audience, sessions, verifier, resolveAccount, idleSeconds, lastsSeconds } = options
  const names = cookieNames(publicUrl)
  const { origin } = new URL(publicUrl)
  const providers = options.issuers.flatMap((issuer) => browserProvider(issuer, options.readReference) ?? [])
  const signing: SignInOptions = { publicUrl, audience, providers, verifier }
  const secretIn = (cookie: string | undefined) => readSecret(onlyCookie(cookie, names.session))

  const recognised = async (call: BrowserCall): Promise<Recognised | AuthenticationProblem> => {
    const secret = secretIn(call.cookie)
    if (secret === undefined) return authenticationProblem('session-over')
    if (isForged(call, secret, origin)) return authenticationProblem('call-forged')
    const session = await sessions.find(secret.key, idleSeconds, call.present)
    if (session === undefined) return authenticationProblem('session-over')
    const who = await actorOf(tokenLike(session), resolveAccount)
    if ('problem' in who) return who
    // Somebody else's by now, or a workload's.
    if (who.actor.id !== session.person) return authenticationProblem('session-over')
    return { secret, session, who }
  }

  return {
    issuers: providers.map(({ issuer }) => issuer.key),
    holdsSession: (cookie) => secretIn(cookie) !== undefined,
    async authenticate(call) {
      const found = await recognised(call)
      return 'problem' in found ? found : found.who
    },
    async session(call) {
      const found = await recognised(call)
      if ('problem' in found) return undefined
      return { proof: proofOf(found.secret), endsAt: found.session.endsAt, idleSeconds }
    },
    async signIn(wanted) {
      const begun = await beginSignIn(signing, wanted)
      if (typeof begun === 'string') return { address: withProblem('/', begun), cookies: [] }
      return { address: begun.address, cookies: [signInCookie(names, begun.state, begun.pending)] }
    },
    async callback(back, cookie) {
      const state = new URL(back, publicUrl).searchParams.get('state') ?? ''
      if (!isState(state)) return { address: withProblem('/', 'sign-in-expired'), cookies: [] }
      const done = await finishSignIn(signing, back, onlyCookie(cookie, names.signIn(state)))
      const forget = signInCookie(names, state, '')
      if ('problem' in done) return { address: withProblem(done.to, done.problem), cookies: [forget] }
      const { actor, account } = done.signedIn
      // INVARIANT: a secret that was there before the sign-in is worth nothing after it.
      const secret = newSecret()
      await sessions.begin(
        secret.key,
        {
          account,
          person: actor.id,
          ...(actor.signedInAt === undefined ? {} : { signedInAt: actor.signedInAt }),
          lastsSeconds,
        },
        secretIn(cookie)?.key,
      )
      return { address: done.to, cookies: [forget, sessionCookie(names, secret.cookie, lastsSeconds)] }
    },
    async signOut(cookie, everywhere) {
      const secret = secretIn(cookie)
      const session = secret === undefined ? undefined : await sessions.find(secret.key, idleSeconds, false)
      if (secret !== undefined) await sessions.end(secret.key)
      if (session !== undefined && everywhere) await sessions.endAll(session.person)
      return [sessionCookie(names, '', 0)]
    },
  }
}

interface Recognised {
  readonly secret: SessionSecret
  readonly session: Session
  readonly who: Authenticated
}

/** Browsers send cookies along for whoever makes them call. A write proves that our page made it; nothing is read for others. */
function isForged({ origin: from, site, writes, proof }: BrowserCall, secret: SessionSecret, origin: string): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (from !== undefined && from !== origin) return true
  return writes && !isProofOf(secret, proof)
}

/** What the token said when the session began. Whose account it is is found out anew. */
function tokenLike({ account, signedInAt, endsAt }: Session) {
  return {
    issuerKey: account.on,
    subject: account,
    actors: [],
    client: undefined,
    signedInSeconds: signedInAt === undefined ? undefined : millisOf(signedInAt) / 1000,
    expiresSeconds: millisOf(endsAt) / 1000,
  }
}

function withProblem(to: string, problem: SignInProblem): string {
  return `${to}${to.includes('?') ? '&' : '?'}sign-in=${problem}`
}
