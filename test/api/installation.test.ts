/** What operators and machines look at: directory, health, metrics, the document, the pages behind problems. */
import { beforeAll, describe, expect, test } from 'vitest'
import { kinds } from '../../src/api/problem.ts'
import { SourceError } from '../../src/connectors/directory.ts'
import { asked, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface()
})

describe('the directory', () => {
  test('says which facts are in force, how old they are, and when they stop counting', async () => {
    const found = yes(await surface.client('per_asker').directory())
    expect(found).toMatchObject({
      revision: expect.stringMatching(/^sha256:/),
      ageSeconds: 60,
      fresh: true,
      counts: { shifts: 0 },
    })
    expect(found.sources).toEqual([
      {
        id: 'hr',
        revision: 'hr@1',
        observedAt: '2026-11-22T11:59:00.000Z',
        ageSeconds: 60,
        staleAt: '2026-11-23T11:59:00.000Z',
        stale: false,
      },
    ])
    expect(found.counts.nodes).toBeGreaterThan(20)
  })

  test('finds by name, id or login, best first, and says when there is more', async () => {
    const client = surface.client('per_nobody')
    expect(yes(await client.nodes({ search: 'SAM' })).nodes[0]).toMatchObject({ id: 'per_sam', kind: 'person' })
    expect(yes(await client.nodes({ search: 'asker_db' })).nodes).toMatchObject([
      { id: 'acc_asker', kind: 'account', on: 'sys_ledger' },
    ])
    const page = yes(await client.nodes({ search: 'e', limit: 3, kind: 'team' }))
    expect([page.nodes.length, page.more, page.nodes.every(({ kind }) => kind === 'team')]).toEqual([3, true, true])
    expect(yes(await client.nodes({ search: 'nothing at all' }))).toEqual({ nodes: [], more: false })
    expect(await client.node('per_ghost')).toMatchObject({ ok: false, problem: { status: 404, code: 'unknown-node' } })
  })

  test('is read again for those who operate it, from its configured sources and from nobody’s body', async () => {
    for (const who of ['per_asker', 'per_nobody', 'wl_bot'])
      expect((await surface.post(who, '/v1/directory/import', {})).body.code, who).toBe('not-permitted')
    for (const who of ['per_ops', 'per_rae', 'per_watch']) {
      expect((await surface.post(who, '/v1/directory/import', {})).body, who).toMatchObject({
        complete: true,
        reports: [{ kind: 'test', source: 'hr', outcome: 'unchanged' }],
      })
    }
    expect((await surface.post('per_ops', '/v1/directory/import', { nodes: [] })).status).toBe(400)
  })

  test('[B07] a source that cannot be read says so, and its last good facts stay', async () => {
    const broken = {
      kind: 'hr',
      read: () => Promise.reject(new SourceError([{ where: 'people.yaml:3:1', message: 'expected a name' }])),
    }
    const other = await openSurface({ api: { sources: [broken] } })
    const { status, body } = await other.post('per_ops', '/v1/directory/import', {})
    expect([status, body]).toMatchObject([
      200,
      { complete: false, reports: [{ outcome: 'unreadable', problems: ['people.yaml:3:1: expected a name'] }] },
    ])
    expect((await other.get('per_asker', '/v1/me')).status).toBe(200)
  })

  test('[independence/unknown-is-not-independent] too old, it is called so, and nothing can be asked for on it', async () => {
    const old = await openSurface()
    await old.world.after(2 * 86_400)
    expect(yes(await old.client('per_asker').directory())).toMatchObject({ fresh: false, sources: [{ stale: true }] })
    const { body } = await old.post('per_asker', '/v1/waivers', { terms: asked(old.world.now) })
    expect(body.code).toBe('no-independent-approver')
    expect(
      body.excluded.every(({ conflicts }: { conflicts: { code: string }[] }) =>
        conflicts.some(({ code }) => code === 'directory-too-old'),
      ),
    ).toBe(true)
  })
})

describe('who is calling', () => {
  test('is said back as the directory has it', async () => {
    expect(yes(await surface.client('per_sam').me())).toEqual({
      id: 'per_sam',
      kind: 'person',
      chain: [],
      signedInAt: '2026-11-22T11:59:50.000Z',
      pools: ['pool_review', 'pool_security'],
      founder: false,
      groups: ['team_security'],
      oversees: true,
      readsEverything: true,
      asksFor: ['per_sam'],
      names: { per_sam: 'per_sam', team_security: 'team_security' },
    })
    expect(yes(await surface.client('wl_agent via per_asker').me())).toMatchObject({
      id: 'wl_agent',
      kind: 'workload',
      chain: ['per_asker'],
    })
    expect(yes(await surface.client('per_sam device').me())).not.toHaveProperty('signedInAt')
  })
})

describe('for machines that watch', () => {
  test('alive without a token, ready as long as nothing is down', async () => {
    const { api, checks, client } = surface
    expect((await api.inject('/healthz')).json()).toEqual({ status: 'alive' })
    checks.push(
      { name: 'sweep', state: 'degraded', detail: 'three seconds behind', seconds: 3 },
      { name: 'directory', state: 'ok', detail: 'a minute old', seconds: 60 },
    )
    expect(yes(await client('').ready())).toMatchObject({
      status: 'ready',
      checks: [{}, { name: 'sweep', state: 'degraded', seconds: 3 }, {}],
    })
    checks.push({ name: 'clock', state: 'down', detail: 'the clock went backwards' })
    expect((await api.inject('/readyz')).statusCode).toBe(503)
    expect(yes(await client('').ready())).toMatchObject({ status: 'not-ready' })
    checks.pop()
  })

  test('[revocation/verified] numbers: refusals by code, acts, what is not settled and for how long', async () => {
    const { world, client, post, api } = surface
    const { waiver } = yes(await client('per_asker').ask({ terms: asked(world.now) }))
    await post('per_asker', `/v1/waivers/${waiver.id}/countersignature`, { digest: waiver.digest })
    yes(await client('per_sam').countersign(waiver.id, { digest: waiver.digest }))
    yes(await client('per_asker').activate(waiver.id))
    const value = async (name: string) => {
      const text = (await api.inject('/metrics')).payload
      return text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1)
    }
    expect(await value('countersign_refusals_total{code="approver-is-requester"}')).toBe('1')
    expect(await value('countersign_acts_total{act="countersign"}')).toBe('1')
    expect(await value('countersign_grants_unsettled{wanted="present"}')).toBe('1')
    expect(await value('countersign_removal_open_age_seconds')).toBe('0')
    await world.settle()
    yes(await client('per_asker').revoke(waiver.id, { reason: 'done' }))
    await world.after(90)
    expect(await value('countersign_grants_unsettled{wanted="absent"}')).toBe('1')
    expect(await value('countersign_removal_open_age_seconds')).toBe('90')
    await world.settle()
    expect(await value('countersign_grants_unsettled{wanted="absent"}')).toBe('0')
    expect(await value('countersign_directory_age_seconds')).toBe('60')
    expect(await value('countersign_sweep_lag_seconds')).toBe('3')
    expect(await value('countersign_sequence_lag_seconds')).toBe('Nan')
    expect(await value('countersign_check_ok{check="sweep"}')).toBe('0.5')
    const { payload, headers } = await api.inject('/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(payload).toMatch(
      /countersign_http_request_duration_seconds_count\{method="POST",route="\/v1\/waivers\/:waiver\/countersignature",status="403"\} 1/,
    )
    // No label names anybody or anything that a caller could make up.
    expect(payload).not.toMatch(/per_|wvr_|grt_/)
  })
})

describe('the document and its page', () => {
  test('load nothing from elsewhere and send nothing', async () => {
    const { api } = surface
    const page = await api.inject('/docs/')
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toMatch(
      /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
    )
    const addresses = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string)
    expect(addresses.length).toBeGreaterThan(3)
    for (const address of addresses) {
      expect(address).toMatch(/^\.?\/(?!\/)/)
      expect((await api.inject(new URL(address, 'http://x/docs/').pathname)).statusCode, address).toBe(200)
    }
    const start = (await api.inject('/docs/static/swagger-initializer.js')).payload
    expect(start).toMatch(/validatorUrl"?:\s*null/)
    expect(start).toMatch(/supportedSubmitMethods"?:\s*\[\]/)
    expect((await api.inject('/docs')).statusCode).toBeLessThan(400)
    expect((await api.inject('/docs/static/../../../package.json')).statusCode).toBe(404)
    expect((await api.inject('/docs/static/..%2f..%2fpackage.json')).statusCode).toBeGreaterThanOrEqual(400)
  })

  test('the document is the same on both addresses', async () => {
    const { api } = surface
    expect((await api.inject('/docs/json')).json()).toEqual((await api.inject('/openapi.json')).json())
  })
})

describe('the pages behind problems', () => {
  test('there is one for every kind, for people and for programs', async () => {
    const { api } = surface
    expect((await api.inject('/problems')).json().kinds).toHaveLength(kinds.length)
    for (const { code, title, status } of kinds) {
      const one = await api.inject(`/problems/${code}`)
      expect(one.json(), code).toMatchObject({ code, title, status, type: `https://countersign.test/problems/${code}` })
      const page = await api.inject({
        url: `/problems/${code}`,
        headers: { accept: 'text/html,application/xhtml+xml' },
      })
      expect(page.headers['content-type'], code).toBe('text/html; charset=utf-8')
      expect(page.payload).toContain(`<h1>${code}</h1>`)
    }
    expect((await api.inject('/problems/constructor')).statusCode).toBe(404)
    expect((await api.inject('/problems/%3Cscript%3E')).statusCode).toBe(400)
  })

  test('a page runs nothing', async () => {
    const { headers, payload } = await surface.api.inject({ url: '/problems', headers: { accept: 'text/html' } })
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; /)
    expect(payload).not.toMatch(/<script|javascript:|https?:/)
  })
})
