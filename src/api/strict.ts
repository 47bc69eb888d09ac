/**
 * What a request must look like before anybody reads it: one content type, one of each header that matters, no body where
 * none belongs, no method in disguise. Odd requests have been a way around checks often enough.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readJson } from './json.ts'
import { type Problem, problem } from './problem.ts'

/** Thrown inside hooks and parsers, where a value cannot be returned; the error handler sends what it carries. */
export class Stop extends Error {
  override readonly name = 'Stop'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.body.detail)
    this.problem = problem
  }
}

const once: ReadonlySet<string> = new Set([
  'authorization',
  'content-type',
  'content-length',
  'transfer-encoding',
  'idempotency-key',
  'host',
  'cookie',
  'origin',
])

/** Addresses of the standard for decision points, which has its own words for what is odd. */
const isForMachines = (route: string | undefined) => route?.startsWith('/access/') === true

/** Acts on a task, whose body the standard leaves out where there is nothing to say. */
const mayBeEmpty = /^\/access\/v1\/requests\/:task\/[a-z]+$/

const isForm = (route: string | undefined) => route?.startsWith('/oauth/') === true

/** @returns what is wrong with the request before its body is read. */
export function oddity(request: FastifyRequest): Problem | undefined {
  const { headers, method, raw } = request
  const twice = repeated(raw.rawHeaders, headers)
  if (twice !== undefined)
    return problem('malformed-request', `the header \`${twice}\` stands there twice`, { at: `header.${twice}` })
  if (method === 'POST' && mayBeEmpty.test(request.routeOptions.url ?? '') && isEmpty(headers)) return undefined
  if (method === 'POST' && isForMachines(request.routeOptions.url)) {
    return /^application\/json(?:; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '')
      ? undefined
      : problem('malformed-request', 'bodies are JSON: send `content-type: application/json`')
  }
  if (method === 'POST' && isForm(request.routeOptions.url)) {
    return /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '')
      ? undefined
      : problem('malformed-request', `send \`content-type: application/x-www-form-urlencoded\``)
  }
  if (method === 'POST') {
    return headers['content-type'] === 'application/json'
      ? undefined
      : problem('unsupported-media-type', undefined, {}, { 'accept-post': 'application/json' })
  }
  return !isEmpty(headers) ? problem('malformed-request', `\`${method}\` takes no body`) : undefined
}

function isEmpty({
  'transfer-encoding': encoding,
  'content-length': length = '0',
}: FastifyRequest['headers']): boolean {
  return encoding === undefined && length === '0'
}

/** Node keeps one of several, and which one differs by header; whoever stands in front may keep another. */
function repeated(rawHeaders: readonly string[], headers: FastifyRequest['headers']): string | undefined {
  // As many names as headers: then none of them stands there twice.
  if (Object.keys(headers).length * 2 === rawHeaders.length) return undefined
  const seen = new Set<string>()
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = (rawHeaders[place] as string).toLowerCase()
    if (once.has(name) && seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}

/** JSON and nothing else, read by our own rules. */
export function readOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    const read = readJson(bytes as Buffer)
    if ('wrong' in read) done(new Stop(problem('malformed-request', read.wrong)))
    else done(null, read.value)
  })
}
