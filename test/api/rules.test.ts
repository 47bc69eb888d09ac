/** The rules over HTTP: founding them, reading them, checking files, changing them, never alone. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { proposeFounding } from '../../src/engine/founding.ts'
import { sweepChanges } from '../../src/engine/rules.ts'
import { policyFor } from '../support/life.ts'
import { openSurface, type Surface, yes } from './support/surface.ts'

const acme = [{ name: 'policy.yaml', text: readFileSync('examples/acme/policy.yaml', 'utf8') }]

/** Other rules for the small organisation. */
const files = [
  {
    name: 'rules.yaml',
    text: `
tiers:
  high: { rank: 1, windowMax: PT2H, pools: [pool_security], passkey: false }
connectors:
  ledger: { kind: memory, settings: { url: 'env:NEW_LEDGER_URL' } }
systems:
  ledger:
    name: Ledger
    connector: ledger
    entitlements:
      ledger-write: { name: Write, tier: high, resources: [ledger.entries], actions: [select], target: { shape: other } }
pools:
  pool_security: { name: Security, decides: [countersign], people: [sam, sue] }
  pool_review: { name: Reviewers, decides: [review], people: [rae, kim] }
  pool_rules: { name: Rules, decides: [rules], people: [rae, kim] }
`,
  },
]

describe('the beginning', () => {
  test('[fail/closed] before there are rules every door is shut, except that founders read and accept the first ones', async () => {
    const surface = await openSurface({ founded: false })
    const { get, post, world } = surface
    for (const url of ['/v1/waivers', '/v1/policy', '/v1/me', '/v1/feed', '/v1/directory']) {
      expect(await get('per_asker', url), url).toMatchObject({ status: 409, body: { code: 'not-initialised' } })
    }
    expect((await get('per_rae', '/v1/founding')).body).toMatchObject({
      status: 'not-proposed',
      founders: [],
      clock: 'steady',
    })
    expect((await post('per_rae', '/v1/founding/acceptances', { policy: `sha256:${'0'.repeat(64)}` })).body.code).toBe(
      'not-initialised',
    )

    const proposed = await proposeFounding(world.app.machinery, ['per_rae', 'per_kim', 'per_ops'], 2, policyFor())
    if (proposed.outcome === 'refused') throw new Error(proposed.refusal.message)
    const { policy } = proposed.founding
    expect((await get('per_asker', `/v1/policy/revisions/${policy}`)).status).toBe(409)
    expect((await get('per_rae', `/v1/policy/revisions/${policy}`)).body.policy.pools.pool_rules.members).toEqual([
      'per_rae',
      'per_kim',
    ])
    expect((await post('per_asker', '/v1/founding/acceptances', { policy })).body.code).toBe('not-permitted')
    expect((await post('per_rae stale', '/v1/founding/acceptances', { policy })).body.code).toBe('sign-in-not-fresh')
    expect((await post('per_rae', '/v1/founding/acceptances', { policy: `sha256:${'0'.repeat(64)}` })).body.code).toBe(
      'terms-changed',
    )
    expect((await post('per_rae', '/v1/founding/acceptances', { policy })).body).toMatchObject({
      status: 'proposed',
      accepted: [{ by: 'per_rae' }],
    })
    expect((await post('per_rae', '/v1/founding/acceptances', { policy })).body.code).toBe('one-person-counts-once')
    expect((await post('per_ops', '/v1/founding/acceptances', { policy })).body).toMatchObject({
      status: 'founded',
      names: { per_rae: 'per_rae' },
    })
    expect((await get('per_asker', '/v1/policy')).body.digest).toBe(policy)
    expect((await post('per_rae', '/v1/founding/clock-confirmations', {})).body.code).toBe('not-in-this-state')
  })
})

describe('[rules/maker-checker] changing the rules', () => {
  let surface: Surface
  beforeAll(async () => {
    surface = await openSurface({ policy: { ...policyFor(), changeDelaySeconds: 3_600 } })
  })

  test('files are read, compared and checked without anything being recorded', async () => {
    const report = yes(await surface.client('per_asker').checkPolicy({ files: acme }))
    expect(report).toMatchObject({ readable: true, problems: [], digest: expect.stringMatching(/^sha256:/) })
    expect(report.tiers.map(({ tier }) => tier)).toEqual(['low', 'medium', 'high', 'critical'])
    expect(report.findings.some(({ code }) => code === 'unknown-member')).toBe(true)
    expect(report.differences.some(({ path, direction }) => path === 'tiers.low.rank' && direction === 'looser')).toBe(
      true,
    )
    const wrong = yes(
      await surface
        .client('per_asker')
        .checkPolicy({ files: [{ name: 'policy.yaml', text: 'tiers:\n  low: { rnk: 1 }\n' }] }),
    )
    expect(wrong).toMatchObject({ readable: false, findings: [] })
    expect(wrong.problems).toContainEqual({
      where: 'policy.yaml:2:10',
      message: expect.stringContaining('did you mean `rank`'),
    })
    expect(yes(await surface.client('per_asker').changes()).changes).toEqual([])
  })

  test('files that are no policy are no proposal', async () => {
    const { status, body } = await surface.post('per_asker', '/v1/policy/changes', {
      files: [{ name: 'p.yaml', text: 'a: [' }],
      reason: 'x',
    })
    expect([status, body.code]).toEqual([422, 'policy-unreadable'])
    expect(body.errors[0].at).toMatch(/^p\.yaml:\d+:\d+$/)
  })

  test('proposed, shown with every difference, never decided by its author, in force after somebody else and the delay', async () => {
    const { post, get, world } = surface
    const key = { headers: { 'idempotency-key': 'propose-once-01' } }
    const created = await post('per_rae', '/v1/policy/changes', { files, reason: 'Shorter windows.' }, key)
    expect(created.status).toBe(201)
    const { id, proposed, base } = created.body.change
    expect(created.headers.location).toBe(`/v1/policy/changes/${id}`)
    expect(
      (await post('per_rae', '/v1/policy/changes', { files, reason: 'Shorter windows.' }, key)).body,
    ).toMatchObject({ replayed: true, change: { id } })
    expect((await get('per_asker', '/v1/policy/changes')).body.changes).toHaveLength(1)

    // Whoever may not see settings sees that they change.
    const seen = (await get('per_asker', `/v1/policy/changes/${id}`)).body.change.differences.filter(
      ({ path }: { path: string }) => path.includes('.settings.') || path.includes('.target.'),
    )
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((one: object) => !('before' in one) && !('after' in one))).toBe(true)
    expect(JSON.stringify((await get('per_kim', `/v1/policy/changes/${id}`)).body)).toContain('NEW_LEDGER_URL')
    expect((await get('per_kim', `/v1/policy/revisions/${proposed}`)).body.policy.tiers.high.windowSecondsMax).toBe(
      7_200,
    )

    const sign = (who: string, body: object = { proposed }) =>
      post(who, `/v1/policy/changes/${id}/countersignature`, body)
    expect((await sign('per_rae')).body.code).toBe('author-is-approver')
    expect((await sign('per_asker')).body.code).toBe('approver-not-in-pool')
    expect((await sign('per_kim', { proposed: base })).status).not.toBe(200)
    // `per_kim` shares a team with the author.
    const { status, body } = await sign('per_kim')
    expect([status, body.code]).toEqual([403, 'approver-not-independent'])
    expect(body.conflicts[0]).toMatchObject({
      code: 'on-requesting-team',
      reads: 'per_kim —member of→ team_risk ←member of— per_rae',
    })
    expect((await post('per_asker', `/v1/policy/changes/${id}/withdrawal`, { reason: 'x' })).body.code).toBe(
      'not-permitted',
    )
    expect(
      (await post('per_rae', `/v1/policy/changes/${id}/withdrawal`, { reason: 'on second thought' })).body.change,
    ).toMatchObject({ status: 'withdrawn', end: { reason: 'on second thought' } })

    // The same by somebody of another team.
    const other = (await post('per_sam', '/v1/policy/changes', { files, reason: 'Once more.' })).body.change
    expect(
      (await post('per_kim', `/v1/policy/changes/${other.id}/countersignature`, { proposed: base })).body.code,
    ).toBe('terms-changed')
    const signed = await post('per_kim', `/v1/policy/changes/${other.id}/countersignature`, {
      proposed: other.proposed,
    })
    expect(signed.body.change).toMatchObject({ status: 'countersigned', countersignatures: [{ by: 'per_kim' }] })
    expect((await post('per_nobody', `/v1/policy/changes/${other.id}/denial`, { reason: 'no' })).body.code).toBe(
      'approver-not-in-pool',
    )
    expect((await get('per_asker', '/v1/policy')).body.digest).toBe(base)
    await world.after(3_601)
    await sweepChanges(world.app.machinery)
    expect((await get('per_asker', '/v1/policy')).body).toMatchObject({ digest: other.proposed })
  })

  test('what nobody proposed is not there', async () => {
    const none = 'chg_00000000000000000000000000'
    expect((await surface.get('per_rae', `/v1/policy/changes/${none}`)).body.code).toBe('unknown-change')
    for (const noun of ['denial', 'withdrawal'])
      expect((await surface.post('per_rae', `/v1/policy/changes/${none}/${noun}`, { reason: 'x' })).body.code).toBe(
        'unknown-change',
      )
    expect((await surface.get('per_rae', `/v1/policy/revisions/sha256:${'0'.repeat(64)}`)).body.code).toBe(
      'unknown-policy',
    )
    for (const id of ['founding', 'directory', 'tenures'])
      expect((await surface.get('per_rae', `/v1/policy/changes/${id}`)).status).toBe(400)
  })
})
