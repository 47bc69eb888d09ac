/** What the routes share for the life of one server: the hand-ins, the names, the counters. No state of anybody's request. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Actor } from '../core/waiver.ts'
import type { CoverageDesk } from '../engine/coverage.ts'
import type { FiguresDesk } from '../engine/figures.ts'
import type { Machinery } from '../engine/handle.ts'
import type { DirectoryIndexes } from './directory-index.ts'
import type { SendProblem } from './errors.ts'
import type { Metrics } from './metrics.ts'
import type { ApiOptions } from './options.ts'

export interface Parts {
  readonly options: ApiOptions
  readonly machinery: Machinery
  readonly indexes: DirectoryIndexes
  readonly metrics: Metrics
  readonly coverage: CoverageDesk
  readonly figures: FiguresDesk
  readonly send: SendProblem
}

/** A part of the server whose routes are typed by their schemas. */
export type Scope = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication hook, from the token alone. */
    actor: Actor | null
  }
}

/** Who acts. A route that asks for it without authentication in front is a bug, and lets nobody act. */
export function callerOf(request: Pick<FastifyRequest, 'actor' | 'routeOptions'>): Actor {
  if (request.actor === null)
    throw new Error(`bug: \`${request.routeOptions.url}\` asks who calls and authenticates nobody`)
  return request.actor
}
