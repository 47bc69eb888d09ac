/**
 * A decision from the command line. First everything that will be decided is shown, whole; then the person signs it with
 * their passkey in the browser or, where the rules ask for none, signs in for this one act; then exactly what was shown is
 * sent. Nothing here can say yes in anybody's place, and there is no option that would.
 */
import type { Answer, Client, Me } from '../client/index.ts'
import type { Call } from './context.ts'
import { wholeNumber } from './input/number.ts'
import { named } from './output/names.ts'
import { answered, clientWith, type Session, whoIs } from './session.ts'
import { signInSettings } from './sign-in-settings.ts'
import { Stop } from './stop.ts'

export interface Decision<Value> {
  /** As the person types it: `countersign`, `deny`. */
  readonly verb: string
  /** The waiver or change. */
  readonly about: string
  /** Everything that is decided, complete. */
  readonly lines: readonly string[]
  readonly send: (client: Client) => Promise<Answer<Value>>
  /** How it is signed by passkey instead; `asked`: the rules it was asked under want that. Today's may want it as well. */
  readonly sign?: { readonly asked: boolean; readonly run: () => Promise<Value> }
}

export interface DecisionOptions {
  readonly issuer?: string
  readonly browserPort?: string
}

/** The API takes a sign-in of the last 300 seconds; the rest is for reading and for the way. */
const keptSecondsMax = 270

export async function decide<Value>(
  call: Call,
  session: Session,
  options: DecisionOptions,
  decision: Decision<Value>,
): Promise<Value> {
  const { screen, context } = call
  screen.show(decision.lines)
  // Whoever signs reads it once more, in the browser, and presses there.
  if (decision.sign?.asked) return decision.sign.run()
  const reader = await whoIs(session.client)
  if (context.terminal.interactive) await confirmed(call, decision.verb)
  const client = await decidingClient(call, session, options, reader, decision.verb)
  const answer = await decision.send(client)
  const mustSign = !answer.ok && answer.problem.code === 'passkey-needed'
  return mustSign && decision.sign !== undefined ? decision.sign.run() : answered(answer, decision.about)
}

/** The word itself, not a letter: nobody decides by pressing Return once too often. */
async function confirmed({ screen }: Call, verb: string): Promise<void> {
  const typed = await screen.ask(`Type \`${verb}\` to ${verb} exactly this, anything else to leave: `)
  if (typed.trim() !== verb)
    throw new Stop('usage', { kind: 'usage', code: 'not-confirmed', message: 'nothing was decided' })
}

async function decidingClient(
  call: Call,
  session: Session,
  options: DecisionOptions,
  reader: Me | undefined,
  verb: string,
): Promise<Client> {
  const kept = await keptDecider(call, session, reader)
  if (kept !== undefined) return kept
  const { accessToken } = await signInInBrowser(
    call,
    session.server,
    options,
    reader === undefined ? `to ${verb}` : `to ${verb} as ${named(reader.id, reader.names)}`,
  )
  const client = clientWith(call, session.server, accessToken)
  const decider = await whoIs(client)
  if (reader === undefined || decider === undefined || decider.id === reader.id) return client
  const message = `you signed in as ${named(decider.id, decider.names)}, and what was shown was shown to ${named(reader.id, reader.names)}; nothing was decided`
  throw new Stop('notSignedIn', {
    kind: 'sign-in',
    code: 'another-person',
    message,
    next: 'sign in as the same person, or choose the profile with --as',
  })
}

/**
 * A sign-in of `login --to-decide` that is still fresh. Only where a person has just typed the word: a program at the same
 * machine must not decide on somebody's kept sign-in.
 */
async function keptDecider(
  call: Call,
  { server, profile }: Session,
  reader: Me | undefined,
): Promise<Client | undefined> {
  const { context } = call
  if (!context.terminal.interactive || reader === undefined) return undefined
  const kept = await context.tokens.read({ server, profile: deciderProfile(profile) }, context.nowMillis())
  if (kept.state !== 'signed-in') return undefined
  const client = clientWith(call, server, kept.signedIn.accessToken)
  const me = await client.me()
  if (!me.ok || me.value.id !== reader.id || me.value.signedInAt === undefined) return undefined
  const ageSeconds = (context.nowMillis() - Date.parse(me.value.signedInAt)) / 1000
  return ageSeconds <= keptSecondsMax ? client : undefined
}

export function deciderProfile(profile: string): string {
  return `${profile}@decide`
}

/** A sign-in that happens now. @param why `to countersign as …`, for the prompt */
export async function signInInBrowser(
  call: Call,
  server: string,
  { issuer, browserPort }: DecisionOptions,
  why: string,
) {
  const { context, screen } = call
  const settings = await signInSettings(context, server, issuer)
  if (settings.browserClient === undefined) {
    throw new Stop('notSignedIn', {
      kind: 'sign-in',
      code: 'flow-not-offered',
      message: 'this server has no sign-in by browser for the command line',
      next: 'decide in the web application',
    })
  }
  return context.signIn.byBrowser({
    issuer: settings.issuer,
    clientId: settings.browserClient,
    audience: settings.audience,
    scope: settings.scope,
    audienceParameter: settings.audienceParameter,
    loopbackHost: settings.loopbackHost,
    ...(browserPort === undefined ? {} : { port: wholeNumber(browserPort, '--browser-port', 1, 65_535) }),
    open: context.signIn.open,
    onPrompt: ({ url, opened }) => {
      screen.progress(
        opened ? `sign in ${why}: your browser was opened at` : `sign in ${why}: open this address in your browser`,
      )
      screen.progress(url)
    },
  })
}
