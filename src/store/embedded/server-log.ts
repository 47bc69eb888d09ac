// What did the server write since a given moment? Only read when a start failed, to say why.
// pg_ctl writes the first lines into one file; the server's own collector goes on in a folder that keeps a week.
import { constants } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { systemCode } from './errors.ts'
import { openPlain } from './files.ts'

export const startupLog = 'startup.log'
export const logFolder = 'log'

/** Size in bytes of each log file. */
export type LogMark = ReadonlyMap<string, number>

export async function markLog(data: string): Promise<LogMark> {
  const sizes = new Map<string, number>()
  for (const at of await logFiles(data)) {
    const found = await lstatOrUndefined(at)
    if (found) sizes.set(at, found.size)
  }
  return sizes
}

// Enough for the last lines of a message, and never a week of log.
const readBytesMax = 65_536

export async function readLogSince(data: string, mark: LogMark): Promise<string> {
  const parts: string[] = []
  for (const at of await logFiles(data)) parts.push(await readFrom(at, mark.get(at) ?? 0))
  return parts.join('\n')
}

async function readFrom(at: string, position: number): Promise<string> {
  if (!(await lstatOrUndefined(at))?.isFile()) return ''
  await using file = await openPlain(at, constants.O_RDONLY)
  const buffer = Buffer.alloc(readBytesMax)
  const { bytesRead } = await file.read(buffer, 0, readBytesMax, position)
  return buffer.toString('utf8', 0, bytesRead)
}

async function lstatOrUndefined(at: string) {
  try {
    return await lstat(at)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function logFiles(data: string): Promise<string[]> {
  const first = path.join(data, startupLog)
  try {
    const names = await readdir(path.join(data, logFolder))
    return [first, ...names.sort().map((name) => path.join(data, logFolder, name))]
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [first]
    throw error
  }
}
