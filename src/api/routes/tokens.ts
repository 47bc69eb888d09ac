/**
 * Tokens for what is live: exchanged for the token by which one's own issuer says who one is, looked at by whoever guards
 * a resource, ended by whoever holds one. What may be given is decided in `engine/runtime`.
 */
import type { FastifyRequest } from 'fastify'
import { runtimeReasons } from '../../core/runtime.ts'
import { millisOf } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import { mayLookAt } from '../../engine/runtime/check.ts'
import type { NotGiven, TokenDesk, WantedToken } from '../../engine/runtime/grant-tokens.ts'
import { grantDetailsType, type Proven, provenBy, seenProofs } from '../../tokens/index.ts'
import { OAuthStop } from '../form.ts'
import { oneHeader } from '../one-header.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import {
  accessTokenType,
  empty,
  exchangeGrant,
  introspection,
  jwtTokenType,
  oneToken,
  tokenAnswer,
  tokenRequest,
} from '../schema/tokens.ts'

export const tokenPaths = { token: '/oauth/token', introspect: '/oauth/introspect', revoke: '/oauth/revoke' } as const

type Authenticating = (request: FastifyRequest) => Promise<void>

const form = { tags: ['tokens'], consumes: ['application/x-www-form-urlencoded'] }

/** @param scope one that reads forms */
export function tokenRoutes(scope: Scope, parts: Parts, authenticating: Authenticating): void {
  giving(scope, parts)
  looking(scope, parts, authenticating)
  ending(scope, parts)
}

function deskOf({ options: { tokens } }: Parts): TokenDesk {
  if (tokens === undefined) throw new OAuthStop('temporarily_unavailable', 'this process gives no tokens', 503)
  return tokens
}

function giving(scope: Scope, parts: Parts): void {
  const { seen = seenProofs() } = parts.options
  const schema = {
    ...form,
    operationId: 'giveToken',
    summary: 'A token for what a waiver covers',
    description:
      'Token exchange, RFC 8693: the token that says who you are for one that says what you may, for minutes and never past the window. With a DPoP proof it is bound to its key.',
    security: [],
    body: tokenRequest,
    response: { 200: tokenAnswer },
  }
  scope.post(tokenPaths.token, { schema }, async (request, reply) => {
    const desk = deskOf(parts)
    const subjectToken = subjectTokenIn(request.body)
    const wanted = wantedIn(request.body)
    const shown = await keyShown(request, parts)
    const key = shown?.proven.thumbprint
    const actor = await whoIs(subjectToken, key, parts)
    // INVARIANT: only of somebody who is known is anything remembered; anybody can make keys and proofs by the thousand.
    if (shown !== undefined && !(await seen.isNew(shown.proven, shown.nowSeconds)))
      throw new OAuthStop('invalid_dpop_proof', 'it was used before')
    const given = await desk.give(actor, { ...wanted, ...(key === undefined ? {} : { key }) })
    if ('no' in given) throw notGiven(given)
    return reply.header('pragma', 'no-cache').send({
      access_token: given.token,
      issued_token_type: accessTokenType,
      token_type: given.bound ? 'DPoP' : 'Bearer',
      expires_in: given.lastsSeconds,
      authorization_details: [{ ...given.details }],
    })
  })
}

interface Asked {
  readonly grant_type?: string | undefined
  readonly subject_token?: string | undefined
  readonly subject_token_type?: string | undefined
  readonly requested_token_type?: string | undefined
  readonly actor_token?: string | undefined
  readonly audience?: string | undefined
  readonly resource?: string | undefined
  readonly authorization_details?: string | undefined
}

function subjectTokenIn(asked: Asked): string {
  if (asked.grant_type === undefined) throw new OAuthStop('invalid_request', 'say which `grant_type`')
  if (asked.grant_type !== exchangeGrant)
    throw new OAuthStop('unsupported_grant_type', `only \`${exchangeGrant}\` is understood`)
  if (asked.actor_token !== undefined)
    throw new OAuthStop('invalid_request', 'who acts for whom is said by `act` in the subject token')
  if (![accessTokenType, jwtTokenType].includes(asked.subject_token_type ?? ''))
    throw new OAuthStop('invalid_request', `\`subject_token_type\` has to be \`${accessTokenType}\``)
  if (![accessTokenType, undefined].includes(asked.requested_token_type))
    throw new OAuthStop('invalid_request', `only \`${accessTokenType}\` is given`)
  if (asked.subject_token === undefined) throw new OAuthStop('invalid_request', 'there is no `subject_token`')
  return asked.subject_token
}

function wantedIn({ audience, resource, authorization_details: details }: Asked): WantedToken {
  if (resource !== undefined) throw new OAuthStop('invalid_target', 'name the system as `audience`')
  const system = audience === undefined ? {} : { system: audience }
  if (details !== undefined) return { ...system, waiver: waiverIn(details) }
  if (audience === undefined)
    throw new OAuthStop('invalid_request', 'name the system as `audience`, or the waiver in `authorization_details`')
  return system
}

function waiverIn(text: string): string {
  const wrong = new OAuthStop(
    'invalid_authorization_details',
    `expected one entry of the type \`${grantDetailsType}\` with the waiver as its \`identifier\``,
  )
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    throw wrong
  }
  const [only, ...others] = Array.isArray(read) ? (read as unknown[]) : []
  if (typeof only !== 'object' || only === null || others.length > 0) throw wrong
  const { type, identifier, ...more } = only as Readonly<Record<string, unknown>>
  // Whoever asks for less than the terms would have to be given less.
  if (type !== grantDetailsType || typeof identifier !== 'string' || Object.keys(more).length > 0) throw wrong
  return identifier
}

interface Shown {
  readonly proven: Proven
  readonly nowSeconds: number
}

/** @returns the key that was shown; undefined when none was. Whether for the first time is asked once it is known by whom. */
async function keyShown(request: FastifyRequest, { options }: Parts): Promise<Shown | undefined> {
  const proof = oneHeader(request.headers.dpop)
  if (proof === undefined) return undefined
  const facts = options.runtime?.facts() ?? 'state-not-current'
  if (typeof facts === 'string') throw notGiven({ no: 'reason', reason: facts })
  const nowSeconds = millisOf(facts.now) / 1000
  const url = `${options.publicUrl.replace(/\/+$/, '')}${tokenPaths.token}`
  const proven = await provenBy({ proof, method: 'POST', url, nowSeconds })
  if (typeof proven === 'string') throw new OAuthStop('invalid_dpop_proof', proven)
  return { proven, nowSeconds }
}

async function whoIs(token: string, key: string | undefined, { options }: Parts): Promise<Actor> {
  const found = await options.authenticate({
    authorization: `Bearer ${token}`,
    exchange: key === undefined ? {} : { key },
  })
  if (!('problem' in found)) return found.actor
  if (found.kind === 'unavailable') throw new OAuthStop('temporarily_unavailable', found.message, 503)
  throw new OAuthStop('invalid_request', found.message)
}

function notGiven(answer: NotGiven): OAuthStop {
  switch (answer.no) {
    case 'none':
      return new OAuthStop('invalid_target', 'no live waiver of yours covers this; ask for one')
    case 'several':
      return new OAuthStop(
        'invalid_target',
        'several waivers of yours are live there; name one in `authorization_details`',
      )
    case 'key-needed':
      return new OAuthStop('invalid_dpop_proof', 'tokens of this system are given only with a DPoP proof')
    case 'reason': {
      const description = `${answer.reason}: ${runtimeReasons[answer.reason]}`
      return answer.reason === 'state-not-current'
        ? new OAuthStop('temporarily_unavailable', description, 503)
        : new OAuthStop('invalid_target', description)
    }
  }
}

function looking(scope: Scope, parts: Parts, authenticating: Authenticating): void {
  const schema = {
    ...form,
    operationId: 'introspect',
    summary: 'Is this token valid at this moment?',
    description:
      'RFC 7662, for whoever enforces the system of the token, and for its subject and whoever controls that. Anybody else hears that it is not active.',
    body: oneToken,
    response: { 200: introspection },
  }
  scope.post(tokenPaths.introspect, { schema, onRequest: authenticating }, async (request) => {
    const { runtime } = parts.options
    const found = await deskOf(parts).introspect(tokenIn(request.body))
    if (found === undefined || runtime === undefined) return { active: false }
    const { claims, waiver } = found
    if (!mayLookAt(runtime, callerOf(request), { ...claims }, waiver.system)) return { active: false }
    return { active: true, ...claims, token_type: claims.cnf === undefined ? 'Bearer' : 'DPoP' }
  })
}

function ending(scope: Scope, parts: Parts): void {
  const schema = {
    ...form,
    operationId: 'revokeToken',
    summary: 'Ends a token',
    description:
      'RFC 7009. Whoever holds a token may end it; the waiver goes on. Answered in the same way whatever was sent. To end the waiver, revoke it.',
    security: [],
    body: oneToken,
    response: { 200: empty },
  }
  scope.post(tokenPaths.revoke, { schema }, async (request) => {
    await deskOf(parts).revoke(tokenIn(request.body))
    return {}
  })
}

function tokenIn({ token }: { readonly token?: string | undefined }): string {
  if (token === undefined) throw new OAuthStop('invalid_request', 'there is no `token`')
  return token
}
