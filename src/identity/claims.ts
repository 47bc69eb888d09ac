/**
 * What does a token with a good signature really say? Reads the verified claims by the rules of its issuer and keeps
 * only what is needed to find out who acts. Never repairs, folds or guesses: names are kept byte by byte.
 */
import type { JWTPayload } from 'jose'
import type { IssuerConfig } from './config.ts'
import { type AuthenticationProblem, authenticationProblem } from './problem.ts'

/** An account as a token names it: the key of an issuer, and a login there. */
export interface NamedAccount {
  readonly on: string
  readonly login: string
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
}

/** Clocks of issuers and ours may differ by this much. */
export const skewSecondsMax = 30
/** A chain is read in full or refused, never cut. */
const actorsMax = 16
const loginLengthMax = 512

type Issuers = ReadonlyMap<string, IssuerConfig>

/** @param issuers by `iss` */
export function readClaims(
  payload: JWTPayload,
  config: IssuerConfig,
  audience: string,
  issuers: Issuers,
): VerifiedToken | AuthenticationProblem {
  const no = notForUs(payload, config, audience) ?? wrongLifetime(payload, config)
  if (no !== undefined) return no
  const login = loginOf(payload, config)
  if (login === undefined) {
    return authenticationProblem('token-malformed', `the claim \`${config.subjectClaim}\` names no account`)
  }
  const actors = actorsOf(payload.act, config, issuers)
  if ('problem' in actors) return actors
  const client = clientOf(payload, config)
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
  }
}

/** `aud` must be ours alone: whoever else a token is for could replay it here. */
function notForUs({ aud, cnf }: JWTPayload, config: IssuerConfig, audience: string): AuthenticationProblem | undefined {
  const named = Array.isArray(aud) ? aud : [aud]
  const others = named.filter((one) => one !== audience && !config.audiencesBeside.includes(String(one)))
  if (!named.includes(audience) || others.length > 0) {
    return authenticationProblem('audience-wrong', `expected \`${audience}\`${others.length > 0 ? ' alone' : ''}`)
  }
  // RFC 7800: whoever presents it must show that they hold the key, and nothing here lets them.
  return cnf === undefined ? undefined : authenticationProblem('token-bound')
}

/** `exp` and `nbf` were compared with the clock when the signature was verified. */
function wrongLifetime({ exp, iat }: JWTPayload, config: IssuerConfig): AuthenticationProblem | undefined {
  const seconds = (exp as number) - (iat as number)
  if (seconds <= config.lifetimeSecondsMax) return undefined
  return authenticationProblem('token-too-long-lived', `${seconds} seconds, at most ${config.lifetimeSecondsMax}`)
}

function loginOf(claims: Readonly<Record<string, unknown>>, config: IssuerConfig): string | undefined {
  const login = claims[config.subjectClaim]
  if (typeof login !== 'string' || login === '' || login.length > loginLengthMax) return undefined
  // Anybody may type any address into a profile; only a verified one names somebody.
  if (config.subjectClaim === 'email' && claims.email_verified !== true) return undefined
  return login
}

function actorsOf(act: unknown, config: IssuerConfig, issuers: Issuers): NamedAccount[] | AuthenticationProblem {
  const actors: NamedAccount[] = []
  for (let next = act; next !== undefined; next = next.act) {
    if (!isRecord(next)) return authenticationProblem('token-malformed', '`act` is not an object')
    if (actors.length === actorsMax)
      return authenticationProblem('delegation-unresolved', `more than ${actorsMax} actors`)
    const on = actorIssuer(next.iss, config, issuers)
    const login = on === undefined ? undefined : loginOf(next, on)
    if (on === undefined || login === undefined) {
      return authenticationProblem(
        'delegation-unresolved',
        `actor ${actors.length + 1} is named in a way this issuer may not`,
      )
    }
    actors.push({ on: on.key, login })
  }
  return actors
}

/** An issuer speaks about its own accounts, and about those of others only where the configuration says so. */
function actorIssuer(iss: unknown, config: IssuerConfig, issuers: Issuers): IssuerConfig | undefined {
  if (iss === undefined || iss === config.issuer) return config
  const other = typeof iss === 'string' ? issuers.get(iss) : undefined
  return other !== undefined && config.actorIssuers.includes(other.key) ? other : undefined
}

function clientOf(claims: JWTPayload, { clientClaims }: IssuerConfig): string | undefined | AuthenticationProblem {
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
