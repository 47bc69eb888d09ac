/** The kill switch over HTTP, with further processes answering checks by loops of their own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../src/core/time.ts'
import { silent } from '../../src/engine/logger.ts'
import { ask } from '../../src/engine/runtime/check.ts'
import { type Runtime, runtimeOn } from '../../src/engine/runtime/runtime.ts'
import { gatedPolicy, liveWaiver, withGateway } from '../support/gated.ts'
import { termsFor } from '../support/life.ts'
import { openSurface, type Surface } from './support/surface.ts'

let surface: Surface
const nodes: Runtime[] = []
beforeAll(async () => {
  const policy = gatedPolicy()
  const tier = policy.tiers.high as NonNullable<(typeof policy.tiers)[string]>
  const extension = { ...tier.extension, countMax: 50, cumulativeSecondsMax: 1e6, distinctCountersigner: false }
  surface = await openSurface({
    directory: withGateway,
    policy: { ...policy, tiers: { high: { ...tier, extension } } },
  })
  const { store, app } = surface.world
  for (let count = 0; count < 3; count++) {
    const node = runtimeOn({ store, knowledge: app.machinery.knowledge, log: silent })
    nodes.push(node)
    node.start()
  }
})
afterAll(async () => {
  for (const node of nodes) await node.stop()
})

const kill = (caller: string, of: string, id: string, more = {}) =>
  surface.post(caller, '/v1/kill-switch', { scope: { of, id }, reason: 'it deletes things' }, more)

function reasonAt(node: Runtime, user = 'wl_agent'): string {
  const question = {
    subject: { type: 'agent', id: user, actors: [] },
    system: 'sys_ledger',
    resource: 'ledger.entries',
    action: 'update',
  }
  return ask(node, { id: user, chain: [] }, question).reason
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 6_000 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(holds()).toBe(true)
}

/** The two belong to one owner, whose waivers must not overlap: each has a table of its own. */
const ofAgent = (approver: string) =>
  liveWaiver(
    surface.world,
    approver,
    {},
    { access: { ...termsFor().access, account: 'agent_db', resources: ['ledger.entries'] } },
  )

async function ofBot(): Promise<string> {
  const access = { ...termsFor().access, account: 'bot_db', resources: ['ledger.accounts'] }
  return liveWaiver(surface.world, 'per_sue', {}, { beneficiary: 'wl_bot', access })
}

describe('[agent/runtime-check] one act', () => {
  test('ends everything of a workload, and when it answers nobody anywhere says yes any more', async () => {
    const { world } = surface
    const live = await ofAgent('per_sam')
    const window = { start: plusSeconds(world.now, 7_200), end: plusSeconds(world.now, 9_000) }
    const terms = termsFor({ beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' }, window })
    const { id: asked } = await world.must('per_asker', { type: 'request', terms })
    const other = await ofBot()
    await until(() => nodes.every((node) => reasonAt(node) === 'covered'))
    const { status, body } = await kill('per_watch', 'workload', 'wl_agent')
    expect(nodes.map((node) => reasonAt(node)).filter((reason) => reason === 'covered')).toEqual([])
    expect(status).toBe(200)
    expect(body).toMatchObject({
      complete: true,
      results: [live, asked].map((waiver) => ({ waiver, outcome: 'ended' })),
    })
    for (const id of [live, asked])
      expect(await world.waiver(id)).toMatchObject({
        status: 'ended',
        end: { cause: 'killed', by: 'per_watch', reason: 'it deletes things' },
      })
    expect((await world.waiver(other)).status).toBe('active')
    await world.settle()
    expect((await world.waiver(live)).removal.state).toBe('verified')
    expect((await surface.get('per_rae', `/v1/waivers/${live}/why`)).body.follows).toBe(true)
  })

  test('of an owner ends what is theirs and of what they control; of a system, everything there', async () => {
    const { world } = surface
    const [agent, bot] = [
      await ofAgent('per_sid'),
      (await world.store.waivers.openOf({ users: ['wl_bot'] }))[0] as string,
    ]
    expect((await kill('per_watch', 'owner', 'per_sam')).body).toMatchObject({
      results: [],
      complete: true,
      known: true,
    })
    // In an emergency a misspelled id must not look like a success; who there is, no agent finds out by it.
    expect((await kill('per_watch', 'workload', 'wl_agnet')).body).toMatchObject({ results: [], known: false })
    expect((await kill('per_watch', 'system', 'sys_legder')).body.known).toBe(false)
    expect((await kill('wl_agent', 'workload', 'wl_agnet')).body.known).toBeUndefined()
    const owner = await kill('per_watch', 'owner', 'per_asker')
    expect(owner.body.results.map(({ waiver }: { waiver: string }) => waiver).sort()).toEqual([agent, bot].sort())
    await world.settle()
    const again = await ofBot()
    expect((await kill('per_owner', 'system', 'sys_ledger')).body.results).toEqual([
      { waiver: again, outcome: 'ended' },
    ])
    await world.settle()
  })

  test('[B15] nobody ends what they may not, and the attempt is on the record', async () => {
    const id = await ofAgent('per_sam')
    const { body } = await kill('per_mate', 'system', 'sys_ledger')
    expect(body).toMatchObject({
      complete: false,
      results: [{ waiver: id, outcome: 'refused', code: 'not-permitted' }],
    })
    // A stranger does not even hear which waivers there are.
    expect((await kill('per_nobody', 'system', 'sys_ledger')).body).toMatchObject({ complete: false, results: [] })
    expect(await surface.world.waiver(id)).toMatchObject({ status: 'active', refusalsCount: 2 })
    expect((await kill('wl_agent', 'waiver', id)).body.complete).toBe(true)
    expect((await kill('per_watch', 'waiver', id)).body.results).toMatchObject([
      { outcome: 'refused', code: 'not-in-this-state' },
    ])
    await surface.world.settle()
  })

  test('[B10] the same key again is the same answer, and ends nothing that came later', async () => {
    const headers = { 'idempotency-key': 'kill-once' }
    const first = await kill('per_watch', 'workload', 'wl_agent', { headers })
    const later = await ofAgent('per_sue')
    expect((await kill('per_watch', 'workload', 'wl_agent', { headers })).body).toEqual({
      ...first.body,
      replayed: true,
    })
    expect((await surface.world.waiver(later)).status).toBe('active')
  })

  test.each([
    [{ of: 'everything', id: 'wl_agent' }],
    [{ of: 'system', id: 'wl_agent' }],
    [{ of: 'workload', id: '' }],
    [{ of: 'workload', id: 'wl_agent', also: 'sys_ledger' }],
    [undefined],
  ])('[B06] [B14] scope %j is no scope', async (scope) => {
    expect((await surface.post('per_watch', '/v1/kill-switch', { scope, reason: 'x' })).status).toBe(400)
  })
})
