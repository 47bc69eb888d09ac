/** Asking by the profile with others involved: a decision point that is not ours, and whoever is told when it is over. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bindingHash } from '../../src/access-request/index.ts'
import { taskTold } from '../../src/api/access/told.ts'
import { tokenDesk } from '../../src/app.ts'
import { plusSeconds } from '../../src/core/time.ts'
import { tellDue } from '../../src/engine/access-requests/callbacks.ts'
import { readOffer } from '../../src/engine/access-requests/offers.ts'
import { denialVerifier } from '../../src/identity/index.ts'
import { callbacksOf } from '../../src/tells.ts'
import { gatedPolicy, withGateway } from '../support/gated.ts'
import { denialOf, denied, problemUrn, submissionOf, submit } from './support/asking.ts'
import { openSurface, publicUrl, type Surface } from './support/surface.ts'

const elsewhere = 'https://pdp.example'
const members = ['arguments', 'tool']
const taskAt = (address: string) => new URL(address).pathname

interface Heard {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

let surface: Surface
let receiver: Server
let answer = 204
const heard: Heard[] = []
let sign: (claims: object, typ?: string) => Promise<string>
let stranger: typeof sign
const secret = `whsec_${Buffer.from('a key of thirty-two random bytes').toString('base64')}`
let telling: ReturnType<typeof callbacksOf>
let endpoint: string

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    heard.push({ headers: request.headers as Heard['headers'], body })
    response.writeHead(answer, answer === 302 ? { location: 'http://169.254.169.254/' } : {}).end()
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`
  process.env.TEST_CALLBACK_SECRET = secret
  telling = callbacksOf({
    accessRequests: {
      callbacks: [{ endpoint, for: ['wl_agent'], secret: 'env:TEST_CALLBACK_SECRET', allowPrivate: true }],
      decisionPoints: [],
    },
  })
  const [point, other] = await Promise.all([pointWith('pdp-1'), pointWith('pdp-1')])
  sign = point.sign
  stranger = other.sign
  const jwks = { keys: [point.jwk] }
  surface = await openSurface({
    directory: withGateway,
    policy: gatedPolicy(),
    asking: {
      foreign: denialVerifier([{ issuer: elsewhere, algorithms: ['ES256'], jwks, systems: ['sys_ledger'] }]),
      mayTell: telling.mayTell,
    },
  })
  await surface.world.app.runtime.refresh()
})

afterAll(() => receiver.close())

async function pointWith(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', kty: 'EC' as const },
    sign: (claims: object, typ = 'JWT') =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid, typ }).sign(privateKey),
  }
}

let count = 0
/** As another decision point denies: by value, and for minutes. */
function claims(parts: object = {}) {
  const iat = Date.parse(surface.world.now) / 1000
  count += 1
  return {
    iss: elsewhere,
    aud: publicUrl,
    iat,
    exp: iat + 600,
    jti: `denial-${count}`,
    evaluation_id: `elsewhere-${count}`,
    denial_expires_at: plusSeconds(surface.world.now, 600),
    binding_context_members: members,
    binding_hash: bindingHash(denied, members),
    ...parts,
  }
}

async function bodyWith(token: string) {
  const { evaluation_id } = decodeJwt(token) as { evaluation_id: string }
  const expires = plusSeconds(surface.world.now, 600)
  const offer = { endpoint: '', template: 'x', expires_at: expires, binding_token: token, request_schema_url: '' }
  const denial = { evaluation_id, evaluated_at: surface.world.now, reason: 'approval_required', access_request: offer }
  return submissionOf(denial, plusSeconds(surface.world.now, 3_600))
}

const waiverOf = async (task: string) =>
  (await surface.world.query<{ waiver: string }>('select waiver from access_requests where task = $1', [task]))[0]
    ?.waiver ?? ''

describe('a decision point that is not ours', () => {
  const refused = async (token: string) => (await submit(surface, await bodyWith(token))).body.type

  test('[B07] is believed only by its own key, for us, for its systems, and for what says that it ends', async () => {
    const { exp: _, denial_expires_at: __, ...endless } = claims()
    const { aud: ___, ...forNobody } = claims()
    for (const token of [
      await stranger(claims()),
      await sign(claims({ iss: 'https://other.example' })),
      await sign(claims({ aud: 'https://elsewhere.example' })),
      await sign(forNobody),
      await sign(endless),
      await sign(claims(), 'at+jwt'),
      await sign(claims({ binding_hash: bindingHash({ ...denied, action: { name: 'select' } }, members) })),
      await sign(claims({ binding_hash: undefined })),
      await sign(claims({ binding_context_members: ['tool'] })),
    ])
      expect(await refused(token), JSON.stringify(decodeJwt(token))).toBe(problemUrn('invalid_denial_binding'))
    const over = plusSeconds(surface.world.now, -1)
    expect(await refused(await sign(claims({ exp: Date.parse(over) / 1000 })))).toBe(problemUrn('expired_denial'))
    const unlisted = { type: 'sys_other', id: 'x' }
    const token = await sign(claims({ binding_hash: bindingHash({ ...denied, resource: unlisted }, members) }))
    const other = { ...(await bodyWith(token)), resource: unlisted }
    expect((await submit(surface, other)).body.type).toBe(problemUrn('invalid_denial_binding'))
  })

  test.each([
    ['by digest', {}],
    ['member by member', { binding_hash: undefined, ...denied }],
  ])('[B19] asks here %s, and is told with a signature for it alone, as long as it stands', async (_, parts) => {
    const body = await bodyWith(await sign(claims(parts)))
    const { status, body: submitted } = await submit(surface, body)
    expect(status, JSON.stringify(submitted)).toBe(202)
    const again = await submit(surface, body)
    expect(again.body.type).toBe(problemUrn('invalid_denial_binding'))
    const waiver = await waiverOf(submitted.task.id)
    const approver = 'binding_hash' in parts ? 'per_sue' : 'per_sam'
    expect((await surface.world.countersign(approver, waiver)).outcome).toBe('accepted')
    const { body: task } = await surface.get('wl_agent', taskAt(submitted.task.status_endpoint))
    const { approval } = task.result
    expect(decodeJwt(approval.state)).toMatchObject({
      iss: publicUrl,
      aud: elsewhere,
      approval_id: approval.id,
      evaluation_id: body.denial.evaluation_id,
      binding_hash: bindingHash(denied, members),
      binding_context_members: members,
      approved_until: approval.approved_until,
    })
    // What it denied it decides itself: here the approval is none.
    const shown = { ...denied, context: { ...denied.context, approval } }
    await surface.world.app.runtime.refresh()
    const { body: here } = await surface.post('wl_gate', '/access/v1/evaluation', shown)
    expect(here.context.reason).toBe('approval_unverifiable')
    await surface.world.must('per_asker', { type: 'revoke', reason: 'done' }, waiver)
    // [B19] It is never signed again that it was approved, and the end is told as it is.
    const { body: over } = await surface.get('wl_agent', taskAt(submitted.task.status_endpoint))
    expect(over.task.status).toBe('approved')
    expect(over.result.approval).not.toHaveProperty('state')
    expect(over.result.approval.approved_until <= surface.world.now).toBe(true)
  })
})

test('an offer of one process is read by every other, and of no other installation', async () => {
  const { access_request: offer } = await denialOf(surface)
  const another = (issuer: string) => ({
    keys: tokenDesk(surface.world.app, issuer).keys,
    issuer,
    foreign: async () => undefined,
  })
  const read = await readOffer(another(publicUrl), offer.binding_token)
  expect(read).toMatchObject({ parties: ['wl_agent'], expiresAt: offer.expires_at })
  expect(await readOffer(another('https://other.test'), offer.binding_token)).toBeUndefined()
  // What is signed for one thing is never read as another.
  const { keys } = another(publicUrl)
  const claims = decodeJwt(offer.binding_token)
  for (const typ of ['at+jwt', 'access-request-approval+jwt', 'statuslist+jwt'])
    expect(await readOffer(another(publicUrl), await keys.sign(typ, claims)), typ).toBeUndefined()
})

describe('whoever is told', () => {
  const ask = async (callback: object) => {
    const body = submissionOf(await denialOf(surface), plusSeconds(surface.world.now, 3_000), { callback })
    return submit(surface, body)
  }
  const tell = () => tellDue(surface.world.app.machinery, telling, (task) => taskTold(publicUrl, task))
  const cancel = (task: { status_endpoint: string }) =>
    surface.post('wl_agent', `${taskAt(task.status_endpoint)}/cancel`, {})

  test('[B13] no address but the very one that is listed for whoever asks', async () => {
    for (const other of [
      `${endpoint}/`,
      `${endpoint}?x`,
      endpoint.replace('127.0.0.1', 'localhost'),
      'http://169.254.169.254/',
      'https://internal/',
    ])
      expect((await ask({ endpoint: other })).body, other).toMatchObject({ status: 400, at: 'callback.endpoint' })
    expect(telling.mayTell('wl_bot', endpoint)).toBe(false)
    expect(heard).toEqual([])
  })

  test('hears it once, signed, when it is over, with what it sent along, and nothing to act with', async () => {
    const { body } = await ask({ endpoint, state: 'session-7' })
    expect(body.task.status).toBe('pending')
    expect(await tell()).toBe(0)
    await cancel(body.task)
    expect(await tell()).toBe(1)
    expect(await tell()).toBe(0)
    expect(heard).toHaveLength(1)
    const [{ headers, body: said }] = heard as [Heard]
    const read = new Webhook(secret).verify(said, headers)
    expect(read).toMatchObject({ state: 'session-7', task: { id: body.task.id, status: 'cancelled' } })
    expect(read).not.toHaveProperty('result')
    expect(() => new Webhook(secret).verify(said.replace('cancelled', 'approved'), headers)).toThrow()
  })

  test('is not told what it did not ask to hear', async () => {
    heard.length = 0
    const { body } = await ask({ endpoint, events: ['approved'] })
    await cancel(body.task)
    expect([await tell(), heard]).toEqual([1, []])
  })

  test('[B07] that leads elsewhere is not followed, and one that fails is tried again later', async () => {
    heard.length = 0
    answer = 302
    const { body: led } = await ask({ endpoint })
    await cancel(led.task)
    expect([await tell(), await tell(), heard.length]).toEqual([1, 0, 1])
    answer = 503
    const { body: failing } = await ask({ endpoint })
    await cancel(failing.task)
    expect([await tell(), await tell()]).toEqual([1, 0])
    answer = 204
    await surface.world.after(3)
    expect([await tell(), await tell(), heard.length]).toEqual([1, 0, 3])
    expect(JSON.parse(heard[2]?.body ?? '{}').task.id).toBe(failing.task.id)
  })
})
