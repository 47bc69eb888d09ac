/** The runtime check over HTTP, in the words of OpenID AuthZEN, with the examples of its text and of its certification. */
import { beforeAll, describe, expect, test } from 'vitest'
import { gatedPolicy, withGateway } from '../support/gated.ts'
import { evaluate, liveWaiverOf, question } from './support/access.ts'
import { openSurface, type Surface } from './support/surface.ts'

let surface: Surface
let waiver: string
beforeAll(async () => {
  surface = await openSurface({ directory: withGateway, policy: gatedPolicy() })
  waiver = await liveWaiverOf(surface)
})

const single = '/access/v1/evaluation'
const batch = '/access/v1/evaluations'

describe('one evaluation', () => {
  test('[agent/runtime-check] a yes says under which waiver and until when', async () => {
    const { status, body } = await evaluate(surface)
    expect(status).toBe(200)
    expect(body).toEqual({
      decision: true,
      context: {
        evaluation_id: expect.stringMatching(/^eval_/),
        evaluated_at: expect.stringMatching(/^2026-11-22T12:00:/),
        reason: 'covered',
        reason_user: { en: 'a live waiver covers this use' },
        purpose: 'use',
        waiver,
        until: '2026-11-22T13:00:00.000Z',
        terms: expect.stringMatching(/^sha256:/),
      },
    })
  })

  test('a no is 200 as well, with its reason', async () => {
    const { status, body } = await evaluate(surface, { action: { name: 'insert' } })
    expect([status, body.decision, body.context.reason]).toEqual([200, false, 'outside-scope'])
  })

  test('[B14] members the text does not name are ignored, and so is what a caller says of itself', async () => {
    const { body } = await evaluate(surface, {
      foo: 'bar',
      decision: true,
      context: { decision: true, caller: 'per_sam' },
    } as object)
    expect(body.decision).toBe(true)
    const sneaky = { subject: { ...question.subject, id: 'wl_bot', properties: { decision: true, waiver } } }
    expect((await evaluate(surface, sneaky)).body).toMatchObject({ decision: false, context: { reason: 'no-waiver' } })
  })

  test.each([
    [{ subject: undefined }],
    [{ action: undefined }],
    [{ resource: undefined }],
    [{ subject: { id: 'wl_agent' } }],
    [{ subject: { type: 'agent' } }],
    [{ action: {} }],
    [{ action: { name: 123 } }],
    [{ resource: { id: 'ledger.entries' } }],
    [{ resource: { type: 'sys_ledger' } }],
    [{ subject: 'wl_agent' }],
    [{ resource: { ...question.resource, properties: { system: 7 } } }],
    [{ subject: { ...question.subject, properties: { act: 'wl_bot' } } }],
    [{ context: { purpose: 'anything' } }],
  ])('400 for %j', async (parts) => {
    expect((await evaluate(surface, parts)).status).toBe(400)
  })

  test('400 for another content type, for no JSON, and for nothing; a charset is no other type', async () => {
    const send = (body: string, type: string) =>
      surface.post('wl_gate', single, body, { headers: { 'content-type': type } })
    expect((await send(JSON.stringify(question), 'text/plain')).status).toBe(400)
    expect((await send('{', 'application/json')).status).toBe(400)
    expect((await send('', 'application/json')).status).toBe(400)
    expect((await send(JSON.stringify(question), 'application/json; charset=utf-8')).body.decision).toBe(true)
  })

  test('401 without a token, and X-Request-ID goes back as it came', async () => {
    const { statusCode, headers } = await surface.api.inject({ method: 'POST', url: single, payload: question })
    expect([statusCode, headers['www-authenticate']]).toEqual([401, 'Bearer realm="countersign"'])
    const named = await surface.post('wl_gate', single, question, { headers: { 'x-request-id': 'bfe9eb29-ab87' } })
    expect(named.headers['x-request-id']).toBe('bfe9eb29-ab87')
    expect((await evaluate(surface)).headers).not.toHaveProperty('x-request-id')
  })
})

describe('who may ask', () => {
  test('whoever enforces about everybody, the subject and its controllers about it, nobody else', async () => {
    const reason = async (caller: string, parts = {}) => (await evaluate(surface, parts, caller)).body.context.reason
    expect(await reason('wl_agent')).toBe('covered')
    expect(await reason('per_asker')).toBe('covered')
    for (const stranger of ['per_sam', 'wl_bot', 'per_nobody', 'per_watch']) {
      expect(await reason(stranger), stranger).toBe('caller-may-not-ask')
      // Nor does a stranger learn whom the directory knows.
      expect(await reason(stranger, { subject: { type: 'agent', id: 'wl_none' } })).toBe('caller-may-not-ask')
    }
    expect(await reason('wl_gate', { subject: { type: 'agent', id: 'wl_none' } })).toBe('unknown-subject')
  })

  test('only whoever enforces is told yes to a use', async () => {
    const purpose = async (caller: string, context = {}) =>
      (await evaluate(surface, { context }, caller)).body.context.purpose
    expect(await purpose('wl_agent', { purpose: 'use' })).toBe('ask')
    expect(await purpose('wl_gate')).toBe('use')
    expect(await purpose('wl_gate', { purpose: 'ask' })).toBe('ask')
  })

  test('[agent/owner-counts] [B22] a person is not their agent, and an approver does not stand behind it', async () => {
    const via = (sub: string, type = 'user') => ({
      subject: { type, id: sub, properties: { act: { sub: 'wl_agent' } } },
    })
    expect((await evaluate(surface, via('per_nobody'))).body.decision).toBe(true)
    expect((await evaluate(surface, { subject: { type: 'user', id: 'per_asker' } })).body.context.reason).toBe(
      'no-waiver',
    )
    expect((await evaluate(surface, via('per_sam'))).body.context.reason).toBe('approver-in-chain')
    expect((await evaluate(surface, via('wl_none', 'agent'))).body.context.reason).toBe('unknown-subject')
  })
})

describe('several evaluations', () => {
  const ask = (body: object) => surface.post('wl_gate', batch, body)
  const decisions = async (body: object) =>
    (await ask(body)).body.evaluations.map(({ decision }: { decision: boolean }) => decision)
  const names = (...actions: string[]) => actions.map((name) => ({ action: { name } }))
  const { subject, resource } = question

  test('by default all of them, in order', async () => {
    expect(await decisions({ subject, resource, evaluations: names('select', 'insert', 'update') })).toEqual([
      true,
      false,
      true,
    ])
  })

  test('the first no, or the first yes, ends it where that was asked for', async () => {
    const run = (evaluations_semantic: string, ...actions: string[]) =>
      decisions({ subject, resource, evaluations: names(...actions), options: { evaluations_semantic } })
    expect(await run('execute_all', 'insert', 'select')).toEqual([false, true])
    expect(await run('deny_on_first_deny', 'select', 'insert', 'update')).toEqual([true, false])
    expect(await run('permit_on_first_permit', 'insert', 'select', 'update')).toEqual([false, true])
    expect(
      (await ask({ subject, resource, evaluations: names('select'), options: { evaluations_semantic: 'any' } })).status,
    ).toBe(400)
  })

  test('an entry replaces a member as a whole, and takes a missing type or id from the top', async () => {
    const top = {
      subject,
      action: question.action,
      resource: { type: 'sys_ledger', properties: { system: 'sys_none' } },
    }
    const { body } = await ask({ ...top, evaluations: [{ resource: { id: 'ledger.entries' } }, { resource }] })
    expect(body.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual([true, true])
  })

  test('[B07] one that cannot be read is a no, and the others are answered', async () => {
    const { status, body } = await ask({
      subject,
      action: question.action,
      evaluations: [{ resource }, {}, { resource: 7 }],
    })
    expect(status).toBe(200)
    expect(body.evaluations).toMatchObject([
      { decision: true },
      { decision: false, context: { error: { status: 400 } } },
      { decision: false, context: { error: { status: 400 } } },
    ])
  })

  test('without entries it is one evaluation', async () => {
    for (const more of [{}, { evaluations: [] }])
      expect((await ask({ ...question, ...more })).body).toMatchObject({ decision: true, context: { waiver } })
    expect((await ask({ subject, resource })).status).toBe(400)
  })
})

describe('search', () => {
  const search = async (what: string, body: object, caller = 'wl_gate') =>
    (await surface.post(caller, `/access/v1/search/${what}`, body)).body.results

  test('finds what would be told yes, and nothing else', async () => {
    const { subject, action, resource } = question
    expect(await search('action', { subject, resource })).toEqual([{ name: 'select' }, { name: 'update' }])
    expect(await search('resource', { subject, action, resource: { type: 'sys_ledger' }, page: { limit: 1 } })).toEqual(
      [
        { type: 'sys_ledger', id: 'ledger.accounts' },
        { type: 'sys_ledger', id: 'ledger.entries' },
      ],
    )
    expect(await search('subject', { subject: { type: 'agent' }, action, resource })).toEqual([
      { type: 'agent', id: 'wl_agent' },
    ])
  })

  test('nothing for strangers, unknown names and unknown types', async () => {
    const { subject, action, resource } = question
    expect(await search('action', { subject, resource }, 'per_sam')).toEqual([])
    expect(await search('action', { subject: { type: 'agent', id: 'wl_none' }, resource })).toEqual([])
    expect(await search('subject', { subject: { type: 'spaceship' }, action, resource })).toEqual([])
    expect((await surface.post('wl_gate', '/access/v1/search/resource', { subject, resource })).status).toBe(400)
  })
})

test('the metadata say where, to anybody, and may be kept', async () => {
  const { statusCode, headers, payload } = await surface.api.inject('/.well-known/authzen-configuration')
  expect(statusCode).toBe(200)
  expect(headers['cache-control']).toBe('public, max-age=300')
  expect(JSON.parse(payload)).toMatchObject({
    policy_decision_point: 'https://countersign.test',
    access_evaluation_endpoint: 'https://countersign.test/access/v1/evaluation',
    access_evaluations_endpoint: 'https://countersign.test/access/v1/evaluations',
  })
})
