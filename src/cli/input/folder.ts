/**
 * Which files of a folder are the policy, the directory, the cases? `policy.yaml` or `policy/`, `directory.yaml` or
 * `directory/`, `cases.yaml` or `cases/`; each can be named instead. Reading is for `files/`; here only places are found.
 */
import { access } from 'node:fs/promises'
import path from 'node:path'
import type { Policy } from '../../core/policy.ts'
import { readPolicyFiles } from '../../files/folder.ts'
import { readPolicy } from '../../files/policy.ts'
import type { FileText, Problem } from '../../files/yaml.ts'
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'

export type Part = 'policy' | 'directory' | 'cases'

/** @returns where it is, or `undefined` when the folder holds none */
export async function placeIn(folder: string, part: Part): Promise<string | undefined> {
  for (const name of [`${part}.yaml`, `${part}.yml`, part]) {
    const place = path.join(folder, name)
    if (await exists(place)) return place
  }
  return undefined
}

/** @param named by its own option, which wins. @throws {UsageError} */
export async function requirePlace(folder: string, part: Part, named: string | undefined): Promise<string> {
  const place = named ?? (await placeIn(folder, part))
  // A folder or file of nothing but policy may be named directly.
  if (place === undefined && part === 'policy' && (await exists(folder)) && /\.ya?ml$/.test(folder)) return folder
  if (place !== undefined) return place
  throw new UsageError(`${quoted(folder)} holds no \`${part}.yaml\` and no \`${part}/\`; name it with --${part}`)
}

export interface PolicyRead {
  readonly files: readonly FileText[]
  readonly policy: Policy
}

export async function readPolicyAt(place: string): Promise<PolicyRead | { readonly problems: readonly Problem[] }> {
  const files = await readPolicyFiles(place)
  if ('problems' in files) return files
  const read = readPolicy(files.value)
  return 'problems' in read ? read : { files: files.value, policy: read.policy }
}

async function exists(place: string): Promise<boolean> {
  try {
    await access(place)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return false
    throw error
  }
}
