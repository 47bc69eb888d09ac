/** Workloads over HTTP: who answers for each, what an orphan does not get, and how it comes to have an owner again. */
import { beforeAll, expect, test } from 'vitest'
import { plusSeconds } from '../../src/core/time.ts'
import { watch } from '../../src/engine/drift/watch.ts'
import { organisation, termsFor } from '../support/life.ts'
import { openSurface, type Surface } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface()
})

const owned = `${organisation}\nper_mate operates wl_bot\nper_chief created wl_bot\nwl_agent delegates-to wl_bot`
const orphaned = owned.replace('per_asker owns wl_bot\n', '')

function ask(token: string) {
  const { contains: _, ...terms } = termsFor({
    beneficiary: 'wl_bot',
    access: { ...termsFor().access, account: 'bot_db' },
    window: { start: surface.world.now, end: plusSeconds(surface.world.now, 3_600) },
  })
  return surface.post(token, '/v1/waivers', { terms })
}

test('the inventory says who answers for a workload, how it signs in, and what became of its overrides', async () => {
  await surface.world.changeDirectory(owned)
  const { body } = await surface.get('per_asker', '/v1/workloads/wl_bot')
  expect(body).toMatchObject({
    workload: {
      orphaned: false,
      ownedBy: ['per_asker'],
      operators: [{ node: 'per_mate' }],
      creators: [{ node: 'per_chief' }],
      delegatedBy: [{ node: 'wl_agent' }],
      runsOn: ['sys_ledger'],
      credentials: [{ account: 'acc_bot', on: 'sys_ledger', login: 'bot_db' }],
    },
    usage: { waivers: [], openCount: 0 },
  })
  const other = (await surface.get('per_nobody', '/v1/workloads/wl_bot')).body
  expect(other.workload).toMatchObject({ ownedBy: ['per_asker'], credentialsCount: 1, credentials: [] })
  expect(other.usage).toBeUndefined()
  expect((await surface.get('per_asker', '/v1/workloads/wl_none')).body.code).toBe('unknown-node')
})

test('[agent/owner-counts] an orphan gets nothing: not asked for, not signed, not started, and what is live is found', async () => {
  const first = await ask('per_asker')
  const { id } = first.body.waiver
  await surface.world.changeDirectory(orphaned)
  const listed = (await surface.get('per_rae', '/v1/workloads?orphaned=true')).body.workloads
  expect(listed.map((one: { id: string }) => one.id)).toEqual(['wl_bot'])
  expect((await ask('per_mate')).body.code).toBe('workload-orphaned')
  expect(await surface.world.countersign('per_sam', id)).toMatchObject({ refusal: { code: 'workload-orphaned' } })

  await surface.world.changeDirectory(owned)
  expect((await surface.world.countersign('per_sam', id)).outcome).toBe('accepted')
  await surface.world.changeDirectory(orphaned)
  expect(await surface.world.handle('per_mate', { type: 'activate' }, id)).toMatchObject({
    refusal: { code: 'workload-orphaned' },
  })
  await surface.world.changeDirectory(owned)
  await surface.world.must('per_mate', { type: 'activate' }, id)
  await surface.world.settle()
  await surface.world.changeDirectory(orphaned)
  const more = { type: 'request-extension', end: plusSeconds(surface.world.now, 7_200), reason: 'not done' } as const
  expect(await surface.world.handle('per_mate', more, id)).toMatchObject({ refusal: { code: 'workload-orphaned' } })
  await watch(surface.world.app.machinery)
  expect((await surface.get('per_rae', '/v1/drift')).body.findings).toMatchObject([
    { kind: 'owner-left', holder: 'wl_bot', waivers: [id] },
  ])
  await surface.world.must('per_mate', { type: 'revoke', reason: 'done' }, id)
})

test('[B02] [B04] ownership is taken on record, and counts once somebody independent has confirmed it', async () => {
  const take = (token: string, owner: string) =>
    surface.post(token, '/v1/directory/ownerships', {
      owner,
      workload: 'wl_bot',
      evidence: 'handed over in the review',
    })
  const settle = (token: string, id: string, noun: string, body: object) =>
    surface.post(token, `/v1/directory/ownerships/${id}/${noun}`, body)
  expect((await take('per_nobody', 'per_lee')).body.code).toBe('not-permitted')
  expect((await take('per_nobody', 'per_gone')).body.code).toBe('not-active-in-directory')
  const taken = await take('per_lee', 'team_legal')
  expect([taken.status, taken.body.assertion]).toMatchObject([
    201,
    { kind: 'ownership', from: 'team_legal', relation: 'owns', to: 'wl_bot', status: 'proposed' },
  ])
  const { id } = taken.body.assertion
  // A claim alone makes no owner.
  expect((await ask('per_mate')).body.code).toBe('workload-orphaned')
  expect((await settle('per_lee', id, 'confirmation', { note: 'mine' })).body.code).toBe('author-is-approver')
  expect((await settle('per_nobody', id, 'confirmation', { note: 'x' })).body.code).toBe('approver-not-in-pool')
  expect((await settle('per_rae stale', id, 'confirmation', { note: 'x' })).body.code).toBe('sign-in-not-fresh')
  expect((await settle('per_rae', `own_${'0'.repeat(26)}`, 'confirmation', { note: 'x' })).body.code).toBe(
    'unknown-assertion',
  )
  const confirmed = await settle('per_rae', id, 'confirmation', { note: 'asked the head of legal' })
  expect(confirmed.body.assertion).toMatchObject({ status: 'confirmed', confirmed: { by: 'per_rae' } })
  const { body } = await surface.get('per_lee', '/v1/workloads/wl_bot')
  expect(body).toMatchObject({
    workload: { orphaned: false, ownedBy: ['per_lee'], owners: [{ node: 'team_legal' }] },
    claims: [{ id, status: 'confirmed' }],
  })
  expect((await ask('per_lee')).status).toBe(201)
  expect((await surface.get('per_nobody', '/v1/directory/ownerships')).body.ownerships).toMatchObject([{ id }])

  expect((await settle('per_lee', id, 'end', { reason: 'moved on' })).body.assertion.status).toBe('ended')
  expect((await surface.get('per_lee', '/v1/workloads/wl_bot')).body.workload.orphaned).toBe(true)
})
