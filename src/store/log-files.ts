/**
 * What of the log lies on the disk and not in the database: its private keys, made on the first start and readable for
 * nobody else, and the last checkpoint this machine has signed. Keys are never overwritten and never written anywhere else.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { formatSigningKey, KEY_TYPE, type KeyType, MalformedInput, parseSigningKey, type Signer } from '../log/index.ts'
import { openPlain, readPlain, syncFolder, writeNew } from './embedded/files.ts'

export const keyFileName = 'log-key'
export const memoryFileName = 'log-memory'

export class LogKeyError extends Error {
  override readonly name = 'LogKeyError'
  readonly code = 'log-key'
}

/** One private key a line, in the form of `signed-note`; lines that begin with `#` are comments. @throws LogKeyError */
export async function readSigningKeys(text: string, where: string): Promise<Signer[]> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (lines.length === 0) throw new LogKeyError(`${where} holds no key`)
  return Promise.all(
    lines.map((line) =>
      parseSigningKey(line.trim()).catch((error: unknown) => {
        // The message says what is wrong and never what the key is.
        if (error instanceof MalformedInput) throw new LogKeyError(`${where}: ${error.message}`)
        throw error
      }),
    ),
  )
}

/** The keys in a file of this process's own; the first is made when there is none. @throws LogKeyError */
export async function signingKeysIn(path: string, name: string, type: KeyType = KEY_TYPE.ed25519): Promise<Signer[]> {
  const known = await readPrivate(path)
  if (known === undefined) await writeUnlessThere(path, await newKeyLine(name, type))
  return readSigningKeys(known ?? (await readPrivate(path)) ?? '', `\`${path}\``)
}

/** A further key behind those there are. Whoever reads the file meanwhile finds the old ones or all. */
export async function addSigningKey(path: string, name: string, type: KeyType = KEY_TYPE.ed25519): Promise<Signer> {
  const known = (await readPrivate(path)) ?? ''
  const line = await newKeyLine(name, type)
  await replace(path, `${known}${known === '' || known.endsWith('\n') ? '' : '\n'}${line}`)
  return parseSigningKey(line.trim())
}

export function memoryAt(path: string) {
  return {
    read: () => readPlain(path),
    write: (note: string) => replace(path, note),
  }
}

async function newKeyLine(name: string, type: KeyType): Promise<string> {
  return `${await formatSigningKey(name, type, new Uint8Array(randomBytes(32)))}\n`
}

async function readPrivate(path: string): Promise<string | undefined> {
  const text = await readPlain(path)
  if (text === undefined || process.platform === 'win32') return text
  await using file = await openPlain(path, constants.O_RDONLY)
  const { mode } = await file.stat()
  if ((mode & 0o077) === 0) return text
  throw new LogKeyError(`others on this machine can read \`${path}\`: chmod 600 it, and change the key if they did`)
}

/** Two processes that start at once end up with the same file. */
async function writeUnlessThere(path: string, content: string): Promise<void> {
  const staging = await stage(path, content)
  try {
    await link(staging, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(staging, { force: true })
  }
  await syncFolder(dirname(path))
}

async function replace(path: string, content: string): Promise<void> {
  const staging = await stage(path, content)
  await rename(staging, path)
  await syncFolder(dirname(path))
}

/** A whole file beside its place, on the disk before it gets its name. */
async function stage(path: string, content: string): Promise<string> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const staging = join(folder, `.${basename(path)}.${randomUUID()}`)
  await writeNew(staging, content)
  return staging
}
