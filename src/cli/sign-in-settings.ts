/** How does one sign in at this server? Asks the server, which says it to everybody: there is no secret in it. */
import type { Context } from './context.ts'
import { quoted } from './output/visible.ts'
import { Stop } from './stop.ts'
import { UsageError } from './usage-error.ts'

/** One issuer, as `GET /v1/sign-in` answers. */
export interface SignInSettings {
  readonly key: string
  readonly issuer: string
  /** What tokens are to be made for. */
  readonly audience: string
  readonly deviceClient?: string
  readonly browserClient?: string
  readonly scope: string
  readonly audienceParameter: 'resource' | 'audience' | 'none'
  readonly loopbackHost: '127.0.0.1' | 'localhost'
}

/** @param key of the issuer; needed only where there are several. @throws {Stop} {UsageError} */
export async function signInSettings(
  { fetch }: Context,
  server: string,
  key: string | undefined,
): Promise<SignInSettings> {
  const issuers = issuersIn(await answerOf(fetch, `${server}/v1/sign-in`), server)
  const known = issuers.map((issuer) => quoted(issuer.key)).join(', ')
  if (key !== undefined) {
    const named = issuers.find((issuer) => issuer.key === key)
    if (named === undefined) throw new UsageError(`--issuer ${quoted(key)} is not known here; there is ${known}`)
    return named
  }
  const [first, second] = issuers
  if (first === undefined) throw strange(server)
  if (second !== undefined) throw new UsageError(`several issuers can be signed in at; choose with --issuer: ${known}`)
  return first
}

async function answerOf(fetch: Context['fetch'], url: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(10_000),
    })
    return response.ok ? await response.json() : undefined
  } catch (cause) {
    throw new Stop(
      'unreachable',
      {
        kind: 'fault',
        code: 'unreachable',
        message: `no answer came from \`${new URL(url).host}\``,
        next: 'is the address right, and is it running? Then try again',
      },
      cause,
    )
  }
}

function issuersIn(answer: unknown, server: string): readonly SignInSettings[] {
  const issuers = typeof answer === 'object' && answer !== null && 'issuers' in answer ? answer.issuers : undefined
  if (!Array.isArray(issuers) || !issuers.every(isSettings)) throw strange(server)
  return issuers
}

function isSettings(value: unknown): value is SignInSettings {
  const { key, issuer, audience, scope } = (value ?? {}) as Partial<Record<keyof SignInSettings, unknown>>
  return [key, issuer, audience, scope].every((text) => typeof text === 'string' && text !== '')
}

function strange(server: string): Stop {
  return new Stop('unreachable', {
    kind: 'fault',
    code: 'not-understood',
    message: `\`${server}\` does not say how to sign in; is it a Countersign server`,
    next: 'look at the address',
  })
}
