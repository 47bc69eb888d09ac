// May the sample provider run on this folder at all? Only where the demo has put its marker: a provider that lets anybody
// be anybody must never start because a setting was copied somewhere else.
import { lstat } from 'node:fs/promises'
import path from 'node:path'

/** Written by the demo into its own data folder, by nothing else. */
export const sampleMarkerFile = 'sample-organisation.json'

/** @throws {SampleRefused} when the folder is not the demo's. */
export async function requireSampleFolder(folder: string): Promise<void> {
  const at = path.join(folder, sampleMarkerFile)
  const found = await lstat(at).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (found?.isFile() === true) return
  throw new SampleRefused(
    `the sample sign-in lets anybody be anybody and runs only on the demo's own folder; \`${at}\` is not there, so configure a real issuer instead`,
  )
}

export class SampleRefused extends Error {
  override readonly name = 'SampleRefused'
}
