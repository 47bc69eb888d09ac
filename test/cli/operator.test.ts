// The commands of operators as processes, on a configuration and a PostgreSQL of their own.
import { spawn } from 'node:child_process'
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { sampleIssuer } from '../../src/identity/sample/index.ts'
import { freePort } from '../support/free-port.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { countersign, type Ran } from './support/command.ts'

const scratch = scratchFolder('cli-operator')
const acme = resolve('examples/acme')
const config = join(scratch.folder, 'countersign.yaml')
let url: string

afterAll(() => scratch.dispose())

function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return countersign(words, { home: scratch.folder, environment })
}

describe('on a PostgreSQL of its own', () => {
  beforeAll(async () => {
    const port = await freePort()
    url = `http://localhost:${port}`
    await writeFile(
      config,
      stringify({
        publicUrl: url,
        listen: { host: 'localhost', port },
        database: { folder: 'data' },
        identity: { issuers: [sampleIssuer('sample', `${url}/sample-idp`)] },
        directory: [{ id: 'acme', kind: 'yaml', path: join(acme, 'directory.yaml') }],
      }),
    )
  })

  test('init proposes the founders and the rules, and a stranger founds nothing', async () => {
    const policy = join(acme, 'policy.yaml')
    const stranger = await run(['init', '--founder', 'folake', '--founder', 'nobody', '--policy', policy])
    expect(stranger).toMatchObject({ exit: 3 })
    expect(stranger.err).toContain('`per_nobody`')
    const proposed = await run(['init', '--founder', 'folake', '--founder', 'pavel', '--policy', policy])
    expect(proposed).toMatchObject({ exit: 0 })
    expect(proposed.out).toContain('per_folake, per_pavel')
    expect(proposed.out).toContain('countersign founding accept')
  })

  test('serve says where it listens, answers, and ends in order when asked to', async () => {
    const server = spawn(resolve('node_modules/.bin/node'), [resolve('src/main.ts'), 'serve', '--config', config], {
      cwd: scratch.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { promise: ended, resolve: end } = Promise.withResolvers<number | null>()
    server.once('close', (code) => end(code))
    const { promise: listens, resolve: heardIt, reject } = Promise.withResolvers<void>()
    let out = ''
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.includes(`listening at ${url}`)) heardIt()
    })
    server.stderr.resume()
    ended.then((code) => reject(new Error(`ended with ${code} before it listened: ${out}`)))
    await listens
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const settings = await fetch(`${url}/v1/sign-in`)
    expect(await settings.json()).toMatchObject({ issuers: [{ key: 'sample', browserClient: 'countersign-decide' }] })
    server.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('doctor looks at it and says what it found', async () => {
    const report = await run(['doctor', '--json'])
    expect([0, 7]).toContain(report.exit)
    expect(report.json<{ checks: object[] }>().checks.length).toBeGreaterThan(0)
  })

  test('a copy of the stopped folder comes back whole, and a manifest that is not its own is refused', async () => {
    const folder = join(scratch.folder, 'data')
    const copy = join(scratch.folder, 'copy')
    const made = await run(['backup', copy, '--folder', folder, '--json'])
    expect(made).toMatchObject({ exit: 0 })
    const { manifestSha256 } = made.json<{ manifestSha256: string }>()
    const wrong = await run(['restore', copy, '--folder', join(scratch.folder, 'other'), '--manifest', '0'.repeat(64)])
    expect(wrong).toMatchObject({ exit: 6, out: '' })
    const back = await run(['restore', copy, '--folder', join(scratch.folder, 'back'), '--manifest', manifestSha256])
    expect(back).toMatchObject({ exit: 0 })
    expect(back.out).toContain('founding confirm-clock')
    // Every file of a copy is made durable, three times over: a disk that others write to needs minutes.
  }, 240_000)

  test('a configuration that is wrong is said line by line', async () => {
    const wrong = join(scratch.folder, 'wrong.yaml')
    await writeFile(wrong, 'publicUrl: x\nlisten: { prt: 1 }\n')
    const ran = await run(['doctor', '--config', wrong])
    expect(ran).toMatchObject({ exit: 2, out: '' })
    expect(ran.err).toContain('unknown field `prt`; did you mean `port`?')
  })
})

describe('the launcher', () => {
  const launcher = resolve('countersign')

  test('runs from anywhere, also through a link', async () => {
    const link = join(scratch.folder, 'linked')
    await symlink(launcher, link)
    for (const path of [launcher, link]) {
      expect(await launched(path, ['--version'], '/')).toMatchObject({
        exit: 0,
        out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      })
    }
  })

  test('passes words on as they are, and the exit code back', async () => {
    const ran = await launched(launcher, ['show', 'a b"; $HOME'], '/')
    expect(ran.exit).toBe(2)
    expect(await launched(launcher, ['lst'], '/')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('did you mean `list`?'),
    })
  })

  test('says what to do when nothing is installed', async () => {
    const bare = join(scratch.folder, 'bare checkout')
    await mkdir(bare)
    await copyFile(launcher, join(bare, 'countersign'))
    const ran = await launched(join(bare, 'countersign'), [], '/')
    expect(ran).toMatchObject({ exit: 1, out: '' })
    expect(ran.err).toContain(`run \`npm ci\` in ${bare}`)
  })
})

function launched(
  path: string,
  words: readonly string[],
  cwd: string,
): Promise<{ exit: number | null; out: string; err: string }> {
  const child = spawn(path, words, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: scratch.folder },
  })
  const { promise, resolve: done } = Promise.withResolvers<{ exit: number | null; out: string; err: string }>()
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.once('close', (exit) => done({ exit, out, err }))
  return promise
}
