/** The world of a real process, as commands see it. What starts servers is loaded only by the commands that do. */
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Context } from './context.ts'
import { wantsColours } from './output/paint.ts'
import type { Terminal } from './screen.ts'
import { configurationFolder, openBrowser, signInByBrowser, signInByDevice, tokenStore } from './sign-in/index.ts'

export function processContext(): Context {
  const { env } = process
  const folder = configurationFolder(env)
  return {
    environment: env,
    terminal: terminalOf(env),
    nowMillis: () => Date.now(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    tokens: tokenStore(folder),
    lastLoginFile: path.join(folder, 'last-login.json'),
    signIn: { byBrowser: signInByBrowser, byDevice: signInByDevice, open: (address) => openBrowser(address) },
    fetch: globalThis.fetch,
    handIns: async () => (await import('../hand-ins.ts')).handIns,
    demo: () => import('../demo/run.ts'),
    async untilStopped() {
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    },
  }
}

function terminalOf(env: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process
  for (const stream of [stdout, stderr]) stream.on('error', endQuietly)
  const isTerminal = stdout.isTTY === true
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    ...(isTerminal ? { columns: stdout.columns } : {}),
    colours: wantsColours(env, isTerminal),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    ask,
  }
}

/** Whoever reads has read enough, as in `countersign list | head -1`. */
function endQuietly(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit()
  throw error
}

/** On standard error, so that standard output stays what it is. */
async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const { promise, resolve } = Promise.withResolvers<string>()
    reader.question(question, resolve)
    reader.once('close', () => resolve(''))
    return await promise
  } finally {
    reader.close()
  }
}
