/** Signs in, so that one can read and ask. Deciding takes a sign-in of its own each time, or `--to-decide` for five minutes. */
import type { Command } from 'commander'
import type { Me } from '../../client/index.ts'
import type { Call, GlobalOptions } from '../context.ts'
import { deciderProfile, signInInBrowser } from '../decision.ts'
import { writeLastLogin } from '../last-login.ts'
import { instantSeen } from '../output/moments.ts'
import { named } from '../output/names.ts'
import { quoted } from '../output/visible.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { clientWith, type Place, placeOf, whoIs } from '../session.ts'
import type { SignedIn } from '../sign-in/index.ts'
import { signInSettings } from '../sign-in-settings.ts'
import { Stop } from '../stop.ts'

interface Options extends GlobalOptions {
  readonly toDecide?: boolean
  readonly browser?: boolean
  readonly issuer?: string
  readonly browserPort?: string
}

export function addLogin(program: Command, registry: Registry): void {
  program
    .command('login')
    .summary('sign in')
    .description(
      'Signs in with a code typed into a browser anywhere. That is enough to read and to ask, never to decide: each decision opens the browser for a sign-in of its own.',
    )
    .option(
      '--browser',
      'sign in with the browser of this machine instead of a code; for five minutes whoever can read your files could decide with it',
    )
    .option('--to-decide', 'the same, and decide with it for five minutes by typing the word at this terminal')
    .option('--issuer <key>', 'where to sign in, when there are several')
    .option('--browser-port <port>', 'port the browser comes back to, when the issuer wants a registered one')
    .action(performs<Options>(registry, login))
}

async function login(call: Call, options: Options): Promise<Shown> {
  const { context } = call
  const place = await placeOf(call)
  const byBrowser = options.browser === true || options.toDecide === true
  const signedIn = byBrowser
    ? await signInInBrowser(call, place.server, options, 'to Countersign')
    : await byDevice(call, place, options)
  const me = await whoIs(clientWith(call, place.server, signedIn.accessToken))
  await context.tokens.write(place, signedIn)
  // A sign-in that may decide is kept apart, and used only where a person types the word.
  if (options.toDecide === true)
    await context.tokens.write(
      { server: place.server, profile: deciderProfile(place.profile) },
      untilFiveMinutes(signedIn, context.nowMillis()),
    )
  await writeLastLogin(context.lastLoginFile, place)
  return {
    document: { server: place.server, profile: place.profile, me, expiresAt: signedIn.expiresAt },
    lines: [
      `signed in at ${place.server} as ${whom(signedIn, me)}, until ${instantSeen(signedIn.expiresAt, call.page)}`,
    ],
  }
}

/** Before there are rules the server knows nobody yet; then what the issuer says is shown. */
function whom({ name, subject }: SignedIn, me: Me | undefined): string {
  return me === undefined ? quoted(name ?? subject ?? 'somebody') : named(me.id, me.names)
}

function untilFiveMinutes(signedIn: SignedIn, nowMillis: number): SignedIn {
  const end = new Date(Math.min(nowMillis + 300_000, Date.parse(signedIn.expiresAt))).toISOString()
  return { ...signedIn, expiresAt: end }
}

async function byDevice(call: Call, { server }: Place, options: Options): Promise<SignedIn> {
  const { context, screen } = call
  const settings = await signInSettings(context, server, options.issuer)
  if (settings.deviceClient === undefined) {
    if (settings.browserClient !== undefined) return signInInBrowser(call, server, options, 'to Countersign')
    throw new Stop('notSignedIn', {
      kind: 'sign-in',
      code: 'flow-not-offered',
      message: 'this server has no sign-in for the command line',
      next: 'use the web application',
    })
  }
  return context.signIn.byDevice({
    issuer: settings.issuer,
    clientId: settings.deviceClient,
    audience: settings.audience,
    scope: settings.scope,
    audienceParameter: settings.audienceParameter,
    onPrompt: ({ userCode, verificationUri, verificationUriComplete, expiresAt }) => {
      screen.progress(`open ${verificationUriComplete ?? verificationUri}`)
      screen.progress(`and type the code ${userCode}, until ${instantSeen(expiresAt, call.page)}`)
    },
  })
}
