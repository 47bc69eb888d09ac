/**
 * The connection is lost exactly at the commit. Nobody guesses: whoever asked hears what the server says became of it,
 * and when the server cannot be asked, that the outcome is unknown, and never that it was done or was not.
 */
import { setImmediate as turn } from 'node:timers/promises'
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

const onLedger = { system: 'sys_ledger', entitlement: 'write', account: 'ann_db' }

const asks = (key: string, access = onLedger, actor = 'per_ann') =>
  handle(app.machinery, {
    actor: signedIn(actor, noon),
    idempotencyKey: key,
    command: {
      type: 'request',
      terms: {
        kind: 'access-override',
        beneficiary: actor,
        access: { ...access, resources: ['entries'], actions: ['select'] },
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

describe('[B10] the line is cut at the commit of several decisions', () => {
  /** What each asks and what it must hear once it is done; the third is refused, and the last is the fourth sent again. */
  const askedBack = [
    { by: 'per_sam', about: 0, outcome: 'accepted' },
    { by: 'per_sue', about: 1, outcome: 'accepted' },
    { by: 'per_ann', about: 2, outcome: 'refused' },
    { by: 'per_sid', about: 3, outcome: 'accepted' },
  ] as const
  let waivers: readonly string[]
  beforeEach(async () => {
    const onVault = { system: 'sys_vault', entitlement: 'open', account: 'ann_v' }
    const four: string[] = []
    for (const [actor, access] of [
      ['per_ann', onLedger],
      ['per_olga', { ...onLedger, account: 'olga_db' }],
      ['per_ann', onVault],
      ['per_olga', { ...onVault, account: 'olga_v' }],
    ] as const) {
      const handled = await asks(`${actor} ${access.system}`, access, actor)
      if (handled.outcome === 'refused') throw new Error(handled.refusal.message)
      four.push(handled.waiver.id)
    }
    waivers = four
  })
  const askBack = ({ by, about }: (typeof askedBack)[number]) =>
    handle(app.machinery, {
      actor: signedIn(by, noon),
      idempotencyKey: `back ${about}`,
      waiver: waivers[about] as string,
      command: { type: 'ask-back', text: `why, ${by}?` },
    })
  const all = () => Promise.allSettled([...askedBack, askedBack[3]].map(askBack))
  /** What was written about each since it was asked for, and by how many transactions. */
  const written = async () => {
    const { rows } = await installation.admin.query<{ stream: string; type: string; by: string; xmin: string }>(
      `select stream, type, body::json->>'by' as by, events.xmin::text from events join event_bodies on event = id
       where stream = any($1) and version > 1 or (stream = any($1) and type = 'AttemptRefused') order by seq`,
      [waivers],
    )
    const lines = rows.map(({ stream, type, by }) => `${waivers.indexOf(stream)} ${type} by ${by}`)
    return { lines: lines.sort(), transactionsCount: new Set(rows.map(({ xmin }) => xmin)).size }
  }
  const allOfIt = [
    '0 QuestionAsked by per_sam',
    '1 QuestionAsked by per_sue',
    '2 AttemptRefused by per_ann',
    '3 QuestionAsked by per_sid',
  ]
  /** Everybody hears of their own, and whoever sent it twice hears the same twice. */
  const expectAllTold = (told: Awaited<ReturnType<typeof all>>) => {
    const answers = told.map((one) => (one.status === 'fulfilled' ? one.value : one.reason))
    for (const [n, { outcome, about }] of [...askedBack, askedBack[3]].entries()) {
      const answer = answers[n]
      expect(answer).toMatchObject({ outcome })
      expect(answer.waiver?.id ?? answer.waiverId).toBe(waivers[about])
    }
    expect(answers[4].events).toEqual(answers[3].events)
    expect([answers[3].replayed, answers[4].replayed].sort()).toEqual([false, true])
  }

  test('nobody hears anything before it is committed, and then each hears of their own', async () => {
    const held = line.holdNext()
    let heardCount = 0
    const told = Promise.allSettled(
      askedBack.map((one) =>
        askBack(one).finally(() => {
          heardCount++
        }),
      ),
    )
    await held.arrived
    // Whatever could be said by now would have been said within a few turns.
    for (let turns = 0; turns < 20; turns++) await turn()
    expect(heardCount).toBe(0)
    expect((await written()).lines).toEqual([])
    held.letGo()
    await told
    expect(await written()).toEqual({ lines: allOfIt, transactionsCount: 1 })
  })

  test('before the word arrives: nothing happened, and each is decided alone', async () => {
    line.cutNext('before')
    expectAllTold(await all())
    expect(await written()).toEqual({ lines: allOfIt, transactionsCount: 4 })
  })

  test('after it was obeyed: it happened, once, and that is what each of them hears', async () => {
    line.cutNext('after')
    expectAllTold(await all())
    expect(await written()).toEqual({ lines: allOfIt, transactionsCount: 1 })
  })

  test('while the server is at it: all of it happened once, whichever it was', async () => {
    for (let round = 0; round < 5; round++) {
      await installation.admin.query(`delete from answers where key like 'back %'`)
      const before = (await written()).lines.length
      line.cutNext('meanwhile')
      expectAllTold(await all())
      expect((await written()).lines.length - before).toBe(4)
    }
  })

  test.each([
    ['before', 0],
    ['after', 4],
  ] as const)(
    'and nobody can be asked (%s): each hears that it is not known, and the same keys tell',
    async (cut, happenedCount) => {
      line.cutNext(cut, true)
      for (const one of (await all()).slice(0, 4))
        expect(one).toMatchObject({ status: 'rejected', reason: { name: 'StoreFault', code: 'commit-unknown' } })
      line.mend()
      expect((await written()).lines).toHaveLength(happenedCount)
      const again = await Promise.all(askedBack.map(askBack))
      expect(again.map(({ outcome }) => outcome)).toEqual(askedBack.map(({ outcome }) => outcome))
      expect(again.map(({ replayed }) => replayed)).toEqual(again.map(() => happenedCount > 0))
      expect((await written()).lines).toEqual(allOfIt)
    },
  )
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
