/**
 * What does a token with a good signature really say? Reads the verified claims by the rules of its issuer and keeps
 * only what is needed to find out who acts. Never repairs, folds or guesses: names are kept byte by byte.
 */
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import type { WorkloadId } from '../core/directory.ts'
import type { IssuerConfig } from './config.ts'
import { type AuthenticationProblem, authenticationProblem } from './problem.ts'

/** An account as a token names it: the key of an issuer, and a login there. */
export interface NamedAccount {
  readonly on: string
  readonly login: string
  /** The workload that a rule of the configuration says this is; the directory is asked for it instead of the account. */
  readonly workload?: WorkloadId
}

/** Everything that is used of a token, once verified. */
export interface VerifiedToken {
  readonly issuerKey: string
  readonly subject: NamedAccount
  /** Whoever acts for the subject, from the current actor back to the first (RFC 8693 section 4.1); empty without `act`. */
  readonly actors: readonly NamedAccount[]
  readonly client: string | undefined
  /** Seconds since 1970 of a sign-in by a client that decides; who acts has to be looked at as well. */
  readonly signedInSeconds: number | undefined
  readonly expiresSeconds: number
  /** Thumbprint of the key that whoever sends it has to show they hold (RFC 7800, RFC 9449). */
  readonly boundTo?: string
}

/** How one issuer names whoever acts for a subject. */
export interface ActorNames {
  readonly key: string
  nameOf(actor: Readonly<Record<string, unknown>>): NamedAccount | undefined
}

/** What every kind of issuer says about its tokens. */
export interface TokenTerms {
  readonly audiencesBeside: readonly string[]
  readonly lifetimeSecondsMax: number
  readonly dpop: 'accepted' | 'required'
}

/** Clocks of issuers and ours may differ by this much. */
export const skewSecondsMax = 30
/** A chain is read in full or refused, never cut. */
const actorsMax = 16
const loginLengthMax = 512

/** By `iss`. */
export type ActorIssuers = ReadonlyMap<string, ActorNames>

export function readClaims(
  payload: JWTPayload,
  config: IssuerConfig,
  audience: string,
  issuers: ActorIssuers,
): VerifiedToken | AuthenticationProblem {
  const no = notForUs(payload, config, audience) ?? wrongLifetime(payload, config, payload.iat as number)
  if (no !== undefined) return no
  const bound = boundIn(payload, config)
  if ('problem' in bound) return bound
  const login = loginOf(payload, config)
  if (login === undefined) {
    return authenticationProblem('token-malformed', `the claim \`${config.subjectClaim}\` names no account`)
  }
  const actors = actorsOf(payload.act, config, issuers)
  if ('problem' in actors) return actors
  const client = clientOf(payload, config.clientClaims)
  if (typeof client === 'object') return client
  const signedIn = signedInOf(payload, config, client)
  if (typeof signedIn === 'object') return signedIn
  return {
    issuerKey: config.key,
    subject: { on: config.key, login },
    actors,
    client,
    signedInSeconds: signedIn,
    expiresSeconds: payload.exp as number,
    ...bound,
  }
}

/** @returns how this issuer names actors: as it names subjects. */
export function actorNamesOf(config: IssuerConfig): ActorNames {
  return {
    key: config.key,
    nameOf(actor) {
      const login = loginOf(actor, config)
      return login === undefined ? undefined : { on: config.key, login }
    },
  }
}

/** `aud` must be ours alone: whoever else a token is for could replay it here. */
export function notForUs(
  { aud }: JWTPayload,
  { audiencesBeside }: TokenTerms,
  audience: string,
): AuthenticationProblem | undefined {
  const named = Array.isArray(aud) ? aud : [aud]
  const others = named.filter((one) => one !== audience && !audiencesBeside.includes(String(one)))
  if (named.includes(audience) && others.length === 0) return undefined
  return authenticationProblem('audience-wrong', `expected \`${audience}\`${others.length > 0 ? ' alone' : ''}`)
}

/** RFC 7800: whoever presents it must show that they hold the key. Only one way to say which key is understood. */
export function boundIn(
  { cnf }: JWTPayload,
  { dpop }: TokenTerms,
): { readonly boundTo?: string } | AuthenticationProblem {
  if (cnf === undefined) return dpop === 'required' ? authenticationProblem('token-not-bound') : {}
  const members = isRecord(cnf) ? Object.keys(cnf) : []
  const thumbprint = isRecord(cnf) ? cnf.jkt : undefined
  if (members.length === 1 && typeof thumbprint === 'string' && thumbprint !== '') return { boundTo: thumbprint }
  return authenticationProblem('token-bound', 'its `cnf` is not understood')
}

/** `exp` and `nbf` were compared with the clock when the signature was verified. */
export function wrongLifetime(
  { exp }: JWTPayload,
  { lifetimeSecondsMax }: TokenTerms,
  fromSeconds: number,
): AuthenticationProblem | undefined {
  const seconds = Math.ceil((exp as number) - fromSeconds)
  if (seconds <= lifetimeSecondsMax) return undefined
  return authenticationProblem('token-too-long-lived', `${seconds} seconds, at most ${lifetimeSecondsMax}`)
}

/**
 * RFC 9068 marks access tokens so that nothing else passes for one. Where an issuer cannot, the marks of id, refresh and
 * logout tokens are looked for instead, which is weaker: it knows only the kinds it knows.
 */
export function ofOtherType(
  { typ }: ProtectedHeaderParameters,
  claims: JWTPayload,
  allowed: IssuerConfig['typ'],
): AuthenticationProblem | undefined {
  const type = typ?.toLowerCase().replace(/^application\//, '')
  if (type === 'at+jwt') return undefined
  const relaxed = (type === 'jwt' && allowed !== 'at+jwt') || (type === undefined && allowed === 'absent')
  const marks = ['at_hash', 'c_hash', 's_hash', 'events']
  const ownType = claims.typ
  const bearer = typeof ownType === 'string' && ownType.toLowerCase() === 'bearer'
  const otherKind = (ownType !== undefined && !bearer) || (claims.nonce !== undefined && !bearer)
  if (relaxed && !otherKind && !marks.some((mark) => claims[mark] !== undefined)) return undefined
  return authenticationProblem('token-of-other-type', allowed === 'at+jwt' ? 'expected `typ` `at+jwt`' : undefined)
}

function loginOf(claims: Readonly<Record<string, unknown>>, config: IssuerConfig): string | undefined {
  const login = claims[config.subjectClaim]
  if (typeof login !== 'string' || login === '' || login.length > loginLengthMax) return undefined
  // Anybody may type any address into a profile; only a verified one names somebody.
  if (config.subjectClaim === 'email' && claims.email_verified !== true) return undefined
  return login
}

interface Speaking {
  readonly key: string
  readonly issuer: string
  readonly actorIssuers: readonly string[]
}

export function actorsOf(
  act: unknown,
  config: Speaking,
  issuers: ActorIssuers,
): NamedAccount[] | AuthenticationProblem {
  const actors: NamedAccount[] = []
  for (let next = act; next !== undefined; next = next.act) {
    if (!isRecord(next)) return authenticationProblem('token-malformed', '`act` is not an object')
    if (actors.length === actorsMax)
      return authenticationProblem('delegation-unresolved', `more than ${actorsMax} actors`)
    const named = actorIssuer(next.iss, config, issuers)?.nameOf(next)
    if (named === undefined) {
      return authenticationProblem(
        'delegation-unresolved',
        `actor ${actors.length + 1} is named in a way this issuer may not`,
      )
    }
    actors.push(named)
  }
  return actors
}

/** An issuer speaks about its own accounts, and about those of others only where the configuration says so. */
function actorIssuer(iss: unknown, { issuer, actorIssuers }: Speaking, issuers: ActorIssuers): ActorNames | undefined {
  if (iss === undefined || iss === issuer) return issuers.get(issuer)
  const other = typeof iss === 'string' ? issuers.get(iss) : undefined
  return other !== undefined && actorIssuers.includes(other.key) ? other : undefined
}

export function clientOf(
  claims: JWTPayload,
  clientClaims: readonly string[],
): string | undefined | AuthenticationProblem {
  const named = clientClaims.map((claim) => claims[claim]).filter((client) => client !== undefined)
  if (named.some((client) => typeof client !== 'string' || client !== named[0])) {
    return authenticationProblem(
      'token-malformed',
      `${clientClaims.map((claim) => `\`${claim}\``).join(' and ')} do not agree`,
    )
  }
  return named[0] as string | undefined
}

/** When somebody signed in with a client that decides. Whether that is fresh enough is judged with the decision. */
function signedInOf(
  claims: JWTPayload,
  { authTimeClaim, decisionClients, decisionAcrValues }: IssuerConfig,
  client: string | undefined,
): number | undefined | AuthenticationProblem {
  const authTime = claims[authTimeClaim]
  if (authTime === undefined) return undefined
  if (typeof authTime !== 'number' || !Number.isSafeInteger(authTime) || authTime < 0) {
    return authenticationProblem('token-malformed', `\`${authTimeClaim}\` is not a number of seconds`)
  }
  if (authTime > (claims.iat as number) + skewSecondsMax) {
    return authenticationProblem('token-malformed', `\`${authTimeClaim}\` lies after \`iat\``)
  }
  const mayDecide = client !== undefined && decisionClients.includes(client)
  const strongEnough = decisionAcrValues?.includes(String(claims.acr)) ?? true
  return mayDecide && strongEnough ? authTime : undefined
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
