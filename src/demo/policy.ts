/** Reads rules from a file that is known to be good; anything wrong with it stops the demo with the line. */
import type { Policy } from '../core/policy.ts'
import { readPolicyFiles } from '../files/folder.ts'
import { readPolicy } from '../files/policy.ts'

export async function policyAt(path: string): Promise<Policy> {
  const files = await readPolicyFiles(path)
  const read = 'problems' in files ? files : readPolicy(files.value)
  if ('problems' in read) throw new Error(read.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'))
  return read.policy
}
