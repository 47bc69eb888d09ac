/**
 * A stage for tests that set every move themselves: the simulated organisation on a real database that is put back
 * between two tests, lying targets, and processes whose every effect can be held up.
 */
import { assemble, type Countersign } from '../../src/app.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Terms } from '../../src/core/terms.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { Command, Waiver, WaiverId } from '../../src/core/waiver.ts'
import { importDirectory } from '../../src/engine/directories.ts'
import type { Handled } from '../../src/engine/handle.ts'
import { silent } from '../../src/engine/logger.ts'
import { reconcile } from '../../src/engine/reconcile.ts'
import { policyRevision } from '../../src/engine/rules.ts'
import { sweep } from '../../src/engine/sweep.ts'
import { pack } from '../../src/store/revisions.ts'
import { noon } from '../support/directories.ts'
import { testRelyingParty } from '../support/signing.ts'
import { type Installation, openInstallation, signedIn, sourceOf } from './installation.ts'
import { type Gate, interposedKind, interposedStore } from './interpose.ts'
import { directoryText, holdsAtFirst } from './organisation.ts'
import { newTargets, type Targets, type Truth } from './target.ts'

export interface Stage {
  readonly installation: Installation
  readonly targets: Targets
  readonly app: Countersign
  readonly now: string
  /** Everything as it was after the founding, at noon; with other rules in force, if any are given. */
  begin(rules?: Policy): Promise<void>
  /** As if these rules had come into force now; how they really do is for other tests. */
  inForce(rules: Policy): Promise<void>
  after(seconds: number): Promise<void>
  at(instant: string): Promise<void>
  does(actor: string, command: Command, waiver?: WaiverId, app?: Countersign): Promise<Handled>
  /** The same, and fails the test unless it is accepted. */
  must(actor: string, command: Command, waiver?: WaiverId): Promise<Waiver>
  /** `per_ann` asks to write to the ledger for an hour, unless the parts say otherwise. */
  asks(parts?: Partial<Terms>, actor?: string): Promise<Waiver>
  signs(actor: string, waiver: WaiverId): Promise<Handled>
  /** Asked for, countersigned by `per_sam`, started and given. */
  active(parts?: Partial<Terms>, actor?: string): Promise<Waiver>
  waiver(id: WaiverId): Promise<Waiver>
  types(id: WaiverId): Promise<readonly string[]>
  truth(system?: string): Truth
  /** The changing facts that hold from now on. */
  directory(...facts: readonly string[]): Promise<void>
  /** Sweep and reconcile at this moment until nothing is due. */
  settle(): Promise<void>
  /** Another process on the same database and the same targets; the gate sees each of its effects. */
  another(gate: Gate): Countersign
  close(): Promise<void>
}

export async function openStage(url: string): Promise<Stage> {
  const installation = await openInstallation(url)
  // What is remembered for half a second of real time would outlive the world it was true in.
  const store = { ...installation.store, recentHeads: installation.store.heads }
  let now = noon
  let targets = newTargets([], () => now)
  let app: Countersign
  const stage: Stage = {
    installation,
    get targets() {
      return targets
    },
    get app() {
      return app
    },
    get now() {
      return now
    },
    async begin(rules) {
      await installation.reset()
      now = noon
      targets = newTargets(['sys_ledger', 'sys_vault'], () => now)
      app = assemble({ store, log: silent, sources: [], kinds: [targets.kind], relyingParty: testRelyingParty })
      if (rules !== undefined) await putIntoForce(installation, rules)
    },
    inForce: (rules) => putIntoForce(installation, rules),
    after: (seconds) => stage.at(plusSeconds(now, seconds)),
    async at(instant) {
      now = instant
      await installation.setClock(instant)
      await store.watchClock()
    },
    does(actor, command, waiver, by = app) {
      const order = { actor: signedIn(actor, now), command, ...(waiver === undefined ? {} : { waiver }) }
      return installation.handle(order, by.machinery)
    },
    async must(actor, command, waiver) {
      const handled = await stage.does(actor, command, waiver)
      if (handled.outcome === 'refused') throw new Error(`${actor} ${command.type}: ${handled.refusal.message}`)
      return handled.waiver
    },
    asks: (parts = {}, actor = 'per_ann') => stage.must(actor, { type: 'request', terms: termsAt(now, parts) }),
    async signs(actor, id) {
      const { proposal, denialsBefore } = await stage.waiver(id)
      const acknowledges = denialsBefore.map((denial) => denial.waiver)
      return stage.does(actor, { type: 'countersign', digest: proposal?.digest ?? '', acknowledges }, id)
    },
    async active(parts, actor = 'per_ann') {
      const { id } = await stage.asks(parts, actor)
      const signed = await stage.signs('per_sam', id)
      if (signed.outcome === 'refused') throw new Error(signed.refusal.message)
      await stage.must(actor, { type: 'activate' }, id)
      await stage.settle()
      return stage.waiver(id)
    },
    async waiver(id) {
      const found = await store.waivers.find(id)
      if (found === undefined) throw new Error(`no waiver ${id}`)
      return found
    },
    types: async (id) => (await store.waivers.events(id)).map(({ type }) => type),
    truth(system = 'sys_ledger') {
      const truth = targets.systems.get(system)
      if (truth === undefined) throw new Error(`no system ${system}`)
      return truth
    },
    async directory(...facts) {
      const text = directoryText(new Set([...holdsAtFirst, ...facts]))
      await importDirectory(app.machinery, [sourceOf(text, now)])
    },
    async settle() {
      for (let rounds = 0; rounds < 12; rounds++)
        if ((await sweep(app.machinery)) + (await reconcile(app.machinery)) === 0) return
    },
    another(gate) {
      const kinds = [interposedKind(targets.kind, gate)]
      const behind = interposedStore(store, gate)
      return assemble({ store: behind, log: silent, sources: [], kinds, relyingParty: testRelyingParty })
    },
    close: () => installation.close(),
  }
  await stage.begin()
  return stage
}

export function termsAt(now: string, parts: Partial<Terms> = {}): Terms {
  return {
    kind: 'access-override',
    beneficiary: 'per_ann',
    access: ledger('write', 'ann_db'),
    window: { start: now, end: plusSeconds(now, 3_600) },
    reason: 'batch 7 was posted twice',
    controls: [],
    conditions: {},
    contains: '',
    ...parts,
  }
}

export function ledger(
  entitlement: string,
  account: string | undefined,
  resources = ['entries'],
  actions = ['select'],
): Terms['access'] {
  return { system: 'sys_ledger', entitlement, ...(account === undefined ? {} : { account }), resources, actions }
}

/** A sealed envelope for the rota of payments, good for a day, open for half an hour. */
export function envelopeAt(now: string, parts: Partial<Terms> = {}): Terms {
  return termsAt(now, {
    kind: 'break-glass',
    beneficiary: 'rota_payments',
    access: ledger('write', undefined),
    openFor: 'PT30M',
    window: { start: now, end: plusSeconds(now, 86_400) },
    ...parts,
  })
}

/** As if they had been founded with these rules; how rules really come into force is for other tests. */
async function putIntoForce({ admin }: Installation, rules: Policy): Promise<void> {
  const { digest, content } = policyRevision(rules)
  await admin.query(`insert into revisions (digest, kind, content) values ($1, 'policy', $2) on conflict do nothing`, [
    digest,
    pack(content),
  ])
  await admin.query(`update heads set digest = $1, at = clock() where name = 'policy'`, [digest])
}

/** A gate that holds one process up right before an effect, and lets it go on when told. */
export function holdingUp(name: string): { readonly gate: Gate; readonly reached: Promise<void>; release(): void } {
  let release: () => void = () => {}
  let reach: () => void = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let held = false
  return {
    reached,
    release: () => release(),
    async gate(effect, call) {
      if (effect.name === name && !held) {
        held = true
        reach()
        await released
      }
      return call()
    },
  }
}
