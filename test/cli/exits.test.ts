// How every kind of trouble ends: its exit code, one document for programs, one sentence and a next step for people.
import { describe, expect, test } from 'vitest'
import { nextStep } from '../../src/cli/output/next-steps.ts'
import { refusals } from '../../src/core/refusal.ts'
import { heard, problem, server } from './support/context.ts'
import { id } from './support/fixtures.ts'

const path = `/v1/waivers/${id}/withdrawal`
const words = ['withdraw', id, '--reason', 'not needed']

describe.each([
  ['a refusal', problem('not-permitted', 403), 3],
  ['a refusal of its form', problem('window-too-long', 422), 3],
  ['a state that has passed', problem('not-in-this-state', 409), 3],
  ['nobody signed in', problem('unauthenticated', 401, { reason: 'token-expired' }), 4],
  ['nobody known', problem('not-admitted', 403), 4],
  ['an old sign-in', problem('sign-in-not-fresh', 401), 4],
  ['no such waiver', problem('unknown-waiver', 404), 5],
  [
    'a request it does not take',
    problem('malformed-request', 400, { errors: [{ at: 'body.reason', message: 'too long' }] }),
    2,
  ],
  ['a fault behind it', problem('database-error', 502), 6],
  ['a bug', problem('internal-error', 500, { request: 'r-1' }), 1],
  ['another server', { nonsense: true, status: 418 }, 6],
  ['no answer', new Error('connect ECONNREFUSED'), 6],
])('%s', (_, answered, exit) => {
  test(`ends with ${exit}, in one document and in words`, async () => {
    const forProgram = await heard([...words, '--json'], { answers: { [path]: answered } })
    expect(JSON.parse(forProgram.out)).toMatchObject({ error: { exit } })
    expect(forProgram).toMatchObject({ exit, err: '' })
    const forPerson = await heard(words, { answers: { [path]: answered } })
    expect(forPerson).toMatchObject({ exit, out: '' })
    expect(forPerson.err).toMatch(/^(refused|not found|error|no answer): /)
    expect(forPerson.err).toContain('next: ')
  })
})

test.each([
  [['lst'], 'unknown command `lst`; did you mean `list`?'],
  [['policy', 'chek'], 'did you mean `check`?'],
  [['list', '--waits-for-mee'], 'unknown option `--waits-for-mee`; did you mean `--waits-for-me`?'],
  [['list', '--status', 'activ'], 'did you mean `active`?'],
  [['list', '--limit', '0'], '--limit `0` is no whole number from 1 to 200'],
  [['show'], 'missing required argument `waiver`'],
  [['show', 'wvr_short'], 'is no id of a waiver'],
  [['withdraw', id], 'required option `--reason <text>` not specified'],
  [['withdraw', id, '--reason', 'x', '--key', 'short'], '--key takes 8 to 128 visible ASCII characters'],
  [['list', '--server', 'ftp://x'], 'is no web address'],
  [['list', '--server', 'http://countersign.test'], 'a token is never sent in the clear'],
])('%j is answered with what was meant', async (typed, meant) => {
  const ran = await heard(typed, { answers: { '/v1/waivers': { waivers: [], names: {} } } })
  expect(ran).toMatchObject({ exit: 2, out: '' })
  expect(ran.err).toContain(meant)
  expect(ran.err.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
})

test('[B17] what was typed is shown as it is', async () => {
  const ran = await heard(['show\u001b[2J\u202e'])
  expect(ran.err).toContain('\\u{1b}[2J\\u{202e}')
})

test('without a server or a sign-in it says what to do', async () => {
  const nowhere = await heard(['list'], { environment: { COUNTERSIGN_URL: '' } })
  expect(nowhere).toMatchObject({ exit: 2 })
  expect(nowhere.err).toContain('COUNTERSIGN_URL')
  const nobody = await heard(['list'], { kept: {} })
  expect(nobody).toMatchObject({ exit: 4 })
  expect(nobody.err).toContain(`next: run \`countersign login --server ${server}\``)
  const other = await heard(['list', '--as', 'maria'], { kept: {} })
  expect(other.err).toContain('--as maria')
})

test('every refusal has a next step, or says all there is to say', () => {
  const without = Object.keys(refusals).filter((code) => nextStep(code) === '')
  expect(without).toEqual(['reviewed-already'])
  expect(nextStep('terms-changed', id)).toContain(`countersign show ${id}`)
  expect(nextStep('constructor')).toBe('')
})

test('help is printed on standard output and ends with 0', async () => {
  const ran = await heard(['help', 'countersign'])
  expect(ran).toMatchObject({ exit: 0, err: '' })
  expect(ran.out).toContain('--narrow-until <time>')
})
