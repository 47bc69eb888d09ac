/**
 * The guard in front of handlers: a hook for Fastify, and a wrapper for whatever takes a web-standard `Request`. Both say
 * no before the handler runs, and how to get a yes where there is a way.
 */
import type { Allowed, Guard, GuardedUse } from './guard.ts'
import type { Refused } from './reasons.ts'

/** @returns what the request would do; undefined when it is nothing that is known, and therefore not allowed. */
export type Describe<Request> = (request: Request) => GuardedUse | undefined | Promise<GuardedUse | undefined>

/** As much of Fastify as is needed. */
export interface FastifyLikeRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly method: string
  readonly url: string
}

export interface FastifyLikeReply {
  code(status: number): this
  header(name: string, value: string): this
  type(type: string): this
  send(body: unknown): unknown
}

const granted = new WeakMap<object, Allowed>()

/** @returns under what a request was let through; undefined for one that was not guarded. */
export function grantOf(request: object): Allowed | undefined {
  return granted.get(request)
}

/**
 * A `preHandler`: the body is read by then.
 * @param address of this resource as callers know it, such as `https://ledger.example`; proofs of keys have to name it
 */
export function fastifyGuard<Request extends FastifyLikeRequest>(
  guard: Guard,
  describe: Describe<Request>,
  address?: string,
) {
  return async (request: Request, reply: FastifyLikeReply): Promise<unknown> => {
    const { authorization, dpop } = request.headers
    const answer = await guard.check(
      {
        authorization: one(authorization),
        dpop: one(dpop),
        method: request.method,
        ...(address === undefined ? {} : { url: `${address.replace(/\/+$/, '')}${request.url}` }),
      },
      await describe(request),
    )
    if (answer.allowed) {
      granted.set(request, answer)
      return undefined
    }
    reply.code(answer.status).type('application/problem+json').header('cache-control', 'no-store')
    const challenge = challengeOf(answer)
    if (challenge !== undefined) reply.header('www-authenticate', challenge)
    return reply.send(bodyOf(answer))
  }
}

/** @param address as in {@link fastifyGuard}; absent: the address of the request is believed */
export function guarded<Rest extends unknown[]>(
  guard: Guard,
  describe: Describe<Request>,
  handler: (request: Request, grant: Allowed, ...rest: Rest) => Response | Promise<Response>,
  address?: string,
) {
  return async (request: Request, ...rest: Rest): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const answer = await guard.check(
      {
        authorization: request.headers.get('authorization'),
        dpop: request.headers.get('dpop'),
        method: request.method,
        url: address === undefined ? request.url : `${address.replace(/\/+$/, '')}${pathname}${search}`,
      },
      // The handler reads the body itself.
      await describe(request.clone()),
    )
    if (answer.allowed) return handler(request, answer, ...rest)
    const challenge = challengeOf(answer)
    return new Response(JSON.stringify(bodyOf(answer)), {
      status: answer.status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      },
    })
  }
}

function bodyOf({ status, reason, message, context }: Refused) {
  return { title: 'Not covered', status, detail: message, code: reason, ...(context === undefined ? {} : { context }) }
}

function challengeOf({ status, reason, message }: Refused): string | undefined {
  if (status !== 401) return undefined
  const isOfKey = reason.startsWith('proof-') || reason.startsWith('key-')
  const scheme = isOfKey ? 'DPoP' : 'Bearer'
  if (reason === 'token-missing') return scheme
  const error = reason.startsWith('proof-') ? 'invalid_dpop_proof' : 'invalid_token'
  return `${scheme} error="${error}", error_description="${message}"`
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join() : value
}
