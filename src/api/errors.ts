/**
 * Whatever is thrown on the way to an answer becomes a problem here: a request nobody could read, a fault of something we
 * rely on, or a bug. Bugs and faults are logged with their cause; the outside hears a request id and nothing of the inside.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { inertText } from './inert.ts'
import { faultOf, type Problem, problem } from './problem.ts'
import { Stop } from './strict.ts'

/** @returns how a server of this address sends a problem. */
export function problemSender(publicUrl: string) {
  return (reply: FastifyReply, { body, headers }: Problem): FastifyReply => {
    const { title, status, detail, code, ...more } = body
    return reply
      .code(status)
      .headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', ...headers })
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send({ type: problemAddress(publicUrl, code), title, status, detail, code, ...more })
  }
}

export type SendProblem = ReturnType<typeof problemSender>

export function problemAddress(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/problems/${code}`
}

export function errorHandler(send: SendProblem) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(reply, problemOf(error, request))
}

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Stop) return error.problem
  if (hasZodFastifySchemaValidationErrors(error)) return malformed(error)
  const known = knownProblem(error)
  if (known !== undefined) return known
  const fault = faultOf(error)
  if (fault !== undefined) {
    request.log.warn({ err: error }, 'a fault')
    return withRequest(fault, request)
  }
  request.log.error({ err: error }, 'a bug')
  return withRequest(problem('internal-error'), request)
}

function withRequest({ body, headers }: Problem, request: FastifyRequest): Problem {
  return { body: { ...body, request: request.id }, headers }
}

/** What Fastify itself finds wrong with a request. */
function knownProblem({ code, statusCode }: FastifyError): Problem | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('body-too-large')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
      return problem('unsupported-media-type', undefined, {}, { 'accept-post': 'application/json' })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problem('malformed-request', 'the body is not as long as its content-length says')
    default:
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500
        ? problem('malformed-request')
        : undefined
  }
}

const errorsMax = 20

type Validation = NonNullable<FastifyError['validation']>

function malformed({
  validation = [],
  validationContext,
}: {
  validation?: Validation
  validationContext?: string
}): Problem {
  const errors = validation
    .slice(0, errorsMax)
    .map((issue) => ({ at: placeOf(issue, validationContext), message: messageOf(issue) }))
  const [first] = errors
  const detail = first === undefined ? undefined : `\`${first.at}\`: ${first.message}`
  return problem('malformed-request', detail, { ...(first === undefined ? {} : { at: first.at }), errors })
}

const prefixes: Readonly<Record<string, string>> = { params: 'path', querystring: 'query', headers: 'header', body: '' }

/** `terms.window.end`, `query.limit`: members of the body go without a prefix, as refusals name them. */
function placeOf({ instancePath }: Validation[number], context = 'body'): string {
  const steps = instancePath.split('/').filter((step) => step !== '')
  const place = [prefixes[context] ?? context, ...steps.map(inertText)].filter((step) => step !== '').join('.')
  return place === '' ? 'body' : place
}

/** The validator's own sentence names unknown members as they were written; here they are made inert. */
function messageOf({ message = 'is not what was expected', params }: Validation[number]): string {
  const keys = (params as { keys?: unknown }).keys
  if (Array.isArray(keys))
    return `unknown ${keys
      .slice(0, 5)
      .map((key) => `\`${inertText(String(key))}\``)
      .join(', ')}`
  const sentence = message.replaceAll('"', '`')
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

/** What arrives and is no HTTP gets an answer all the same, written by hand since there is no request to reply to. */
export function clientErrorHandler(publicUrl: string) {
  return (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const { body } = problem(clientErrors[error.code ?? ''] ?? 'malformed-request', undefined)
    const text = JSON.stringify({ type: problemAddress(publicUrl, body.code), ...body })
    const head = [
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(text)}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
  }
}

const clientErrors: Readonly<Record<string, 'request-timeout' | 'headers-too-large'>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}
