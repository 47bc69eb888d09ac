/** The directory over HTTP: what is held and who would be gone, and the confirmation of exactly that. */
import { beforeAll, describe, expect, test } from 'vitest'
import { usualLimits } from '../../src/core/merge.ts'
import { organisation } from '../support/life.ts'
import { openSurface, type Surface } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface({ shrink: usualLimits })
})

const broken = organisation.replaceAll(/.*per_(?:asker|mate|oncall|chief|sam|sue|sid).*/g, '')

describe('why two are not independent', () => {
  const explain = (token: string, query: string) => surface.get(token, `/v1/directory/explain?${query}`)

  test('[B04] deciders and reviewers see the path, the person it is about too, and everybody else the code', async () => {
    const pair = 'asker=per_asker&decider=per_mate'
    const seen = async (token: string) => (await explain(token, pair)).body.verdict
    expect(await seen('per_rae')).toMatchObject({
      independent: false,
      conflicts: [{ code: 'on-requesting-team', reads: expect.stringContaining('team_payments') }],
    })
    expect((await seen('per_mate')).conflicts[0].path).toHaveLength(2)
    expect((await seen('per_lee')).conflicts).toEqual([{ code: 'on-requesting-team' }])
  })

  test('[B05] the target counts when it is named', async () => {
    const answer = await explain('per_rae', 'asker=per_asker&decider=per_dba&system=sys_ledger')
    expect(answer.body.verdict.conflicts.map((one: { code: string }) => one.code)).toContain('on-granting-team')
  })

  test('[B13] [B14] an id that is not exactly in the directory, and anything else, is refused', async () => {
    expect((await explain('per_rae', 'asker=per_asker&decider=per_Mate')).body.code).toBe('unknown-node')
    expect((await explain('per_rae', 'asker=per_asker')).status).toBe(400)
    expect((await explain('per_rae', 'asker=per_asker&decider=per_mate&as=per_rae')).status).toBe(400)
  })
})

describe('[rules/maker-checker] a source that is held', () => {
  const confirmation = '/v1/directory/holds/hr/confirmation'

  test('is listed for everybody, with names only for those who look after the installation', async () => {
    expect((await surface.get('per_sam', '/v1/directory/holds')).body).toEqual({ holds: [], names: {} })
    expect((await surface.get('per_sam', '/v1/directory/holds/hr')).status).toBe(404)
    await surface.world.changeDirectory(broken)
    const imported = await surface.post('per_rae', '/v1/directory/import', {})
    expect(imported.body).toMatchObject({ complete: false, reports: [{ outcome: 'held' }] })
    expect((await surface.get('per_sam', '/v1/directory/holds')).body.holds).toMatchObject([
      { source: 'hr', status: 'held', gone: { people: { gone: 7 } } },
    ])
    expect((await surface.get('per_asker', '/v1/directory/holds/hr')).body.people).toBeUndefined()
    expect((await surface.get('per_rae', '/v1/directory/holds/hr')).body.people).toContain('per_sam')
  })

  test('[B05] [B14] is confirmed by somebody outside, by naming exactly what was shown, once', async () => {
    const { hold } = (await surface.get('per_rae', '/v1/directory/holds/hr')).body
    const body = { snapshot: hold.snapshot, reason: 'the division was sold' }
    const asked = async (token: string, sent: object) => (await surface.post(token, confirmation, sent)).body.code
    expect(await asked('per_asker', body)).toBe('approver-not-in-pool')
    expect(await asked('per_ops', body)).toBe('approver-not-independent')
    expect(await asked('per_rae stale', body)).toBe('sign-in-not-fresh')
    expect(await asked('per_rae', { ...body, snapshot: `sha256:${'0'.repeat(64)}` })).toBe('terms-changed')
    expect(await asked('per_rae', { ...body, by: 'per_kim' })).toBe('malformed-request')
    const key = { headers: { 'idempotency-key': 'confirm-hr-1' } }
    expect((await surface.post('per_rae', confirmation, body, key)).body).toMatchObject({
      hold: { status: 'confirmed' },
    })
    expect((await surface.post('per_rae', confirmation, body, key)).body).toMatchObject({ replayed: true })
    expect(await asked('per_rae', body)).toBe('not-in-this-state')
    expect((await surface.get('per_rae', '/v1/directory/nodes/per_sam')).body.node.until).toBeDefined()
  })
})
