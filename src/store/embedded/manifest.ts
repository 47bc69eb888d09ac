// What is in a cold copy? A manifest beside the files names each with its size and SHA-256; it is written last, so a copy
// that was cut short has none. A manifest comes from outside: its paths are checked before any is used.
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { EmbeddedServerError } from './errors.ts'
import { openPlain, readPlain } from './files.ts'

export const manifestName = 'manifest.json'
export const filesName = 'files'

// Relative, with `/`, and no part that leads elsewhere on any platform.
const relativePath = z.string().refine((at) => {
  const parts = at.split('/')
  return parts.every((part) => part !== '' && part !== '.' && part !== '..') && !/[\\:\0]/.test(at)
}, 'is not a path inside the copy')

const copiedFile = z.strictObject({
  path: relativePath,
  sizeBytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const manifestSchema = z.strictObject({
  format: z.literal('countersign-cold-copy/1'),
  createdAt: z.iso.datetime(),
  majorVersion: z.int(),
  /** PostgreSQL needs its empty folders too. */
  folders: z.array(relativePath),
  files: z.array(copiedFile),
})

export type Manifest = z.infer<typeof manifestSchema>
export type CopiedFile = z.infer<typeof copiedFile>

export interface ReadManifest {
  manifest: Manifest
  sha256: string
}

/** @throws EmbeddedServerError `copy-damaged` */
export async function readManifest(copy: string): Promise<ReadManifest> {
  const text = await readPlain(path.join(copy, manifestName))
  if (text === undefined) {
    throw new EmbeddedServerError('copy-damaged', `\`${copy}\` has no ${manifestName}: it is not a finished copy`)
  }
  try {
    return { manifest: manifestSchema.parse(JSON.parse(text)), sha256: createHash('sha256').update(text).digest('hex') }
  } catch (error) {
    throw new EmbeddedServerError(
      'copy-damaged',
      `\`${path.join(copy, manifestName)}\` is damaged: use another copy`,
      error,
    )
  }
}

const chunkBytes = 1_048_576

/** Copies one plain file to a new one, waits until it is on the disk, and says what was written. */
export async function copyAndHash(from: string, to: string): Promise<{ sizeBytes: number; sha256: string }> {
  await using source = await openPlain(from, constants.O_RDONLY)
  await using target = await open(to, 'wx', 0o600)
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(chunkBytes)
  let sizeBytes = 0
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, chunkBytes, null)
    if (bytesRead === 0) break
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    await target.writeFile(chunk)
    sizeBytes += bytesRead
  }
  await target.sync()
  return { sizeBytes, sha256: hash.digest('hex') }
}

/** SHA-256 of a plain file. */
export async function hashFile(at: string): Promise<string> {
  await using source = await openPlain(at, constants.O_RDONLY)
  const hash = createHash('sha256')
  for await (const chunk of source.createReadStream({ autoClose: false })) hash.update(chunk)
  return hash.digest('hex')
}
