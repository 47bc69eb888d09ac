import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { firstRules, rulesOf } from '../../test/simulator/organisation.ts'
import { envelopeAt, holdingUp, ledger, openStage, type Stage } from '../../test/simulator/stage.ts'
import { troubles } from '../../test/simulator/target.ts'
import { createDatabase } from '../../test/support/postgres.ts'
import { reconcile, reconcilerOn } from './reconcile.ts'
import { sweep } from './sweep.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const grantOf = (id: string) => id.replace('wvr_', 'grt_')

async function started(): Promise<string> {
  const { id } = await stage.asks()
  await stage.signs('per_sam', id)
  await stage.must('per_ann', { type: 'activate' }, id)
  return id
}

function openSession(id: string): void {
  stage.truth().sessions.set(`session of ${id}`, { grant: grantOf(id), account: 'ann_db' })
}

/** Loops and time, until the grant is settled; says how long it took. */
async function untilSettled(id: string, secondsMax = 600): Promise<number> {
  for (let seconds = 0; seconds <= secondsMax; seconds++) {
    await stage.settle()
    if ((await stage.installation.store.grants.find(grantOf(id)))?.settled) return seconds
    await stage.after(1)
  }
  throw new Error(`not settled within ${secondsMax} seconds`)
}

describe('whatever a target answers, the truth is found by looking', () => {
  test.each(troubles)('[B07] giving: %s', async (trouble) => {
    const id = await started()
    stage.truth().troubles = [undefined, undefined, trouble, trouble]
    await untilSettled(id)
    expect(stage.truth().grants.get(grantOf(id))).toMatchObject({ account: 'ann_db', actions: ['select'] })
    expect(await stage.types(id)).toEqual([
      'WaiverRequested',
      'WaiverCountersigned',
      'ActivationStarted',
      'AccessActivated',
    ])
  })

  test.each(troubles)('[revocation/verified] [B19] taking away: %s', async (trouble) => {
    const { id } = await stage.active()
    openSession(id)
    // Looking, revoking, ending sessions: each of them in trouble, and again after that.
    stage.truth().troubles = [trouble, undefined, trouble, trouble, undefined, undefined, trouble]
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, id)
    for (let round = 0; round < 200; round++) {
      await stage.settle()
      const { removal } = await stage.waiver(id)
      const left = stage.truth().grants.size + stage.truth().sessions.size
      if (removal.state === 'verified') expect(left).toBe(0)
      else expect(removal.state).toBe('open')
      if (left === 0 && removal.state === 'verified') break
      await stage.after(1)
    }
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'verified' } })
  })

  test('[revocation/verified] a removal that fails is said once for each cause, and goes on being tried', async () => {
    const { id } = await stage.active()
    stage.truth().dead = true
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, id)
    for (let round = 0; round < 10; round++) {
      await stage.settle()
      await stage.after(61)
    }
    expect((await stage.types(id)).filter((type) => type === 'RemovalFailed')).toHaveLength(1)
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'open', failures: 1 } })
    stage.truth().dead = false
    await stage.settle()
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'verified' } })
  })

  test('[revocation/verified] a dead target is asked ever less often, but never less than once a minute, and for ever', async () => {
    const { id } = await stage.active()
    stage.truth().dead = true
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, id)
    const waits: number[] = []
    for (let seconds = 0, last = 0; seconds < 400; seconds++) {
      if ((await reconcile(stage.app.machinery)) > 0) {
        waits.push(seconds - last)
        last = seconds
      }
      await stage.after(1)
    }
    expect(waits.length).toBeGreaterThan(8)
    expect(Math.max(...waits)).toBeLessThanOrEqual(61)
    expect(waits.at(-1)).toBeGreaterThan(50)
    await stage.after(40 * 86_400)
    expect(await reconcile(stage.app.machinery)).toBe(1)
  })
})

describe('what somebody does on the target by hand', () => {
  test('[B19] a moved expiry is moved back, and access that was taken away is given again', async () => {
    const { id, activation } = await stage.active()
    const { grants } = stage.truth()
    const spec = grants.get(grantOf(id))
    if (spec === undefined) throw new Error('nothing was given')
    grants.set(spec.grant, { ...spec, until: '2030-01-01T00:00:00.000Z', actions: ['select', 'update'] })
    await stage.after(301)
    await stage.settle()
    expect(grants.get(spec.grant)).toMatchObject({ until: activation?.end, actions: ['select'] })
    grants.delete(spec.grant)
    await stage.after(301)
    await stage.settle()
    expect(grants.has(spec.grant)).toBe(true)
  })
})

describe('nothing is given any more', () => {
  test('[window/always-expires] [B11] after its end, also when nobody has swept yet', async () => {
    const id = await started()
    await stage.after(3_600)
    await reconcile(stage.app.machinery)
    expect(stage.targets.given).toEqual([])
    await stage.settle()
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', removal: { state: 'verified' } })
  })

  test('[fail/closed] [B20] while the clock is in doubt, also when it was started before', async () => {
    const id = await started()
    await stage.after(600)
    await stage.after(-60)
    await reconcile(stage.app.machinery)
    expect(stage.targets.given).toEqual([])
    await stage.must('per_ann', { type: 'revoke', reason: 'enough' }, id)
    await stage.settle()
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'verified' } })
  })

  test('[fail/closed] and what was given stays on being taken away while the clock is in doubt', async () => {
    const { id } = await stage.active()
    openSession(id)
    await stage.after(3_600)
    await stage.after(-3_600)
    await stage.settle()
    expect(stage.truth().grants.size + stage.truth().sessions.size).toBe(0)
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', removal: { state: 'verified' } })
  })

  test('[B12] once somebody has ended it, however far another process had come with giving it', async () => {
    const id = await started()
    const { gate, reached, release } = holdingUp('apply')
    const slow = reconcile(stage.another(gate).machinery)
    await reached
    await stage.must('per_ann', { type: 'revoke', reason: 'never mind' }, id)
    await stage.settle()
    // Somebody else may still be about to give it: nobody can say that it is gone.
    expect(await stage.waiver(id)).not.toMatchObject({ removal: { state: 'verified' } })
    release()
    await slow
    await untilSettled(id)
    expect(stage.truth().grants.size).toBe(0)
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'verified' } })
  })
})

describe('an old look says nothing about what is now', () => {
  test('[revocation/verified] [B12] a removal seen before the access was resumed is not the removal that is open now', async () => {
    const { id } = await stage.active()
    await stage.must('per_wes', { type: 'suspend', reason: 'odd queries' }, id)
    // The first process has seen that nothing is there, and is about to say so.
    const { gate, reached, release } = holdingUp('transact')
    const slow = reconcile(stage.another(gate).machinery)
    await reached
    await stage.must('per_ann', { type: 'request-resumption', reason: 'explained' }, id)
    expect((await stage.signs('per_sue', id)).outcome).toBe('accepted')
    // As long as its lease runs nobody else works on the grant, so nothing is given yet.
    await stage.settle()
    expect(stage.truth().grants.size).toBe(0)
    stage.truth().dead = true
    await stage.must('per_wes', { type: 'suspend', reason: 'again' }, id)
    release()
    await slow
    expect(await stage.waiver(id)).not.toMatchObject({ removal: { state: 'verified' } })
  })

  test('[revocation/verified] [B12] also when it took longer than its lease, and others went on without it', async () => {
    const { id } = await stage.active()
    await stage.must('per_wes', { type: 'suspend', reason: 'odd queries' }, id)
    const { gate, reached, release } = holdingUp('transact')
    const slow = reconcile(stage.another(gate).machinery)
    await reached
    await stage.after(121)
    await stage.must('per_ann', { type: 'request-resumption', reason: 'explained' }, id)
    expect((await stage.signs('per_sue', id)).outcome).toBe('accepted')
    await stage.settle()
    expect(stage.truth().grants.size).toBe(1)
    await stage.must('per_wes', { type: 'suspend', reason: 'again' }, id)
    release()
    await slow
    expect(stage.truth().grants.size).toBe(1)
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'open' } })
  })

  test('[revocation/verified] a report that comes late changes neither the schedule nor the record', async () => {
    const { id } = await stage.active()
    await stage.after(301)
    const { gate, reached, release } = holdingUp('grants.report')
    const slow = reconcile(stage.another(gate).machinery)
    await reached
    await stage.must('per_ann', { type: 'revoke', reason: 'enough' }, id)
    release()
    await slow
    expect(await stage.installation.store.grants.find(grantOf(id))).toMatchObject({
      settled: false,
      wanted: { present: false },
    })
    await stage.settle()
    expect(stage.truth().grants.size).toBe(0)
  })
})

describe('[B19] two accesses beside each other', () => {
  const both = async () => {
    const one = await stage.active()
    const { id } = await stage.must('per_carl', { type: 'request', terms: envelopeAt(stage.now) })
    expect((await stage.signs('per_sue', id)).outcome).toBe('accepted')
    await stage.must('per_ann', { type: 'activate' }, id)
    await stage.settle()
    for (const grant of [grantOf(one.id), grantOf(id)]) stage.truth().sessions.set(grant, { grant, account: 'ann_db' })
    expect([...stage.truth().grants.values()].map(({ account }) => account)).toEqual(['ann_db', 'ann_db'])
    return [one.id, id] as const
  }

  test.each([0, 1])('ending one of the same entitlement leaves the other, and its sessions (%i)', async (index) => {
    const ids = await both()
    const [ends, stays] = index === 0 ? ids : ([ids[1], ids[0]] as const)
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, ends)
    await stage.settle()
    expect([...stage.truth().grants.keys()]).toEqual([grantOf(stays)])
    expect([...stage.truth().sessions.keys()]).toEqual([grantOf(stays)])
    expect(await stage.waiver(ends)).toMatchObject({ removal: { state: 'verified' } })
    expect(await stage.waiver(stays)).toMatchObject({ status: 'active', removal: { state: 'not-needed' } })
  })

  test('a session that survives is not verified, however often the target says that it ended it', async () => {
    const { id } = await stage.active()
    openSession(id)
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, id)
    stage.truth().troubles = Array.from({ length: 30 }, (_, call) =>
      call % 3 === 2 || call > 3 ? 'claims-done' : undefined,
    )
    await stage.settle()
    expect(stage.truth().sessions.size).toBe(1)
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'open' } })
    stage.truth().troubles = []
    await untilSettled(id)
    expect(stage.truth().sessions.size).toBe(0)
    expect(await stage.waiver(id)).toMatchObject({ removal: { state: 'verified' } })
  })
})

describe('one target keeps nobody else waiting', () => {
  test('[revocation/automatic] a target that never answers holds up its own lane and no other', async () => {
    const vault = {
      system: 'sys_vault',
      entitlement: 'open',
      account: 'olga_v',
      resources: ['entries'],
      actions: ['select'],
    }
    const slowOne = await stage.active()
    const quickOne = await stage.asks({ beneficiary: 'per_olga', access: vault }, 'per_olga')
    await stage.signs('per_sue', quickOne.id)
    await stage.settle()
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, slowOne.id)
    const { gate, reached, release } = holdingUp('observe')
    const reconciler = reconcilerOn(stage.another(gate).machinery)
    await reconciler.start()
    await reached
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, quickOne.id)
    for (let tries = 0; tries < 50 && stage.truth('sys_vault').grants.size > 0; tries++) {
      await reconciler.start()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(stage.truth('sys_vault').grants.size).toBe(0)
    expect(stage.truth().grants.size).toBe(1)
    release()
    await reconciler.idle()
    expect(stage.truth().grants.size).toBe(0)
  })

  test('[B09] access is taken back from where it was given, whatever the rules call that place today', async () => {
    const { id } = await stage.active({ access: ledger('write', 'ann_db') })
    const rules = rulesOf(firstRules)
    const ledgerElsewhere = { id: 'ledger', kind: 'simulated', settings: { name: 'sys_vault' } }
    await stage.inForce({ ...rules, connectors: { ...rules.connectors, ledger: ledgerElsewhere } })
    await stage.after(3_600)
    await sweep(stage.app.machinery)
    await stage.settle()
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', removal: { state: 'verified' } })
    expect(stage.truth().grants.size).toBe(0)
  })
})
