/** A no in the words of SCIM (RFC 7644 §3.12), thrown by whatever finds it and sent by the one error handler of the scope. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { inertText } from '../inert.ts'
import { faultOf } from '../problem.ts'

export type ScimType =
  | 'uniqueness'
  | 'invalidFilter'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

export class ScimError extends Error {
  override readonly name = 'ScimError'
  readonly status: number
  readonly scimType: ScimType | undefined

  constructor(status: number, detail: string, scimType?: ScimType) {
    super(detail)
    this.status = status
    this.scimType = scimType
  }
}

const schema = 'urn:ietf:params:scim:api:messages:2.0:Error'

export function sendError(reply: FastifyReply, { status, message, scimType }: ScimError): FastifyReply {
  const type = scimType === undefined ? {} : { scimType }
  return reply
    .code(status)
    .type('application/scim+json')
    .serializer(JSON.stringify)
    .send({ schemas: [schema], status: String(status), ...type, detail: message })
}

export function scimErrorHandler(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = error instanceof ScimError ? error : knownError(error)
  if (known !== undefined) return sendError(reply, known)
  const fault = faultOf(error)
  if (fault !== undefined) {
    request.log.warn({ err: error }, 'a fault')
    return sendError(reply.header('retry-after', '5'), new ScimError(fault.body.status, fault.body.title))
  }
  request.log.error({ err: error }, 'a bug')
  return sendError(reply, new ScimError(500, `something went wrong on our side; the log has it under ${request.id}`))
}

/** What the library says of a resource that does not fit its schema comes as a `TypeError` with a sentence. */
export function invalid(error: unknown): ScimError {
  if (error instanceof ScimError) return error
  const { status, scimType, message } = error as { status?: number; scimType?: ScimType; message?: string }
  const detail = inertText(String(message ?? 'the resource cannot be read'))
  return new ScimError(status === undefined ? 400 : Number(status), detail, scimType ?? 'invalidValue')
}

function knownError({ code, statusCode }: FastifyError): ScimError | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ScimError(413, 'the body is larger than this operation takes')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
      return new ScimError(415, 'bodies are `application/scim+json` or `application/json`')
    default:
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500
        ? new ScimError(400, 'the request cannot be read', 'invalidSyntax')
        : undefined
  }
}
