import { chmod, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configurationFolder, type SignedIn, type TokenStore, tokenStore } from './index.ts'

const server = 'https://countersign.example'
const end = Date.parse('2026-11-22T10:00:00.000Z')
const before = end - 60_000
const signedIn: SignedIn = {
  accessToken: 'header.payload.signature',
  expiresAt: '2026-11-22T10:00:00.000Z',
  issuer: 'https://login.example',
  clientId: 'cli',
  subject: 'maria',
}

let folder: string
let store: TokenStore
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'countersign-test-store-')), 'countersign')
  store = tokenStore(folder)
})
afterEach(() => rm(path.dirname(folder), { recursive: true }))

async function onlyFile(): Promise<string> {
  const within = path.join(folder, 'sign-ins')
  const [name = '', ...others] = await readdir(within)
  expect(others).toEqual([])
  return path.join(within, name)
}

describe('who is signed in', () => {
  test('is kept by server and profile', async () => {
    await store.write({ server }, signedIn)
    await store.write({ server, profile: 'jo' }, { ...signedIn, subject: 'jo' })
    await store.write({ server: `${server}:8443` }, { ...signedIn, subject: 'ada' })
    expect(await store.read({ server }, before)).toEqual({ state: 'signed-in', signedIn })
    expect(await store.read({ server: `${server}/` }, before)).toMatchObject({ signedIn: { subject: 'maria' } })
    expect(await store.read({ server, profile: 'jo' }, before)).toMatchObject({ signedIn: { subject: 'jo' } })
    expect(await store.read({ server, profile: 'mallory' }, before)).toEqual({ state: 'absent' })
    expect((await store.list()).map(({ profile, signedIn: { subject } }) => [profile, subject])).toEqual([
      ['default', 'maria'],
      ['jo', 'jo'],
      ['default', 'ada'],
    ])
  })

  test('is replaced, and removed', async () => {
    await store.write({ server }, { ...signedIn, subject: 'jo' })
    await store.write({ server }, signedIn)
    expect(await store.read({ server }, before)).toEqual({ state: 'signed-in', signedIn })
    expect([await store.remove({ server }), await store.remove({ server })]).toEqual([true, false])
    expect(await store.read({ server }, before)).toEqual({ state: 'absent' })
    expect(await store.list()).toEqual([])
  })

  test('[B11] is as good as nobody once the token ends, and ten seconds before', async () => {
    await store.write({ server }, signedIn)
    expect((await store.read({ server }, end - 10_001)).state).toBe('signed-in')
    expect((await store.read({ server }, end - 10_000)).state).toBe('expired')
    expect((await store.read({ server }, end + 1)).state).toBe('expired')
  })

  test.skipIf(process.platform === 'win32')("is nobody else's to read", async () => {
    await store.write({ server }, signedIn)
    const file = await onlyFile()
    expect([(await stat(file)).mode & 0o777, (await stat(path.dirname(file))).mode & 0o777]).toEqual([0o600, 0o700])
    await chmod(file, 0o644)
    await expect(store.read({ server }, before)).rejects.toMatchObject({ code: 'store-unusable' })
  })

  test.skipIf(process.platform === 'win32')('is not read through a link', async () => {
    await store.write({ server }, signedIn)
    const file = await onlyFile()
    const elsewhere = path.join(path.dirname(folder), 'elsewhere')
    await writeFile(elsewhere, '{}', { mode: 0o600 })
    await rm(file)
    await symlink(elsewhere, file)
    await expect(store.read({ server }, before)).rejects.toMatchObject({ code: 'store-unusable' })
  })

  test.each([
    '',
    '{',
    '{}',
    '[]',
    'null',
    '{"server":"https://countersign.example","profile":"default","signedIn":{"accessToken":7}}',
  ])('is not guessed from a damaged file: `%s`', async (text) => {
    await store.write({ server }, signedIn)
    await writeFile(await onlyFile(), text)
    await expect(store.read({ server }, before)).rejects.toMatchObject({ code: 'store-unusable' })
  })

  test('a file of another server in its place is nobody', async () => {
    await store.write({ server }, signedIn)
    const file = await onlyFile()
    const other = { server: 'https://evil.example', profile: 'default', signedIn }
    await writeFile(file, JSON.stringify(other))
    expect(await store.read({ server }, before)).toEqual({ state: 'absent' })
  })

  test.each(['../up', '', '.', 'a/b', 'a b', '-rf', 'x'.repeat(65)])('no profile is called `%s`', async (profile) => {
    await expect(store.write({ server, profile }, signedIn)).rejects.toMatchObject({ code: 'option-invalid' })
  })

  test.each(['countersign.example', 'ftp://countersign.example', 'https://me:secret@countersign.example'])(
    'no server is called `%s`',
    async (name) => {
      await expect(store.read({ server: name }, before)).rejects.toMatchObject({ code: 'option-invalid' })
    },
  )
})

test.each([
  [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, 'linux', '/x/countersign'],
  [{ XDG_CONFIG_HOME: 'relative', HOME: '/h' }, 'linux', '/h/.config/countersign'],
  [{ HOME: '/h' }, 'darwin', '/h/.config/countersign'],
  [{ APPDATA: '/a', HOME: '/h' }, 'win32', '/a/countersign'],
] as const)('%j on %s keeps it in %s', (environment, platform, expected) => {
  expect(configurationFolder(environment, platform)).toBe(path.normalize(expected))
})
