/**
 * The connection is lost exactly at the commit. Nobody guesses: whoever asked hears what the server says became of it,
 * and when the server cannot be asked, that the outcome is unknown, and never that it was done or was not.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assemble, type Countersign } from '../../src/app.ts'
import { plusSeconds } from '../../src/core/time.ts'
import { handle } from '../../src/engine/handle.ts'
import { silent } from '../../src/engine/logger.ts'
import type { Store } from '../../src/store/contract.ts'
import { StoreFault } from '../../src/store/fault.ts'
import { openStore } from '../../src/store/store.ts'
import { type Installation, openInstallation, signedIn } from '../simulator/installation.ts'
import { newTargets } from '../simulator/target.ts'
import { noon } from '../support/directories.ts'
import { createDatabase } from '../support/postgres.ts'
import { type CommitLine, openCommitLine } from './commit-line.ts'

let installation: Installation
let line: CommitLine
let store: Store
let app: Countersign
beforeAll(async () => {
  const database = await createDatabase()
  installation = await openInstallation(database.url)
  line = await openCommitLine(database.connection)
  store = await openStore({ url: line.url, poolMax: 4 })
  const targets = newTargets(['sys_ledger', 'sys_vault'], () => noon)
  app = assemble({ store, log: silent, sources: [], kinds: [targets.kind] })
})
beforeEach(async () => {
  line.mend()
  await installation.reset()
})
afterAll(async () => {
  await store.close()
  await line.close()
  await installation.close()
})

const asks = (key: string) =>
  handle(app.machinery, {
    actor: signedIn('per_ann', noon),
    idempotencyKey: key,
    command: {
      type: 'request',
      terms: {
        kind: 'access-override',
        beneficiary: 'per_ann',
        access: {
          system: 'sys_ledger',
          entitlement: 'write',
          account: 'ann_db',
          resources: ['entries'],
          actions: ['select'],
        },
        window: { start: noon, end: plusSeconds(noon, 3_600) },
        reason: 'batch 7 was posted twice',
        controls: [],
        conditions: {},
        contains: '',
      },
    },
  })

const asked = async () => {
  const { rows } = await installation.admin.query<{ count: string }>(
    `select count(*) from events where type = 'WaiverRequested'`,
  )
  return Number(rows[0]?.count)
}

describe('[B10] the line is cut at the commit', () => {
  test('before the word arrives: it did not happen, and whoever asked hears that the database was not reachable', async () => {
    line.cutNext('before')
    const failed = await asks('a').catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(StoreFault)
    expect(failed).toMatchObject({ code: 'database-unavailable', retryable: true })
    expect(await asked()).toBe(0)
    expect(await asks('a')).toMatchObject({ outcome: 'accepted', replayed: false })
    expect(await asked()).toBe(1)
  })

  test('after it was obeyed: it happened, and that is what whoever asked hears', async () => {
    const cutsBefore = line.cutsCount
    line.cutNext('after')
    expect(await asks('b')).toMatchObject({ outcome: 'accepted', replayed: false })
    expect(line.cutsCount).toBe(cutsBefore + 1)
    expect(await asked()).toBe(1)
    expect(await asks('b')).toMatchObject({ outcome: 'accepted', replayed: true })
    expect(await asked()).toBe(1)
  })

  test('while the server is at it: the answer is what happened, whichever it was', async () => {
    for (let round = 0; round < 10; round++) {
      await installation.reset()
      line.cutNext('meanwhile')
      const answer = await asks(`round ${round}`).catch((error: unknown) => error)
      const happened = (await asked()) === 1
      if (happened) expect(answer).toMatchObject({ outcome: 'accepted' })
      else expect(answer).toMatchObject({ name: 'StoreFault', code: 'database-unavailable' })
    }
  })

  test('and the server cannot be asked any more: the outcome is unknown, and the same key tells once it can', async () => {
    line.cutNext('after', true)
    const failed = await asks('c').catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(StoreFault)
    expect(failed).toMatchObject({ code: 'commit-unknown', retryable: true })
    line.mend()
    expect(await asks('c')).toMatchObject({ outcome: 'accepted', replayed: true })
    expect(await asked()).toBe(1)
  })
})

describe('[fail/closed] the database is lost in the middle', () => {
  test('of a request: a fault that can be tried again, and nothing is half done', async () => {
    const failed = await store
      .transact(async (tx) => {
        await tx.lockWaiver('wvr_any')
        line.cutAll()
        await tx.lockWaiver('wvr_other')
      })
      .catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(StoreFault)
    expect(failed).toMatchObject({ code: 'database-unavailable', retryable: true })
  })

  test('between requests: the next one finds a new connection', async () => {
    await store.heads()
    line.cutAll()
    await store.heads().catch(() => undefined)
    expect(await store.heads()).toHaveProperty('policy')
  })

  test('of reading: a fault in the words of the house, whatever was read', async () => {
    line.cutNext('before', true)
    await asks('gone').catch(() => undefined)
    const reads: Readonly<Record<string, () => Promise<unknown>>> = {
      heads: () => store.heads(),
      watchClock: () => store.watchClock(),
      'waivers.find': () => store.waivers.find('wvr_any'),
      'waivers.list': () => store.waivers.list({ limit: 1 }),
      'waivers.events': () => store.waivers.events('wvr_any'),
      'grants.claim': () => store.grants.claim(1, 1, 1),
      'grants.find': () => store.grants.find('grt_any'),
      'grants.list': () => store.grants.list({ limit: 1 }),
      'feed.sequence': () => store.feed.sequence(1),
      'feed.after': () => store.feed.after(-1n, 1),
      'feed.last': () => store.feed.last(),
      'records.find': () => store.records.find('founding'),
      'records.list': () => store.records.list('change', 1),
      'records.due': () => store.records.due(1),
      'revisions.policy': () => store.revisions.policy('sha256:none'),
    }
    const raw: string[] = []
    for (const [name, read] of Object.entries(reads)) {
      const failed = await read().catch((error: unknown) => error)
      if (!(failed instanceof StoreFault)) raw.push(name)
    }
    expect(raw).toEqual([])
  })
})
