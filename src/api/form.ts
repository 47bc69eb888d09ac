/** Bodies of OAuth's endpoints: forms in which nothing stands twice, and errors in the words of OAuth. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { faultOf } from './problem.ts'
import { Stop } from './strict.ts'

export const formType = 'application/x-www-form-urlencoded'

/** An error of RFC 6749 and what is built on it. */
export class OAuthStop extends Error {
  override readonly name = 'OAuthStop'
  readonly code: string
  readonly status: number

  constructor(code: string, description: string, status = 400) {
    super(description)
    this.code = code
    this.status = status
  }
}

/** For a scope of its own, which takes nothing else. */
export function readForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(formType, { parseAs: 'string' }, (_request, text, done) => {
    const read = parsed(String(text))
    if (read instanceof OAuthStop) done(read as unknown as FastifyError)
    else done(null, read)
  })
  scope.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply))
}

/** RFC 6749 section 3.2: nothing may be there twice; what is empty is not there. */
function parsed(text: string): Record<string, string> | OAuthStop {
  const members = [...new URLSearchParams(text)].filter(([, value]) => value !== '')
  const names = members.map(([name]) => name)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) return new OAuthStop('invalid_request', `\`${twice}\` stands there twice`)
  return Object.fromEntries(members)
}

function sendError(error: FastifyError | OAuthStop | Stop, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, description, headers } = wordsOf(error, request)
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', ...headers })
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error: code, error_description: description })
}

interface Words {
  readonly status: number
  readonly code: string
  readonly description: string
  readonly headers?: Readonly<Record<string, string>>
}

function wordsOf(error: FastifyError | OAuthStop | Stop, request: FastifyRequest): Words {
  if (error instanceof OAuthStop)
    return { status: error.status, code: error.code, description: quotable(error.message) }
  if (error instanceof Stop) {
    const { body, headers } = error.problem
    return {
      status: body.status,
      code:
        body.status === 401 ? 'invalid_client' : body.status === 503 ? 'temporarily_unavailable' : 'invalid_request',
      description: quotable(body.detail),
      ...(headers === undefined ? {} : { headers }),
    }
  }
  const { statusCode = 500, validation } = error
  if (validation !== undefined || (statusCode >= 400 && statusCode < 500))
    return { status: 400, code: 'invalid_request', description: 'the request cannot be read' }
  if (faultOf(error) !== undefined) {
    request.log.warn({ err: error }, 'a fault')
    return { status: 503, code: 'temporarily_unavailable', description: 'something this rests on does not answer' }
  }
  request.log.error({ err: error }, 'a bug')
  return { status: 500, code: 'server_error', description: 'this is a fault of ours' }
}

/** Only what RFC 6749 allows in a description. */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'")
}
