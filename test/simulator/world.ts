/**
 * One simulated world while it runs: two processes on one database, lying targets, a clock, and everything that was tried.
 * It holds state and passes orders on; what happens is chosen in `moves.ts`, what must hold is said in `invariants.ts`.
 */
import { assemble, type Countersign } from '../../src/app.ts'
import type { AccessConnectorKind } from '../../src/connectors/access.ts'
import { importDirectory } from '../../src/engine/directories.ts'
import { handleFounding } from '../../src/engine/founding.ts'
import type { Handled, Order } from '../../src/engine/handle.ts'
import { silent } from '../../src/engine/logger.ts'
import { reconcile } from '../../src/engine/reconcile.ts'
import { type ChangeHandled, sweepChanges } from '../../src/engine/rules.ts'
import { sweep } from '../../src/engine/sweep.ts'
import type { Store } from '../../src/store/contract.ts'
import { noon } from '../support/directories.ts'
import { testRelyingParty } from '../support/signing.ts'
import { type Installation, signedIn, sourceOf } from './installation.ts'
import { interposedKind, interposedPasskeys, interposedStore } from './interpose.ts'
import type { Mood } from './moves.ts'
import { accounts, directoryText, holdsAtFirst, type RuleChoices } from './organisation.ts'
import { newRecord, type RecordView } from './record.ts'
import { newSchedule, type Process, type Schedule } from './schedule.ts'
import { readSnapshot } from './snapshot.ts'
import { newTargets, type Targets } from './target.ts'

/** One process of Countersign: what it would do by itself is done by whoever drives the world. */
export interface Node extends Process {
  readonly app: Countersign
  readonly store: Store
}

export interface Attempt {
  readonly order: Order
  readonly handled: Handled
}

export interface World {
  readonly installation: Installation
  readonly spoil: (parts: Parts) => Parts
  readonly targets: Targets
  readonly schedule: Schedule
  readonly record: RecordView
  readonly mood: Mood
  /** Whether anything may be given, as of the last look. */
  clock: 'steady' | 'went-backwards'
  nodes: readonly Node[]
  now: string
  holding: ReadonlySet<string>
  rules: RuleChoices
  /** What was tried in this step and answered. */
  attempts: Attempt[]
  changes: ChangeHandled[]
  sessionsCount: number
  /** What the entitlement contained when a waiver was asked for. */
  readonly contentsAsked: Map<string, string>
}

/** What a process is made of, and what a test may put in its place to see whether it is found out. */
export interface Parts {
  readonly store: Store
  readonly kind: AccessConnectorKind
}

/** A little of everything. */
const plainMood: Mood = { factors: {}, crashes: 0.15, sideBySide: 0.3, beneficiaries: Object.keys(accounts) }

export async function newWorld(
  installation: Installation,
  spoil: (parts: Parts) => Parts = (parts) => parts,
  mood: Mood = plainMood,
): Promise<World> {
  await installation.reset()
  const targets = newTargets(['sys_ledger', 'sys_vault'], () => world.now)
  const world: World = {
    installation,
    spoil,
    targets,
    schedule: newSchedule(),
    record: newRecord(),
    mood,
    clock: 'steady',
    nodes: [],
    now: noon,
    holding: holdsAtFirst,
    rules: installation.rules,
    attempts: [],
    changes: [],
    sessionsCount: 0,
    contentsAsked: new Map(),
  }
  // The founding came before the world began.
  world.record.add((await readSnapshot(installation.admin, 0)).events)
  world.nodes = ['a', 'b'].map((name) => newNode(world, name))
  return world
}

/** A process that has just started: it remembers nothing but what is in the database. */
export function newNode({ installation, targets, schedule, spoil }: World, name: string): Node {
  const process: Process = { name, dead: false, doom: undefined }
  const gate = schedule.gateOf(process)
  const parts = spoil({ store: installation.store, kind: targets.kind })
  const store = interposedStore(parts.store, gate)
  const kinds = [interposedKind(parts.kind, gate)]
  const app = assemble({ store, log: silent, sources: [], kinds, relyingParty: testRelyingParty })
  const machinery = { ...app.machinery, passkeys: interposedPasskeys(app.machinery.passkeys, gate) }
  return Object.assign(process, { app: { ...app, machinery }, store })
}

export async function setTime(world: World, now: string): Promise<void> {
  world.now = now
  await world.schedule.aside(() => world.installation.setClock(now))
}

export async function order(world: World, node: Node, order: Order): Promise<Handled> {
  const handled = await world.installation.handle(order, node.app.machinery)
  world.attempts.push({ order, handled })
  return handled
}

export async function readDirectory(world: World, node: Node): Promise<void> {
  await importDirectory(node.app.machinery, [sourceOf(directoryText(world.holding), world.now)])
}

/** Everything that happens without anybody asking, once. @returns whether there may be more. */
export async function loopsOnce(node: Node): Promise<boolean> {
  const { machinery } = node.app
  await node.store.watchClock()
  const swept = await sweep(machinery)
  const changed = await sweepChanges(machinery)
  const worked = await reconcile(machinery)
  const sequenced = await node.store.feed.sequence(1_000)
  return swept + changed + worked + sequenced > 0
}

export async function confirmClock(world: World, node: Node, founder: string): Promise<void> {
  await handleFounding(node.app.machinery, { type: 'confirm-clock' }, signedIn(founder, world.now))
}
