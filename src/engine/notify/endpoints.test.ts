import { expect, test } from 'vitest'
import { done, notDone, type Outcome, unknown } from '../../connectors/access.ts'
import type { Notice } from '../../connectors/notice.ts'
import { checkEndpoints, deliver, hears, type NoticeEndpoint } from './endpoints.ts'

const notice: Notice = {
  id: 'ntc_1_0_a',
  type: 'AccessExpired',
  at: '2026-11-22T12:00:00.000Z',
  urgency: 'normal',
  data: {},
}

function endpoint(id: string, types?: readonly string[], outcome: Outcome = done(undefined)): NoticeEndpoint {
  return { id, types, connector: { send: async () => outcome } }
}

function check(...endpoints: readonly NoticeEndpoint[]): readonly unknown[] {
  const warned: unknown[] = []
  checkEndpoints(endpoints, { info() {}, warn: (fields) => warned.push(fields), error() {} })
  return warned
}

test('ids are plain and used once', () => {
  expect(() => check(endpoint('siem'), endpoint('Pager_2-b'))).not.toThrow()
  expect(() => check(endpoint('siem'), endpoint('siem'))).toThrow('two notice endpoints `siem`')
  for (const id of ['', '-a', 'a.b', 'a b', 'ä', 'a/b', 'a'.repeat(64)])
    expect(() => check(endpoint(id))).toThrow('the id')
})

test('a misspelt type is an error, with what was meant', () => {
  expect(() => check(endpoint('siem', ['BreakGlasOpened']))).toThrow('did you mean `BreakGlassOpened`')
  expect(() => check(endpoint('siem', ['ActivationStarted']))).toThrow('no notice of type `ActivationStarted`')
})

test('urgent notices that nobody hears of are said at the start', () => {
  expect(check(endpoint('all'))).toEqual([])
  expect(check(endpoint('some', ['AccessExpired']), endpoint('all'))).toEqual([])
  expect(check(endpoint('some', ['BreakGlassOpened', 'ReviewOverdue']))).toEqual([
    {
      types: [
        'AccessSuspended',
        'ApprovalVoided',
        'ControlMissed',
        'DriftFound',
        'PasskeyConfirmed',
        'RemovalFailed',
        'SourceHeld',
      ],
    },
  ])
  expect(check()).toHaveLength(1)
})

test('an endpoint hears of all types, or of those it names', () => {
  expect(hears(endpoint('a'), 'AccessExpired')).toBe(true)
  expect(hears(endpoint('a', ['AccessExpired']), 'AccessExpired')).toBe(true)
  expect(hears(endpoint('a', ['AccessExpired']), 'AccessRevoked')).toBe(false)
})

test('what an outcome means: unknown is repeated, never taken for done', async () => {
  expect(await deliver(endpoint('a'), notice)).toEqual({ ended: 'done' })
  expect(await deliver(endpoint('a', undefined, unknown('late')), notice)).toEqual({ ended: 'again', reason: 'late' })
  expect(await deliver(endpoint('a', undefined, notDone('busy', true)), notice)).toEqual({
    ended: 'again',
    reason: 'busy',
  })
  expect(await deliver(endpoint('a', undefined, notDone('gone', false)), notice)).toEqual({
    ended: 'never',
    reason: 'gone',
  })
})

test('patience that a receiver asks for is granted up to an hour', async () => {
  const patient = (retryAfterSeconds: number) =>
    deliver({ id: 'a', connector: { send: async () => ({ ...notDone('busy', true), retryAfterSeconds }) } }, notice)
  expect(await patient(0)).toMatchObject({ ended: 'again', afterSeconds: 0 })
  expect(await patient(120)).toMatchObject({ ended: 'again', afterSeconds: 120 })
  expect(await patient(1e9)).toMatchObject({ ended: 'again', afterSeconds: 3_600 })
})
