/**
 * Lets somebody who looks around in the sample sign as the person they chose to be: pages ask here instead of asking a
 * device. It is mounted by the demo alone, on the demo's own folder and this very machine. Whoever can reach it could sign
 * in as that person as well, so it knows no sign-in of its own; what a signature is worth is judged where all of them are.
 */
import type { FastifyInstance } from 'fastify'
import { refusalOf, requireLocalUrl, requireSampleFolder } from '../identity/sample/index.ts'
import type { SamplePasskeys } from './sample-passkeys.ts'

/** Known to `web/passkeys/sample-authenticator.ts` by the same name. */
export const samplePasskeysPath = '/sample-passkeys'

export interface SampleSigningOptions {
  readonly publicUrl: string
  readonly folder: string
  readonly passkeys: SamplePasskeys
}

const person = { type: 'string', pattern: '^per_[^\\s]{1,200}$' }
const text = { type: 'string', maxLength: 2_000 }
const credentials = {
  type: 'array',
  maxItems: 20,
  items: { type: 'object', properties: { id: text }, required: ['id'] },
}

/** @throws {SampleRefused} when the folder is not the demo's, or the address is not local */
export async function mountSampleSigning(
  fastify: FastifyInstance,
  { publicUrl, folder, passkeys }: SampleSigningOptions,
): Promise<void> {
  const origin = requireLocalUrl(publicUrl)
  await requireSampleFolder(folder)
  await fastify.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        const listening = fastify.addresses().map((at) => (typeof at === 'string' ? at : at.address))
        const refused = refusalOf(request.raw, origin, listening)
        if (refused !== undefined) return reply.code(403).send({ refused })
        return undefined
      })
      scope.post<{ Body: { person: string } }>(
        '/ready',
        { schema: { body: { type: 'object', properties: { person }, required: ['person'] } } },
        async ({ body }) => {
          await passkeys.ready(personOf(body.person))
          return { ready: true }
        },
      )
      scope.post<{ Body: { person: string; publicKey: Parameters<SamplePasskeys['sign']>[1] } }>(
        '/signature',
        {
          schema: {
            body: {
              type: 'object',
              properties: {
                person,
                publicKey: {
                  type: 'object',
                  properties: { challenge: text, rpId: text, allowCredentials: credentials },
                  required: ['challenge', 'rpId', 'allowCredentials'],
                },
              },
              required: ['person', 'publicKey'],
            },
          },
        },
        async ({ body }) => passkeys.sign({ id: body.person }, body.publicKey),
      )
    },
    { prefix: samplePasskeysPath },
  )
}

/** In the sample everybody signs in by their id. */
export function personOf(id: string) {
  return { id, login: id.slice('per_'.length) }
}
