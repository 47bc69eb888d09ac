/** Whoever dies when: nothing that was committed is left untold, and nothing is queued twice. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Doom } from './doomed.ts'
import { type Installation, newInstallation } from './installation.ts'
import { endpointTo, nodeOn } from './node.ts'
import { type Receiver, startReceiver } from './receiver.ts'

let installation: Installation
let receiver: Receiver
beforeAll(async () => {
  installation = await newInstallation()
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.close()
  await installation.close()
})

const doomed = fileURLToPath(new URL('doomed.ts', import.meta.url))
const soon = { timeout: 20_000, interval: 50 }

/** @returns whether it was killed; otherwise it came to its end. */
async function run(dies: Doom['dies']): Promise<boolean> {
  const doom: Doom = { url: installation.database.url, receiver: receiver.url, dies }
  const child = spawn(process.execPath, [doomed, JSON.stringify(doom)], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code, signal] = await once(child, 'exit')
  if (signal !== 'SIGKILL') expect({ code, signal }).toEqual({ code: 0, signal: null })
  return signal === 'SIGKILL'
}

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(installation.database.url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Where the reader is, and how many deliveries of this waiver were ever queued. */
async function queued(waiver: string): Promise<{ moved: boolean; jobs: number }> {
  const [row] = await ask(`
    select (select position from countersign.feed_readers where name = 'notices') as position,
           (select max(position) from countersign.feed) as last,
           (select count(*)::int from countersign_jobs.job where data -> 'data' ->> 'waiver' = '${waiver}') as jobs`)
  return { moved: row?.position === row?.last, jobs: Number(row?.jobs) }
}

/** Somebody else takes over. @returns the ids under which this waiver's only event came to the receiver. */
async function takenOver(waiver: string): Promise<string[]> {
  const { database, store } = installation
  const node = nodeOn({ url: database.url, store }, [endpointTo('siem', receiver.url, { timeoutSeconds: 10 })])
  await node.tell()
  await expect.poll(() => idsOf(waiver).length, soon).toBeGreaterThan(0)
  await expect.poll(async () => unfinished(), soon).toBe(0)
  await node.stop()
  return idsOf(waiver)
}

async function unfinished(): Promise<number> {
  const [row] = await ask(
    `select count(*)::int as count from countersign_jobs.job where name = 'notice/siem' and state < 'completed'`,
  )
  return Number(row?.count)
}

function idsOf(waiver: string): string[] {
  return receiver.deliveries
    .filter(({ body }) => JSON.parse(body).data.waiver === waiver)
    .map(({ headers }) => headers['webhook-id'] ?? '')
}

test('killed before each statement of the one commit, for as long as there is a next one', async () => {
  let deaths = 0
  for (let before = 0; ; before++) {
    const waiver = await installation.live('requested')
    if (!(await run({ before }))) break
    deaths++
    await expect.poll(() => queued(waiver), soon).toEqual({ moved: false, jobs: 0 })
    expect(await takenOver(waiver)).toHaveLength(1)
    expect(await queued(waiver)).toEqual({ moved: true, jobs: 1 })
  }
  // Begin, lock, place, jobs, move, commit.
  expect(deaths).toBe(6)
}, 120_000)

test('killed while the commit is on its way: it happened as a whole or not at all', async () => {
  const waiver = await installation.live('requested')
  expect(await run({ when: 'committing' })).toBe(true)
  const { moved, jobs } = await queued(waiver)
  expect(jobs).toBe(moved ? 1 : 0)
  expect(new Set(await takenOver(waiver)).size).toBe(1)
  expect(await queued(waiver)).toEqual({ moved: true, jobs: 1 })
})

test('killed after the commit, before anything was sent: whoever comes next sends it', async () => {
  const silentUntilDead = receiver.answer
  receiver.answer = () => {}
  const waiver = await installation.live('requested')
  await run({ when: 'told' })
  receiver.answer = silentUntilDead
  expect(await queued(waiver)).toEqual({ moved: true, jobs: 1 })
  const ids = await takenOver(waiver)
  expect(new Set(ids).size).toBe(1)
})

test('killed when the receiver had it and the queue did not know: it comes twice, under one id', async () => {
  const waiver = await installation.live('requested')
  expect(await run({ when: 'delivered' })).toBe(true)
  expect(idsOf(waiver)).toHaveLength(1)
  const ids = await takenOver(waiver)
  expect(ids.length).toBeGreaterThan(1)
  expect(new Set(ids).size).toBe(1)
  expect(await queued(waiver)).toEqual({ moved: true, jobs: 1 })
})
