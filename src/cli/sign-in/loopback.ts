/**
 * Where does the browser bring the answer? To a small server that listens on this machine only, on a port that was free,
 * for one answer (RFC 8252 section 7.3). It believes nothing: a call that does not carry the state of this very sign-in is
 * turned away, and the waiting goes on.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignInError } from './sign-in-error.ts'

export interface Loopback {
  /** Where the issuer is to send the browser. */
  readonly redirectUri: string
  /** The address with the answer in it. */
  readonly answer: Promise<URL>
  close(): Promise<void>
}

export interface LoopbackOptions {
  readonly host: '127.0.0.1' | 'localhost'
  /** 0 takes any free port. */
  readonly port: number
  /** What an answer must carry to be ours. */
  readonly state: string
}

export async function listenOnLoopback({ host, port, state }: LoopbackOptions): Promise<Loopback> {
  const { promise: answer, resolve } = Promise.withResolvers<URL>()
  let redirectUri = ''
  const receive = (request: IncomingMessage, response: ServerResponse) => {
    const address = answerIn(request, redirectUri, state)
    if (address === undefined) return show(response, 400, 'This address only ends a sign-in that is under way.')
    const refused = address.searchParams.has('error')
    show(response, 200, `${refused ? 'The sign-in was not completed.' : 'Signed in.'} You can close this window.`)
    resolve(address)
  }
  const first = await listening(createServer(receive), '127.0.0.1', port)
  const taken = (first.address() as AddressInfo).port
  redirectUri = `http://${host}:${taken}/callback`
  // `localhost` may lead to either address; the other one must not be left to somebody else.
  const second = host === 'localhost' ? await alsoOn6(createServer(receive), taken, first) : undefined
  return {
    redirectUri,
    answer,
    async close() {
      await Promise.all([first, ...(second === undefined ? [] : [second])].map(closed))
    },
  }
}

/** @returns the full address when the call is the awaited answer. */
function answerIn({ method, url = '', headers }: IncomingMessage, redirectUri: string, state: string): URL | undefined {
  const expected = new URL(redirectUri)
  const address = URL.parse(url, redirectUri)
  if (method !== 'GET' || headers.host !== expected.host || !url.startsWith('/')) return undefined
  if (address?.origin !== expected.origin || address.pathname !== expected.pathname) return undefined
  const states = address.searchParams.getAll('state')
  return states.length === 1 && states[0] === state ? address : undefined
}

function show(response: ServerResponse, status: 200 | 400, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  })
  const head = '<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Countersign</title>'
  response.end(`<!doctype html><html lang="en"><head>${head}</head><body><p>${text}</p></body></html>`)
}

async function alsoOn6(server: Server, port: number, first: Server): Promise<Server | undefined> {
  try {
    return await listening(server, '::1', port)
  } catch (error) {
    if (isCode(error, 'EADDRNOTAVAIL') || isCode(error, 'EAFNOSUPPORT')) return undefined
    await closed(first)
    throw new SignInError('option-invalid', `port ${port} is taken on \`::1\`; try again, or name another port`, error)
  }
}

function listening(server: Server, host: string, port: number): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>()
  server.once('error', (error) => {
    const taken = isCode(error, 'EADDRINUSE') || isCode(error, 'EACCES')
    reject(
      taken && host !== '::1'
        ? new SignInError('option-invalid', `port ${port} cannot be listened on; name another`, error)
        : error,
    )
  })
  server.listen({ host, port }, () => resolve(server))
  return promise
}

function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  return promise
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
