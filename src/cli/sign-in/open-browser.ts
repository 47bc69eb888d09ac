/**
 * How does an address get into the person's browser? By the opener of the platform, started directly: no shell ever reads
 * the address, and only web addresses are passed on.
 */
import { spawn } from 'node:child_process'

export interface OpenBrowserOptions {
  readonly platform?: NodeJS.Platform
  readonly environment?: NodeJS.ProcessEnv
  /** An opener that has not failed by then has most likely worked. */
  readonly settleMillis?: number
}

/** @returns whether a browser most likely opened. Never throws: the address can always be shown instead. */
export async function openBrowser(address: string, options: OpenBrowserOptions = {}): Promise<boolean> {
  const { platform = process.platform, environment = process.env, settleMillis = 1_000 } = options
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false
  const [command, ...before] = openerOf(platform)
  if (command === undefined || isWithoutScreen(platform, environment)) return false
  return started(command, [...before, url.href], environment, settleMillis)
}

/** On Windows not `start`, which is a word of the shell and reads `&` in addresses as its own. */
function openerOf(platform: NodeJS.Platform): readonly string[] {
  switch (platform) {
    case 'darwin':
      return ['open']
    case 'win32':
      return ['rundll32.exe', 'url.dll,FileProtocolHandler']
    default:
      return ['xdg-open']
  }
}

/** Over a plain ssh session an opener may start a browser in the terminal, or one that nobody sees. */
function isWithoutScreen(
  platform: NodeJS.Platform,
  { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME }: NodeJS.ProcessEnv,
): boolean {
  if (platform === 'darwin' || platform === 'win32') return false
  return [DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].every((name) => name === undefined || name === '')
}

function started(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  settleMillis: number,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const child = spawn(command, args, { env, stdio: 'ignore', detached: true, shell: false, windowsHide: true })
  const settled = setTimeout(() => resolve(true), settleMillis)
  const end = (opened: boolean) => {
    clearTimeout(settled)
    resolve(opened)
  }
  child.once('error', () => end(false))
  child.once('exit', (code) => end(code === 0))
  child.unref()
  return promise
}
