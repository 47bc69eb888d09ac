// The real command line as a process of its own, and a scripted person at the browser it asks for.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { approveDeviceAs, scriptedBrowser } from '../../../src/identity/sample/index.ts'

export interface Ran {
  readonly exit: number | null
  readonly out: string
  readonly err: string
  /** The one document of standard output. */
  json<Document>(): Document
}

export interface RunOptions {
  /** Folder in which sign-ins are kept. */
  readonly home: string
  readonly server?: string
  /** Who signs in when a browser is asked for; nobody when absent. */
  readonly login?: string
  /** What that person does with a page to sign on, or to enrol a passkey on. */
  readonly sign?: (address: string, login: string) => Promise<void>
  readonly environment?: NodeJS.ProcessEnv
  readonly cwd?: string
}

const main = resolve('src/main.ts')
const node = resolve('node_modules/.bin/node')

export async function countersign(words: readonly string[], options: RunOptions): Promise<Ran> {
  const { home, server, login, sign, environment, cwd } = options
  const child = spawn(node, [main, ...words], {
    cwd: cwd ?? home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_CONFIG_HOME: home,
      TZ: 'Europe/Berlin',
      ...(server === undefined ? {} : { COUNTERSIGN_URL: server }),
      ...environment,
    },
  })
  let [out, err] = ['', '']
  let opened = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    const address = /^(?:open )?(http:\/\/localhost:\d+\/(sample-idp|sign|passkeys)(?:\/\S+)?)\n/m.exec(err)
    const [, url = '', page] = address ?? []
    if (address === null || opened || login === undefined) return
    opened = true
    const act = page !== 'sample-idp' && sign !== undefined ? sign(url, login) : signIn(url, login)
    act.catch((error: unknown) => {
      err += String(error)
      child.kill()
    })
  })
  const { promise, resolve: ended } = Promise.withResolvers<number | null>()
  child.once('close', (code) => ended(code))
  const exit = await promise
  return { exit, out, err, json: () => JSON.parse(out) }
}

/** As a browser would: the code of a device sign-in, or to the end of the sign-in, and then back to the command line. */
async function signIn(address: string, login: string): Promise<void> {
  if (new URL(address).searchParams.has('user_code')) return approveDeviceAs(address, login)
  const back = await scriptedBrowser().goTo(new URL(address), login, ({ hostname }) => hostname === '127.0.0.1')
  await fetch(back)
}
