/** A page for every kind of problem, so that the `type` of a problem leads somewhere: HTML for people, JSON for the rest. */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { problemAddress } from '../errors.ts'
import type { Parts, Scope } from '../parts.ts'
import { type Kind, kinds, problem } from '../problem.ts'
import { listOut, none, said } from '../schema/text.ts'

const kind = z
  .object({
    type: said('Address of this page.'),
    code: said('The code.'),
    status: z.int().meta({ description: 'The HTTP status it comes with.' }),
    family: z.enum(['refusal', 'request', 'authentication', 'fault', 'bug']).meta({
      description: '`refusal`: the answer is no. `fault`: something we rely on did not answer. `bug`: our mistake.',
    }),
    title: said('What it says, in one sentence.'),
  })
  .meta({ id: 'ProblemKind', description: 'A kind of problem.' })
const all = z
  .object({ kinds: listOut(kind, 'Every kind there is.') })
  .meta({ id: 'ProblemKinds', description: 'Every kind of problem there is.' })
const code = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z]+(?:-[a-z]+)*$/, { error: 'expected the code of a problem' })
    .meta({ description: 'The code.' }),
})

export function problemRoutes(scope: Scope, parts: Parts): void {
  const view = ({ family, ...one }: Kind) => ({
    ...one,
    family,
    type: problemAddress(parts.options.publicUrl, one.code),
  })
  const about = (operationId: string, summary: string) => ({
    operationId,
    tags: ['problems'],
    summary,
    security: [],
    querystring: none,
  })

  scope.get(
    '/problems',
    { schema: { ...about('problemKinds', 'Every kind of problem'), response: { 200: all } } },
    async (request, reply) => {
      if (!wantsPage(request.headers.accept)) return { kinds: kinds.map(view) }
      const items = kinds.map(
        (one) =>
          `<li><a href="/problems/${one.code}"><code>${one.code}</code></a> ${one.status}: ${escaped(one.title)}</li>`,
      )
      return page(reply, 'Problems', `<ul>${items.join('')}</ul>`)
    },
  )

  scope.get(
    '/problems/:code',
    { schema: { ...about('problemKind', 'A kind of problem'), params: code, response: { 200: kind } } },
    async (request, reply) => {
      const one = kinds.find((each) => each.code === request.params.code)
      if (one === undefined)
        return parts.send(reply, problem('not-found', `there is no problem \`${request.params.code}\``))
      if (!wantsPage(request.headers.accept)) return view(one)
      return page(
        reply,
        one.code,
        `<p>${escaped(one.title)}.</p><p>${escaped(advice[one.family])}</p><p>HTTP status ${one.status}.</p><p><a href="/problems">All problems</a></p>`,
      )
    },
  )
}

const advice: Readonly<Record<Kind['family'], string>> = {
  refusal:
    'Countersign looked at the facts and said no. The answer names the reason, and where there is one, the limit or the path behind it.',
  request: 'The request could not be read as this operation reads requests. Nothing was decided.',
  authentication: 'Nobody was recognised behind the call. Nothing was decided.',
  fault:
    'Something Countersign relies on did not do its part. Nobody was told no. Ask again with the same Idempotency-Key.',
  bug: 'This is a mistake of Countersign. The log has the details under the request id of the answer.',
}

function wantsPage(accept: string | undefined): boolean {
  return accept !== undefined && /(?:^|,)\s*text\/html\s*(?:;|,|$)/.test(accept)
}

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:3rem auto;padding:0 1rem}code{font-size:.95em}'
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** @param body made of our own words only */
function page(reply: FastifyReply, title: string, body: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .serializer(String)
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)} · Countersign</title><style>${style}</style></head><body><h1>${escaped(title)}</h1>${body}</body></html>`,
    )
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>')
}
