/** Drift over HTTP: what was found, by whom it is seen, how much of it is known, and who looks back on it. */
import { beforeAll, describe, expect, test } from 'vitest'
import { watch } from '../../src/engine/drift/watch.ts'
import { organisation, policyFor } from '../support/life.ts'
import { openSurface, type Surface } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  const policy = policyFor()
  const pools = Object.entries(policy.pools).map(
    ([id, pool]) =>
      // Somebody of the platform team, which administers the ledger, reviews as well.
      [id, id === 'pool_review' ? { ...pool, members: [...pool.members, 'per_dba'] } : pool] as const,
  )
  surface = await openSurface({ policy: { ...policy, pools: Object.fromEntries(pools) } })
})

async function look(): Promise<void> {
  await surface.world.after(400)
  await surface.world.changeDirectory(organisation)
  await watch(surface.world.app.machinery)
}

const drift = async (token: string, query = '') => (await surface.get(token, `/v1/drift${query}`)).body
const give = (account: string) => surface.world.target.standing.push({ account, entitlement: 'ledger-write' })

describe('[drift/found] what is shown', () => {
  test('[B07] before the first reading everything is unknown, and nothing is said not to have drifted', async () => {
    expect(await drift('per_rae')).toMatchObject({
      state: 'unknown',
      totals: { open: 0, targetsUnknown: 1 },
      targets: [{ system: 'sys_ledger', known: 'unknown' }],
      findings: [],
    })
  })

  test('after it, that nothing drifted; and what did, with what one does about it', async () => {
    await look()
    expect(await drift('per_rae')).toMatchObject({ state: 'none', targets: [{ known: 'current', openCount: 0 }] })
    give('oncall_db')
    const asked = await surface.post('per_rae', '/v1/drift/readings', { system: 'sys_ledger' })
    expect([asked.status, asked.body]).toEqual([200, { readingsCount: 1 }])
    await watch(surface.world.app.machinery)
    const found = await drift('per_rae')
    expect(found).toMatchObject({
      state: 'found',
      totals: { open: 1, unreviewed: 1 },
      findings: [
        {
          kind: 'access-without-waiver',
          account: 'oncall_db',
          holder: 'per_oncall',
          known: 'current',
          says: expect.stringMatching(/neither a live waiver nor the directory/),
          advice: expect.stringMatching(/\S/),
        },
      ],
    })
    expect(found.names).toMatchObject({ per_oncall: expect.any(String), sys_ledger: expect.any(String) })
    expect((await drift('per_rae', '?kind=expiry-moved')).findings).toEqual([])
    expect((await drift('per_rae', '?kind=drifted')).code).toBe('malformed-request')
  })

  test('[B07] a target that cannot be read any more is unknown, with how old the last good reading is; nothing ends', async () => {
    surface.world.target.silence = 'the cable was cut'
    surface.world.target.standing.length = 0
    await look()
    const seen = await drift('per_rae')
    expect(seen).toMatchObject({
      state: 'found',
      totals: { open: 1, targetsUnknown: 1 },
      targets: [{ known: 'unknown', failure: 'the cable was cut', readAt: expect.any(String) }],
      findings: [{ status: 'open', known: 'unknown' }],
    })
    expect(seen.targets[0].ageSeconds).toBeGreaterThanOrEqual(400)
    expect((await surface.get('per_rae', '/metrics')).body).toMatch(
      /countersign_drift_target_known\{target="sys_ledger"\} 0\n/,
    )
    surface.world.target.silence = undefined
    give('oncall_db')
    await look()
    const text = (await surface.get('per_rae', '/metrics')).body
    expect(text).toMatch(/countersign_drift_target_known\{target="sys_ledger"\} 1\n/)
    expect(text).toMatch(/countersign_drift_open\{kind="access-without-waiver"\} 1\n/)
  })

  test('owners of the target see it, whoever it is about sees theirs, and others see nothing', async () => {
    const [{ id }] = (await drift('per_rae')).findings
    expect((await drift('per_owner')).findings).toMatchObject([{ id }])
    expect(await drift('per_oncall')).toMatchObject({ totals: { open: 1 }, targets: [], findings: [{ id }] })
    expect(await drift('per_nobody')).toMatchObject({ totals: { open: 0 }, targets: [], findings: [] })
    expect((await surface.get('per_nobody', `/v1/drift/${id}`)).body.code).toBe('unknown-drift')
    expect((await surface.post('per_nobody', '/v1/drift/readings', {})).body.code).toBe('not-permitted')
    expect((await surface.get('per_nobody', '/v1/drift/standing')).body.code).toBe('not-permitted')
    const { body } = await surface.get('per_oncall', `/v1/drift/${id}`)
    expect(body.events).toMatchObject([{ type: 'DriftFound', by: 'sys_countersign' }])
  })

  test('standing access that the directory states is no drift, and is listed', async () => {
    await surface.world.changeDirectory(`${organisation}\nteam_fraud holds sys_ledger/ledger-write`)
    await surface.world.after(400)
    await watch(surface.world.app.machinery)
    expect(await drift('per_rae', '?status=all')).toMatchObject({
      totals: { open: 0 },
      findings: [{ status: 'ended', endedBecause: 'covered' }],
    })
    expect((await surface.get('per_rae', '/v1/drift/standing')).body).toMatchObject({
      standing: [{ holder: 'team_fraud', system: 'sys_ledger', entitlement: 'ledger-write' }],
      more: 0,
    })
    await look()
  })
})

describe('looking back on a finding', () => {
  const review = (token: string, id: string, body: object = { finding: 'not-justified', note: 'nobody knows why' }) =>
    surface.post(token, `/v1/drift/${id}/review`, body)

  test('[review/after] [B04] [B05] is for somebody outside: not for whoever has it, nor for whoever administers the target', async () => {
    const [{ id }] = (await drift('per_rae')).findings
    expect((await review('per_oncall', id)).body.code).toBe('reviewer-not-in-pool')
    const dba = (await review('per_dba', id)).body
    expect(dba.code).toBe('reviewer-not-independent')
    expect(dba.conflicts).toContainEqual(expect.objectContaining({ code: 'on-granting-team' }))
    expect((await review('per_rae stale', id)).body.code).toBe('sign-in-not-fresh')
    expect((await review('per_rae', id, { finding: 'justified', note: 'x', by: 'per_kim' })).status).toBe(400)
    const done = await review('per_rae', id)
    expect(done).toMatchObject({
      status: 200,
      body: { finding: { status: 'open', review: { by: 'per_rae', finding: 'not-justified' } } },
    })
    expect((await review('per_kim', id)).body.code).toBe('reviewed-already')
    expect((await drift('per_rae')).totals).toMatchObject({ open: 1, unreviewed: 0 })
    const { body } = await surface.get('per_rae', `/v1/drift/${id}`)
    const types = body.events.map((event: { type: string }) => event.type)
    expect(types.filter((type: string) => type === 'AttemptRefused').length).toBeGreaterThanOrEqual(3)
  })

  test('a review is of one appearance: what comes back is open to review again', async () => {
    surface.world.target.standing.length = 0
    await look()
    expect(await drift('per_rae')).toMatchObject({ state: 'none', findings: [] })
    give('oncall_db')
    await look()
    const [finding] = (await drift('per_rae')).findings
    expect(finding.review).toBeUndefined()
    expect(finding.timesCount).toBeGreaterThan(1)
  })

  test('[B02] [independence/unknown-is-not-independent] an account that nobody confirmed is no stranger to whose it is said to be', async () => {
    surface.world.target.standing.length = 0
    give('rae_db')
    await surface.world.after(400)
    await surface.world.changeDirectory(
      `${organisation}\nacc_rae on sys_ledger login rae_db\nacc_rae belongs-to per_rae`,
    )
    await watch(surface.world.app.machinery)
    const [finding] = (await drift('per_rae')).findings
    expect(finding).toMatchObject({ account: 'rae_db' })
    expect(finding.holder).toBeUndefined()
    const own = (await review('per_rae', finding.id, { finding: 'justified', note: 'nobody I know' })).body
    expect([own.code, own.conflicts?.map(({ code }: { code: string }) => code)]).toEqual([
      'reviewer-not-independent',
      expect.arrayContaining(['is-requester']),
    ])
    expect((await review('per_kim', finding.id)).body.code).toBe('reviewer-not-independent')
  })
})
