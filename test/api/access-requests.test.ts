/**
 * Asking by the AuthZEN Access Request and Approval Profile: from a denial with an offer to a check that says yes, and
 * everything that must not lead there.
 */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../src/core/time.ts'
import { gatedPolicy, withGateway } from '../support/gated.ts'
import { denialOf, denied, problemUrn, submissionOf, submit } from './support/asking.ts'
import { openSurface, type Surface } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface({ directory: withGateway, policy: gatedPolicy() })
})

const until = () => plusSeconds(surface.world.now, 3_600)
const taskAt = (address: string) => new URL(address).pathname
const waiversCount = async () => (await surface.world.query('select id from waivers')).length

async function evaluate(parts: object, caller = 'wl_gate') {
  await surface.world.app.runtime.refresh()
  return (await surface.post(caller, '/access/v1/evaluation', { ...denied, ...parts })).body
}

test('the metadata say where one asks, and with which keys what is signed is verified', async () => {
  const { body } = await surface.get('', '/.well-known/authzen-configuration')
  expect(body).toMatchObject({
    access_request_endpoint: 'https://countersign.test/access/v1/requests',
    jwks_uri: 'https://countersign.test/oauth/jwks',
    capabilities: ['urn:openid:authzen:capability:access-request'],
  })
})

describe('the offer', () => {
  test('[agent/runtime-check] a denial stays a denial, and what goes with it is bound to it', async () => {
    const denial = await denialOf(surface)
    const { access_request: offer, evaluation_id } = denial
    expect(offer).toMatchObject({
      endpoint: 'https://countersign.test/access/v1/requests',
      template: 'ledger-write',
      expires_at: expect.stringMatching(/^2026-11-22T12:10:/),
    })
    expect(decodeProtectedHeader(offer.binding_token)).toMatchObject({
      alg: 'ES256',
      typ: 'access-request-binding+jwt',
    })
    expect(decodeJwt(offer.binding_token)).toMatchObject({
      iss: 'https://countersign.test',
      aud: 'https://countersign.test',
      jti: evaluation_id,
      evaluation_id,
      denial_expires_at: offer.expires_at,
      binding_context_members: ['arguments', 'tool'],
      binding_hash: expect.stringMatching(/^[\w-]{43}$/),
      'urn:countersign:parties': ['wl_agent'],
      'urn:countersign:policy': expect.stringMatching(/^sha256:/),
    })
  })

  test.each([
    ['what no entitlement offers', { action: { name: 'drop' } }],
    ['what no condition says exactly', { context: { arguments: { entries: [{ id: 'a' }, { id: 'b' }] } } }],
    ['somebody without an account', { subject: { type: 'agent', id: 'wl_gate' } }],
  ])('there is none for %s', async (_, parts) => {
    const { decision, context } = await evaluate(parts)
    expect([decision, context.access_request]).toEqual([false, undefined])
  })

  test('strangers hear nothing to take up, and each entry of a batch has its own', async () => {
    expect((await evaluate({}, 'wl_bot')).context).not.toHaveProperty('access_request')
    const { subject, resource } = denied
    const batch = { subject, resource, evaluations: [{ action: { name: 'update' } }, { action: { name: 'select' } }] }
    const { body } = await surface.post('wl_gate', '/access/v1/evaluations', batch)
    const tokens = body.evaluations.map((one: { context: { access_request: { binding_token: string } } }) =>
      decodeJwt(one.context.access_request.binding_token),
    )
    expect(tokens[0].jti).not.toBe(tokens[1].jti)
    expect(tokens[0].binding_hash).not.toBe(tokens[1].binding_hash)
  })

  test('its schema says what has to be added, and until when at most', async () => {
    const { access_request: offer } = await denialOf(surface)
    const { pathname, search } = new URL(offer.request_schema_url)
    const { status, body } = await surface.get('wl_agent', `${pathname}${search}`)
    expect(status).toBe(200)
    expect(body.properties.context.required).toEqual(['business_justification'])
    expect(body.properties.requested_access.required).toContain('requested_until')
    expect((await surface.get('wl_agent', '/access/v1/request-schema/sys_none/none?subject=wl_agent')).status).toBe(404)
  })
})

describe('what is not taken up', () => {
  const refusal = async (body: object, caller = 'wl_agent') => {
    const { status, body: problem, headers } = await submit(surface, body, caller)
    expect(String(headers['content-type'])).toBe('application/problem+json')
    return [status, problem.type]
  }

  test('[B09] another question than the one that was denied', async () => {
    const denial = await denialOf(surface)
    const body = submissionOf(denial, until())
    const other = [
      { subject: { type: 'agent', id: 'wl_agent', properties: { role: 'auditor' } } },
      { resource: { ...denied.resource, id: 'ledger.accounts' } },
      { action: { name: 'select' } },
      { context: { ...body.context, arguments: { ...denied.context.arguments, amount: 101 } } },
      { context: { ...body.context, arguments: { ...denied.context.arguments, force: true } } },
      { context: { business_justification: 'why', tool: denied.context.tool } },
      { context: { ...body.context, tool: { name: 'book', digest: `sha256:${'0'.repeat(64)}` } } },
    ]
    for (const parts of other)
      expect(await refusal({ ...body, ...parts }), JSON.stringify(parts)).toEqual([
        400,
        problemUrn('invalid_denial_binding'),
      ])
  })

  test('[B09] an offer that was altered, is of another kind, or is left out', async () => {
    const denial = await denialOf(surface)
    const { denial: said, ...body } = submissionOf(denial, until())
    const [head, claims, signature] = said.binding_token.split('.') as [string, string, string]
    const longer = Buffer.from(JSON.stringify({ ...decodeJwt(said.binding_token), exp: 4_102_444_800 })).toString(
      'base64url',
    )
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
    const { binding_token: _, ...byReference } = said
    for (const one of [
      { ...said, binding_token: `${head}.${longer}.${signature}` },
      { ...said, binding_token: `${unsigned}.${claims}.` },
      { ...said, binding_token: 'x' },
      { ...said, evaluation_id: 'eval_other' },
      { ...said, expires_at: plusSeconds(said.expires_at, 600) },
      byReference,
    ])
      expect(await refusal({ ...body, denial: one }), JSON.stringify(one)).toEqual([
        400,
        problemUrn('invalid_denial_binding'),
      ])
  })

  test('[B13] [B22] an offer that was made to somebody else, or leaves out who stood behind it', async () => {
    const body = submissionOf(await denialOf(surface), until())
    for (const stranger of ['wl_bot', 'per_sam', 'per_nobody', 'wl_gate'])
      expect(await refusal(body, stranger), stranger).toEqual([400, problemUrn('invalid_denial_binding')])
    const behind = { type: 'user', id: 'per_nobody', properties: { act: { sub: 'wl_agent' } } }
    const chained = await denialOf(surface, { ...denied, subject: behind }, 'wl_gate')
    const hidden = { ...submissionOf(chained, until()), subject: behind }
    expect(await refusal(hidden)).toEqual([400, problemUrn('invalid_denial_binding')])
    // Nor does it help to leave them out of the body: who stood behind the denial is signed.
    expect(await refusal({ ...hidden, subject: { ...behind, properties: {} } })).toEqual([
      400,
      problemUrn('invalid_denial_binding'),
    ])
    expect(await refusal({ ...body, client: { actor: { id: 'per_sam' } } })).toEqual([
      400,
      problemUrn('invalid_denial_binding'),
    ])
  })

  test('[B14] what only the house may say is not read from a body', async () => {
    const before = await waiversCount()
    const body = submissionOf(await denialOf(surface), until(), {
      requester: 'per_sam',
      status: 'approved',
      approval: { id: 'apr_1' },
      requested_access: { requested_until: until(), approver: 'per_sam', emergency: true },
    })
    const { status, body: answer } = await submit(surface, body)
    expect([status, answer.task.status]).toEqual([202, 'pending'])
    expect(await waiversCount()).toBe(before + 1)
    const [row] = await surface.world.query<{ requester: string; waiver: string }>(
      'select requester, waiver from access_requests order by at desc limit 1',
    )
    expect(row?.requester).toBe('wl_agent')
    await surface.post('wl_agent', `${taskAt(answer.task.status_endpoint)}/cancel`, {})
  })

  test('400 for what is no submission', async () => {
    const body = submissionOf(await denialOf(surface), until())
    for (const parts of [
      { requested_access: {} },
      { requested_access: { requested_until: 'tomorrow' } },
      { context: denied.context },
      { items: [] },
      { denial: undefined },
    ])
      expect((await submit(surface, { ...body, ...parts })).status, JSON.stringify(parts)).toBe(400)
    const { body: several } = await submit(surface, { ...body, items: [{}] })
    expect([several.at, several.detail]).toEqual(['items', expect.stringContaining('one request for each denial')])
    const elsewhere = { endpoint: 'https://elsewhere.example/told' }
    expect((await submit(surface, { ...body, callback: elsewhere })).body).toMatchObject({ at: 'callback.endpoint' })
  })

  test('[window/always-expires] what the core refuses is refused in its words, and stays without a task', async () => {
    const body = submissionOf(await denialOf(surface), plusSeconds(surface.world.now, 90 * 86_400))
    const { status, body: problem } = await submit(surface, body)
    expect([status, problem.code]).toEqual([422, 'window-too-long'])
    const [row] = await surface.world.query('select task from access_requests where evaluation = $1', [
      body.denial.evaluation_id,
    ])
    expect(row).toBeUndefined()
    // The offer was not used up by it.
    const shorter = { ...body, requested_access: { requested_until: until() } }
    const { body: answer } = await submit(surface, shorter)
    expect(answer.task.status).toBe('pending')
    await surface.post('wl_agent', `${taskAt(answer.task.status_endpoint)}/cancel`, {})
  })
})

test('[B10] the same key answers once and the same, and an offer is taken up once', async () => {
  const body = submissionOf(await denialOf(surface), until())
  const before = await waiversCount()
  const key = 'one-and-the-same-key'
  const many = await Promise.all([1, 2, 3].map(() => submit(surface, body, 'wl_agent', key)))
  const first = many[0]?.body.task
  expect(many.map(({ status, body: { task } }) => [status, task.id])).toEqual(many.map(() => [202, first.id]))
  expect(first.id).toMatch(/^arq_[0-9a-z]{26}$/)
  expect(await waiversCount()).toBe(before + 1)
  const justified = { ...body, context: { ...body.context, business_justification: 'Something else.' } }
  expect((await submit(surface, justified, 'wl_agent', key)).body.type).toBe(problemUrn('duplicate_request'))
  for (const again of [undefined, 'another-key-for-it'])
    expect((await submit(surface, body, 'wl_agent', again)).body.type).toBe(problemUrn('invalid_denial_binding'))
  expect(await waiversCount()).toBe(before + 1)
  const cancel = await surface.get('wl_agent', `${taskAt(first.status_endpoint)}/cancel`, { method: 'POST' })
  expect([cancel.status, cancel.body.task.status]).toEqual([200, 'cancelled'])
})

describe('from a denial to a yes, and to its end', () => {
  let task: { id: string; status_endpoint: string }
  let approval: { id: string; approved_until: string; state: string }
  const status = async (caller = 'wl_agent') => surface.get(caller, taskAt(task.status_endpoint))
  const waiver = async () =>
    (await surface.world.query<{ waiver: string }>('select waiver from access_requests where task = $1', [task.id]))[0]
      ?.waiver ?? ''

  test('it is asked for by the agent, and only those who may follow it', async () => {
    const body = submissionOf(await denialOf(surface), until(), {
      requested_access: { requested_until: until(), 'urn:countersign:uses_max': 2 },
    })
    const { status: code, body: answer, headers } = await submit(surface, body)
    expect(code).toBe(202)
    expect(headers.location).toBe(answer.task.status_endpoint)
    expect(answer.task).toMatchObject({
      status: 'pending',
      progress: { current_step: 1, total_steps: 1, step_name: 'countersign' },
      links: { cancel: `${answer.task.status_endpoint}/cancel` },
    })
    expect(answer).not.toHaveProperty('result')
    task = answer.task
    for (const caller of ['wl_agent', 'per_asker', 'wl_gate'])
      expect((await status(caller)).body.task.status, caller).toBe('pending')
    for (const stranger of ['wl_bot', 'per_sam', 'per_nobody'])
      expect((await status(stranger)).body.type, stranger).toBe(problemUrn('unknown_task'))
    expect(JSON.stringify((await status()).body)).not.toMatch(/per_/)
    // Whoever only stands in front of the system follows it, and does nothing to it.
    const { status: refused, body: no } = await surface.post('wl_gate', `${taskAt(task.status_endpoint)}/cancel`, {})
    expect([refused, no.code]).toEqual([403, 'not-permitted'])
  })

  test('[terms/bound] the terms are exactly the call that was denied', async () => {
    const { requester, chain, terms } = await surface.world.waiver(await waiver())
    expect({ requester, chain }).toEqual({ requester: 'wl_agent', chain: [] })
    expect(terms).toMatchObject({
      kind: 'access-override',
      beneficiary: 'wl_agent',
      access: {
        system: 'sys_ledger',
        entitlement: 'ledger-write',
        account: 'agent_db',
        resources: ['ledger.entries'],
        actions: ['update'],
      },
      reason: 'The entry was booked twice.',
      conditions: {
        usesMax: 2,
        tools: [{ name: 'book' }],
        argumentsClosed: true,
        arguments: [
          { argument: '/amount', oneOf: [100] },
          { argument: '/entry/id', oneOf: ['e-7'] },
        ],
      },
    })
  })

  test('[agent/owner-counts] [B22] neither the agent nor whoever owns it decides', async () => {
    const id = await waiver()
    const { digest } = await surface.world.waiver(id)
    const sign = (caller: string) =>
      surface.post(caller, `/v1/waivers/${id}/countersignature`, { digest, acknowledges: [] })
    for (const caller of ['wl_agent', 'wl_gate', 'per_asker']) expect((await sign(caller)).status, caller).toBe(403)
    const { digest: same } = await surface.world.waiver(id)
    expect([same, (await surface.world.waiver(id)).approvals]).toEqual([digest, []])
    const guessed = { approval: { id: task.id.replace('arq_', 'apr_') } }
    expect((await evaluate({ context: { ...denied.context, ...guessed } })).context).toMatchObject({
      reason: 'approval_unverifiable',
      next_action: 'none',
    })
  })

  test('[agent/owner-counts] [context/at-request-time] whoever decides sees who stands behind it and the highest impact', async () => {
    const at = `/v1/waivers/${await waiver()}/behind`
    const { status: code, body } = await surface.get('per_sam', at)
    expect(code).toBe(200)
    expect(body.parties).toEqual([
      {
        id: 'wl_agent',
        kind: 'workload',
        agent: true,
        part: 'requester',
        behind: [expect.objectContaining({ id: 'per_asker', relation: 'owns', source: expect.any(String) })],
        people: ['per_asker'],
      },
    ])
    expect(body.impact).toMatchObject({ asked: { tier: 'high' }, highest: { holder: 'wl_agent' }, otherCount: 0 })
    for (const asking of ['wl_agent', 'per_asker'])
      expect((await surface.get(asking, at)).body.code, asking).toBe('not-permitted')
    expect((await surface.get('per_nobody', at)).body.code).toBe('unknown-waiver')
  })

  test('approved, it is started by whoever asked, and the check says yes with the approval', async () => {
    const id = await waiver()
    expect((await surface.world.countersign('per_sam', id)).outcome).toBe('accepted')
    const { body } = await status()
    expect(body.task).toMatchObject({ status: 'approved', links: { start: `${task.status_endpoint}/start` } })
    expect(body.result).toMatchObject({ mode: 'reevaluate', approval: { approved_until: until() } })
    approval = body.result.approval
    expect(decodeJwt(approval.state)).toMatchObject({
      iss: 'https://countersign.test',
      aud: 'https://countersign.test',
      approval_id: approval.id,
      task_id: task.id,
      binding_hash: expect.any(String),
      approved_until: approval.approved_until,
    })
    const shown = { context: { ...denied.context, approval } }
    expect((await evaluate(shown)).context).toMatchObject({
      reason: 'grant_pending',
      next_action: 'retry',
      retry_after: 2,
    })
    const cancel = await surface.post('wl_agent', `${taskAt(task.status_endpoint)}/cancel`, {})
    expect(cancel.body.type).toBe(problemUrn('invalid_task_state'))
    const started = await surface.post('wl_agent', `${taskAt(task.status_endpoint)}/start`, { reason: 'go' })
    expect(started.status).toBe(200)
    await surface.world.settle()
    const yes = await evaluate(shown)
    expect(yes).toMatchObject({
      decision: true,
      context: {
        waiver: id,
        approval: { id: approval.id, approved_until: approval.approved_until },
        left: { uses: 1 },
      },
    })
  })

  test('[B09] for anything but that call it is none, whatever else comes with it', async () => {
    const { context } = denied
    const other = [
      { context: { ...context, arguments: { ...context.arguments, amount: 101 }, approval } },
      { context: { ...context, arguments: { ...context.arguments, force: true }, approval } },
      { context: { tool: context.tool, approval } },
      { action: { name: 'select' }, context: { ...context, approval } },
    ]
    for (const parts of other)
      expect(await evaluate(parts), JSON.stringify(parts)).toMatchObject({
        decision: false,
        context: { reason: 'out_of_scope', next_action: 'none' },
      })
    const forged = { ...approval, id: approval.id.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) }
    const resigned = { ...approval, state: approval.state.replace(/.{8}$/, 'AAAAAAAA') }
    for (const one of [forged, resigned, { id: 'apr_x' }])
      expect((await evaluate({ context: { ...context, approval: one } })).context).toMatchObject({
        reason: 'approval_unverifiable',
        next_action: 'none',
      })
    expect(
      (await surface.post('wl_gate', '/access/v1/evaluation', { ...denied, context: { approval: 'yes' } })).status,
    ).toBe(400)
  })

  test('[B10] a budget that was used up asks for a new approval, and the old one stays what it was', async () => {
    const shown = { context: { ...denied.context, approval } }
    expect((await evaluate(shown)).decision).toBe(true)
    await surface.world.app.runtime.uses.record()
    await surface.world.settle()
    const spent = await evaluate(shown)
    expect(spent).toMatchObject({ decision: false, context: { reason: 'approval_expired', next_action: 'request' } })
    expect(spent.context.access_request.binding_token).toMatch(/^ey/)
    expect((await status()).body.task.status).toBe('approved')
    expect((await surface.post('wl_agent', `${taskAt(task.status_endpoint)}/start`, {})).body.type).toBe(
      problemUrn('invalid_task_state'),
    )
  })
})

test('a denied request is told as denied, without by whom, and is no approval', async () => {
  const body = submissionOf(await denialOf(surface, { ...denied, action: { name: 'insert' } }), until(), {
    action: { name: 'insert' },
  })
  const { body: answer, status } = await submit(surface, body)
  expect(status, JSON.stringify(answer)).toBe(202)
  const [row] = await surface.world.query<{ waiver: string }>('select waiver from access_requests where task = $1', [
    answer.task.id,
  ])
  const { digest } = await surface.world.waiver(row?.waiver ?? '')
  await surface.world.must('per_sue', { type: 'deny', digest, reason: 'not tonight' }, row?.waiver)
  const { body: told } = await surface.get('wl_agent', taskAt(answer.task.status_endpoint))
  expect(told.task.status).toBe('denied')
  expect(told).not.toHaveProperty('result')
  expect(JSON.stringify(told)).not.toMatch(/per_sue|not tonight/)
})

describe('time and rules', () => {
  test('[B11] an offer that is over, and a task that is over', async () => {
    const body = submissionOf(
      await denialOf(surface, { ...denied, action: { name: 'select' } }),
      plusSeconds(surface.world.now, 7_000),
      {
        action: { name: 'select' },
      },
    )
    await surface.world.after(601)
    await surface.world.app.runtime.refresh()
    const { status, body: problem } = await submit(surface, body)
    expect([status, problem.type]).toEqual([410, problemUrn('expired_denial')])
  })
})
