import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { createDatabase, postgresFor } from './postgres.ts'

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('test databases', () => {
  test.each([15, 18] as const)('PostgreSQL %i gives fresh databases that do not see each other', async (major) => {
    const postgres = await postgresFor(major)
    const [one, two] = [await postgres.createDatabase(), await postgres.createDatabase()]
    await ask(one.url, 'CREATE TABLE mine ()')
    expect(
      await ask(
        one.url,
        "SELECT to_regclass('mine')::text AS mine, current_setting('server_version_num')::int / 10000 AS major",
      ),
    ).toEqual([{ mine: 'mine', major }])
    expect(await ask(two.url, "SELECT to_regclass('mine')::text AS mine")).toEqual([{ mine: null }])
    await one.drop()
    await expect(ask(one.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' })
  })

  test('a template is prepared once, whoever asks, and copied', async () => {
    const postgres = await postgresFor()
    let preparedCount = 0
    const name = `template_${process.pid}`
    const ask1 = () =>
      postgres.template(name, async ({ url }) => {
        preparedCount += 1
        await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer')
      })
    await Promise.all([ask1(), ask1(), ask1()])
    expect(preparedCount).toBe(1)
    const database = await createDatabase(name)
    expect(await ask(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
  })

  test('a template whose preparation failed is prepared again', async () => {
    const postgres = await postgresFor()
    const name = `template_failed_${process.pid}`
    await expect(postgres.template(name, () => Promise.reject(new Error('a broken migration')))).rejects.toThrow(
      'a broken migration',
    )
    await postgres.template(name, ({ url }) => ask(url, 'CREATE TABLE kept ()').then(() => {}))
    expect(await ask((await createDatabase(name)).url, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 0 }])
  })
})

/** A zombie, which waits for an init that reaps, has no command line. */
function runs(pid: number): boolean {
  const at = `/proc/${pid}/cmdline`
  return existsSync(at) && readFileSync(at, 'utf8') !== ''
}

describe.skipIf(process.platform !== 'linux')('nothing is left behind', () => {
  test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('when the run ends by %s', async (signal) => {
    const code = `
      import { startTestServer } from ${JSON.stringify(new URL('test-server.ts', import.meta.url).href)}
      const { server } = await startTestServer(18)
      console.log(JSON.stringify(server.connection.host))
      setInterval(() => server, 60_000)
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const socketFolder: string = JSON.parse((await lines.next()).value ?? '')
    const pid = Number(readFileSync(path.join(socketFolder, '.s.PGSQL.5432.lock'), 'utf8').split('\n')[0])
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    await expect.poll(() => runs(pid) || existsSync(socketFolder), { timeout: 15_000 }).toBe(false)
  })
})
