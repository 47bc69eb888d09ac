/** The document of the API: OpenAPI 3.1, made of the very schemas that check requests, and the page to read it on. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Parts, Scope } from './parts.ts'

const description = [
  'Countersign decides who may approve an exception, gives the access for exactly the approved scope and time, takes it away again and proves that it is gone.',
  'Whoever acts is known from the token; no body names an approver, a state or a time. Every no is an RFC 9457 problem with a `code` from a closed list, see `/problems`.',
  'Writes honour `Idempotency-Key`. Bodies are sent as exactly `application/json`. Unknown members are refused.',
].join('\n\n')

const tags = [
  { name: 'waivers', description: 'Asking, deciding, holding and looking back.' },
  { name: 'references', description: 'Incidents, changes and tickets.' },
  { name: 'grants', description: 'Access on targets.' },
  { name: 'drift', description: 'What is live and should not be, and what waivers come to over time.' },
  { name: 'reviews', description: 'Looks back that are due.' },
  { name: 'directory', description: 'Who is who.' },
  { name: 'policy', description: 'The rules, and changes to them.' },
  { name: 'founding', description: 'The beginning.' },
  { name: 'feed', description: 'The one order of everything.' },
  { name: 'access', description: 'May this be done, right now? For machines, in the words of OpenID AuthZEN.' },
  { name: 'tokens', description: 'Tokens for what is live, in the words of OAuth.' },
  { name: 'log', description: 'The transparency log: checkpoints, tiles and keys, as C2SP describes them.' },
  { name: 'passkeys', description: 'Keys that sign decisions, and what waits to be signed.' },
  { name: 'me', description: 'Who is calling.' },
  { name: 'session', description: 'Signing in by browser.' },
  { name: 'health', description: 'For machines that watch. No token.' },
  { name: 'problems', description: 'What a no means. No token.' },
]

type Transform = ReturnType<typeof createJsonSchemaTransformObject>

export async function documentApi(scope: Scope, { options }: Pick<Parts, 'options'>): Promise<void> {
  // `readonly` in our schemas is about our own types; in OpenAPI it would say that clients may not send it.
  const zodToJsonConfig = {
    override: ({ jsonSchema }: { jsonSchema: { readOnly?: boolean } }) => void delete jsonSchema.readOnly,
  }
  const components = createJsonSchemaTransformObject({ zodToJsonConfig })
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Countersign',
        version: '1',
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: options.publicUrl.replace(/\/+$/, '') }],
      tags,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'An access token of a configured issuer (RFC 9068).',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'countersign',
            description:
              'The session of a browser that signed in here; writes also carry `countersign-page`. For our own pages only. The name differs with the address of the installation.',
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (document) => onlyUsed(components(document)),
  })
}

/** Every named schema exists once for what is sent and once for what is answered; only those that are referred to stay. */
function onlyUsed(document: ReturnType<Transform>): ReturnType<Transform> {
  const { components = {} } = document as { components?: { schemas?: Record<string, unknown> } }
  const all = components.schemas ?? {}
  const used = new Set<string>()
  const visit = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue
      used.add(name)
      visit(all[name])
    }
  }
  visit({ ...document, components: {} })
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
  return { ...document, components: { ...components, schemas } } as ReturnType<Transform>
}

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The page loads nothing from elsewhere and sends nothing: it is for reading. */
export async function showDocument(scope: Scope): Promise<void> {
  await scope.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagePolicy,
    theme: { title: 'Countersign API' },
    uiConfig: {
      validatorUrl: null,
      supportedSubmitMethods: [],
      docExpansion: 'none',
      deepLinking: true,
      displayOperationId: true,
    },
  })
  scope.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'openapi',
        tags: ['health'],
        summary: 'This document',
        security: [],
        response: { 200: z.record(z.string(), z.unknown()).meta({ description: 'OpenAPI 3.1.' }) },
      },
    },
    async (_request, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .serializer(JSON.stringify)
        .send(scope.swagger() as never),
  )
}
