// A database with waivers in it, for tests of notices: real store, real events of whole lives, and nothing else running.
import { evolveAll } from '../../src/core/evolve.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Waiver, WaiverEvent } from '../../src/core/waiver.ts'
import { policyRevision } from '../../src/engine/rules.ts'
import { newId } from '../../src/lib/id.ts'
import type { Store } from '../../src/store/contract.ts'
import { openStore } from '../../src/store/store.ts'
import { lifeAt, policyFor, type Stage } from '../support/life.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

export interface Installation {
  readonly database: TestDatabase
  readonly store: Store
  /** Commits a waiver that has come to this stage, its whole life at once. @returns its id. */
  live(stage: Stage): Promise<string>
  /** Commits these events of one waiver; further ones follow those of before. */
  happen(id: string, events: readonly WaiverEvent[]): Promise<void>
  close(): Promise<void>
}

export async function newInstallation(database?: TestDatabase): Promise<Installation> {
  const own = database ?? (await createDatabase())
  const store = await openStore({ url: own.url, poolMax: 4 })
  await enact(store, policyFor())
  const happen = (id: string, events: readonly WaiverEvent[]) => commit(store, id, events)
  return {
    database: own,
    store,
    happen,
    async live(stage) {
      const id = newId('wvr')
      await happen(id, lifeAt(stage).events)
      return id
    },
    close: () => store.close(),
  }
}

async function commit(store: Store, id: string, events: readonly WaiverEvent[]): Promise<void> {
  await store.transact(async (tx) => {
    const before = (await tx.lockWaiver(id)).waiver
    const earlier = before === undefined ? [] : (await store.waivers.events(id)).map(({ body }) => body as WaiverEvent)
    const after = apart(evolveAll(id, [...earlier, ...events]), id)
    await tx.write({
      waivers: [{ id, before, after, events, dueAt: undefined, grant: undefined, askedBy: [] }],
      revisions: [],
    })
  })
}

/** Lives of the same fixture ask for the same account; here they are about notices only. */
function apart(waiver: Waiver | undefined, id: string): Waiver | undefined {
  return waiver && { ...waiver, terms: { ...waiver.terms, access: { ...waiver.terms.access, account: id } } }
}

async function enact(store: Store, policy: Policy): Promise<void> {
  const revision = policyRevision({ ...policy, founders: ['per_founder'] })
  await store.transact(async (tx) => {
    const { version } = await tx.lockRecord('founding')
    await tx.writeRecord({
      id: 'founding',
      kind: 'founding',
      version: version + 1,
      status: 'founded',
      state: {
        version: 1,
        status: 'founded',
        founders: ['per_founder'],
        needed: 2,
        accepted: [],
        clockConfirmedBy: [],
      },
      dueAt: undefined,
      events: [],
      revisions: [revision],
      heads: { policy: revision.digest },
      thaw: false,
    })
  })
}
