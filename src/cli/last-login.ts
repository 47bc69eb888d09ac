/** Which server and profile were used last? So that they need not be named every time. Holds no secret. */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

export interface LastLogin {
  readonly server: string
  readonly profile: string
}

export async function readLastLogin(file: string): Promise<LastLogin | undefined> {
  try {
    const { server, profile } = JSON.parse(await readFile(file, 'utf8')) as Partial<LastLogin>
    return typeof server === 'string' && typeof profile === 'string' ? { server, profile } : undefined
  } catch (error) {
    // Without it, or with a broken one, the server is simply asked for.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return undefined
    throw error
  }
}

/** Whole or not at all. */
export async function writeLastLogin(file: string, login: LastLogin): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const staging = `${file}.${randomUUID()}`
  await writeFile(staging, `${JSON.stringify(login)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(staging, file)
}
