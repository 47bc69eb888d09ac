/** An installation to be measured: a durable PostgreSQL of its own, the sample rules, and as many people as are needed. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assemble, type Countersign } from '../src/app.ts'
import type { SourceSnapshot } from '../src/core/directory.ts'
import type { Policy } from '../src/core/policy.ts'
import { plusSeconds } from '../src/core/time.ts'
import type { Actor } from '../src/core/waiver.ts'
import { importDirectory } from '../src/engine/directories.ts'
import { handleFounding, proposeFounding } from '../src/engine/founding.ts'
import { silent } from '../src/engine/logger.ts'
import type { Store } from '../src/store/contract.ts'
import { startEmbeddedServer } from '../src/store/embedded/index.ts'
import { openStore } from '../src/store/store.ts'
import { directoryOf } from '../test/support/directories.ts'
import { organisation, policyFor } from '../test/support/life.ts'
import { memoryTarget } from '../test/support/memory-target.ts'

export interface BenchServer {
  readonly url: string
  readonly folder: string
  stop(): Promise<void>
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'))
  const server = await startEmbeddedServer({ folder })
  return {
    url: server.url,
    folder,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface BenchInstallation {
  readonly app: Countersign
  readonly store: Store
  readonly person: (id: string) => Actor
  close(): Promise<void>
}

interface FoundParts {
  readonly directory?: string
  readonly policy?: Policy
}

/** @param askers how many people with an account of their own; `per_a0`, `per_a1`, … and `a0_db`, … */
export async function foundInstallation(
  url: string,
  askers: number,
  { directory = organisation, policy = policyFor({ passkey: false }) }: FoundParts = {},
): Promise<BenchInstallation> {
  const store = await openStore({ url, poolMax: 16 })
  const people = Array.from(
    { length: askers },
    (_, n) => `acc_a${n} on sys_ledger login a${n}_db\nacc_a${n} belongs-to per_a${n} confirmed`,
  )
  const { nodes, relations, shifts, sources } = directoryOf(`${directory}\n${people.join('\n')}`)
  const source = {
    kind: 'bench',
    everySeconds: 3_600,
    read: async (now: string): Promise<SourceSnapshot> => ({
      nodes,
      relations,
      shifts,
      source: { ...(sources[0] as SourceSnapshot['source']), observedAt: now },
    }),
  }
  const app = assemble({ store, log: silent, sources: [source], kinds: [memoryTarget().kind] })
  const { machinery } = app
  await importDirectory(machinery, [source])
  const person = (id: string): Actor => ({ id, chain: [], signedInAt: plusSeconds(new Date().toISOString(), -5) })
  const proposed = await proposeFounding(machinery, ['per_rae', 'per_kim'], 2, policy)
  if (proposed.outcome === 'refused') throw new Error(proposed.refusal.message)
  for (const founder of ['per_rae', 'per_kim'])
    await handleFounding(machinery, { type: 'accept', policy: proposed.founding.policy }, person(founder))
  return {
    app,
    store,
    person,
    async close() {
      await app.stop()
      await store.close()
    },
  }
}
