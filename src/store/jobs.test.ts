import { Client } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createDatabase,
  majorVersions,
  postgresFor,
  type TestDatabase,
  type TestPostgres,
} from '../../test/support/postgres.ts'
import { urlOf } from './embedded/index.ts'
import { type Ended, type Jobs, type JobsOptions, openJobs } from './jobs.ts'
import { openStore } from './store.ts'

const quick = { pollSeconds: 0.5, superviseSeconds: 1, pauseSeconds: 1, pauseSecondsMax: 1, retriesMax: 2 }
const said: string[] = []
const log = {
  warn: (_: object, message: string) => said.push(message),
  error: (_: object, message: string) => said.push(message),
}

const ordinaryRoles: (() => Promise<void>)[] = []
const open: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
  for (const remove of ordinaryRoles.splice(0)) await remove()
  said.length = 0
})

function jobsOn(url: string, options: Partial<JobsOptions> = {}): Jobs {
  const jobs = openJobs({ url, log, rhythm: quick, ...options })
  open.push(jobs)
  return jobs
}

async function freshDatabase(): Promise<TestDatabase> {
  const database = await createDatabase()
  await (await openStore({ url: database.url })).close()
  return database
}

/** Runs jobs and keeps what it gets; ends them as told. */
function worker(end: (data: { n: number }, count: number) => Ended = () => ({ ended: 'done' })) {
  const ran: number[] = []
  const run = async (data: unknown): Promise<Ended> => {
    const job = data as { n: number }
    ran.push(job.n)
    return end(job, ran.filter((n) => n === job.n).length)
  }
  return { ran, run }
}

/** Adds one job at a time, each at the next position of the reader. */
async function add(jobs: Jobs, ...numbers: number[]): Promise<void> {
  for (const n of numbers) {
    await jobs.advance('notices', async (position) => ({
      position: position + 1n,
      jobs: [{ queue: 'q', key: `key ${n}`, data: { n }, urgent: false }],
    }))
  }
  jobs.wake('q')
}

const soon = { timeout: 20_000, interval: 50 }

describe.each(majorVersions)('on PostgreSQL %i', (major) => {
  test('it starts, works and stops under a role that is no superuser, and again', async () => {
    const url = await ordinaryRole(await postgresFor(major))
    await (await openStore({ url })).close()
    const { ran, run } = worker()
    for (const n of [1, 2]) {
      const jobs = jobsOn(url)
      expect(await jobs.work('q', run)).toBe(true)
      await add(jobs, n)
      await expect.poll(() => ran.at(-1), soon).toBe(n)
      await jobs.stop()
    }
    expect(ran).toEqual([1, 2])
    const owners = `select distinct tableowner from pg_tables where schemaname = 'countersign_jobs'`
    expect(await ask(url, owners)).toEqual([{ tableowner: 'countersign_app' }])
    expect(said).toEqual([])
  })
})

describe('a reader and its jobs', () => {
  test('move in one commit: a step that fails leaves both where they were', async () => {
    const { url } = await freshDatabase()
    const jobs = jobsOn(url)
    const { ran, run } = worker()
    await jobs.work('q', run)
    const step = jobs.advance('notices', async (position) => ({
      position: position + 1n,
      jobs: [
        { queue: 'q', key: 'a', data: { n: 1 }, urgent: false },
        { queue: 'nowhere', key: 'a', data: { n: 2 }, urgent: false },
      ],
    }))
    await expect(step).rejects.toThrow('does not exist')
    const thrown = jobs.advance('notices', async () => {
      throw new Error('the step itself')
    })
    await expect(thrown).rejects.toThrow('the step itself')
    expect(await jobs.look('notices')).toEqual({ position: -1n, behind: false })
    expect(await ask(url, `select * from countersign_jobs.job where name = 'q'`)).toEqual([])
    expect(ran).toEqual([])
  })

  test('one at a time over all processes: the other hears that it is busy and waits for nobody', async () => {
    const { url } = await freshDatabase()
    const [one, two] = [jobsOn(url), jobsOn(url)]
    const inside = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const first = one.advance('notices', async () => {
      inside.resolve()
      await goOn.promise
      return { position: 4n, jobs: [] }
    })
    await inside.promise
    expect(await two.advance('notices', async () => ({ position: 9n, jobs: [] }))).toBe('busy')
    goOn.resolve()
    expect(await first).toBe(0)
    expect(await two.look('notices')).toMatchObject({ position: 4n })
  })

  test('a place that was moved behind its back is not moved again', async () => {
    const { url } = await freshDatabase()
    const jobs = jobsOn(url)
    const step = jobs.advance('notices', async () => {
      await ask(url, `update countersign.feed_readers set position = 7 where name = 'notices'`)
      return { position: 3n, jobs: [] }
    })
    await expect(step).rejects.toMatchObject({ name: 'StoreFault', code: 'conflict' })
    expect(await jobs.look('notices')).toMatchObject({ position: 7n })
  })

  test('a key that is kept is not added again', async () => {
    const { url } = await freshDatabase()
    const jobs = jobsOn(url)
    const { ran, run } = worker()
    await jobs.work('q', run)
    await add(jobs, 1)
    await expect.poll(() => ran, soon).toEqual([1])
    await add(jobs, 1, 2)
    await expect.poll(() => ran, soon).toEqual([1, 2])
  })
})

describe('jobs', () => {
  test('that fail are tried again after a pause, and given up after so many times, loudly', async () => {
    const jobs = jobsOn((await freshDatabase()).url)
    const { ran, run } = worker(({ n }, count) =>
      n === 1 && count === 2 ? { ended: 'done' } : { ended: 'again', reason: 'not now' },
    )
    await jobs.work('q', run)
    await add(jobs, 1, 2)
    await expect.poll(async () => (await jobs.givenUp(10)).length, soon).toBe(1)
    expect(await jobs.givenUp(10)).toEqual([
      { id: expect.any(String), queue: 'q', data: { n: 2 }, since: expect.any(String), attempts: 3, reason: 'not now' },
    ])
    expect(ran.toSorted()).toEqual([1, 1, 2, 2, 2])
    expect(said).toContain('a job was given up and waits for somebody to look at it')
    expect(await jobs.waitingCount()).toBe(1)
  })

  test('that can never work are given up at once; somebody tries them again, or forgets them', async () => {
    const jobs = jobsOn((await freshDatabase()).url)
    let repaired = false
    const { ran, run } = worker(() => (repaired ? { ended: 'done' } : { ended: 'never', reason: 'gone' }))
    await jobs.work('q', run)
    await add(jobs, 1, 2)
    await expect.poll(async () => (await jobs.givenUp(10)).length, soon).toBe(2)
    expect(ran).toHaveLength(2)
    const [first, second] = await jobs.givenUp(10)
    repaired = true
    await jobs.forget([second?.id ?? ''])
    expect(await jobs.revive([first?.id ?? ''])).toBe(1)
    jobs.wake('q')
    await expect.poll(() => ran, soon).toHaveLength(3)
    expect({ n: ran[2] }).toEqual(first?.data)
    expect(await jobs.givenUp(10)).toEqual([])
  })

  test('that throw count as failed, and the error is in the log only', async () => {
    const jobs = jobsOn((await freshDatabase()).url, { rhythm: { ...quick, retriesMax: 1 } })
    await jobs.work('q', async () => {
      throw new Error('a secret inside')
    })
    await add(jobs, 1)
    await expect.poll(async () => (await jobs.givenUp(10)).length, soon).toBe(1)
    expect(JSON.stringify(await jobs.givenUp(10))).not.toContain('secret')
    expect(said).toContain('a job threw')
  })

  test('wait as long as they are asked to', async () => {
    const jobs = jobsOn((await freshDatabase()).url)
    const { run } = worker(() => ({ ended: 'again', reason: 'too many', afterSeconds: 900 }))
    await jobs.work('q', run)
    await add(jobs, 1)
    await expect.poll(async () => (await jobs.failing('q', 10)).length, soon).toBe(1)
    const [job] = await jobs.failing('q', 10)
    expect(job).toMatchObject({ queue: 'q', data: { n: 1 }, attempts: 1, reason: 'too many' })
    expect(Date.parse(job?.nextAt ?? '') - Date.parse(job?.since ?? '')).toBeGreaterThanOrEqual(900_000)
    expect(await jobs.givenUp(10)).toEqual([])
  })

  test('are not asked back so soon that they would use up their attempts', async () => {
    const rhythm = { ...quick, pauseSeconds: 600, pauseSecondsMax: 600 }
    const jobs = jobsOn((await freshDatabase()).url, { rhythm })
    const { run } = worker(() => ({ ended: 'again', reason: 'now', afterSeconds: 0 }))
    await jobs.work('q', run)
    await add(jobs, 1)
    await expect.poll(async () => (await jobs.failing('q', 10)).length, soon).toBe(1)
    const [job] = await jobs.failing('q', 10)
    expect(Date.parse(job?.nextAt ?? '') - Date.parse(job?.since ?? '')).toBeGreaterThanOrEqual(600_000)
  })

  test('that hang hold up neither other queues nor urgent ones', async () => {
    const jobs = jobsOn((await freshDatabase()).url, { rhythm: { ...quick, lanes: 2 } })
    const free = Promise.withResolvers<void>()
    const ran: string[] = []
    const hanging = async (data: unknown): Promise<Ended> => {
      const { name } = data as { name: string }
      if (name === 'slow') await free.promise
      ran.push(name)
      return { ended: 'done' }
    }
    await jobs.work('q', hanging)
    await jobs.work('other', hanging)
    const job = (queue: string, name: string, urgent: boolean, index = 0) => ({
      queue,
      key: `${name} ${index}`,
      data: { name },
      urgent,
    })
    const slow = Array.from({ length: 5 }, (_, index) => job('q', 'slow', false, index))
    await jobs.advance('notices', async () => ({ position: 0n, jobs: slow }))
    const rest = [job('q', 'urgent', true), job('other', 'other', false)]
    await jobs.advance('notices', async () => ({ position: 1n, jobs: rest }))
    await expect.poll(() => ran.toSorted(), soon).toEqual(['other', 'urgent'])
    free.resolve()
    await expect.poll(() => ran, soon).toHaveLength(7)
  })

  test('a backlog is worked off without waiting between jobs', async () => {
    const jobs = jobsOn((await freshDatabase()).url, { rhythm: { ...quick, pollSeconds: 3_600, lanes: 1 } })
    const { ran, run } = worker()
    await jobs.work('q', run)
    const numbers = Array.from({ length: 40 }, (_, n) => n)
    const backlog = numbers.map((n) => ({ queue: 'q', key: `${n}`, data: { n }, urgent: false }))
    await jobs.advance('notices', async () => ({ position: 0n, jobs: backlog }))
    jobs.wake('q')
    await expect.poll(() => ran.toSorted((a, b) => a - b), soon).toEqual(numbers)
  })

  test('of a process that died are run again by another', async () => {
    const { url } = await freshDatabase()
    const rhythm = { ...quick, attemptSecondsMax: 1 }
    const never = new Promise<Ended>(() => {})
    const dead = jobsOn(url, { rhythm })
    let begun = 0
    await dead.work('q', () => {
      begun++
      return never
    })
    await add(dead, 1)
    await expect.poll(() => begun, soon).toBe(1)
    await dead.stop(1)
    const { ran, run } = worker()
    await jobsOn(url, { rhythm }).work('q', run)
    await expect.poll(() => ran, soon).toEqual([1])
  })
})

describe('losing the database', () => {
  test('breaks neither the process nor the queue', async () => {
    const { url, name } = await freshDatabase()
    const jobs = jobsOn(url)
    const { ran, run } = worker()
    await jobs.work('q', run)
    await add(jobs, 1)
    await expect.poll(() => ran, soon).toEqual([1])
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name = 'countersign jobs'`
    for (let times = 0; times < 3; times++) await ask((await postgresFor()).url, cut)
    await expect
      .poll(
        () =>
          add(jobs, 2).then(
            () => 'added',
            () => 'not yet',
          ),
        soon,
      )
      .toBe('added')
    await expect.poll(() => ran, soon).toEqual([1, 2])
  })

  test('in the middle of a step undoes the step', async () => {
    const { url, name } = await freshDatabase()
    const jobs = jobsOn(url)
    await jobs.ready()
    const step = jobs.advance('notices', async () => {
      await ask(
        (await postgresFor()).url,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name = 'countersign jobs'`,
      )
      return { position: 5n, jobs: [] }
    })
    await expect(step).rejects.toMatchObject({ code: 'database-unavailable', retryable: true })
    await expect
      .poll(
        () =>
          jobs.look('notices').then(
            ({ position }) => position,
            () => 'not yet',
          ),
        soon,
      )
      .toBe(-1n)
  })

  test('not having one yet is said, and the queue comes up with it', async () => {
    const database = await createDatabase()
    const jobs = jobsOn(database.url)
    await expect.poll(() => said.some((line) => line.startsWith('starting the job queue')), soon).toBe(true)
    await (await openStore({ url: database.url })).close()
    expect(await jobs.ready()).toBe(true)
  })

  test('a queue that never started stops at once, and says so to whoever waits', async () => {
    const jobs = jobsOn('postgresql://nobody@127.0.0.1:1/nothing')
    await expect.poll(() => said.length, soon).toBeGreaterThan(0)
    const ready = jobs.ready()
    const working = jobs.work('q', async () => ({ ended: 'done' }))
    await jobs.stop()
    expect(await ready).toBe(false)
    expect(await working).toBe(false)
    await expect(jobs.look('notices')).rejects.toMatchObject({ code: 'database-unavailable' })
  })
})

async function ordinaryRole(server: TestPostgres): Promise<string> {
  const database = await server.createDatabase()
  const name = `ordinary_${database.name}`
  await ask(
    server.url,
    `do $$ begin create role countersign_app nologin; exception when duplicate_object or unique_violation then null; end $$`,
  )
  await ask(server.url, `create role ${name} login password 'only for this test' nosuperuser nocreaterole`)
  await ask(server.url, `grant countersign_app to ${name}`)
  await ask(server.url, `alter database ${database.name} owner to ${name}`)
  ordinaryRoles.push(async () => {
    await database.drop()
    await ask(server.url, `drop role ${name}`)
  })
  return urlOf({ ...database.connection, user: name, password: 'only for this test' })
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
