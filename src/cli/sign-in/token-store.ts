/**
 * Where does the command line keep who is signed in? One small file for each server and profile in the person's own
 * configuration folder, readable for nobody else. A profile lets one person be several in the sample (`--as maria`). A
 * token that has expired is as good as none.
 */
import { hash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { SignedIn } from './issuer.ts'
import { SignInError } from './sign-in-error.ts'

/** Which server, and as whom. */
export interface StoreKey {
  readonly server: string
  /** Default `default`. */
  readonly profile?: string
}

export interface KeptSignIn {
  readonly server: string
  readonly profile: string
  readonly signedIn: SignedIn
}

export type StoredSignIn =
  | { readonly state: 'signed-in'; readonly signedIn: SignedIn }
  | { readonly state: 'expired'; readonly signedIn: SignedIn }
  | { readonly state: 'absent' }

export interface TokenStore {
  read(key: StoreKey, nowMillis: number): Promise<StoredSignIn>
  write(key: StoreKey, signedIn: SignedIn): Promise<void>
  /** @returns whether there was one */
  remove(key: StoreKey): Promise<boolean>
  /** Everything kept, expired ones too, by server and profile. */
  list(): Promise<KeptSignIn[]>
}

/** A token that ends while the request travels is no use. */
const leewayMillis = 10_000

/** @returns `$XDG_CONFIG_HOME/countersign`, or its like where that is not set. */
export function configurationFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: appData } = environment
  // The XDG specification says that relative paths here are to be ignored.
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'countersign')
  if (platform === 'win32' && appData !== undefined && appData !== '') return path.join(appData, 'countersign')
  return path.join(environment.HOME ?? os.homedir(), '.config', 'countersign')
}

export function tokenStore(folder: string = configurationFolder()): TokenStore {
  const within = path.join(folder, 'sign-ins')
  const fileOf = (key: StoreKey) => path.join(within, `${nameOf(key)}.json`)
  return {
    async read(key, nowMillis) {
      const kept = await readKept(fileOf(key))
      if (kept === undefined || kept.server !== serverOf(key) || kept.profile !== profileOf(key))
        return { state: 'absent' }
      const { signedIn } = kept
      const over = Date.parse(signedIn.expiresAt) - leewayMillis <= nowMillis
      return { state: over ? 'expired' : 'signed-in', signedIn }
    },
    async write(key, signedIn) {
      await mkdir(within, { recursive: true, mode: 0o700 })
      const kept: KeptSignIn = { server: serverOf(key), profile: profileOf(key), signedIn }
      await replace(fileOf(key), `${JSON.stringify(kept, null, 2)}\n`)
    },
    async remove(key) {
      try {
        await rm(fileOf(key))
        return true
      } catch (error) {
        if (isCode(error, 'ENOENT')) return false
        throw unusable(fileOf(key), error)
      }
    },
    async list() {
      const names = (await namesIn(within)).filter((name) => name.endsWith('.json'))
      const kept = await Promise.all(names.map((name) => readKept(path.join(within, name))))
      return kept
        .filter((one) => one !== undefined)
        .sort((a, b) => a.server.localeCompare(b.server) || a.profile.localeCompare(b.profile))
    },
  }
}

/** Servers and profiles may hold characters that file names may not, and must not lead out of the folder. */
function nameOf(key: StoreKey): string {
  return hash('sha256', JSON.stringify([serverOf(key), profileOf(key)])).slice(0, 32)
}

function serverOf({ server }: StoreKey): string {
  const url = URL.parse(server)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new SignInError('option-invalid', `\`${server}\` is not the web address of a server`)
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function profileOf({ profile = 'default' }: StoreKey): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u.test(profile)) return profile
  throw new SignInError('option-invalid', 'a profile is a name of letters, digits, `.`, `_`, `@` and `-`, at most 64')
}

async function readKept(at: string): Promise<KeptSignIn | undefined> {
  const text = await readPrivate(at)
  if (text === undefined) return undefined
  try {
    return keptIn(JSON.parse(text))
  } catch (cause) {
    throw unusable(at, cause)
  }
}

async function readPrivate(at: string): Promise<string | undefined> {
  try {
    await using file = await open(at, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    const { mode } = await file.stat()
    if (process.platform === 'win32' || (mode & 0o077) === 0) return await file.readFile('utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw unusable(at, error)
  }
  throw new SignInError('store-unusable', `others can read \`${at}\`; delete it and sign in again`)
}

function keptIn(value: unknown): KeptSignIn {
  const { server, profile, signedIn } = recordOf(value)
  const { accessToken, expiresAt, issuer, clientId, subject, name } = recordOf(signedIn)
  return {
    server: textOf(server),
    profile: textOf(profile),
    signedIn: {
      accessToken: textOf(accessToken),
      expiresAt: instantOf(expiresAt),
      issuer: textOf(issuer),
      clientId: textOf(clientId),
      ...(subject === undefined ? {} : { subject: textOf(subject) }),
      ...(name === undefined ? {} : { name: textOf(name) }),
    },
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  throw new TypeError('expected an object')
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError('expected a text')
}

function instantOf(value: unknown): string {
  const text = textOf(value)
  if (!Number.isNaN(Date.parse(text))) return text
  throw new TypeError('expected an instant')
}

/** Whole or not at all: a crash leaves the file as it was. */
async function replace(at: string, text: string): Promise<void> {
  const staging = `${at}.${randomUUID()}`
  try {
    await using file = await open(staging, 'wx', 0o600)
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    throw unusable(at, error)
  }
  await rename(staging, at)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw unusable(folder, error)
  }
}

function unusable(at: string, cause: unknown): SignInError {
  if (cause instanceof SignInError) return cause
  return new SignInError('store-unusable', `\`${at}\` cannot be used; delete it and sign in again`, cause)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
