/**
 * Which server, as whom, with which token? A command that reads or asks uses the kept sign-in; one that decides gets a
 * sign-in of its own, see `decision.ts`.
 */
import { type Answer, type Client, createClient, type Me } from '../client/index.ts'
import type { Call } from './context.ts'
import { readLastLogin } from './last-login.ts'
import { quoted } from './output/visible.ts'
import { ServerSaidNo, Stop } from './stop.ts'
import { UsageError } from './usage-error.ts'

export interface Place {
  readonly server: string
  readonly profile: string
}

export interface Session extends Place {
  readonly client: Client
}

/** A pipeline brings its own token here; it can ask, and never decides. */
export const tokenVariable = 'COUNTERSIGN_TOKEN'
export const serverVariable = 'COUNTERSIGN_URL'
const profileDefault = 'default'

/** From `--server`, then `COUNTERSIGN_URL`, then the last login. @throws {UsageError} */
export async function placeOf({ context, options }: Call): Promise<Place> {
  const { environment, lastLoginFile } = context
  const last = await readLastLogin(lastLoginFile)
  // A variable that is set to nothing says nothing.
  const server = options.server ?? (environment[serverVariable] || last?.server)
  if (server === undefined) {
    throw new UsageError(
      `which server? Give --server or set ${serverVariable}; after \`countersign login\` it is remembered`,
    )
  }
  const profile = options.as ?? (addressOf(server) === last?.server ? last.profile : profileDefault)
  return { server: addressOf(server), profile }
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Anything on the way could act as whoever's token goes in the clear, so plain http is for this machine only. */
export function addressOf(server: string): string {
  const url = URL.parse(server)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '') {
    throw new UsageError(`--server ${quoted(server)} is no web address; write \`https://countersign.example\``)
  }
  if (url.protocol === 'http:' && !loopbackNames.has(url.hostname)) {
    throw new UsageError(`--server ${quoted(server)} is not on https; a token is never sent in the clear`)
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** @throws {Stop} when nobody is signed in */
export async function sessionOf(call: Call): Promise<Session> {
  const place = await placeOf(call)
  return { ...place, client: clientWith(call, place.server, await tokenOf(call, place)) }
}

export async function tokenOf({ context, options }: Call, place: Place): Promise<string> {
  const brought = context.environment[tokenVariable]
  if (brought !== undefined && brought !== '' && options.as === undefined) return brought
  const kept = await context.tokens.read(place, context.nowMillis())
  switch (kept.state) {
    case 'signed-in':
      return kept.signedIn.accessToken
    case 'expired':
    case 'absent': {
      const message =
        kept.state === 'expired' ? 'the sign-in has expired' : `nobody is signed in at \`${place.server}\``
      const as = place.profile === profileDefault ? '' : ` --as ${place.profile}`
      throw new Stop('notSignedIn', {
        kind: 'sign-in',
        code: kept.state,
        message,
        next: `run \`countersign login --server ${place.server}${as}\``,
      })
    }
    default:
      return kept satisfies never
  }
}

export function clientWith({ context }: Call, server: string, token: string): Client {
  return createClient({ baseUrl: server, token: () => token, fetch: context.fetch })
}

/** @returns the value. @throws {ServerSaidNo} @param about the waiver or change, for the advice */
export function answered<Value>(answer: Answer<Value>, about?: string): Value {
  if (answer.ok) return answer.value
  throw new ServerSaidNo(answer.problem, about)
}

/** @returns whom the server takes this for; `undefined` while there are no rules yet by which it could tell. */
export async function whoIs(client: Client): Promise<Me | undefined> {
  const answer = await client.me()
  return !answer.ok && answer.problem.code === 'not-initialised' ? undefined : answered(answer)
}
