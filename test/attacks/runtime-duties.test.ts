/** A conflict of duties that no single waiver shows: one person behind two agents, on two processes at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anotherProcess, gatedPolicy, liveWaiver, type Process, withGateway } from '../support/gated.ts'
import { termsFor } from '../support/life.ts'
import { openWorld, type World } from '../support/world.ts'

const directory = `${withGateway}
  wl_payer agent
  per_other owns wl_payer
  per_other member-of team_purchasing
  acc_payer on sys_ledger login payer_db
  acc_payer belongs-to wl_payer confirmed
`

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  world = await openWorld({ directory, policy: gatedPolicy() })
  await liveWaiver(world, 'per_sam')
  const access = { ...termsFor().access, account: 'payer_db', entitlement: 'ledger-approve', actions: ['approve'] }
  const terms = termsFor({
    beneficiary: 'wl_payer',
    access,
    window: { start: world.now, end: '2026-11-22T13:00:00.000Z' },
  })
  const { id } = await world.must('per_other', { type: 'request', terms })
  await world.countersign('per_sue', id)
  await world.must('per_other', { type: 'activate' }, id)
  await world.settle()
})
afterAll(() => world.close())

const posts = (by: string) => ({ subject: { type: 'user', id: by, actors: [{ sub: 'wl_agent' }] } })
const approves = (by: string) => ({
  subject: { type: 'user', id: by, actors: [{ sub: 'wl_payer' }] },
  action: 'approve',
})

async function processes(): Promise<readonly [Process, Process]> {
  const both = [anotherProcess(world), anotherProcess(world)] as const
  for (const { runtime } of both) await runtime.refresh()
  return both
}

describe('[agent/runtime-check] [agent/owner-counts] [B22] a chain', () => {
  test('of two agents with one person behind them does one side and never the other', async () => {
    const [one, other] = await processes()
    expect((await one.use(posts('per_nobody'))).reason).toBe('covered')
    expect((await other.use(approves('per_nobody'))).reason).toBe('creates-duty-conflict')
    expect((await one.use(posts('per_nobody'))).reason).toBe('covered')
    // Two people do one side each: that is what duties are kept apart for.
    expect((await other.use(approves('per_lee'))).reason).toBe('covered')
    expect((await one.use(posts('per_lee'))).reason).toBe('creates-duty-conflict')
  })

  test('[B12] both sides at once, on two processes: one of them', async () => {
    const [one, other] = await processes()
    const people = ['per_kim', 'per_rae', 'per_chief']
    for (const person of people) {
      const both = await Promise.all([one.use(posts(person)), other.use(approves(person))])
      expect(both.map(({ reason }) => reason).sort(), person).toEqual(['covered', 'creates-duty-conflict'])
    }
  })

  test('with whoever owns the other agent, too: an owner stands behind what is theirs', async () => {
    const [one, other] = await processes()
    expect((await one.use({ subject: { type: 'agent', id: 'wl_agent', actors: [] } })).reason).toBe('covered')
    expect((await other.use(approves('per_asker'))).reason).toBe('creates-duty-conflict')
  })

  test('what was done a day ago under a waiver that is still open counts; under one that is over it no longer does', async () => {
    const [, other] = await processes()
    await world.query(`update exercised set at = at - interval '25 hours' where person = 'per_nobody'`)
    expect((await other.use(approves('per_nobody'))).reason).toBe('creates-duty-conflict')
    const [posting] = await world.store.waivers.openOf({ users: ['wl_agent'] })
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, posting)
    await other.runtime.refresh()
    expect((await other.use(approves('per_nobody'))).reason).toBe('covered')
    expect((await other.use(approves('per_asker'))).reason).toBe('creates-duty-conflict')
  })
})
