/**
 * The transparency log as files: checkpoint, tiles, entry bundles and keys, in the formats of C2SP tlog-tiles, so that
 * readers nobody here wrote can check it. Tiles are for ever, the checkpoint is for a moment; nothing beyond the newest
 * checkpoint is shown.
 */
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { noWitnesses, publishedCheckpoint, publishedKeys, publishedTile } from '../../engine/seal/published.ts'
import { formatVerifierKey, MalformedInput } from '../../log/index.ts'
import type { Transparency } from '../options.ts'
import type { Parts, Scope } from '../parts.ts'
import { problem } from '../problem.ts'
import { logKeys, logWitnesses } from '../schema/log.ts'
import { none } from '../schema/text.ts'

const foreverSeconds = 365 * 86_400
/** Long enough to take the load of many readers, short enough that nobody notices. */
const momentSeconds = 1

export function logRoutes(scope: Scope, parts: Parts): void {
  const { isPublic, witnessing } = transparencyOf(parts)
  const open = isPublic ? { security: [] } : {}
  const text = (description: string) => ({
    200: { description, content: { 'text/plain': { schema: z.string().meta({ description }) } } },
  })
  const { store } = parts.machinery

  scope.get(
    '/log/checkpoint',
    {
      schema: {
        operationId: 'logCheckpoint',
        tags: ['log'],
        summary: 'The newest checkpoint of the transparency log',
        description:
          'A signed note (C2SP tlog-checkpoint) with the cosignatures of witnesses. Where witnesses are required, the newest one that enough of them have cosigned.',
        ...open,
        querystring: none,
        response: text('Origin, size, root, and who signed it.'),
      },
    },
    async (_request, reply) => {
      const note = await publishedCheckpoint(store, witnessing)
      if (note === undefined) return parts.send(reply, problem('not-found', 'nothing has been sealed so far'))
      return published(parts, reply, momentSeconds).type('text/plain; charset=utf-8').serializer(String).send(note)
    },
  )

  scope.get(
    '/log/tile/*',
    {
      // Its address has parts without number, which OpenAPI cannot say; docs/log.md does.
      schema: { hide: true, querystring: none, params: z.strictObject({ '*': z.string().max(60) }) },
    },
    async (request, reply) => {
      const bytes = await tileAt(parts, `tile/${request.params['*']}`)
      if (bytes === undefined) return parts.send(reply, problem('not-found', 'the log has no such tile'))
      return sendBytes(published(parts, reply, foreverSeconds), request, bytes)
    },
  )

  scope.get(
    '/log/key',
    {
      schema: {
        operationId: 'logKey',
        tags: ['log'],
        summary: 'The key that signs the log now',
        description:
          'A verifier key as in C2SP signed-note. Whoever wants to trust it compares it with one they got another way.',
        ...open,
        querystring: none,
        response: text('Name, id and public key.'),
      },
    },
    async (_request, reply) => {
      const keys = await publishedKeys(store)
      if (keys === undefined) return parts.send(reply, problem('not-found', 'the log has not begun'))
      return published(parts, reply, momentSeconds)
        .type('text/plain; charset=utf-8')
        .serializer(String)
        .send(`${keys.key}\n`)
    },
  )

  scope.get(
    '/log/keys',
    {
      schema: {
        operationId: 'logKeys',
        tags: ['log'],
        summary: 'Every key the log ever had, with the change from one to the next',
        description:
          'Each change is an event in the log, and the first checkpoint that contains it is signed by both keys: whoever trusts one of them can follow.',
        ...open,
        querystring: none,
        response: { 200: logKeys },
      },
    },
    async (_request, reply) => {
      const keys = await publishedKeys(store)
      if (keys === undefined) return parts.send(reply, problem('not-found', 'the log has not begun'))
      return published(parts, reply, momentSeconds).send(keys)
    },
  )

  scope.get(
    '/log/witnesses',
    {
      schema: {
        operationId: 'logWitnesses',
        tags: ['log'],
        summary: 'Who watches the log, and how many of them a proof needs',
        description: 'As the operator of the log says; whoever wants to trust a witness asks the witness for its key.',
        ...open,
        querystring: none,
        response: { 200: logWitnesses },
      },
    },
    async (_request, reply) => {
      const { witnesses, required } = witnessing
      return published(parts, reply, momentSeconds).send({ witnesses: witnesses.map(formatVerifierKey), required })
    },
  )
}

export function transparencyOf({ options }: Pick<Parts, 'options'>): Transparency {
  return options.transparency ?? { isPublic: true, witnessing: noWitnesses }
}

async function tileAt({ machinery }: Parts, path: string): Promise<Uint8Array | undefined> {
  try {
    return await publishedTile(machinery.store, path)
  } catch (error) {
    if (error instanceof MalformedInput) return undefined
    throw error
  }
}

/** Whoever checks the log may do so from a page of their own. */
function published(parts: Parts, reply: FastifyReply, maxAgeSeconds: number): FastifyReply {
  const { isPublic } = transparencyOf(parts)
  const immutable = maxAgeSeconds === foreverSeconds ? ', immutable' : ''
  return reply.headers({
    'cache-control': `${isPublic ? 'public' : 'private'}, max-age=${maxAgeSeconds}${immutable}`,
    ...(isPublic ? { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' } : {}),
  })
}

function sendBytes(reply: FastifyReply, { headers }: FastifyRequest, bytes: Uint8Array): FastifyReply {
  const zips = /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/.test(headers['accept-encoding'] ?? '')
  const sent = reply.type('application/octet-stream').header('vary', 'accept-encoding')
  return zips
    ? sent.header('content-encoding', 'gzip').send(gzipSync(bytes))
    : sent.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
