import { describe, expect, test } from 'vitest'
import { type AccessHarness, accessContract } from '../access.contract.ts'
import type { GrantSpec } from '../access.ts'
import { faultyConnector } from './connector.ts'
import { type Behaviour, behaviours, type Call, honest, inTurn, onMethod, seeded } from './script.ts'
import { World } from './world.ts'

const offered = { resources: ['ledger'], actions: ['read', 'write'] }

function newWorld(more: { readonly fenced?: boolean } = {}): World {
  let minute = 0
  const now = () => new Date(Date.UTC(2030, 0, 1, 0, ++minute)).toISOString()
  return new World({ now, accounts: ['ines', 'omar'], ...offered, ...more })
}

function spec(more: Partial<GrantSpec> = {}): GrantSpec {
  return {
    grant: 'grt_1',
    generation: 1,
    account: 'ines',
    target: {},
    ...offered,
    until: '2031-01-01T00:00:00.000Z',
    ...more,
  }
}

function contractHarness(): AccessHarness {
  const world = newWorld()
  let next: Behaviour = 'works'
  let count = 0
  const freshGrant = () => `grt_${++count}`
  const freshSpec = async () => {
    const account = `account-${++count}`
    world.accounts.add(account)
    return spec({ grant: freshGrant(), account })
  }
  const changes = new Set(['apply', 'revoke'])
  const cut = faultyConnector(world, ({ method }: Call) => {
    if (!changes.has(method)) return 'works'
    const behaviour = next
    next = 'works'
    return behaviour
  })
  return {
    connector: faultyConnector(world),
    freshSpec,
    freshGrant,
    specNamed: async (account) => {
      world.accounts.add(account)
      return spec({ grant: freshGrant(), account })
    },
    canUse: async ({ account }) =>
      world.access.some((one) => one.account === account) || world.standingOf(account).length > 0,
    openSession: async ({ account }) => {
      const { session } = world.openSession(account)
      const isOpen = async () => world.sessions.some((one) => one.session === session)
      return { isOpen, stillUses: isOpen, close: async () => world.endSession(session) }
    },
    snapshot: async () => ({ access: world.access, sessions: world.sessions, accounts: [...world.accounts] }),
    widen: async () => {
      world.widen('more')
      return async () => world.narrow('more')
    },
    tamper: async ({ grant }) => {
      world.tamper(grant, { until: '9999-01-01T00:00:00.000Z' })
      return async () => {}
    },
    plantResidue: async ({ grant }) => {
      world.leave(grant, { kind: 'key', name: 'planted', detail: 'left behind' })
      return async () => world.cleanUp(grant)
    },
    giveStanding: async ({ account }) => {
      world.giveStanding(account, 'ledger')
      return async () => world.takeStanding(account)
    },
    letIn: async ({ grant }) => {
      world.letIn(grant, 'omar')
      return { account: 'omar', undo: async () => world.putOut(grant) }
    },
    unreachable: faultyConnector(world, () => 'refuses'),
    silent: faultyConnector(world, () => 'hangs'),
    cutLine: {
      connector: cut,
      cutBefore: () => {
        next = 'loses-call'
      },
      cutAfter: () => {
        next = 'loses-answer'
      },
    },
    close: async () => {},
  }
}

accessContract('the faulty connector, as long as it works,', async () => contractHarness())

describe('what each behaviour does to a change', () => {
  const happens: Record<Behaviour, readonly [outcome: string, there: boolean]> = {
    works: ['done', true],
    refuses: ['not-done', false],
    'loses-call': ['unknown', false],
    'loses-answer': ['unknown', true],
    delays: ['unknown', false],
    hangs: ['unknown', false],
    lies: ['done', false],
  }
  test.each(behaviours)('%s', async (behaviour) => {
    const world = newWorld()
    const [outcome, there] = happens[behaviour]
    expect(await faultyConnector(world, inTurn(behaviour)).apply(spec())).toMatchObject({ outcome })
    expect(world.canUse('ines')).toBe(there)
    await faultyConnector(world).apply(spec())
    expect(await faultyConnector(world, inTurn(behaviour)).revoke(spec())).toMatchObject({ outcome })
    expect(world.canUse('ines')).toBe(!there)
  })
})

test('[B12] what was delayed arrives late, and is too old by then', async () => {
  for (const fenced of [true, false]) {
    const world = newWorld({ fenced })
    const connector = faultyConnector(world, onMethod(['apply'], 'delays'))
    await connector.apply(spec())
    await connector.revoke(spec({ generation: 2 }))
    expect(world.underWay).toBe(1)
    world.deliver()
    expect(world.canUse('ines')).toBe(!fenced)
  }
})

test('[B19] a removal that lies leaves the access, and a stale look does not see it', async () => {
  const world = newWorld()
  const connector = faultyConnector(world, inTurn('works', 'lies', 'works', 'works', 'lies'))
  await connector.apply(spec())
  expect(await connector.revoke(spec())).toMatchObject({ outcome: 'done' })
  expect(await connector.observe(spec())).toMatchObject({ value: { present: true } })
  await connector.revoke(spec())
  expect(await connector.observe(spec())).toMatchObject({ value: { present: true } })
  expect(world.accessOf('grt_1')).toBeUndefined()
})

test('[B19] sessions go on with what they opened with until they are ended, and lies do not end them', async () => {
  const world = newWorld()
  const connector = faultyConnector(world, onMethod(['endSessions'], 'lies'))
  await connector.apply(spec())
  world.openSession('ines')
  await connector.revoke(spec())
  expect(await connector.endSessions(spec())).toEqual({ outcome: 'done', value: { ended: 1 } })
  expect(world.canUse('ines')).toBe(true)
  expect(await connector.endSessions(spec())).toEqual({ outcome: 'done', value: { ended: 1 } })
  expect(world.canUse('ines')).toBe(false)
})

test('the log tells who had what and when, in order', async () => {
  const world = newWorld()
  const connector = faultyConnector(world)
  await connector.apply(spec())
  await connector.apply(spec())
  world.use('ines', 'read ledger')
  await connector.revoke(spec({ generation: 2 }))
  expect(world.log.map(({ effect, order }) => `${order} ${effect}`)).toEqual(['1 given', '2 used', '3 taken'])
  expect(await connector.activity(spec(), '2030-01-01T00:00:00.000Z')).toMatchObject({
    value: [{ what: 'read ledger' }],
  })
})

test('a seed gives the same failures again, and chances are kept', () => {
  const call: Call = { number: 1, method: 'apply' }
  const run = (seed: number) =>
    Array.from(
      { length: 2_000 },
      (
        (script) => () =>
          script(call)
      )(seeded(seed, { lies: 0.25, refuses: 0.25 })),
    )
  expect(run(7)).toEqual(run(7))
  expect(run(7)).not.toEqual(run(8))
  const counts = Object.groupBy(run(7), (one) => one)
  expect(Object.keys(counts).sort()).toEqual(['lies', 'refuses', 'works'])
  for (const [behaviour, share] of [
    ['lies', 0.25],
    ['refuses', 0.25],
    ['works', 0.5],
  ] as const)
    expect((counts[behaviour]?.length ?? 0) / 2_000).toBeCloseTo(share, 1)
  expect(honest(call)).toBe('works')
})
