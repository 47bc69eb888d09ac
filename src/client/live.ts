/**
 * What happens, as it happens: one stream, read until it ends. It never begins again by itself; whoever listens knows best
 * when to ask anew, and what they may have missed meanwhile.
 */
import type { SendOptions } from './send.ts'
import { headersOf } from './send.ts'

export interface LiveRecord {
  readonly position: number
  /** A waiver, a change to the rules, `founding`, `directory`. */
  readonly stream: string
  readonly type: string
  readonly at: string
  readonly by: string
}

export type LiveNews =
  | { readonly news: 'begin'; readonly last: number }
  | ({ readonly news: 'record' } & LiveRecord)
  /** The sign-in is over. */
  | { readonly news: 'over' }

/** @throws when no stream could be had, or it broke; whoever aborts hears that too. */
export async function* listen(options: SendOptions, signal?: AbortSignal): AsyncGenerator<LiveNews, void> {
  const { fetch = globalThis.fetch, page } = options
  const response = await fetch(`${options.baseUrl.replace(/\/+$/, '')}/v1/live`, {
    headers: { ...(await headersOf(options, 'GET')), accept: 'text/event-stream' },
    redirect: 'error',
    credentials: page === undefined ? 'omit' : 'same-origin',
    cache: 'no-store',
    ...(signal && { signal }),
  })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (!response.ok || !isStream || response.body === null) throw new Error(`no stream: status ${response.status}`)
  let rest = ''
  for await (const text of textsOf(response.body)) {
    const messages = (rest + text).split('\n\n')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const news = newsOf(message)
      if (news !== undefined) yield news
    }
  }
}

/** Streams of browsers are not everywhere iterable. */
async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Of our own server, so only its own few fields are looked for. */
function newsOf(message: string): LiveNews | undefined {
  const field = (name: string) =>
    message
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  const [event, data] = [field('event'), field('data')]
  if (event === undefined || data === undefined) return undefined
  return { ...(JSON.parse(data) as object), news: event } as LiveNews
}
