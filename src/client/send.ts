/**
 * One request and its answer. Writes carry an Idempotency-Key, so that asking again after a 503 cannot happen twice.
 * It never follows a redirect (the token would go along) and never throws what the network did: that is an answer too.
 */
import type { ProblemView } from '../api/schema/problem.ts'

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: ClientProblem }

/**
 * The API's own problem, or one of two that are made here: `unreachable` (no answer came; a write may or may not have
 * happened, so ask again with the same key) and `not-understood` (something else than the API answered). Their status is 0.
 */
export type ClientProblem = ProblemView

export interface SendOptions {
  /** `https://countersign.example`, without a path. */
  readonly baseUrl: string
  /** Asked anew for every request, so that it may have been refreshed. An empty string sends none. */
  readonly token: () => string | Promise<string>
  /** For our own pages: the session of this browser goes along, with what it takes besides. Then there is no token. */
  readonly page?: PageOptions
  readonly fetch?: typeof globalThis.fetch
  /** How often a 503 is asked again. Default 3; 0 never. */
  readonly retriesMax?: number
  /** Milliseconds. */
  readonly wait?: (millis: number) => Promise<void>
}

export interface PageOptions {
  /** `proof` of the session; proves to the API that a page of its own is calling. */
  readonly proof: () => string
  /** Somebody has used the page lately; only such calls keep a session from ending. */
  readonly present: () => boolean
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface WriteOptions extends CallOptions {
  /** 8 to 128 visible ASCII characters. Made up when absent; give one that outlives the process to be able to ask again later. */
  readonly idempotencyKey?: string
}

/** Query members that are absent are not sent; lists are sent once an entry. */
type Query = object

export interface Send {
  get<Value>(path: string, query: Query, call?: CallOptions, alsoFine?: readonly number[]): Promise<Answer<Value>>
  post<Value>(path: string, body: unknown, call?: WriteOptions): Promise<Answer<Value>>
  /** For what is no JSON: files of the log. */
  bytes(path: string, call?: CallOptions): Promise<Answer<Uint8Array<ArrayBuffer>>>
}

const retryAfterSecondsMax = 10

export function createSend(options: SendOptions): Send {
  const base = options.baseUrl.replace(/\/+$/, '')
  return {
    get: (path, query, call = {}, alsoFine = []) =>
      persist(options, base + path + textOf(query), { method: 'GET' }, call, (response) => read(response, alsoFine)),
    post: (path, body, call = {}) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': call.idempotencyKey ?? newKey() }
      const outgoing = { method: 'POST', body: JSON.stringify(body), headers }
      return persist(options, base + path, outgoing, call, (response) => read(response, []))
    },
    bytes: (path, call = {}) => persist(options, base + path, { method: 'GET' }, call, readBytes),
  }
}

interface Outgoing {
  readonly method: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function persist<Value>(
  options: SendOptions,
  url: string,
  outgoing: Outgoing,
  call: CallOptions,
  reading: (response: Response) => Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  const { retriesMax = 3, wait = waitMillis } = options
  for (let tries = 0; ; tries++) {
    const response = await once(options, url, outgoing, call)
    if (!(response instanceof Response)) return response
    const answer = await reading(response)
    if (answer.ok || response.status !== 503 || tries >= retriesMax) return answer
    await wait(1000 * secondsToWait(response))
    call.signal?.throwIfAborted()
  }
}

async function once(
  options: SendOptions,
  url: string,
  outgoing: Outgoing,
  { signal }: CallOptions,
): Promise<Response | Answer<never>> {
  const { fetch = globalThis.fetch } = options
  const headers = { ...outgoing.headers, ...(await headersOf(options, outgoing.method)) }
  const credentials = options.page === undefined ? 'omit' : 'same-origin'
  try {
    return await fetch(url, { ...outgoing, headers, redirect: 'error', credentials, ...(signal && { signal }) })
  } catch (error) {
    // Whoever aborted knows; everything else `fetch` throws means that no answer came.
    if (signal?.aborted === true) throw error
    return made('unreachable', `no answer came from \`${new URL(url).host}\`: ${causeOf(error)}`)
  }
}

/** Who is calling. */
export async function headersOf(options: SendOptions, method: string): Promise<Record<string, string>> {
  const token = await options.token()
  return {
    accept: 'application/json',
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...(options.page === undefined ? {} : pageHeaders(options.page, method)),
  }
}

function pageHeaders({ proof, present }: PageOptions, method: string): Record<string, string> {
  return {
    ...(method === 'GET' ? {} : { 'countersign-page': proof() }),
    ...(present() ? { 'countersign-present': 'yes' } : {}),
  }
}

async function read<Value>(response: Response, alsoFine: readonly number[]): Promise<Answer<Value>> {
  const body = await response.json().catch((): undefined => undefined)
  const isObject = typeof body === 'object' && body !== null
  if (isObject && (response.ok || (alsoFine.includes(response.status) && !('code' in body))))
    return { ok: true, value: body as Value }
  if (isObject && 'code' in body && 'detail' in body) return { ok: false, problem: body as ProblemView }
  return made(
    'not-understood',
    `the answer with status ${response.status} is none of Countersign's; look at the address`,
  )
}

async function readBytes(response: Response): Promise<Answer<Uint8Array<ArrayBuffer>>> {
  if (!response.ok) return read(response, [])
  return { ok: true, value: new Uint8Array(await response.arrayBuffer()) }
}

function made(code: 'unreachable' | 'not-understood', detail: string): Answer<never> {
  return {
    ok: false,
    problem: {
      type: 'about:blank',
      title: code === 'unreachable' ? 'no answer came' : 'the answer was not understood',
      status: 0,
      detail,
      code,
    },
  }
}

function secondsToWait(response: Response): number {
  const after = response.headers.get('retry-after') ?? ''
  return /^\d{1,4}$/.test(after) ? Math.min(Number(after), retryAfterSecondsMax) : 1
}

function textOf(query: Query): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) pairs.append(name, String(one))
  }
  return pairs.size === 0 ? '' : `?${pairs}`
}

/** 128 random bits. `randomUUID` is missing where a page came over plain HTTP; this is not. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error ? cause.message : String(cause)
}

function waitMillis(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}
