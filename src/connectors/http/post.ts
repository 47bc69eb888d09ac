/**
 * One attempt: bytes go out once, to an address that was judged, and what came of it is said in three outcomes. It never
 * follows a redirect, never reads more of an answer than it must, and never outlives its time.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { notDone, unknown } from '../access.ts'
import { AddressRefused, guardedLookup, type Resolver } from './address.ts'
import { type HttpOutcome, outcomeOf } from './status.ts'

/** Where bytes go, and how long that may take. */
export interface Destination {
  readonly url: URL
  /** For the attempt as a whole: finding the address, connecting, sending, and the answer. */
  readonly timeoutMillis: number
  /** True: it may lie on this machine or in a private network. Link-local addresses stay refused. */
  readonly allowPrivate: boolean
  /** PEM of the authority to believe, for a receiver whose certificate is not from a public one. */
  readonly ca?: string
}

/** Names and time. */
export interface World {
  readonly resolve: Resolver
  readonly nowMillis: () => number
}

/** Of an answer's body; what is in it means nothing to us, and its sender may be hostile. */
const answerBytesMax = 65_536

export function post(
  destination: Destination,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  { resolve, nowMillis }: World,
): Promise<HttpOutcome> {
  return new Promise((settle) => {
    let sent = false
    const signal = AbortSignal.timeout(destination.timeoutMillis)
    const request = open(destination, { ...headers, 'content-length': String(body.length) }, resolve, signal)
    // From here on the receiver may have heard us, whatever we hear of it.
    request.once('socket', (socket) => {
      socket.once(destination.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        sent = true
      })
    })
    request.once('response', (response) => {
      settle(outcomeOf(response.statusCode ?? 0, response.headers['retry-after'], nowMillis()))
      discard(request, response)
    })
    // A switch of protocols is no answer; the receiver has had the notice all the same.
    request.once('upgrade', (_, socket) => {
      socket.destroy()
      settle(unknown('the receiver wanted to switch protocols'))
    })
    request.on('error', (error) => settle(failure(error, sent, signal.aborted, destination.timeoutMillis)))
    request.end(body)
  })
}

function open(destination: Destination, headers: Record<string, string>, resolve: Resolver, signal: AbortSignal) {
  const { url, allowPrivate, ca } = destination
  const secure = url.protocol === 'https:'
  const request = secure ? httpsRequest : httpRequest
  return request(url, {
    method: 'POST',
    headers,
    signal,
    // A connection of its own: one that is kept could have been made under an older judgement.
    agent: false,
    lookup: guardedLookup(resolve, allowPrivate, !secure),
    ...(secure ? { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const } : {}),
    ...(ca === undefined ? {} : { ca }),
  })
}

/** Lets a short answer end by itself, so that the receiver is not cut off; the deadline and the limit end the others. */
function discard(request: ClientRequest, response: IncomingMessage): void {
  let bytes = 0
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > answerBytesMax) request.destroy()
  })
}

function failure(error: NodeJS.ErrnoException, sent: boolean, late: boolean, timeoutMillis: number): HttpOutcome {
  if (error instanceof AddressRefused) return notDone(error.message, true)
  const reason = late ? `no answer within ${timeoutMillis} ms` : `the connection failed (${error.code ?? error.name})`
  return sent ? unknown(reason) : notDone(reason, true)
}
