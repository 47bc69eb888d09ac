/** What of a request says which browser, and which page, it comes from. Read here, judged by `identity`. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BrowserCall, Cookie } from './options.ts'

/** Known only to a page that could read an answer of ours. */
export const proofHeader = 'countersign-page'
/** Sent by a page while somebody uses it, so that one that refreshes itself does not keep a session alive. */
export const presentHeader = 'countersign-present'

export function browserCall({ headers, method }: Pick<FastifyRequest, 'headers' | 'method'>): BrowserCall {
  return {
    cookie: headers.cookie,
    proof: one(headers[proofHeader]),
    origin: headers.origin,
    site: one(headers['sec-fetch-site']),
    writes: method !== 'GET' && method !== 'HEAD',
    present: headers[presentHeader] === 'yes',
  }
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join() : value
}

export function keep(reply: FastifyReply, cookies: readonly Cookie[]): FastifyReply {
  for (const { name, value, maxAgeSeconds, sameSite, secure } of cookies)
    reply.setCookie(name, value, { path: '/', httpOnly: true, maxAge: maxAgeSeconds, sameSite, secure })
  return reply
}
