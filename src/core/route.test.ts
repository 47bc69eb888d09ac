import { describe, expect, test } from 'vitest'
import { daysAgo, directoryOf, matterOf, noon, policyWith, poolWith } from '../../test/support/directories.ts'
import { compileDirectory } from './compile.ts'
import { noHistory } from './independence.ts'
import type { Policy } from './policy.ts'
import { route } from './route.ts'

function routed(text: string, policy: Policy, pools: string[], loadOf?: (person: string) => number) {
  const directory = compileDirectory(directoryOf(`sys_target\nper_asker\n${text}`))
  return route(matterOf({ pools }), directory, noHistory, policy, noon, loadOf)
}

const people = (routing: ReturnType<typeof routed>) => routing.eligible.map(({ person }) => person)

describe('route', () => {
  const text = `
    per_ann member-of team_risk
    per_bob member-of team_risk
    per_eve
    per_asker member-of team_pay
    per_dan member-of team_pay
    shift rota_night per_bob ${daysAgo(1)} ${daysAgo(-1)}`
  const policy = policyWith({
    pools: [
      poolWith('pool_risk', ['team_risk', 'per_dan'], ['rota_night']),
      poolWith('pool_out', ['per_eve', 'per_ann']),
      poolWith('pool_empty', []),
    ],
  })

  test('[on-call/never-both-sides] on duty first, and never anybody from the requesting side', () => {
    const routing = routed(text, policy, ['pool_risk'])
    expect(routing.eligible.map(({ person, onDuty }) => [person, onDuty])).toEqual([
      ['per_bob', true],
      ['per_ann', false],
    ])
    expect(
      routing.excluded.map(({ person, pool, conflicts }) => [person, pool, conflicts.map(({ code }) => code)]),
    ).toEqual([['per_dan', 'pool_risk', ['on-requesting-team']]])
  })

  test('whoever is away is on no duty, with a turn or without a rota, and may still be asked', () => {
    const away = (person: string) => `${text}\naway ${person} ${daysAgo(2)} ${daysAgo(-2)}`
    const onDuty = (routing: ReturnType<typeof routed>) =>
      routing.eligible.filter((one) => one.onDuty).map(({ person }) => person)
    expect(onDuty(routed(away('per_bob'), policy, ['pool_risk', 'pool_out']))).toEqual(['per_ann', 'per_eve'])
    expect(onDuty(routed(away('per_eve'), policy, ['pool_risk', 'pool_out']))).toEqual(['per_ann', 'per_bob'])
    expect(people(routed(away('per_bob'), policy, ['pool_risk']))).toEqual(['per_ann', 'per_bob'])
  })

  test('then the least load, then the id', () => {
    const load = { per_ann: 3, per_eve: 1, per_bob: Number.NaN }
    const loadOf = (person: string) => load[person as keyof typeof load] ?? 0
    const routing = routed(text, policy, ['pool_out', 'pool_risk'], loadOf)
    expect(people(routing)).toEqual(['per_eve', 'per_ann', 'per_bob'])
    expect(people(routed(text, policy, ['pool_out']))).toEqual(['per_ann', 'per_eve'])
  })

  test('somebody in two pools has one seat, where they are on duty if anywhere', () => {
    const { eligible } = routed(text, policy, ['pool_risk', 'pool_out'])
    expect(eligible.find(({ person }) => person === 'per_ann')).toMatchObject({ pool: 'pool_out', onDuty: true })
    expect(eligible.filter(({ person }) => person === 'per_ann')).toHaveLength(1)
  })

  test('[fail/closed] [B06] an empty pool, an unknown pool and no pool route to nobody', () => {
    for (const pools of [['pool_empty'], ['pool_gone'], ['constructor'], []]) {
      expect(routed(text, policy, pools)).toMatchObject({ eligible: [], excluded: [] })
    }
  })

  test('says of every pool how many it has and how many may decide', () => {
    expect(routed(text, policy, ['pool_risk', 'pool_empty', 'pool_gone']).pools).toEqual([
      { pool: 'pool_risk', members: 3, eligible: 2 },
      { pool: 'pool_empty', members: 0, eligible: 0 },
      { pool: 'pool_gone', members: 0, eligible: 0 },
    ])
  })

  test('[B13] [B22] what is listed and no person is named with the reason', () => {
    const odd = policyWith({ pools: [poolWith('pool_odd', ['wl_bot', 'per_stranger', 'team_nowhere'])] })
    const { eligible, excluded } = routed('wl_bot', odd, ['pool_odd'])
    expect(eligible).toEqual([])
    expect(excluded.map(({ person, conflicts }) => [person, conflicts[0]?.code])).toEqual([
      ['per_stranger', 'unresolved-identity'],
      ['team_nowhere', 'not-a-person'],
      ['wl_bot', 'not-a-person'],
    ])
  })

  test('[B21] says who would need a second countersigner', () => {
    const decisions = ['evt_1', 'evt_2'].map((event) => ({
      countersigner: 'per_asker',
      askedBy: ['per_eve'],
      at: daysAgo(3),
      event,
    }))
    const directory = compileDirectory(directoryOf(`sys_target\n${text}`))
    const history = { ...noHistory, decisions }
    const { eligible } = route(matterOf({ pools: ['pool_out'] }), directory, history, policy, noon)
    expect(eligible.map(({ person, additionalCountersigners }) => [person, additionalCountersigners])).toEqual([
      ['per_ann', 0],
      ['per_eve', 1],
    ])
  })
})
