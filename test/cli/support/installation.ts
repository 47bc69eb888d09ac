// A whole installation for tests of the command line: the real server, a real target, the sample organisation with its
// sign-in, founded. It runs inside the test; the command line runs as a process of its own.
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { createClient } from '../../../src/client/index.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { samplePasskeys } from '../../../src/demo/sample-passkeys.ts'
import { personOf } from '../../../src/demo/sample-signing.ts'
import { startTarget, type Target } from '../../../src/demo/target.ts'
import { proposeFounding } from '../../../src/engine/founding.ts'
import { readYamlFiles } from '../../../src/files/folder.ts'
import { readPolicy } from '../../../src/files/policy.ts'
import {
  mountSampleProvider,
  sampleIssuer,
  sampleMarkerFile,
  samplePath,
  signInAs,
} from '../../../src/identity/sample/index.ts'
import { type Installation, serveInstallation } from '../../../src/serve.ts'
import { freePort } from '../../support/free-port.ts'
import { createDatabase } from '../../support/postgres.ts'
import { scratchFolder } from '../../support/scratch-folder.ts'

export interface TestInstallation {
  readonly url: string
  readonly target: Target
  readonly policy: Policy
  /** Sees to it that these have passkeys in force. */
  enrol(...logins: readonly string[]): Promise<void>
  /** Signs what a page under this address shows, as somebody would there. */
  sign(address: string, login: string): Promise<void>
  stop(): Promise<void>
}

const acme = resolve('examples/acme')
/** Who looks after security there; they can sign in as well. */
const confirmers = ['per_noor', 'per_carlos']

/** @param people who can sign in, by login */
export async function startInstallation(people: readonly string[]): Promise<TestInstallation> {
  const scratch = scratchFolder('cli-installation')
  const database = await createDatabase()
  const policy = await acmePolicy()
  const target = await startTarget(await made(join(scratch.folder, 'target')), join(acme, 'database.sql'), policy)
  Object.assign(process.env, {
    ACME_LEDGER_URL: target.connectorUrl,
    ACME_COMPANY_URL: target.connectorUrl,
    COUNTERSIGN_TEST_DATABASE: database.url,
  })
  const port = await freePort()
  const url = `http://localhost:${port}`
  const installation = await serveInstallation(
    { config: await configIn(scratch.folder, url, port), role: 'both' },
    { log: 'silent', sample: true, mount: (fastify) => mountSign(fastify, url, scratch.folder, people) },
  )
  await propose(installation, policy)
  const as = async ({ login }: { readonly login: string }) => {
    const token = await signInAs(url, login)
    return createClient({ baseUrl: url, token: () => token })
  }
  const passkeys = samplePasskeys({ publicUrl: url, as, confirmers: async () => confirmers.map(personOf) })
  return {
    url,
    target,
    policy,
    async enrol(...logins) {
      for (const login of logins) await passkeys.ready({ id: `per_${login}`, login })
    },
    async sign(address, login) {
      const client = await as({ login })
      const challenge = await client.challenge(address.slice(address.lastIndexOf('/') + 1))
      if (!challenge.ok) throw new Error(challenge.problem.code)
      await client.sign(challenge.value.id, passkeys.sign({ id: `per_${login}` }, challenge.value.publicKey))
    },
    async stop() {
      await installation.stop()
      await target.stop()
      await scratch.dispose()
    },
  }
}

async function mountSign(
  fastify: Parameters<typeof mountSampleProvider>[0],
  publicUrl: string,
  folder: string,
  people: readonly string[],
): Promise<void> {
  await writeFile(join(folder, sampleMarkerFile), JSON.stringify({ sample: true }), { mode: 0o600 })
  const cast = [...people, ...confirmers.map((id) => personOf(id).login)].map((login) => ({ login, name: login }))
  await mountSampleProvider(fastify, { publicUrl, folder, people: () => cast, workloads: () => [] })
}

async function propose({ app }: Installation, policy: Policy): Promise<void> {
  const proposed = await proposeFounding(app.machinery, ['per_folake', 'per_pavel', 'per_simone'], 2, policy)
  if (proposed.outcome === 'refused') throw new Error(proposed.refusal.message)
}

async function acmePolicy(): Promise<Policy> {
  const files = await readYamlFiles(join(acme, 'policy.yaml'))
  const read = 'problems' in files ? files : readPolicy(files.value)
  if ('problems' in read) throw new Error(read.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'))
  return read.policy
}

async function configIn(folder: string, publicUrl: string, port: number): Promise<string> {
  const path = join(folder, 'countersign.yaml')
  const config = {
    publicUrl,
    listen: { host: 'localhost', port },
    database: { url: 'env:COUNTERSIGN_TEST_DATABASE' },
    identity: { issuers: [sampleIssuer('sample', `${publicUrl}${samplePath}`)] },
    directory: [{ id: 'acme', kind: 'yaml', path: join(acme, 'directory.yaml'), every: 'PT30S', staleAfter: 'P1D' }],
  }
  await writeFile(path, stringify(config))
  return path
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}
