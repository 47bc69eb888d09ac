/** What every route says about itself in OpenAPI, said once: problems, headers of writes, tags. */
import type { z } from 'zod'
import { writeHeaders } from './schema/headers.ts'
import { problem } from './schema/problem.ts'
import { none } from './schema/text.ts'

const no = { description: 'Why not (RFC 9457).', content: { 'application/problem+json': { schema: problem } } }

interface About<Ok extends z.ZodType, Status extends number> {
  /** Name of the operation; the client's method is called the same. */
  readonly operationId: string
  readonly tags: readonly [string]
  readonly summary: string
  readonly description?: string
  readonly ok: Ok
  readonly status?: Status
}

/** For what only looks. Unknown query members are refused everywhere. */
export function reads<Ok extends z.ZodType>({ ok, tags, ...about }: About<Ok, 200>) {
  return { ...about, tags: [...tags], querystring: none, response: { 200: ok, '4xx': no, '5xx': no } }
}

/** For what writes: an Idempotency-Key is honoured. */
export function writes<Ok extends z.ZodType>({ ok, tags, ...about }: About<Ok, 200>) {
  return {
    ...about,
    tags: [...tags],
    querystring: none,
    headers: writeHeaders,
    response: { 200: ok, '4xx': no, '5xx': no },
  }
}

export function creates<Ok extends z.ZodType>({ ok, tags, ...about }: About<Ok, 201>) {
  return {
    ...about,
    tags: [...tags],
    querystring: none,
    headers: writeHeaders,
    response: { 201: ok, '4xx': no, '5xx': no },
  }
}

/** An answer that is no problem although its status is no 200. */
export function documentedJson<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}
