import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silent } from '../../src/engine/logger.ts'
import { type Running, runLoops } from '../../src/engine/loops.ts'
import type { NoticeEndpoint } from '../../src/engine/notify/endpoints.ts'
import type { Rhythm } from '../../src/store/jobs.ts'
import { lifeAt } from '../support/life.ts'
import { type Installation, newInstallation } from './installation.ts'
import { endpointTo, nodeOn, type TellingNode } from './node.ts'
import { accept, answerWith, type Receiver, startReceiver, testKey, verified } from './receiver.ts'

let installation: Installation
let receiver: Receiver
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  installation = await newInstallation()
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await receiver.close()
  await installation.close()
})

function node(endpoints: readonly NoticeEndpoint[], rhythm: Partial<Rhythm> = {}): TellingNode {
  const made = nodeOn({ url: installation.database.url, store: installation.store }, endpoints, rhythm)
  closing.push(() => made.stop())
  return made
}

/** What the page for operators tells to ask the database. */
const documented = [...readFileSync('docs/operators/notices.md', 'utf8').matchAll(/```sql\n([\s\S]*?)```/g)].map(
  ([, sql = '']) => sql,
)

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(installation.database.url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const ids = (one: Receiver = receiver) => one.deliveries.map(({ headers }) => headers['webhook-id'])
const soon = { timeout: 20_000, interval: 50 }

/** Nothing is queued or running any more. */
async function settled({ jobs }: TellingNode, endpoint = 'siem'): Promise<void> {
  await expect.poll(() => jobs.waitingCount(`notice/${endpoint}`), soon).toBe(0)
}

test('what happens to a waiver is told once, signed, to whom it concerns', async () => {
  const waiver = await installation.live('requested')
  const telling = node([endpointTo('siem', receiver.url)])
  await telling.tell()
  const [delivery] = await receiver.received(1)
  expect(verified(delivery as never, testKey('siem'))).toMatchObject({
    type: 'WaiverRequested',
    urgency: 'normal',
    data: {
      waiver,
      kind: 'access-override',
      requester: 'per_asker',
      to: ['pool_security'],
      url: `https://countersign.example.org/waivers/${waiver}`,
    },
  })
  expect(delivery?.headers['webhook-id']).toMatch(/^ntc_0_[0-9a-f]{12}_siem$/)
  await settled(telling)
  await telling.tell()
  expect(ids()).toHaveLength(1)
  expect(await telling.notices.undelivered(10)).toEqual([])
})

test('the policy in force says who reviews and who watches', async () => {
  await installation.live('opened envelope')
  await installation.live('reviewed')
  await node([endpointTo('siem', receiver.url, { types: ['BreakGlassOpened', 'ReviewOpened'] })]).tell()
  const told = (await receiver.received(2)).map((delivery) => verified(delivery, testKey('siem')))
  const to = Object.fromEntries(told.map(({ type, data }) => [type, data.to]))
  expect(to.BreakGlassOpened).toContain('pool_watch')
  expect(to.ReviewOpened).toEqual(['pool_review'])
})

test('every endpoint hears of what it asks for, under ids of its own', async () => {
  const second = await startReceiver()
  closing.push(() => second.close())
  await installation.live('active')
  const telling = node([
    endpointTo('siem', receiver.url),
    endpointTo('pager', second.url, { types: ['AccessActivated'] }),
  ])
  await telling.tell()
  await receiver.received(3)
  await second.received(1)
  await settled(telling)
  await settled(telling, 'pager')
  const types = (one: Receiver) => one.deliveries.map(({ body }) => JSON.parse(body).type).sort()
  expect(types(receiver)).toEqual(['AccessActivated', 'WaiverCountersigned', 'WaiverRequested'])
  expect(types(second)).toEqual(['AccessActivated'])
  expect(ids(second)[0]).toMatch(/_pager$/)
})

test('an installation without endpoints moves on, and an endpoint begins with what comes after it', async () => {
  await installation.live('requested')
  const before = node([])
  await before.tell()
  expect(await before.notices.undelivered(10)).toEqual([])
  await before.stop()
  const waiver = await installation.live('requested')
  const after = node([endpointTo('siem', receiver.url)])
  await after.tell()
  const [delivery] = await receiver.received(1)
  expect(JSON.parse(delivery?.body ?? '{}').data.waiver).toBe(waiver)
  await settled(after)
  expect(ids()).toHaveLength(1)
})

describe('a receiver that fails gets the same notice again', () => {
  test('after an error', async () => {
    await installation.live('requested')
    receiver.answer = (response, delivery, count) => (count === 1 ? answerWith(500) : accept)(response, delivery, count)
    const telling = node([endpointTo('siem', receiver.url)])
    await telling.tell()
    await receiver.received(2)
    await settled(telling)
    expect(new Set(ids()).size).toBe(1)
    expect(new Set(receiver.deliveries.map(({ body }) => body)).size).toBe(1)
    expect(receiver.deliveries.map((delivery) => verified(delivery, testKey('siem')).type)).toEqual([
      'WaiverRequested',
      'WaiverRequested',
    ])
  })

  test('after a time-out: it may have had it, so it can tell by the id', async () => {
    await installation.live('requested')
    receiver.answer = (response, delivery, count) => {
      if (count > 1) accept(response, delivery, count)
    }
    const telling = node([endpointTo('siem', receiver.url)])
    await telling.tell()
    await receiver.received(2)
    await settled(telling)
    expect(new Set(ids()).size).toBe(1)
  })

  test('after it was down', async () => {
    await installation.live('requested')
    const { port } = receiver
    await receiver.close()
    const telling = node([endpointTo('siem', receiver.url)])
    await telling.tell()
    await expect.poll(async () => (await telling.notices.undelivered(10)).at(0)?.reason, soon).toMatch(/ECONNREFUSED/)
    receiver = await startReceiver(undefined, port)
    await receiver.received(1)
    await settled(telling)
    expect(await telling.notices.undelivered(10)).toEqual([])
  })

  test('when it said so, and not so late that it could silence us', async () => {
    await installation.live('requested')
    receiver.answer = answerWith(429, { 'retry-after': '900' })
    const impatient = await startReceiver()
    closing.push(() => impatient.close())
    impatient.answer = answerWith(503, { 'retry-after': '86400000' })
    const telling = node([endpointTo('siem', receiver.url), endpointTo('pager', impatient.url)])
    await telling.tell()
    await expect.poll(async () => (await telling.notices.undelivered(10)).length, soon).toBe(2)
    const waits = (await telling.notices.undelivered(10)).map(({ endpoint, since, nextAt }) => ({
      endpoint,
      seconds: (Date.parse(nextAt ?? '') - Date.parse(since)) / 1_000,
    }))
    const secondsOf = (name: string) => waits.find(({ endpoint }) => endpoint === name)?.seconds ?? 0
    expect(secondsOf('siem')).toBeGreaterThanOrEqual(900)
    expect(secondsOf('siem')).toBeLessThan(1_800)
    expect(secondsOf('pager')).toBeGreaterThanOrEqual(3_600)
    expect(secondsOf('pager')).toBeLessThan(7_200)
  })
})

describe('what does not get through is not lost', () => {
  test('it is given up, seen, and sent again under the same id when somebody says so', async () => {
    await installation.live('requested')
    receiver.answer = answerWith(404)
    const telling = node([endpointTo('siem', receiver.url)])
    await telling.tell()
    await expect.poll(async () => (await telling.notices.undelivered(10)).length, soon).toBe(1)
    const [lost] = await telling.notices.undelivered(10)
    expect(lost).toMatchObject({
      endpoint: 'siem',
      attempts: 1,
      reason: 'the receiver answered 404',
      notice: { id: ids()[0], type: 'WaiverRequested' },
    })
    expect(lost).not.toHaveProperty('nextAt')
    expect(await telling.jobs.waitingCount()).toBe(1)
    const [count, list] = await Promise.all(documented.map((sql) => ask(sql)))
    expect(count).toEqual([{ count: '1' }])
    expect(list).toMatchObject([
      { source_name: 'notice/siem', reason: 'the receiver answered 404', type: 'WaiverRequested' },
    ])
    receiver.answer = accept
    expect(await telling.notices.tryAgain([lost?.id ?? ''])).toBe(1)
    await receiver.received(2)
    await settled(telling)
    expect(new Set(ids()).size).toBe(1)
    expect(await telling.notices.undelivered(10)).toEqual([])
  })

  test('an endpoint that was taken away leaves what it had not got, visible', async () => {
    await installation.live('requested')
    receiver.answer = answerWith(410)
    const telling = node([endpointTo('siem', receiver.url)])
    await telling.tell()
    await expect.poll(async () => (await telling.notices.undelivered(10)).length, soon).toBe(1)
    await telling.stop()
    const without = node([])
    await without.tell()
    const [lost] = await without.notices.undelivered(10)
    expect(lost?.endpoint).toBe('siem')
    await without.notices.forget([lost?.id ?? ''])
    expect(await without.notices.undelivered(10)).toEqual([])
  })

  test('after tries without end, too', async () => {
    await installation.live('requested')
    receiver.answer = answerWith(500)
    const telling = node([endpointTo('siem', receiver.url)], { retriesMax: 2 })
    await telling.tell()
    await expect.poll(async () => (await telling.notices.undelivered(10)).at(0)?.attempts, soon).toBe(3)
    await settled(telling)
    expect(ids()).toHaveLength(3)
  })
})

describe('an opened envelope', () => {
  // What failed would be found by a poll only, so nothing may fail because the machine is busy.
  const rare = { pollSeconds: 3_600, superviseSeconds: 3_600 }
  const patient = () => endpointTo('siem', receiver.url, { timeoutSeconds: 30 })

  test('[break-glass/activator-is-not-approver] is heard at once: nothing between the commit and the receiver waits for a clock', async () => {
    const telling = node([patient()], rare)
    await telling.tell()
    const { feed } = installation.store
    const sequence = async () => (await feed.sequence(1_000)) === 1_000
    const rarely = { everyMillis: 3_600_000, wakes: true }
    const beside = { name: 'sequence', run: sequence, ...rarely }
    const running = runLoops([beside, { ...telling.notices.loop, ...rarely }], silent)
    closing.push(() => running.stop())
    for (let times = 0; times < 20; times++) {
      const id = await installation.live('opened envelope')
      running.wake()
      await heard(id)
    }
  })

  test('is heard at once although another process is giving positions just then', async () => {
    const { store, database } = installation
    const refusedTwice = Promise.withResolvers<void>()
    let refusals = 0
    const sequence = async (limit: number) => {
      const count = await store.feed.sequence(limit)
      if (count === 0 && ++refusals === 2) refusedTwice.resolve()
      return count
    }
    const watched = { ...store, feed: { ...store.feed, sequence } }
    const telling = nodeOn({ url: database.url, store: watched }, [patient()], rare)
    closing.push(() => telling.stop())
    await telling.tell()
    const id = await installation.live('opened envelope')
    const other = new Client(database.url)
    await other.connect()
    closing.push(() => other.end())
    await other.query('begin')
    await other.query(`select pg_advisory_xact_lock(hashtextextended('countersign:sequencer', 0))`)
    refusals = 0
    const running = runLoops([{ ...telling.notices.loop, everyMillis: 3_600_000 }], silent)
    closing.push(() => running.stop())
    await refusedTwice.promise
    await other.query('commit')
    await heard(id)
  })

  test('is heard although the receiver holds up everything else', async () => {
    const telling = node([patient()], { ...rare, lanes: 2 })
    receiver.answer = (response, delivery, count) => {
      if (JSON.parse(delivery.body).urgency === 'immediate') accept(response, delivery, count)
    }
    for (let count = 0; count < 4; count++) await installation.live('requested')
    await telling.tell()
    await receiver.received(2)
    const id = await installation.live('opened envelope')
    await telling.tell()
    await heard(id)
  })

  const openings = () =>
    receiver.deliveries.map(({ body }) => JSON.parse(body)).filter(({ type }) => type === 'BreakGlassOpened')

  async function heard(id: string): Promise<void> {
    await expect
      .poll(() => openings().find(({ data }) => data.waiver === id), soon)
      .toMatchObject({ urgency: 'immediate', data: { by: 'per_oncall' } })
  }
})

test('any number of processes tell each thing once', async () => {
  const nodes = [1, 2, 3].map(() => node([endpointTo('siem', receiver.url)]))
  const running: Running[] = nodes.map(({ notices }) => runLoops([{ ...notices.loop, everyMillis: 20 }], silent))
  closing.push(() => Promise.all(running.map((one) => one.stop())))
  const wake = () => {
    for (const one of running) one.wake()
  }
  const lives = Array.from({ length: 20 }, () => installation.live('active').then(wake))
  await Promise.all(lives)
  await receiver.received(60)
  for (const one of nodes) await settled(one)
  expect(new Set(ids()).size).toBe(60)
  expect(ids()).toHaveLength(60)
})

test('a notice is the same whoever reads the event, and another after an older backup was restored', async () => {
  const idsOf = async () => {
    await installation.live('requested')
    const telling = node([endpointTo('siem', receiver.url)])
    await telling.tell()
    await receiver.received(1)
    await settled(telling)
    const [id] = ids()
    await telling.stop()
    receiver.deliveries.splice(0)
    return id
  }
  const first = await idsOf()
  await installation.close()
  installation = await newInstallation()
  const second = await idsOf()
  expect([first, second].map((id) => id?.replace(/_[0-9a-f]{12}_/, '_'))).toEqual(['ntc_0_siem', 'ntc_0_siem'])
  expect(second).not.toBe(first)
})

test('nothing that was written in a waiver leaves through a notice', async () => {
  for (const stage of ['reviewed', 'denied', 'resumption asked', 'extension asked'] as const)
    await installation.live(stage)
  const telling = node([endpointTo('siem', receiver.url)])
  await telling.tell()
  await receiver.received(10)
  await settled(telling)
  const written = ['batch 7', 'odd queries', 'use the batch tool', 'not done yet', 'explained', 'asker_db', 'fine']
  const sent = receiver.deliveries.map(({ body }) => body).join('\n')
  for (const text of written) expect(sent).not.toContain(text)
  expect(JSON.stringify(lifeAt('reviewed').events)).toContain('batch 7')
})
