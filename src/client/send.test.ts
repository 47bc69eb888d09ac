import { describe, expect, test } from 'vitest'
import { createClient } from './client.ts'

interface Sent {
  readonly url: string
  readonly init: RequestInit
}

/** A server of prepared answers. @returns what was sent, and a client that waits for nothing. */
function answering(...answers: readonly (Response | Error)[]) {
  const sent: Sent[] = []
  const waited: number[] = []
  const fetch = (async (url, init = {}) => {
    sent.push({ url: String(url), init })
    const answer = answers[Math.min(sent.length, answers.length) - 1] as Response | Error
    if (answer instanceof Error) throw answer
    return answer.clone()
  }) as typeof globalThis.fetch
  let token = 0
  const client = createClient({
    baseUrl: 'https://countersign.test/',
    token: async () => `t${++token}`,
    fetch,
    wait: async (millis) => {
      waited.push(millis)
    },
  })
  return { client, sent, waited, headers: (index: number) => new Headers(sent[index]?.init.headers) }
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers })
const unavailable = json({ code: 'database-unavailable', detail: 'the database is not reachable' }, 503, {
  'retry-after': '2',
})

describe('asking', () => {
  test('a yes is a value, a no is a problem, and neither is thrown', async () => {
    expect(await answering(json({ id: 'per_sam' })).client.me()).toEqual({ ok: true, value: { id: 'per_sam' } })
    const no = { code: 'approver-is-requester', detail: 'whoever asks does not decide', status: 403 }
    expect(await answering(json(no, 403)).client.revoke('wvr_1', { reason: 'x' })).toEqual({ ok: false, problem: no })
  })

  test('whatever stands in an id stays in its own part of the address', async () => {
    const { client, sent } = answering(json({}))
    await client.waiver('../policy?x=1#y')
    await client.closeReference('INC 4711/../x', { reason: 'x' })
    await client.waivers({ status: ['active', 'suspended'], open: true, limit: 3 })
    expect(sent.map(({ url }) => url)).toEqual([
      'https://countersign.test/v1/waivers/..%2Fpolicy%3Fx%3D1%23y',
      'https://countersign.test/v1/references/INC%204711%2F..%2Fx/closure',
      'https://countersign.test/v1/waivers?status=active&status=suspended&open=true&limit=3',
    ])
  })

  test('the token goes with every request, to this address and nowhere a redirect might lead', async () => {
    const { client, sent, headers } = answering(json({}))
    await client.me()
    await client.me()
    expect([headers(0).get('authorization'), headers(1).get('authorization')]).toEqual(['Bearer t1', 'Bearer t2'])
    expect(sent.every(({ init }) => init.redirect === 'error' && init.credentials === 'omit')).toBe(true)
  })

  test('what no Countersign said is not understood, whatever its status', async () => {
    for (const strange of [
      new Response('<html>', { status: 200 }),
      new Response('', { status: 502 }),
      json('yes'),
      json({ error: 'x' }, 400),
    ]) {
      expect(await answering(strange).client.me()).toMatchObject({
        ok: false,
        problem: { code: 'not-understood', status: 0 },
      })
    }
  })

  test('no answer is an answer', async () => {
    const lost = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
    expect(await answering(lost).client.me()).toMatchObject({
      ok: false,
      problem: { code: 'unreachable', detail: 'no answer came from `countersign.test`: connect ECONNREFUSED' },
    })
  })

  test('whoever calls it off hears so', async () => {
    const { client } = answering(new DOMException('off', 'AbortError'))
    await expect(client.me({ signal: AbortSignal.abort() })).rejects.toThrow()
  })
})

describe('writing once', () => {
  test('a 503 is asked again after as long as it says, with the same key and a token of the moment', async () => {
    const { client, sent, waited, headers } = answering(unavailable, unavailable, json({ waiver: { id: 'wvr_1' } }))
    expect(await client.ask({ terms: {} as never })).toMatchObject({ ok: true })
    expect([sent.length, waited]).toEqual([3, [2_000, 2_000]])
    const keys = [0, 1, 2].map((index) => headers(index).get('idempotency-key'))
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(headers(2).get('authorization')).toBe('Bearer t3')
  })

  test('not for ever, not for other answers, and never longer than ten seconds', async () => {
    const stubborn = answering(unavailable)
    expect(await stubborn.client.me()).toMatchObject({ ok: false, problem: { code: 'database-unavailable' } })
    expect(stubborn.sent).toHaveLength(4)
    const bug = answering(json({ code: 'internal-error', detail: 'x' }, 500))
    await bug.client.me()
    expect(bug.sent).toHaveLength(1)
    const slow = answering(json({ code: 'disk-full', detail: 'x' }, 503, { 'retry-after': '3600' }), json({}))
    await slow.client.me()
    expect(slow.waited).toEqual([10_000])
  })

  test('every write has a key of its own, or the one it was given', async () => {
    const { client, headers } = answering(json({}))
    await client.activate('wvr_1')
    await client.activate('wvr_1')
    await client.activate('wvr_1', { idempotencyKey: 'my-own-key-1' })
    await client.me()
    expect(headers(0).get('idempotency-key')).not.toBe(headers(1).get('idempotency-key'))
    expect(headers(2).get('idempotency-key')).toBe('my-own-key-1')
    expect(headers(3).get('idempotency-key')).toBeNull()
    expect(headers(0).get('content-type')).toBe('application/json')
  })

  test('not ready is an answer, not a reason to ask again', async () => {
    const { client, sent } = answering(json({ status: 'not-ready', checks: [] }, 503))
    expect(await client.ready()).toEqual({ ok: true, value: { status: 'not-ready', checks: [] } })
    expect(sent).toHaveLength(1)
  })
})
