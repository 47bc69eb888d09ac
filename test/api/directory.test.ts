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

describe('[B02] links', () => {
  const evidence = 'both badges, same face'
  const path = (id: string, noun: string) => `/v1/directory/links/${id}/${noun}`

  test('are said by those who may, counted at once, and confirmed by somebody outside', async () => {
    const asked = await surface.post('per_nobody', '/v1/directory/links', {
      from: 'per_sam',
      to: 'per_asker',
      evidence,
    })
    expect(asked.body.code).toBe('not-permitted')
    const said = await surface.post('per_rae', '/v1/directory/links', { from: 'per_nobody', to: 'per_lee', evidence })
    expect([said.status, said.body.assertion]).toMatchObject([
      201,
      { from: 'per_lee', relation: 'same-as', to: 'per_nobody', status: 'proposed' },
    ])
    const { id } = said.body.assertion
    const { body } = await surface.get('per_rae', '/v1/directory/explain?asker=per_lee&decider=per_nobody')
    expect(body.verdict.conflicts[0]).toMatchObject({ code: 'same-person-other-account' })
    expect((await surface.post('per_rae', path(id, 'confirmation'), { note: 'x' })).body.code).toBe(
      'author-is-approver',
    )
    expect((await surface.post('per_lee', path(id, 'confirmation'), { note: 'x' })).body.code).toBe(
      'approver-not-in-pool',
    )
    expect((await surface.post('per_watch stale', path(id, 'confirmation'), { note: 'x' })).body.code).toBe(
      'sign-in-not-fresh',
    )
    const confirmed = await surface.post('per_watch', path(id, 'confirmation'), { note: 'seen both' })
    expect(confirmed.body.assertion).toMatchObject({
      status: 'confirmed',
      confirmed: { by: 'per_watch', note: 'seen both' },
    })
    expect((await surface.post('per_watch', path(id, 'rejection'), { reason: 'x' })).body.code).toBe(
      'assertion-not-open',
    )
    expect((await surface.post('per_lee', path(id, 'end'), { reason: 'x' })).body.code).toBe('not-permitted')
    expect((await surface.post('per_rae', path(id, 'end'), { reason: 'left' })).body.assertion.status).toBe('ended')
  })

  test('[B14] are listed for those who look after them, and for whom they name', async () => {
    const seen = async (token: string) => (await surface.get(token, '/v1/directory/links')).body.links.length
    expect([await seen('per_rae'), await seen('per_lee'), await seen('per_asker')]).toEqual([1, 1, 0])
    const made = { from: 'per_lee', to: 'per_sam', evidence, status: 'confirmed' }
    expect((await surface.post('per_rae', '/v1/directory/links', made)).status).toBe(400)
    const unknown = await surface.post('per_rae', path(`lnk_${'0'.repeat(26)}`, 'confirmation'), { note: 'x' })
    expect(unknown.body.code).toBe('unknown-assertion')
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
