/**
 * An installation with a sample organisation in it: its own PostgreSQL, a target in a second one, a sign-in without
 * passwords, founders who accepted the first rules. The demo plays on it, and tests of the pages run against it. Its folder
 * is made anew every time and holds nothing of anybody's.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { type Client, createClient } from '../client/index.ts'
import { membersOf } from '../core/compile.ts'
import { poolsThat } from '../core/obligations.ts'
import { entryOf, type Policy } from '../core/policy.ts'
import { proposeFounding } from '../engine/founding.ts'
import type { Machinery } from '../engine/handle.ts'
import { mountSampleProvider, sampleIssuer, sampleMarkerFile, samplePath, signInAs } from '../identity/sample/index.ts'
import { type Installation, serveInstallation } from '../serve.ts'
import { startEmbeddedServer } from '../store/embedded/index.ts'
import { acme, type Cast, type Person } from './cast.ts'
import { policyAt } from './policy.ts'
import { castableForm, realScenery } from './real-organisation.ts'
import { type SamplePasskeys, samplePasskeys } from './sample-passkeys.ts'
import { mountSampleSigning, personOf } from './sample-signing.ts'
import { signingClient } from './signing-client.ts'
import { startTarget, type Target } from './target.ts'
import type { Stage } from './terminal.ts'

export interface SampleOptions {
  readonly folder: string
  readonly port: number
  /** A real organisation's structure instead of the sample's. */
  readonly directory?: string
}

export interface Sample {
  readonly publicUrl: string
  /** Where everything of it lies. */
  readonly folder: string
  readonly cast: Cast
  readonly target: Target
  readonly installation: Installation
  /** How long the two servers took to start. */
  readonly startMillis: number
  /** Somebody who has just signed in. */
  as(person: Person): Promise<Client>
  stop(): Promise<void>
}

const examples = fileURLToPath(new URL('../../examples/acme/', import.meta.url))
const issuerKey = 'sample'

export async function raiseSample(options: SampleOptions, stage: Stage): Promise<Sample> {
  const folder = resolve(options.folder)
  const publicUrl = `http://localhost:${options.port}`
  const began = Date.now()
  // Nothing is begun, and nothing of the last time thrown away, for a story that cannot be played.
  if (options.directory !== undefined) castableForm(resolve(options.directory))
  await requireFreePort(options.port)
  await freshFolder(folder)
  const set = await scenery(options.directory, folder)
  const target = await timed(stage, 'the target, with real tables and roles', () =>
    startTarget(join(folder, 'target'), join(examples, 'database.sql'), set.policy),
  )
  process.env.ACME_LEDGER_URL = target.connectorUrl
  process.env.ACME_COMPANY_URL = target.connectorUrl
  const config = await writeConfig(folder, publicUrl, options.port, set)
  let machinery: Machinery | undefined
  const passkeys = samplePasskeys({
    publicUrl,
    as: clientsOf(publicUrl),
    confirmers: async () => (machinery === undefined ? [] : confirmersIn(machinery)),
  })
  const mount = async (fastify: Parameters<typeof mountSampleProvider>[0], mounted: Machinery) => {
    machinery = mounted
    await mountSample(fastify, mounted, publicUrl, folder)
    await mountSampleSigning(fastify, { publicUrl, folder, passkeys })
  }
  try {
    const installation = await timed(stage, 'Countersign', () =>
      serveInstallation({ config, role: 'both' }, { log: 'silent', sample: true, mount }),
    )
    const stop = () => installation.stop().finally(() => target.stop())
    const as = async (person: Person) => signingAs(person, await clientAs(publicUrl, person), passkeys)
    const startMillis = Date.now() - began
    await begin(stage, installation.app.machinery, set, publicUrl).catch(async (error: unknown) => {
      await installation.stop()
      throw error
    })
    return { publicUrl, folder, cast: set.cast, target, installation, startMillis, as, stop }
  } catch (error) {
    await target.stop()
    throw error
  }
}

/** What is on stage: an organisation, its rules, and who plays. */
interface Scenery {
  readonly policy: Policy
  readonly cast: Cast
  readonly sources: readonly {
    readonly id: string
    readonly kind: 'yaml' | 'github' | 'working-groups'
    readonly path: string
  }[]
  readonly issuerKey: string
}

async function scenery(directory: string | undefined, folder: string): Promise<Scenery> {
  if (directory !== undefined) {
    return realScenery(resolve(directory), folder)
  }
  return {
    policy: await policyAt(join(examples, 'policy.yaml')),
    cast: acme,
    sources: [{ id: 'acme', kind: 'yaml', path: join(examples, 'directory.yaml') }],
    issuerKey,
  }
}

async function writeConfig(folder: string, publicUrl: string, port: number, set: Scenery): Promise<string> {
  const path = join(folder, 'countersign.yaml')
  const config = {
    publicUrl,
    listen: { host: 'localhost', port },
    database: { folder: 'countersign' },
    identity: { issuers: [sampleIssuer(set.issuerKey, `${publicUrl}${samplePath}`)] },
    directory: set.sources.map((source) => ({ ...source, every: 'PT30S', staleAfter: 'P1D' })),
  }
  await writeFile(
    path,
    `# Written by the demo. The sign-in of this organisation asks for no password: never use it for anything real.\n${stringify(config)}`,
  )
  return path
}

/** The founders accept the first rules; before that everything is refused. */
async function begin(stage: Stage, machinery: Machinery, { policy, cast }: Scenery, publicUrl: string): Promise<void> {
  stage.scene(
    'The beginning',
    'Rules come into force only when founders accept them, at least one from outside the platform team.',
  )
  const proposed = await proposeFounding(
    machinery,
    cast.founders.map(({ id }) => id),
    2,
    policy,
  )
  if (proposed.outcome === 'refused') throw new Error(proposed.refusal.message)
  for (const founder of cast.founders.slice(0, 2)) {
    const client = await clientAs(publicUrl, founder)
    const answer = await client.acceptFounding({ policy: proposed.founding.policy })
    if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
    stage.done(`${founder.login} accepts the first rules`)
  }
}

async function mountSample(
  fastify: Parameters<typeof mountSampleProvider>[0],
  machinery: Machinery,
  publicUrl: string,
  folder: string,
): Promise<void> {
  const everybody = await castFromDirectory(machinery)
  const [people, workloads] = [false, true].map((wanted) => everybody.filter(({ isWorkload }) => isWorkload === wanted))
  await mountSampleProvider(fastify, {
    publicUrl,
    folder,
    people: () => people ?? [],
    workloads: () => workloads ?? [],
  })
}

/** Everybody who has an account at the sample's sign-in. */
async function castFromDirectory({ store, knowledge }: Machinery) {
  const { directory } = await store.heads()
  const facts = await knowledge.facts(directory)
  const names = new Map(facts.nodes.map((node) => [node.id, node.name]))
  const holder = new Map(
    facts.relations.filter(({ relation }) => relation === 'belongs-to').map(({ from, to }) => [from, to]),
  )
  const team = new Map(
    facts.relations
      .filter(({ relation, until }) => relation === 'member-of' && until === undefined)
      .map(({ from, to }) => [from, to]),
  )
  return facts.nodes.flatMap((node) => {
    const whose =
      node.kind === 'account' && (node.on === issuerKey || node.on === 'github.com') ? holder.get(node.id) : undefined
    if (whose === undefined || node.login === undefined) return []
    const inTeam = names.get(team.get(whose) ?? '')
    return [
      {
        login: node.login,
        name: names.get(whose) ?? whose,
        isWorkload: whose.startsWith('wl_'),
        ...(inTeam === undefined ? {} : { team: inTeam }),
      },
    ]
  })
}

/** Whoever may confirm somebody's passkey: who looks after security, and the founders while none of them can. */
async function confirmersIn({ store, knowledge }: Machinery): Promise<readonly Person[]> {
  const { directory: digest, policy: rules, freshness, now } = await store.heads()
  if (digest === undefined || rules === undefined) return []
  const [directory, policy] = await Promise.all([knowledge.directory(digest, freshness), knowledge.policy(rules)])
  const pools = poolsThat(policy, 'security').flatMap((id) => entryOf(policy.pools, id) ?? [])
  const people = pools.flatMap((pool) => [...membersOf(directory, pool, now)])
  return [...new Set([...people, ...policy.founders])].map(personOf)
}

/** Signs whatever they may decide; whoever may not is refused before a passkey matters. */
function signingAs(person: Person, client: Client, passkeys: SamplePasskeys): Client {
  return signingClient(client, {
    async ready(waiver, decision) {
      const detail = await client.waiver(waiver)
      const may = detail.ok && detail.value.standing.acts.some((one) => one.act === decision && one.may)
      if (may) await passkeys.ready(person)
    },
    sign: ({ publicKey }) => passkeys.sign(person, publicKey),
  })
}

const keptMillisMax = 120_000

/** Signed in just now, or a moment ago. */
function clientsOf(publicUrl: string): (person: Person) => Promise<Client> {
  const kept = new Map<string, { readonly client: Client; readonly at: number }>()
  return async (person) => {
    const known = kept.get(person.id)
    if (known !== undefined && Date.now() - known.at < keptMillisMax) return known.client
    const fresh = { client: await clientAs(publicUrl, person), at: Date.now() }
    kept.set(person.id, fresh)
    return fresh.client
  }
}

async function clientAs(publicUrl: string, { login }: Person) {
  const token = await signInAs(publicUrl, login)
  return createClient({ baseUrl: publicUrl, token: () => token })
}

/** Made anew, so that it works every time; never a folder that is not the demo's own. */
async function freshFolder(folder: string): Promise<void> {
  const marker = join(folder, sampleMarkerFile)
  const known = await readFile(marker, 'utf8').catch(() => undefined)
  if (known !== undefined) {
    await stopLeftOver(join(folder, 'target'))
    await stopLeftOver(join(folder, 'countersign'))
    await rm(folder, { recursive: true, force: true })
  } else if (existsSync(folder)) {
    throw new Error(`\`${folder}\` is there and is not a demo's; name another with --folder`)
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(marker, `${JSON.stringify({ sample: true, made: new Date().toISOString() })}\n`, { mode: 0o600 })
}

/** A demo that was killed leaves its servers running; they are taken over and ended in order. */
async function stopLeftOver(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))) return
  const server = await startEmbeddedServer({ folder })
  await server.stop()
}

async function requireFreePort(port: number): Promise<void> {
  await new Promise<void>((free, taken) => {
    const probe = createServer()
    probe.once('error', () =>
      taken(
        new Error(
          `port ${port} is taken, perhaps by a demo that is still running; end it, or name another with --port`,
        ),
      ),
    )
    probe.listen(port, 'localhost', () => probe.close(() => free()))
  })
}

async function timed<Value>(stage: Stage, what: string, work: () => Promise<Value>): Promise<Value> {
  const began = Date.now()
  const waiting = stage.waiting(`${what} is starting`)
  try {
    return await work()
  } finally {
    waiting.end()
    stage.done(`${what}, ready after ${((Date.now() - began) / 1000).toFixed(1)} s`)
  }
}
