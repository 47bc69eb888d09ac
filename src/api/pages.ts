/**
 * The pages: files of the build, and the one document that starts them, under whatever address a page has. Nothing in them
 * is anybody's; what somebody may see comes from the API afterwards. No script and no style runs that is not in the build.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { Parts, Scope } from './parts.ts'
import { problem } from './problem.ts'

/** Stands in the built document where the nonce of an answer belongs. */
export const noncePlace = '__STYLE_NONCE__'

/** Components write style sheets while they run; the nonce is for these. Scripts come from files alone. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const otherHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy':
    'camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
}

const notBuilt =
  'The pages of this checkout are not built yet: run `npm run build:web`, then start again. The API works all the same.\n'

/** @param scope one of its own: every address that nobody else answers is a page */
export async function pages(scope: Scope, { options, send }: Parts): Promise<void> {
  if (options.pages === undefined) return
  const { folder } = options.pages
  const text = folder === undefined ? undefined : readFileSync(join(folder, 'index.html'), 'utf8')
  if (folder !== undefined) {
    await scope.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      index: false,
      dotfiles: 'ignore',
      decorateReply: false,
      preCompressed: true,
      cacheControl: false,
      // Their names follow from what is in them.
      setHeaders: (reply) => void reply.header('cache-control', 'public, max-age=31536000, immutable'),
    })
  }
  const page = (reply: FastifyReply) => {
    if (text === undefined) return reply.code(503).type('text/plain; charset=utf-8').serializer(String).send(notBuilt)
    const nonce = randomBytes(16).toString('base64url')
    return reply
      .headers({ ...otherHeaders, 'content-security-policy': pagePolicy(nonce) })
      .type('text/html; charset=utf-8')
      .serializer(String)
      .send(text.replaceAll(noncePlace, nonce))
  }
  scope.get('/', { schema: { hide: true } }, async (_request, reply) => page(reply))
  scope.get('/*', { schema: { hide: true } }, async (request, reply) =>
    wantsPage(request.headers.accept) ? page(reply) : send(reply, problem('not-found')),
  )
}

/** Whoever asks for something else (a program, an image) hears that it is not there. */
function wantsPage(accept: string | undefined): boolean {
  return accept !== undefined && /(?:^|,)\s*text\/html\s*(?:;|,|$)/.test(accept)
}
