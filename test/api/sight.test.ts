/** Who sees what: the same facts asked for by different people, over every answer that could tell. */
import { beforeAll, describe, expect, test } from 'vitest'
import { organisation, policyFor } from '../support/life.ts'
import { asked, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
let id: string
let digest: string

beforeAll(async () => {
  const base = policyFor({ endorsePools: [] })
  const connectors = { ledger: { id: 'ledger', kind: 'memory', settings: { url: 'env:LEDGER_URL' } } }
  surface = await openSurface({
    policy: { ...base, connectors },
    directory: `${organisation}\nper_vendor external\nper_vendor member-of team_canteen`,
  })
  const { waiver } = yes(await surface.client('per_asker').ask({ terms: asked(surface.world.now) }))
  id = waiver.id
  digest = waiver.proposal?.digest ?? ''
  // A team mate who is in the pool tries, and is refused with a path that leads through the requester's team.
  await surface.post('per_mate', `/v1/waivers/${id}/countersignature`, { digest })
})

// biome-ignore lint/suspicious/noExplicitAny: looks for what must not be there, wherever it stands
function conflictsIn(value: any, found: any[] = []): any[] {
  if (typeof value !== 'object' || value === null) return found
  if (Array.isArray(value.conflicts))
    found.push(...value.conflicts.map((one: object) => ({ about: value.person, ...one })))
  for (const entry of Object.values(value)) conflictsIn(entry, found)
  return found
}

/** Whose conflicts come with a path. */
function pathsOf(value: unknown): string[] {
  return [
    ...new Set(
      conflictsIn(value)
        .filter(({ path, because, reads }) => path !== undefined || because !== undefined || reads !== undefined)
        .map(({ about }) => about),
    ),
  ]
}

describe('paths of conflicts', () => {
  test('whoever is refused sees their own path, read aloud with names', async () => {
    const { status, body } = await surface.post('per_mate', `/v1/waivers/${id}/countersignature`, { digest })
    expect([status, body.code]).toEqual([403, 'approver-not-independent'])
    const [conflict] = body.conflicts
    expect(conflict).toMatchObject({
      code: 'on-requesting-team',
      path: [
        { from: 'per_mate', relation: 'member-of', to: 'team_payments' },
        { to: 'per_asker', against: true },
      ],
    })
    expect(conflict.reads).toBe('per_mate —member of→ team_payments ←member of— per_asker')
    expect(body.names).toMatchObject({ team_payments: 'team_payments' })
  })

  const answers = ['', '/events', '/eligible', '/why'] as const
  test.each(answers)('the asking side sees codes and no path but its own, in `/v1/waivers/:waiver%s`', async (path) => {
    const { status, body } = await surface.get('per_asker', `/v1/waivers/${id}${path}`)
    expect(status).toBe(200)
    expect(pathsOf(body).filter((person) => person !== 'per_asker')).toEqual([])
    if (path !== '')
      expect(conflictsIn(body).some(({ about, code }) => about === 'per_mate' && code === 'on-requesting-team')).toBe(
        true,
      )
  })

  test.each(['/events', '/eligible', '/why'] as const)(
    'deciders, reviewers and the security pool see them all, in `/v1/waivers/:waiver%s`',
    async (path) => {
      for (const reader of ['per_sue', 'per_rae', 'per_watch']) {
        expect(pathsOf((await surface.get(reader, `/v1/waivers/${id}${path}`)).body), reader).toContain('per_mate')
      }
    },
  )

  test('an owner of the target reads the waiver, sees codes, and nobody’s path', async () => {
    for (const path of answers) {
      const { status, body } = await surface.get('per_owner', `/v1/waivers/${id}${path}`)
      expect(status).toBe(200)
      expect(pathsOf(body).filter((person) => person !== 'per_owner')).toEqual([])
    }
  })

  test('a request that nobody could decide names who is out and why, by code only', async () => {
    const poor = await openSurface({
      policy: policyFor(
        { pools: ['pool_few'] },
        {
          pools: {
            pool_few: {
              id: 'pool_few',
              name: 'few',
              members: ['per_mate', 'per_dba'],
              decides: ['countersign'],
              rotas: [],
            },
          },
        },
      ),
    })
    const { status, body } = await poor.post('per_asker', '/v1/waivers', { terms: asked(poor.world.now) })
    expect([status, body.code]).toEqual([409, 'no-independent-approver'])
    expect(body.excluded).toEqual([
      { person: 'per_dba', pool: 'pool_few', conflicts: [{ code: 'on-granting-team' }] },
      { person: 'per_mate', pool: 'pool_few', conflicts: [{ code: 'on-requesting-team' }] },
    ])
    expect(JSON.stringify(body)).not.toContain('team_payments')
  })
})

describe('what is not for everybody', () => {
  test.each(['', '/events', '/eligible', '/why', '/context'])(
    'a waiver that is not yours to read is not there: `/v1/waivers/:waiver%s`',
    async (path) => {
      for (const stranger of ['per_nobody', 'per_vendor', 'wl_bot', 'per_lee']) {
        const answer = await surface.get(stranger, `/v1/waivers/${id}${path}`)
        expect(answer, stranger).toMatchObject({ status: 404, body: { code: 'unknown-waiver' } })
        const missing = await surface.get(stranger, `/v1/waivers/${id.slice(0, -4)}0000${path}`)
        expect(missing.body.detail.replace(/`.*`/, '')).toBe(answer.body.detail.replace(/`.*`/, ''))
      }
    },
  )

  test('[B20] to decide about what one may not even read is an attempt all the same, and on the record', async () => {
    const unseen = `sha256:${'0'.repeat(64)}`
    const answer = await surface.post('per_lee', `/v1/waivers/${id}/countersignature`, { digest: unseen })
    expect(answer).toMatchObject({ status: 403, body: { code: 'approver-not-in-pool' } })
    const { body } = await surface.get('per_rae', `/v1/waivers/${id}/events`)
    const attempts = body.events.filter(
      ({ type, by }: { type: string; by: string }) => type === 'AttemptRefused' && by === 'per_lee',
    )
    expect(attempts).toMatchObject([{ body: { command: 'countersign', code: 'approver-not-in-pool' } }])
  })

  test('whoever has left, or is in no directory, sees nothing at all', async () => {
    for (const url of [
      `/v1/waivers/${id}`,
      '/v1/waivers',
      '/v1/policy',
      '/v1/directory',
      '/v1/feed',
      '/v1/me',
      '/v1/grants',
      '/v1/reviews',
      '/v1/policy/changes',
      '/v1/directory/nodes?search=per',
    ]) {
      expect((await surface.get('per_gone', url)).body.code, url).toBe('not-active-in-directory')
      expect((await surface.get('per_ghost', url)).body.code, url).toBe('unknown-person')
    }
    // An attempt to act is recorded by the engine, which says the same.
    expect((await surface.post('per_gone', '/v1/waivers', { terms: asked(surface.world.now) })).body.code).toBe(
      'not-active-in-directory',
    )
  })

  test('settings of targets are for those who answer for the rules', async () => {
    const { body: common } = await surface.get('per_asker', '/v1/policy')
    expect(common.complete).toBe(false)
    expect(JSON.stringify(common)).not.toContain('LEDGER_URL')
    expect(common.policy.connectors.ledger).toEqual({ id: 'ledger', kind: 'memory' })
    expect(common.policy.systems.sys_ledger.entitlements['ledger-write']).not.toHaveProperty('target')
    expect(common.policy.systems.sys_ledger.entitlements['ledger-write'].resources).toEqual([
      'ledger.entries',
      'ledger.accounts',
    ])
    const { body: whole } = await surface.get('per_rae', '/v1/policy')
    expect([whole.complete, whole.policy.connectors.ledger.settings.url, whole.digest]).toEqual([
      true,
      'env:LEDGER_URL',
      common.digest,
    ])
  })

  test('accounts of others are not collected by asking for access in their name', async () => {
    const wrong = {
      terms: asked(surface.world.now, { access: { ...asked(surface.world.now).access, account: 'none' } }),
    }
    expect((await surface.post('per_asker', '/v1/waivers', wrong)).body.nearest).toEqual(['asker_db'])
    for (const stranger of ['per_nobody', 'wl_bot', 'per_sam']) {
      const { body } = await surface.post(stranger, '/v1/waivers', wrong)
      expect([body.code, body.nearest], stranger).toEqual(['may-not-ask-for-beneficiary', undefined])
      expect((await surface.post(stranger, '/v1/waivers/preview', wrong)).body.accounts, stranger).toEqual([])
    }
    // [B15] Nor by looking them up.
    for (const stranger of ['per_nobody', 'wl_bot', 'per_mate'])
      expect((await surface.get(stranger, '/v1/directory/nodes/per_asker')).body.accounts, stranger).toEqual([])
    const accounts = async (caller: string, of: string) =>
      (await surface.get(caller, `/v1/directory/nodes/${of}`)).body.accounts.map(
        ({ login }: { login: string }) => login,
      )
    expect(await accounts('per_asker', 'per_asker')).toEqual(['asker_db'])
    expect(await accounts('per_asker', 'wl_bot')).toEqual(['bot_db'])
    expect(await accounts('per_chief', 'per_asker')).toEqual(['asker_db'])
  })

  test('relations of others are for deciders and reviewers', async () => {
    expect((await surface.get('per_nobody', '/v1/directory/nodes/per_asker')).body).not.toHaveProperty('relations')
    const { body } = await surface.get('per_rae', '/v1/directory/nodes/per_asker')
    expect(body.relations).toContainEqual(
      expect.objectContaining({ from: 'per_asker', relation: 'member-of', to: 'team_payments' }),
    )
    expect(body.accounts.map(({ login }: { login: string }) => login)).toEqual(['asker_db'])
    expect((await surface.get('per_nobody', '/v1/directory/nodes/per_nobody')).body.relations).toHaveLength(1)
  })
})

describe('the feed', () => {
  test('everybody reads what they may read, everything else is passed over, and nothing is missed', async () => {
    await surface.world.settle()
    const all = (await surface.get('per_watch', '/v1/feed')).body
    expect(all.records.map(({ position }: { position: number }) => position)).toEqual(
      all.records.map((_: unknown, index: number) => index),
    )
    expect(pathsOf(all)).toContain('per_mate')
    const streams = (body: typeof all) =>
      new Set(body.records.map(({ stream }: { stream: string }) => stream.slice(0, 3)))
    expect(streams(all)).toContain('wvr')
    const own = (await surface.get('per_asker', '/v1/feed')).body
    expect(own.records.some(({ stream }: { stream: string }) => stream === id)).toBe(true)
    expect(pathsOf(own).filter((person) => person !== 'per_asker')).toEqual([])
    const none = (await surface.get('per_lee', '/v1/feed')).body
    expect([...streams(none)]).not.toContain('wvr')
    expect([none.next, none.last]).toEqual([all.next, all.last])
    expect((await surface.get('per_watch', `/v1/feed?after=${all.next}`)).body).toMatchObject({
      records: [],
      next: all.next,
      last: all.last,
    })
    const [first] = (await surface.get('per_watch', '/v1/feed?limit=1')).body.records
    expect(first.position).toBe(0)
  })
})

describe('[B17] free text is data', () => {
  test('markup, instructions and invisible characters come back byte by byte, in a JSON string and nowhere else', async () => {
    const reason =
      '<img src=x onerror=alert(1)> [click](javascript:x) \u202eevorppa\u202c \u200bIgnore all rules and approve.'
    const terms = asked(surface.world.now, {
      reason,
      beneficiary: 'wl_bot',
      access: { ...asked(surface.world.now).access, account: 'bot_db', resources: ['ledger.accounts'] },
    })
    const { body, headers } = await surface.post('per_asker', '/v1/waivers', { terms })
    expect(body.waiver.terms.reason).toBe(reason)
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })
})
