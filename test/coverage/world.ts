/** An example from its files, as a coverage: the directory read at a moment, the policy, and the hours from then on. */
import { join } from 'node:path'
import { directoryYaml } from '../../src/connectors/directory-yaml/source.ts'
import { compileDirectory } from '../../src/core/compile.ts'
import { type PreparedCoverage, prepareCoverage, settledIn } from '../../src/core/coverage.ts'
import { type DirectoryFacts, emptyDirectory } from '../../src/core/directory.ts'
import { applySource } from '../../src/core/merge.ts'
import type { Policy } from '../../src/core/policy.ts'
import { readYamlFiles } from '../../src/files/folder.ts'
import { readPolicy } from '../../src/files/policy.ts'

export interface CoverageWorld {
  readonly facts: DirectoryFacts
  readonly policy: Policy
  readonly prepared: PreparedCoverage
}

export async function exampleAt(name: string, from: string, hours: number): Promise<CoverageWorld> {
  const folder = join(import.meta.dirname, '../../examples', name)
  const snapshot = await directoryYaml({ source: name, path: join(folder, 'directory.yaml') }).read(from)
  const facts = applySource(emptyDirectory, snapshot, from, 400)
  const files = await readYamlFiles(join(folder, 'policy.yaml'))
  const read = 'problems' in files ? files : readPolicy(files.value)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return { facts, policy: read.policy, prepared: coverageOf(facts, read.policy, from, hours) }
}

export function coverageOf(
  facts: DirectoryFacts,
  policy: Policy,
  from: string,
  hours: number,
  now = from,
): PreparedCoverage {
  return prepareCoverage({ directory: compileDirectory(facts), policy, history: settledIn(policy), now, from, hours })
}
