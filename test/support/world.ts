/**
 * A whole installation on a real PostgreSQL: the small organisation of `life.ts`, founded, with a target in memory and a
 * clock that the test sets. Loops do not run; the test calls what they would do.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { assemble, type Countersign } from '../../src/app.ts'
import type { AccessConnectorKind } from '../../src/connectors/access.ts'
import type { DirectorySource } from '../../src/connectors/directory.ts'
import type { SourceSnapshot } from '../../src/core/directory.ts'
import type { ShrinkLimits } from '../../src/core/merge.ts'
import type { Policy } from '../../src/core/policy.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { Actor, Command, Waiver, WaiverId } from '../../src/core/waiver.ts'
import { importDirectory, type SourceReport } from '../../src/engine/directories.ts'
import { handleFounding, proposeFounding } from '../../src/engine/founding.ts'
import { type Handled, handle } from '../../src/engine/handle.ts'
import { silent } from '../../src/engine/logger.ts'
import { reconcile } from '../../src/engine/reconcile.ts'
import { sweep } from '../../src/engine/sweep.ts'
import type { Store } from '../../src/store/contract.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openStore } from '../../src/store/store.ts'
import { directoryOf, noon } from './directories.ts'
import { organisation, policyFor } from './life.ts'
import { type MemoryTarget, memoryTarget } from './memory-target.ts'
import { type MajorVersion, postgresFor } from './postgres.ts'
import { type Signers, signersOf, testRelyingParty } from './signing.ts'

export interface WorldOptions {
  /** Further sources; they are read when somebody has them read. */
  readonly besides?: readonly DirectorySource[]
  readonly directory?: string
  readonly policy?: Policy
  readonly kinds?: (target: MemoryTarget) => readonly AccessConnectorKind[]
  readonly majorVersion?: MajorVersion
  readonly poolMax?: number
  readonly founded?: boolean
  /** A copy of the database of a world that was closed, as it was then; not founded again. */
  readonly copyOf?: World
  readonly shrink?: ShrinkLimits
}

export interface World {
  readonly url: string
  readonly store: Store
  readonly app: Countersign
  readonly target: MemoryTarget
  now: string
  /** Sets the clock of the database. */
  at(instant: string): Promise<void>
  after(seconds: number): Promise<void>
  person(id: string): Actor
  /** Whether a tier of the rules asks for signatures; then people sign what they decide. */
  readonly signs: boolean
  readonly signers: Signers
  handle(actor: string, command: Command, waiver?: WaiverId): Promise<Handled>
  /** The same, and fails the test unless it is accepted. */
  must(actor: string, command: Command, waiver?: WaiverId): Promise<Waiver>
  /** Countersigns exactly what is put forward. */
  countersign(actor: string, waiver: WaiverId): Promise<Handled>
  waiver(id: WaiverId): Promise<Waiver>
  /** Everything that happens by itself: sweep, reconcile, sequence, until nothing is left to do. */
  settle(): Promise<void>
  /** @returns what became of the source. */
  changeDirectory(text: string): Promise<SourceReport['outcome']>
  /** As a superuser of the database. */
  query<Row extends pg.QueryResultRow>(sql: string, params?: unknown[]): Promise<Row[]>
}

const migrationsFolder = new URL('../../src/store/migrations/', import.meta.url)
const migrations = readdirSync(migrationsFolder)
  .sort()
  .reduce(
    (hash, name) => hash.update(readFileSync(new URL(name, migrationsFolder))),
    createHash('sha256').update(readFileSync(new URL('../../src/store/migrate.ts', import.meta.url))),
  )
  .digest('hex')

export async function openWorld(options: WorldOptions = {}): Promise<World & { close(): Promise<void> }> {
  const postgres = await postgresFor(options.majorVersion)
  const template =
    options.copyOf === undefined
      ? await postgres.template(`world_${migrations.slice(0, 16)}`, ({ url }) => migrate(url))
      : new URL(options.copyOf.url).pathname.slice(1)
  const { url } = await postgres.createDatabase(template)
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => {})
  await admin.connect()
  const store = await openStore({ url, ...(options.poolMax === undefined ? {} : { poolMax: options.poolMax }) })
  const target = memoryTarget()
  let text = options.directory ?? organisation
  // Small directories are turned over by a few lines; what is held is a test of its own.
  const shrink = options.shrink ?? { share: 1, atLeast: 1, withinSeconds: 1 }
  const source = { kind: 'test', everySeconds: 60, shrink, read: async () => snapshotOf(text, world.now) }
  const kinds = options.kinds?.(target) ?? [target.kind]
  const besides = (options.besides ?? []).map((other) => ({ ...other, everySeconds: 60 }))
  const app = assemble({ store, log: silent, sources: [source, ...besides], kinds, relyingParty: testRelyingParty })
  const policy = options.policy ?? policyFor()
  const signs = Object.values(policy.tiers).some((tier) => tier.passkey)
  const world: World = {
    url,
    store,
    app,
    target,
    now: noon,
    async at(instant) {
      world.now = instant
      await admin.query(
        `create or replace function countersign.clock() returns timestamptz language sql volatile as $$ select '${instant}'::timestamptz $$`,
      )
      await store.watchClock()
    },
    after: (seconds) => world.at(plusSeconds(world.now, seconds)),
    person: (id) => ({ id, chain: [], ...(id.startsWith('per_') ? { signedInAt: plusSeconds(world.now, -10) } : {}) }),
    signs,
    signers: signersOf(app.machinery, (id) => world.person(id), ['per_watch', 'per_rae', 'per_kim', 'per_ops']),
    handle(actor, command, waiver) {
      const order = { actor: world.person(actor), command, ...(waiver === undefined ? {} : { waiver }) }
      return signs ? world.signers.handle(order) : handle(app.machinery, order)
    },
    async must(actor, command, waiver) {
      const handled = await world.handle(actor, command, waiver)
      if (handled.outcome === 'refused')
        throw new Error(`${actor} ${command.type}: ${handled.refusal.code} ${handled.refusal.message}`)
      return handled.waiver
    },
    async countersign(actor, id) {
      const { proposal } = await world.waiver(id)
      return world.handle(actor, { type: 'countersign', digest: proposal?.digest ?? '', acknowledges: [] }, id)
    },
    async waiver(id) {
      const found = await store.waivers.find(id)
      if (found === undefined) throw new Error(`no waiver ${id}`)
      return found
    },
    async settle() {
      for (let rounds = 0; rounds < 20; rounds++) {
        const moved =
          (await sweep(app.machinery)) + (await reconcile(app.machinery)) + (await store.feed.sequence(1_000))
        if (moved === 0) return
      }
    },
    async changeDirectory(next) {
      text = next
      const [report] = await importDirectory(app.machinery, [source])
      return report?.outcome ?? 'unreadable'
    },
    async query<Row extends pg.QueryResultRow>(sql: string, params: unknown[] = []) {
      return (await admin.query<Row>(sql, params)).rows
    },
  }
  await admin.query('set search_path = countersign')
  await world.at(noon)
  await importDirectory(app.machinery, [source])
  if (options.founded !== false && options.copyOf === undefined) await found(world, policy)
  return {
    ...world,
    // The clock moves in `world`; whoever holds the copy must see it move.
    get now() {
      return world.now
    },
    async close() {
      await app.stop()
      await store.close()
      await admin.end()
    },
  }
}

async function found(world: World, policy: Policy): Promise<void> {
  const { machinery } = world.app
  const proposed = await proposeFounding(machinery, ['per_rae', 'per_kim', 'per_ops'], 2, policy)
  if (proposed.outcome === 'refused') throw new Error(proposed.refusal.message)
  for (const founder of ['per_rae', 'per_ops']) {
    const accepted = await handleFounding(
      machinery,
      { type: 'accept', policy: proposed.founding.policy },
      world.person(founder),
    )
    if (accepted.outcome === 'refused') throw new Error(accepted.refusal.message)
  }
}

function snapshotOf(text: string, now: string): SourceSnapshot {
  const { nodes, relations, shifts, access = [], sources } = directoryOf(text)
  const [source] = sources
  if (source === undefined) throw new Error('the directory has no source')
  return { nodes, relations, shifts, access, source: { ...source, observedAt: plusSeconds(now, -60) } }
}
