// The world of a command for tests: answers instead of a server, a terminal that remembers, nobody at the keyboard.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../../src/cli/context.ts'
import { run } from '../../../src/cli/run.ts'
import type { SignedIn, StoredSignIn, TokenStore } from '../../../src/cli/sign-in/index.ts'

export interface Sent {
  readonly method: string
  readonly path: string
  readonly token: string
  readonly body: unknown
}

export interface Heard {
  readonly exit: number
  readonly out: string
  readonly err: string
  readonly sent: readonly Sent[]
  /** How often a browser was asked for. */
  readonly signIns: number
  readonly written: readonly { readonly profile: string; readonly signedIn: SignedIn }[]
  /** Profiles whose sign-in was forgotten. */
  readonly removed: readonly string[]
}

/** Path → what is answered: the value, or a problem with its status. */
export type Answers = Readonly<Record<string, unknown>>

export interface World {
  readonly answers?: Answers
  /** Answers what stands in no answer, such as a whole installation. */
  readonly through?: typeof globalThis.fetch
  /** Absent: no terminal. */
  readonly columns?: number
  /** What the person types, where they are asked; absent: nobody is there. */
  readonly types?: string
  readonly kept?: Readonly<Record<string, StoredSignIn>>
  /** The token of a sign-in of its own; `fresh`. */
  readonly signsInAs?: string
  readonly environment?: NodeJS.ProcessEnv
  readonly timeZone?: string
  readonly nowMillis?: number
  readonly handIns?: Context['handIns']
  /** Only tests that sign in write one. */
  readonly lastLoginFile?: string
}

export const server = 'https://countersign.test'
export const now = Date.parse('2026-11-22T14:00:00Z')

/** Runs the command line in this process. */
export async function heard(words: readonly string[], world: World = {}): Promise<Heard> {
  const sent: Sent[] = []
  const written: { profile: string; signedIn: SignedIn }[] = []
  const removed: string[] = []
  let [out, err, signIns] = ['', '', 0]
  const context: Context = {
    environment: { COUNTERSIGN_URL: server, ...world.environment },
    terminal: {
      out: (text) => {
        out += text
      },
      err: (text) => {
        err += text
      },
      ...(world.columns === undefined ? {} : { columns: world.columns }),
      colours: false,
      interactive: world.types !== undefined,
      ask: async (question) => {
        err += question
        return world.types ?? ''
      },
    },
    nowMillis: () => world.nowMillis ?? now,
    timeZone: world.timeZone ?? 'UTC',
    tokens: {
      ...keptTokens(world.kept ?? { default: { state: 'signed-in', signedIn: signedIn('reading') } }),
      write: async ({ profile = 'default' }, kept) => {
        written.push({ profile, signedIn: kept })
      },
      remove: async ({ profile = 'default' }) => {
        removed.push(profile)
        return Object.hasOwn(world.kept ?? {}, profile)
      },
    },
    lastLoginFile: world.lastLoginFile ?? join(tmpdir(), 'countersign-test-never-written', 'last-login.json'),
    signIn: {
      byBrowser: async () => {
        signIns += 1
        return signedIn(world.signsInAs ?? 'fresh')
      },
      byDevice: async () => signedIn('reading'),
      open: async () => true,
    },
    fetch: async (input, init) => {
      const url = new URL(String(input))
      const headers = new Headers(init?.headers)
      const token = headers.get('authorization')?.replace('Bearer ', '') ?? ''
      const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
      sent.push({ method: init?.method ?? 'GET', path: url.pathname, token, body })
      const { answers = {}, through } = world
      if (through !== undefined && answers[url.pathname] === undefined) return through(input, init)
      return answer(answers, url, token)
    },
    handIns: world.handIns ?? (() => Promise.reject(new Error('no server is started here'))),
    demo: () => Promise.reject(new Error('no demo is started here')),
    untilStopped: async () => {},
  }
  const exit = await run(words, context)
  return { exit, out, err, sent, signIns, written, removed }
}

/** An answer may depend on the token: `/v1/me as fresh`. */
function answer(answers: Answers, { pathname }: URL, token: string): Response {
  const found = answers[`${pathname} as ${token}`] ?? answers[pathname]
  if (found instanceof Error) throw found
  if (found === undefined)
    return Response.json({ ...problem('not-found', 404), detail: `no answer for ${pathname}` }, { status: 404 })
  const status =
    typeof found === 'object' && found !== null && 'status' in found && typeof found.status === 'number'
      ? found.status
      : 200
  return Response.json(found, { status })
}

export function problem(code: string, status: number, more: object = {}) {
  return {
    type: `https://countersign.test/problems/${code}`,
    title: code,
    status,
    detail: `what ${code} says`,
    code,
    ...more,
  }
}

export function signedIn(accessToken: string): SignedIn {
  return {
    accessToken,
    expiresAt: '2026-11-22T15:00:00.000Z',
    issuer: 'https://id.test',
    clientId: 'cli',
    subject: 's',
  }
}

function keptTokens(kept: Readonly<Record<string, StoredSignIn>>): Pick<TokenStore, 'read' | 'list'> {
  return {
    read: async ({ profile = 'default' }) => kept[profile] ?? { state: 'absent' },
    list: async () => [],
  }
}
