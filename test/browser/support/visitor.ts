/** A browser without a window: it keeps cookies and sends what a test tells it to, also what no real browser would. */
import { type ScriptedBrowser, scriptedBrowser } from '../../../src/identity/sample/index.ts'

export interface Visitor {
  readonly browser: ScriptedBrowser
  /** @returns where the sign-in ended. */
  signIn(login: string, query?: Readonly<Record<string, string>>): Promise<URL>
  /** The value of the session's cookie; empty without one. */
  cookie(): string
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>
  /** With what a page of ours sends along. */
  write(path: string, body: unknown): Promise<Reply>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came back
  readonly body: any
}

export function visitorAt(publicUrl: string): Visitor {
  const browser = scriptedBrowser()
  const home = new URL(publicUrl)
  const send = async (path: string, init: RequestInit, headers: Readonly<Record<string, string>> = {}) => {
    const cookie = browser.cookiesFor(new URL(path, home))
    const response = await fetch(new URL(path, home), {
      ...init,
      redirect: 'manual',
      headers: { ...(cookie === '' ? {} : { cookie }), ...headers },
    })
    return replyOf(response)
  }
  const visitor: Visitor = {
    browser,
    signIn: (login, query = {}) => browser.goTo(new URL(`/sign-in?${new URLSearchParams(query)}`, home), login),
    cookie() {
      const name = `countersign-${home.port}`
      const pair = browser
        .cookiesFor(home)
        .split('; ')
        .find((one) => one.startsWith(`${name}=`))
      return pair?.slice(name.length + 1) ?? ''
    },
    get: (path, headers) => send(path, { method: 'GET' }, headers),
    post: (path, body, headers) =>
      send(path, { method: 'POST', body: JSON.stringify(body) }, { 'content-type': 'application/json', ...headers }),
    async write(path, body) {
      const { proof } = (await visitor.get('/session')).body
      return visitor.post(path, body, { 'countersign-page': proof, origin: home.origin })
    },
  }
  return visitor
}

async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : undefined }
}
