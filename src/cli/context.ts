/** What every command is given: the world as it is in a process, or as a test wants it. */
import type { Demo, HandIns } from './hand-ins.ts'
import type { Page } from './output/page.ts'
import { paintFor } from './output/paint.ts'
import { type Screen, screenOn, type Terminal } from './screen.ts'
import type { SignedIn, signInByBrowser, signInByDevice, TokenStore } from './sign-in/index.ts'

export interface Context {
  readonly environment: NodeJS.ProcessEnv
  readonly terminal: Terminal
  readonly nowMillis: () => number
  /** IANA name. */
  readonly timeZone: string
  readonly tokens: TokenStore
  /** File that remembers which server and profile were used last. */
  readonly lastLoginFile: string
  readonly signIn: {
    readonly byBrowser: typeof signInByBrowser
    readonly byDevice: typeof signInByDevice
    readonly open: (address: string) => Promise<boolean>
  }
  readonly fetch: typeof globalThis.fetch
  /** The parts of the server that some commands start; loaded only by those. */
  readonly handIns: () => Promise<HandIns>
  readonly demo: () => Promise<Demo>
  /** Resolves when the process is asked to end. */
  readonly untilStopped: () => Promise<void>
}

export type { SignedIn }

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean
  readonly server?: string
  readonly as?: string
}

/** One run of one command. */
export interface Call {
  readonly context: Context
  readonly screen: Screen
  readonly page: Page
  readonly options: GlobalOptions
}

/** Beyond this, lines are hard to read. */
const widthMax = 120
const widthDefault = 100

export function callOf(context: Context, options: GlobalOptions): Call {
  const { terminal } = context
  const columns = terminal.columns ?? widthDefault
  return {
    context,
    options,
    screen: screenOn(terminal, options.json === true),
    page: {
      nowMillis: context.nowMillis(),
      timeZone: context.timeZone,
      paint: paintFor(terminal.colours),
      width: Math.max(40, Math.min(columns, widthMax)),
      tableWidth: terminal.columns ?? Number.POSITIVE_INFINITY,
    },
  }
}
