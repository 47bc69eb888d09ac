/** Requests in odd shapes: none of them does anything, and each is told what is wrong. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asked, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
let id: string
let digest: string

beforeAll(async () => {
  surface = await openSurface()
  const { waiver } = yes(await surface.client('per_asker').ask({ terms: asked(surface.world.now) }))
  id = waiver.id
  digest = waiver.proposal?.digest ?? ''
})

/** Everything that was ever recorded besides refused attempts. */
async function recorded(): Promise<number> {
  const rows = await surface.world.query<{ count: string }>(
    `select count(*) as count from events where type <> 'AttemptRefused'`,
  )
  return Number(rows[0]?.count)
}

let before: number
beforeEach(async () => {
  before = await recorded()
})

async function nothingHappened(): Promise<void> {
  expect(await recorded()).toBe(before)
  expect((await surface.world.waiver(id)).status).toBe('requested')
}

describe('[B15] bodies come as application/json and in no other way', () => {
  const types = [
    'application/json; charset=utf-8',
    'application/json; charset=x',
    'application/json;',
    'application/json ;a=b',
    'Application/JSON',
    'application/json, text/plain',
    'application/jsonx',
    'application/vnd.api+json',
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ]
  test.each(types)('`%s` is refused', async (type) => {
    const answer = await surface.post(
      'per_sam',
      `/v1/waivers/${id}/countersignature`,
      { digest },
      { headers: { 'content-type': type } },
    )
    expect(answer).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
      headers: { 'accept-post': 'application/json' },
    })
    await nothingHappened()
  })

  test('so is none at all', async () => {
    const { statusCode } = await surface.api.inject({
      method: 'POST',
      url: `/v1/waivers/${id}/countersignature`,
      headers: { authorization: 'Bearer per_sam' },
    })
    expect(statusCode).toBe(415)
    await nothingHappened()
  })
})

describe('[B14] what is not asked for is not taken', () => {
  const claims = {
    approver: 'per_sam',
    status: 'countersigned',
    at: '2026-11-22T12:00:00Z',
    by: 'per_sam',
    actor: { id: 'per_sam' },
    requester: 'per_sam',
    chain: [],
    decidedAt: '2026-11-22T12:00:00Z',
    signedInAt: '2026-11-22T12:00:00Z',
    independent: true,
    verdict: { independent: true, conflicts: [] },
    constructor: {},
    toString: 'x',
    hasOwnProperty: 1,
  }
  test.each(Object.entries(claims))('[B01] `%s` in a body', async (name, value) => {
    const extra = { [name]: value }
    const bodies: [string, object][] = [
      ['/v1/waivers', { terms: asked(surface.world.now), ...extra }],
      ['/v1/waivers', { terms: { ...asked(surface.world.now), ...extra } }],
      [`/v1/waivers/${id}/countersignature`, { digest, ...extra }],
      [`/v1/waivers/${id}/countersignature`, { digest, narrow: { ...extra } }],
      [`/v1/waivers/${id}/activation`, extra],
      [`/v1/waivers/${id}/revocation`, { reason: 'x', ...extra }],
      [`/v1/waivers/${id}/endorsement`, { digest, ...extra }],
    ]
    for (const [url, body] of bodies) {
      const answer = await surface.post('per_asker', url, body)
      expect(answer, url).toMatchObject({ status: 400, body: { code: 'malformed-request' } })
      expect(JSON.stringify(answer.body.errors)).toContain(name)
    }
    await nothingHappened()
  })

  test('what the engine fills in cannot be brought along: contents, causes, digests of one’s own', async () => {
    const terms = asked(surface.world.now)
    for (const [url, body] of [
      ['/v1/waivers', { terms: { ...terms, contains: digest } }],
      ['/v1/waivers', { terms, digest }],
      [`/v1/waivers/${id}/revocation`, { reason: 'x', cause: 'deactivated' }],
      [`/v1/waivers/${id}/countersignature`, { digest, narrow: { beneficiary: 'per_nobody' } }],
      [`/v1/waivers/${id}/countersignature`, { digest, narrowed: terms }],
      ['/v1/policy/changes', { files: [], reason: 'x' }],
    ] as [string, object][]) {
      expect((await surface.post('per_sam', url, body)).status, url).toBe(400)
    }
    await nothingHappened()
  })

  const texts: [string, string][] = [
    ['a key twice', '{"digest":"DIGEST","digest":"DIGEST"}'],
    ['__proto__', '{"digest":"DIGEST","__proto__":{"signedInAt":"2026-11-22T12:00:00Z"}}'],
    ['__proto__ spelled with escapes', '{"digest":"DIGEST","\\u005f_proto__":{}}'],
    ['trailing text', '{"digest":"DIGEST"} {}'],
    ['a byte order mark', '\ufeff{"digest":"DIGEST"}'],
    ['a comment', '{"digest":"DIGEST"/* yes */}'],
    ['a list', '[{"digest":"DIGEST"}]'],
    ['null', 'null'],
    ['a string', '"DIGEST"'],
    ['nothing', ''],
    ['half of it', '{"digest":"DIGEST"'],
    ['depth', `${'{"digest":'.repeat(40)}1${'}'.repeat(40)}`],
    ['a form', 'digest=DIGEST'],
  ]
  test.each(texts)('%s is no body', async (_what, text) => {
    const answer = await surface.post(
      'per_sam',
      `/v1/waivers/${id}/countersignature`,
      text.replaceAll('DIGEST', digest),
    )
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed-request' } })
    await nothingHappened()
  })

  test('a body larger than anything we take', async () => {
    const answer = await surface.post('per_asker', '/v1/waivers', {
      terms: { ...asked(surface.world.now), reason: 'x'.repeat(300_000) },
    })
    expect(answer).toMatchObject({ status: 413, body: { code: 'body-too-large' } })
  })

  test('lone surrogates and NUL in free text, which no database could give back as they were', async () => {
    for (const reason of ['\ud800', 'a\0b', '   ', '']) {
      const answer = await surface.post('per_asker', '/v1/waivers', { terms: { ...asked(surface.world.now), reason } })
      expect(answer, JSON.stringify(reason)).toMatchObject({ status: 400, body: { at: 'terms.reason' } })
    }
  })

  test('every problem of a body is named with its place', async () => {
    const terms = {
      ...asked(surface.world.now),
      window: { start: 'tomorrow', end: '2026-02-30T10:00:00' },
      kind: 'gift',
    }
    const { body } = await surface.post('per_asker', '/v1/waivers', { terms, extra: 1, 'we\u202eird': 2 })
    expect(body.errors.map(({ at }: { at: string }) => at)).toEqual([
      'terms.kind',
      'terms.window.start',
      'terms.window.end',
      'body',
    ])
    expect(body.errors.at(-1).message).toBe('unknown `extra`, `we\\u{202e}ird`')
  })
})

describe('[B15] addresses', () => {
  const paths = [
    '//v1/waivers',
    '/v1//waivers',
    '/V1/waivers',
    '/v1/Waivers',
    '/v1/waivers;x=1',
    '/v1%2fwaivers',
    '/v1/waivers%00',
    '/api/v1/waivers',
    '/v1',
    '/',
    '/v2/waivers',
  ]
  test.each(paths)('`%s` is nothing', async (path) => {
    for (const method of ['GET', 'POST'] as const) {
      const response = await surface.api.inject({
        method,
        url: path,
        headers: { authorization: 'Bearer per_sam', 'content-type': 'application/json' },
        ...(method === 'POST' ? { payload: '{}' } : {}),
      })
      expect(response.statusCode, method).toBe(404)
      expect(response.json().code).toBe('not-found')
    }
  })

  test('ids are ids and nothing else', async () => {
    const odd = [
      '',
      '..%2fpolicy',
      `${id}%2f..%2f..%2fpolicy`,
      `${id}%00`,
      `${id}%20`,
      id.toUpperCase(),
      id.replace('wvr', 'grt'),
      "wvr_' or 1=1--",
      '*',
      '%F0%9F%92%A9',
      'constructor',
      '__proto__',
    ]
    for (const one of odd) {
      const answer = await surface.get('per_sam', `/v1/waivers/${one}`)
      expect(answer, one).toMatchObject({ status: 400, body: { code: 'malformed-request', at: 'path.waiver' } })
      expect((await surface.post('per_sam', `/v1/waivers/${one}/revocation`, { reason: 'x' })).status, one).toBe(400)
    }
    expect((await surface.get('per_sam', '/v1/waivers/%zz')).body).toMatchObject({
      status: 400,
      code: 'malformed-request',
    })
    expect((await surface.get('per_sam', `/v1/waivers/${'w'.repeat(10_000)}`)).status).toBeGreaterThanOrEqual(400)
    await nothingHappened()
  })

  test('unknown, repeated and strange query members', async () => {
    const wrong = [
      '?all=true',
      '?limit=1&limit=2',
      '?limit=0',
      '?limit=201',
      '?limit=1e2',
      '?open=yes',
      '?status=open',
      '?__proto__=1',
      '?constructor=x',
      '?status[]=active',
      '?system[$ne]=x',
      "?system=sys_x'",
      '?after=wvr_1',
      '?waitsForMe',
    ]
    for (const query of wrong)
      expect((await surface.get('per_sam', `/v1/waivers${query}`)).body, query).toMatchObject({
        status: 400,
        code: 'malformed-request',
      })
    expect((await surface.get('per_sam', `/v1/waivers/${id}?as=per_rae`)).status).toBe(400)
    expect((await surface.post('per_sam', `/v1/waivers/${id}/activation?force=true`, {})).status).toBe(400)
    expect((await surface.get('per_sam', '/v1/feed?after=-2')).status).toBe(400)
    expect((await surface.get('per_sam', '/v1/directory/nodes?search=%00')).status).toBe(400)
    await nothingHappened()
  })
})

describe('[B16] looking does nothing', () => {
  test('GET and HEAD of everything that acts find nothing that acts', async () => {
    const acts = [
      'countersignature',
      'denial',
      'endorsement',
      'activation',
      'revocation',
      'withdrawal',
      'suspension',
      'review',
      'questions',
      'answers',
      'uses',
      'extensions',
      'evidence',
      'resumptions',
    ]
    for (const act of acts) {
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] as const) {
        const { statusCode, headers } = await surface.api.inject({
          method,
          url: `/v1/waivers/${id}/${act}?digest=${digest}`,
          headers: { authorization: 'Bearer per_sam' },
        })
        expect([statusCode, headers.allow], `${method} ${act}`).toEqual([405, 'OPTIONS, POST'])
      }
    }
    await nothingHappened()
  })

  test('a body where none belongs is refused', async () => {
    const answer = await surface.get('per_sam', `/v1/waivers/${id}`, {
      payload: JSON.stringify({ digest }),
      headers: { 'content-type': 'application/json' },
    })
    expect(answer).toMatchObject({ status: 400, body: { detail: '`GET` takes no body' } })
  })

  test('a method in disguise stays what it is', async () => {
    const disguises = { 'x-http-method-override': 'POST', 'x-http-method': 'POST', 'x-method-override': 'DELETE' }
    for (const [name, value] of Object.entries(disguises)) {
      expect((await surface.get('per_sam', `/v1/waivers/${id}`, { headers: { [name]: value } })).status).toBe(200)
      expect(
        (
          await surface.get('per_sam', `/v1/waivers/${id}/countersignature?_method=POST`, {
            headers: { [name]: value },
          })
        ).status,
      ).toBe(405)
    }
    await nothingHappened()
  })

  test('HEAD is GET without a body, OPTIONS says what there is, and no answer opens us to other origins', async () => {
    const { api } = surface
    const headers = { authorization: 'Bearer per_sam', origin: 'https://elsewhere.test' }
    const head = await api.inject({ method: 'HEAD', url: `/v1/waivers/${id}`, headers })
    expect([head.statusCode, head.payload]).toEqual([200, ''])
    const options = await api.inject({
      method: 'OPTIONS',
      url: `/v1/waivers/${id}/countersignature`,
      headers: { ...headers, 'access-control-request-method': 'POST' },
    })
    expect([options.statusCode, options.headers.allow]).toEqual([204, 'OPTIONS, POST'])
    expect((await api.inject({ method: 'OPTIONS', url: '/v1/nothing' })).statusCode).toBe(404)
    for (const answer of [head, options])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('no forwarded header changes who or where anybody is', async () => {
    const forged = {
      'x-forwarded-user': 'per_sam',
      'x-remote-user': 'per_sam',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'evil.test',
      'x-actor': 'per_sam',
      'x-countersign-actor': 'per_sam',
      cookie: 'token=per_sam',
    }
    const none = await surface.api.inject({ method: 'GET', url: '/v1/me', headers: forged })
    expect([none.statusCode, none.headers['www-authenticate']]).toEqual([401, 'Bearer realm="countersign"'])
    expect((await surface.get('per_asker', '/v1/me', { headers: forged })).body.id).toBe('per_asker')
    const { body } = await surface.get('per_asker', '/v1/waivers/x', { headers: { host: 'evil.test', ...forged } })
    expect(body.type).toBe('https://countersign.test/problems/malformed-request')
  })
})

describe('[B13] names that look like other names', () => {
  const ask = (parts: object) => surface.post('per_asker', '/v1/waivers', { terms: asked(surface.world.now, parts) })

  test('look-alikes of a beneficiary are somebody else, or nobody', async () => {
    for (const beneficiary of [
      'per_\u0430sker',
      'per_asker\u200b',
      'per_asker ',
      ' per_asker',
      'per_\uff41sker',
      'per_asker\u0301',
    ]) {
      expect(await ask({ beneficiary }), JSON.stringify(beneficiary)).toMatchObject({
        status: 400,
        body: { at: 'terms.beneficiary' },
      })
    }
    for (const beneficiary of ['per_Asker', 'per_ASKER', 'per_asker.', 'per_constructor', 'per_toString']) {
      expect(await ask({ beneficiary }), beneficiary).toMatchObject({
        status: 422,
        body: { code: 'unknown-beneficiary' },
      })
    }
  })

  test('look-alikes of an account are no account', async () => {
    const { access } = asked(surface.world.now)
    for (const account of ['Asker_db', '\u0430sker_db', 'asker_db2', '*', 'asker%', 'constructor', "asker_db'--"]) {
      expect(await ask({ access: { ...access, account } }), account).toMatchObject({
        status: 422,
        body: { code: 'unknown-account', nearest: ['asker_db'] },
      })
    }
    for (const account of ['asker_db ', 'asker_db\u200b', 'asker\u0000_db', '']) {
      expect((await ask({ access: { ...access, account } })).status, JSON.stringify(account)).toBe(400)
    }
  })

  test('what every object inherits is no system, no entitlement, no rule', async () => {
    const { access } = asked(surface.world.now)
    for (const system of ['constructor', '__proto__', 'toString'])
      expect((await ask({ access: { ...access, system } })).status, system).toBe(400)
    for (const system of ['sys_constructor', 'sys_toString', 'sys_valueOf'])
      expect((await ask({ access: { ...access, system } })).body.code, system).toBe('unknown-system')
    for (const entitlement of ['constructor', 'toString', 'hasOwnProperty', 'valueOf'])
      expect((await ask({ access: { ...access, entitlement } })).body.code, entitlement).toBe('unknown-entitlement')
    const exception = { rule: 'constructor', other: { system: 'sys_ledger', entitlement: 'ledger-approve' } }
    expect((await ask({ kind: 'sod-exception', exception })).body.code).toBe('unknown-rule')
    expect((await ask({ access: { ...access, resources: ['ledger.*'] } })).body.code).toBe('outside-entitlement')
    expect((await ask({ access: { ...access, resources: [] } })).status).toBe(400)
  })
})
