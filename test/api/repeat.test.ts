/** The same key and request, sent again: one act, one answer. */
import { beforeAll, describe, expect, test } from 'vitest'
import { StoreFault } from '../../src/store/fault.ts'
import { asked, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface()
})

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } })
const countOf = async (type: string) =>
  Number(
    (await surface.world.query<{ count: string }>('select count(*) as count from events where type = $1', [type]))[0]
      ?.count,
  )

describe('[B10] an Idempotency-Key', () => {
  test('answers a request once and the same, also when both come at once', async () => {
    const body = { terms: asked(surface.world.now) }
    const answers = await Promise.all(
      [1, 2, 3].map(() => surface.post('per_asker', '/v1/waivers', body, withKey('ask-once-000001'))),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.waiver.id)).size).toBe(1)
    expect(answers.filter(({ body }) => !body.replayed)).toHaveLength(1)
    expect(await countOf('WaiverRequested')).toBe(1)
  })

  test('answers a refusal once and the same, and records it once', async () => {
    const body = { terms: asked(surface.world.now) }
    const first = await surface.post('per_asker', '/v1/waivers', body, withKey('ask-twice-00001'))
    const again = await surface.post('per_asker', '/v1/waivers', body, withKey('ask-twice-00001'))
    expect(first.body).toMatchObject({ code: 'already-asked' })
    expect(again.body).toEqual({ ...first.body, replayed: true })
    expect(await countOf('AttemptRefused')).toBe(1)
  })

  test('is its actor’s own, and is good for one request', async () => {
    const key = 'mine-alone-00001'
    const url = '/v1/waivers'
    const bot = {
      terms: asked(surface.world.now, {
        beneficiary: 'wl_bot',
        access: { ...asked(surface.world.now).access, account: 'bot_db', resources: ['ledger.accounts'] },
      }),
    }
    expect((await surface.post('per_asker', url, bot, withKey(key))).status).toBe(201)
    const other = { terms: { ...bot.terms, reason: 'Something else.' } }
    expect(await surface.post('per_asker', url, other, withKey(key))).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    })
    // Somebody else's key of the same letters is another key.
    expect((await surface.post('per_nobody', url, bot, withKey(key))).body.code).toBe('may-not-ask-for-beneficiary')
    // And it is not good for another operation either.
    expect((await surface.post('per_asker', '/v1/directory/import', {}, withKey(key))).status).toBe(403)
    expect((await surface.post('per_rae', '/v1/directory/import', {}, withKey('rae-imports-0001'))).body.replayed).toBe(
      false,
    )
    expect((await surface.post('per_rae', '/v1/directory/import', {}, withKey('rae-imports-0001'))).body.replayed).toBe(
      true,
    )
    expect(
      (await surface.post('per_rae', '/v1/founding/clock-confirmations', {}, withKey('rae-imports-0001'))).body.code,
    ).toBe('idempotency-key-reused')
  })

  test.each(['short', 'x'.repeat(129), 'with a space', 'with-ümlaut-000', ''])('`%s` is none', async (key) => {
    expect(
      await surface.post('per_asker', '/v1/waivers', { terms: asked(surface.world.now) }, withKey(key)),
    ).toMatchObject({ status: 400, body: { at: 'header.idempotency-key' } })
  })
})

describe('closing a reference', () => {
  const under = (kind: string, more: object) =>
    asked(surface.world.now, { reference: { kind, id: 'INC-4711' }, ...more })
  let own: string
  let bots: string
  let change: string

  beforeAll(async () => {
    surface = await openSurface()
    const { now } = surface.world
    const access = { ...asked(now).access }
    own = yes(
      await surface.client('per_oncall').ask({
        terms: under('incident', { beneficiary: 'per_oncall', access: { ...access, account: 'oncall_db' } }) as never,
      }),
    ).waiver.id
    bots = yes(
      await surface.client('per_asker').ask({
        terms: under('incident', { beneficiary: 'wl_agent', access: { ...access, account: 'agent_db' } }) as never,
      }),
    ).waiver.id
    change = yes(
      await surface.client('per_asker').ask({
        terms: under('change', {
          window: {
            start: new Date(Date.parse(now) + 5 * 86_400_000).toISOString(),
            end: new Date(Date.parse(now) + 5 * 86_400_000 + 3_600_000).toISOString(),
          },
        }) as never,
      }),
    ).waiver.id
  })

  test('ends what the caller may end, says no to the rest row by row, and touches no other kind', async () => {
    const answer = await surface.post(
      'per_oncall',
      '/v1/references/INC-4711/closure',
      { reason: 'resolved', kind: 'incident' },
      withKey('close-by-oncall-1'),
    )
    expect(answer.status).toBe(200)
    // `per_oncall` is in the deciding pool, so the other waiver is theirs to read and not theirs to end.
    expect(answer.body.results).toEqual([
      { waiver: own, outcome: 'ended' },
      { waiver: bots, outcome: 'refused', code: 'not-permitted', detail: expect.any(String) },
    ])
    expect(answer.body.complete).toBe(false)
    expect((await surface.world.waiver(own)).end).toMatchObject({
      cause: 'reference-closed',
      by: 'per_oncall',
      reason: 'resolved',
    })
    expect((await surface.world.waiver(change)).status).toBe('requested')
  })

  test('again with the same key says the same, although nothing is open any more', async () => {
    const again = await surface.post(
      'per_oncall',
      '/v1/references/INC-4711/closure',
      { reason: 'resolved', kind: 'incident' },
      withKey('close-by-oncall-1'),
    )
    expect(again.body).toMatchObject({
      replayed: true,
      results: [
        { waiver: own, outcome: 'ended' },
        { waiver: bots, outcome: 'refused' },
      ],
    })
  })

  test('the security pool ends everything; a stranger finds nothing there', async () => {
    expect((await surface.post('per_nobody', '/v1/references/INC-4711/closure', { reason: 'x' })).body.results).toEqual(
      [],
    )
    const { body } = await surface.post('per_watch', '/v1/references/INC-4711/closure', {
      reason: 'closed by security',
    })
    expect(body).toMatchObject({ complete: true, results: [{ waiver: bots }, { waiver: change }] })
  })

  test('a reference is any visible text, byte by byte', async () => {
    for (const reference of ['a/b', 'ÄRGER 1', '../x', '%']) {
      expect(
        (await surface.post('per_watch', `/v1/references/${encodeURIComponent(reference)}/closure`, { reason: 'x' }))
          .body,
        reference,
      ).toMatchObject({ reference, results: [] })
    }
    for (const reference of ['%00', '%20x', 'x'.repeat(301)])
      expect((await surface.post('per_watch', `/v1/references/${reference}/closure`, { reason: 'x' })).status).toBe(400)
  })
})

describe('[B07] when the database does not do its part', () => {
  test.each([
    ['database-unavailable', 503, '2'],
    ['disk-full', 503, '30'],
    ['commit-unknown', 503, '1'],
    ['conflict', 503, '1'],
    ['answered-before', 503, '1'],
    ['database-error', 502, undefined],
  ] as const)('%s is a %i, never a yes, and tells nothing of the inside', async (code, status, after) => {
    const fault = new StoreFault(code, 'password of countersign@10.0.0.7 is hunter2', true)
    const { machinery } = surface.world.app
    const store = {
      ...machinery.store,
      transact: () => Promise.reject(fault),
      heads: () => Promise.reject(fault),
      recentHeads: () => Promise.reject(fault),
    }
    const broken = await openSurface({ api: { machinery: { ...machinery, store } } })
    for (const answer of [
      await broken.post('per_asker', '/v1/waivers', { terms: asked(surface.world.now) }),
      await broken.get('per_asker', '/v1/waivers'),
    ]) {
      expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([status, code, after])
      expect(JSON.stringify(answer)).not.toMatch(/hunter2|10\.0\.0\.7|stack/)
      expect(answer.body.request).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('what could not be found out about one waiver is said in its row, and the same key asks again', async () => {
    const { machinery } = surface.world.app
    let call = 0
    const store = {
      ...machinery.store,
      transact: ((run) => {
        call++
        // The first looks for an earlier answer, the second ends the waiver.
        return call === 2
          ? Promise.reject(new StoreFault('commit-unknown', 'inside', false))
          : machinery.store.transact(run)
      }) as typeof machinery.store.transact,
    }
    const shaky = await openSurface({ api: { machinery: { ...machinery, store } } })
    const terms = asked(surface.world.now, { reference: { kind: 'ticket', id: 'T-1' } })
    const { waiver } = yes(await surface.client('per_asker').ask({ terms } as never))
    const close = () =>
      shaky.post('per_asker', '/v1/references/T-1/closure', { reason: 'x' }, withKey('closing-shakily'))
    expect((await close()).body).toMatchObject({
      complete: false,
      results: [{ waiver: waiver.id, outcome: 'unknown', code: 'commit-unknown' }],
    })
    expect((await close()).body).toMatchObject({ complete: true, replayed: false, results: [{ outcome: 'ended' }] })
    expect((await close()).body).toMatchObject({ complete: true, replayed: true, results: [{ outcome: 'ended' }] })
  })

  test('a bug is a 500 with nothing in it', async () => {
    const { machinery } = surface.world.app
    const store = { ...machinery.store, heads: () => Promise.reject(new Error('secret at /srv/inside.ts')) }
    const broken = await openSurface({ api: { machinery: { ...machinery, store } } })
    const answer = await broken.get('per_asker', '/v1/waivers')
    expect(answer).toMatchObject({
      status: 500,
      body: { code: 'internal-error', title: 'something went wrong on our side; the log has it under this request id' },
    })
    expect(JSON.stringify(answer)).not.toMatch(/secret|inside/)
  })

  test('whoever cannot be recognised gets in nowhere, also when recognising fails', async () => {
    const broken = await openSurface({ api: { authenticate: () => Promise.reject(new Error('no directory')) } })
    expect((await broken.get('per_asker', '/v1/policy')).status).toBe(500)
    const away = await openSurface({
      api: {
        authenticate: async () => ({
          problem: 'keys-unreachable',
          kind: 'unavailable',
          message: 'the keys of the issuer could not be read',
        }),
      },
    })
    expect(await away.post('per_sam', '/v1/waivers', {})).toMatchObject({
      status: 503,
      body: { code: 'identity-unavailable', reason: 'keys-unreachable' },
      headers: { 'retry-after': '5' },
    })
  })
})
