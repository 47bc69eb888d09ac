// Signing in and out: what is kept, for whom, and what is remembered for the next command.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readLastLogin, writeLastLogin } from '../../src/cli/last-login.ts'
import type { StoredSignIn } from '../../src/cli/sign-in/index.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { heard, problem, server, signedIn, type World } from './support/context.ts'
import { answersFor, detailAt, me } from './support/fixtures.ts'

const scratch = scratchFolder('cli-login')
afterAll(() => scratch.dispose())
const answers = answersFor(detailAt('requested'))
let files = 0

/** Each with a memory of its own. */
function alone(words: readonly string[], world: World = {}) {
  return heard(words, { lastLoginFile: join(scratch.folder, `${files++}`, 'last-login.json'), ...world })
}

test('login keeps a sign-in that reads, and says as whom', async () => {
  const ran = await alone(['login', '--as', 'maria'], { answers, kept: {} })
  expect(ran).toMatchObject({ exit: 0, signIns: 0 })
  expect(ran.out).toContain(`signed in at ${server} as Rea Reader (per_reader)`)
  expect(ran.written.map(({ profile, signedIn: kept }) => [profile, kept.accessToken])).toEqual([['maria', 'reading']])
})

test('login --to-decide also keeps one to decide with, apart, and for five minutes at most', async () => {
  const ran = await alone(['login', '--to-decide'], { answers, kept: {} })
  expect(ran).toMatchObject({ exit: 0, signIns: 1 })
  expect(ran.written.map(({ profile, signedIn: kept }) => [profile, kept.expiresAt])).toEqual([
    ['default', '2026-11-22T15:00:00.000Z'],
    ['default@decide', '2026-11-22T14:05:00.000Z'],
  ])
})

test('before there are rules one can sign in all the same', async () => {
  const ran = await alone(['login'], { answers: { ...answers, '/v1/me': problem('not-initialised', 409) }, kept: {} })
  expect(ran).toMatchObject({ exit: 0 })
})

test('whoever the directory does not know is told so, and nothing is kept', async () => {
  const ran = await alone(['login'], {
    answers: { ...answers, '/v1/me': problem('not-admitted', 403, { reason: 'account-unknown' }) },
    kept: {},
  })
  expect(ran).toMatchObject({ exit: 4, written: [] })
})

test('where there are several issuers one has to be chosen', async () => {
  const [one] = (answers['/v1/sign-in'] as { issuers: object[] }).issuers
  const several = { ...answers, '/v1/sign-in': { issuers: [one, { ...one, key: 'other' }] } }
  const ran = await alone(['login'], { answers: several, kept: {} })
  expect(ran).toMatchObject({ exit: 2 })
  expect(ran.err).toContain('choose with --issuer: `id`, `other`')
  expect(await alone(['login', '--issuer', 'other'], { answers: several, kept: {} })).toMatchObject({ exit: 0 })
})

test.each([
  ['something else', {}],
  ['nothing', { nope: true }],
])('a server that answers %s is no Countersign server', async (_, answered) => {
  expect(await alone(['login'], { answers: { '/v1/sign-in': answered }, kept: {} })).toMatchObject({
    exit: 6,
    written: [],
  })
})

test('logout forgets both', async () => {
  const state: StoredSignIn = { state: 'signed-in', signedIn: signedIn('x') }
  const ran = await alone(['logout', '--json'], { kept: { default: state, 'default@decide': state } })
  expect(JSON.parse(ran.out)).toEqual({ server, profile: 'default', removed: true })
  expect(ran.removed).toEqual(['default@decide', 'default'])
})

test('an expired sign-in is said to be one', async () => {
  const ran = await alone(['list'], { kept: { default: { state: 'expired', signedIn: signedIn('x') } } })
  expect(ran).toMatchObject({ exit: 4 })
  expect(ran.err).toContain('the sign-in has expired')
})

test('whoami says what the server says', async () => {
  const ran = await alone(['whoami'], { answers: { '/v1/me': me('per_reader', '2026-11-22T13:59:00.000Z') } })
  expect(ran.out).toContain('Signed in     2026-11-22 13:59 UTC, 1 min ago')
})

test('the server and the profile of the last login need not be named again', async () => {
  const lastLoginFile = join(scratch.folder, 'remembered', 'last-login.json')
  await alone(['login', '--as', 'maria'], { answers, kept: {}, lastLoginFile })
  const kept: World['kept'] = { maria: { state: 'signed-in', signedIn: signedIn('hers') } }
  const ran = await alone(['whoami'], { answers, kept, lastLoginFile, environment: { COUNTERSIGN_URL: '' } })
  expect(ran.sent.map(({ token }) => token)).toEqual(['hers'])
  const elsewhere = await alone(['whoami', '--server', 'https://other.test'], { answers, kept, lastLoginFile })
  expect(elsewhere).toMatchObject({ exit: 4 })
})

test('the last login is remembered whole or not at all', async () => {
  const file = join(scratch.folder, 'config', 'last-login.json')
  expect(await readLastLogin(file)).toBeUndefined()
  await writeLastLogin(file, { server, profile: 'maria' })
  expect(await readLastLogin(file)).toEqual({ server, profile: 'maria' })
  await mkdir(join(scratch.folder, 'folder'))
  await expect(readLastLogin(join(scratch.folder, 'folder'))).rejects.toThrow()
})
