/**
 * Signing in and out by browser. Addresses that a browser is led through decide nothing: who somebody is says the identity
 * provider, and what it says is judged in `identity`. No address ends or begins anything by being opened from elsewhere.
 */
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { browserCall, keep } from '../browser-call.ts'
import { reads, writes } from '../documented.ts'
import type { Lead } from '../options.ts'
import type { Parts, Scope } from '../parts.ts'
import { session, sessionEnd, signedOut } from '../schema/session.ts'

/** Without a token: whether somebody is signed in is what it answers. */
export function sessionRoutes(scope: Scope, parts: Parts): void {
  const { browsers, pages } = parts.options
  const about = reads({
    operationId: 'session',
    tags: ['session'],
    summary: 'Whether somebody is signed in with this browser',
    ok: session,
  })
  scope.get('/session', { schema: { ...about, security: [] } }, async (request) => {
    const [open, { now }] = await Promise.all([
      browsers?.session(browserCall(request)),
      parts.machinery.store.recentHeads(),
    ])
    return {
      signedIn: open !== undefined,
      ...open,
      now,
      issuers: [...(browsers?.issuers ?? [])],
      sample: pages?.sample ?? false,
    }
  })
}

export function signOutRoutes(scope: Scope, { options: { browsers } }: Parts): void {
  const about = writes({
    operationId: 'signOut',
    tags: ['session'],
    summary: 'Signs this browser out, or every browser of this person',
    ok: signedOut,
  })
  scope.post('/v1/session/end', { schema: { ...about, body: sessionEnd } }, async (request, reply) => {
    const cookies = (await browsers?.signOut(request.headers.cookie, request.body.everywhere)) ?? []
    return keep(reply, cookies).send({ signedIn: false as const })
  })
}

const wanted = z.strictObject({
  issuer: z.string().max(64).optional(),
  fresh: z.enum(['true', 'false']).default('false'),
  to: z.string().max(2_000).optional(),
})

/** Where browsers are led through; no operations of the API. */
export function signInRoutes(scope: Scope, { options: { browsers } }: Parts): void {
  if (browsers === undefined) return
  scope.get('/sign-in', { schema: { hide: true, querystring: wanted } }, async (request, reply) => {
    const { issuer, fresh, to } = request.query
    return lead(reply, await browsers.signIn({ issuer, fresh: fresh === 'true', to }))
  })
  // Providers add parameters as they like; what matters of them is looked for by name.
  scope.get('/callback', { schema: { hide: true } }, async (request, reply) =>
    lead(reply, await browsers.callback(request.raw.url ?? '', request.headers.cookie)),
  )
}

function lead(reply: FastifyReply, { address, cookies }: Lead): FastifyReply {
  return keep(reply, cookies).code(303).header('location', address).serializer(String).send('')
}
