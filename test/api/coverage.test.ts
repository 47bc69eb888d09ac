// Coverage over HTTP: the same answer as the core's, cut to what the caller may see, kept until something changes.
import { beforeAll, describe, expect, test } from 'vitest'
import type { CoverageView } from '../../src/client/index.ts'
import { poolWith } from '../support/directories.ts'
import { organisation, policyFor } from '../support/life.ts'
import { no, openSurface, refreshDirectory, type Surface, yes } from './support/surface.ts'

const turns = `
  shift rota_day per_sam 2026-11-22T08:00:00Z 2026-11-22T20:00:00Z
  shift rota_night per_mate 2026-11-22T20:00:00Z 2026-12-20T12:00:00Z
  sys_ledger`

let surface: Surface

beforeAll(async () => {
  const policy = policyFor()
  const pools = {
    ...policy.pools,
    pool_security: {
      ...poolWith('pool_security', ['per_sam', 'per_sue', 'per_mate']),
      rotas: ['rota_day', 'rota_night'],
    },
  }
  surface = await openSurface({ directory: `${organisation}${turns}`, policy: { ...policy, pools } })
})

const week = { weeks: '1', from: '2026-11-22T12:00:00Z' }

async function asked(token: string, query: object): Promise<CoverageView> {
  return yes(await surface.client(token).coverage({ ...week, ...query }))
}

describe('[on-call/never-both-sides] [B04] the hours in which a team mate alone is on duty', () => {
  test('are uncovered for the team, covered until then, with path and remedy for whoever answers for the rules', async () => {
    const seen = await asked('per_rae', { group: 'team_payments', remedy: 'true' })
    const [row] = seen.rows
    expect(row?.counts.slice(0, 8)).toEqual(Array(8).fill(1))
    expect(row?.uncovered).toEqual(Array.from({ length: 160 }, (_, hour) => hour + 8))
    const [gap] = seen.gaps
    expect(gap?.people.find(({ onDuty }) => onDuty)).toMatchObject({ person: 'per_mate', independent: false })
    expect(gap?.people[0]?.conflicts[0]?.reads).toContain('—member of→')
    expect(seen.remedy).toMatchObject({ search: 'exact', before: 160, after: 0 })
    expect(seen.remedy?.steps).toMatchObject([{ kind: 'turns', rota: 'rota_day', hours: 160 }])
    expect(seen.names.rota_day).toBe('rota_day')
  })

  test('somebody in the team sees its hours and the codes, no path and no remedy', async () => {
    const seen = await asked('per_asker', { group: 'team_payments', remedy: 'true' })
    expect(seen.rows[0]?.uncovered).toHaveLength(160)
    expect(seen.remedy).toBeUndefined()
    for (const { person, conflicts } of seen.gaps[0]?.people ?? []) {
      if (person === 'per_asker') continue
      for (const conflict of conflicts) expect(Object.keys(conflict)).toEqual(['code'])
    }
  })
})

describe('[B15] when nobody watches is for nobody to collect', () => {
  test.each([
    ['a person about another team', 'per_nobody', { group: 'team_payments' }],
    ['a person about everybody', 'per_asker', {}],
    ['a person about a workload of somebody else', 'per_nobody', { group: 'wl_bot' }],
    ['a workload about itself', 'wl_bot', { group: 'wl_bot' }],
  ])('%s', async (_, token, query) => {
    expect(no(await surface.client(token).coverage({ ...week, ...query }))).toBe('not-permitted')
  })

  test('what one is part of one may ask about', async () => {
    expect((await asked('per_asker', { group: 'wl_bot' })).rows).toHaveLength(1)
    expect((await asked('per_oncall', { group: 'rota_payments' })).rows).toHaveLength(0)
  })

  test('nobody and nothing is made up', async () => {
    expect(no(await surface.client('per_rae').coverage({ ...week, group: 'team_none' }))).toBe('unknown-node')
    expect(no(await surface.client('per_rae').coverage({ ...week, system: 'sys_none' }))).toBe('unknown-node')
    const bad = await surface.get('per_rae', '/v1/coverage?weeks=13')
    expect(bad.status).toBe(400)
  })
})

test('all teams, worst first, and the numbers for operators', async () => {
  const all = await asked('per_watch', {})
  expect(all.totals).toMatchObject({ rowsUncovered: all.rows.filter(({ uncovered }) => uncovered.length > 0).length })
  expect(all.rows.map(({ uncovered }) => uncovered.length)).toEqual(
    all.rows.map(({ uncovered }) => uncovered.length).toSorted((a, b) => b - a),
  )
  await surface.get('', '/metrics')
  await expect
    .poll(async () => (await surface.get('', '/metrics')).body as string, { timeout: 60_000 })
    .toMatch(/countersign_uncovered_hours_ahead \d+\n/)
})

test('[B08] a changed directory is another answer at once', async () => {
  await surface.world.changeDirectory(`${organisation}${turns.replace('rota_night per_mate', 'rota_day per_sue')}`)
  await refreshDirectory(surface)
  expect((await asked('per_rae', { group: 'team_payments' })).totals.uncovered).toBe(0)
})

describe('[independence/relation-not-title] who could decide in the coming hour', () => {
  test('is told of everybody in the pools, with paths for whoever answers for the rules, and drawn on demand', async () => {
    const seen = yes(await surface.client('per_rae').standby({ group: 'team_payments' }))
    const ledger = seen.systems.find(({ system }) => system === 'sys_ledger')
    const mate = ledger?.people.find(({ person }) => person === 'per_mate')
    expect(mate).toMatchObject({ independent: false })
    expect(mate?.conflicts[0]?.reads).toContain('—member of→')
    expect(ledger?.people.find(({ person }) => person === 'per_sam')).toMatchObject({
      independent: true,
      conflicts: [],
    })
    expect(ledger?.count).toBe(
      ledger?.people.filter(({ independent, onDuty, away }) => independent && onDuty && !away).length,
    )
    const about = { group: 'team_payments', system: 'sys_ledger' }
    const drawn = yes(await surface.client('per_rae').standbyPicture({ ...about, person: 'per_mate' }))
    expect(drawn).toMatchObject({ person: 'per_mate', independent: false })
    expect(drawn.edges.some(({ conflicts }) => conflicts.includes('on-requesting-team'))).toBe(true)
    const free = yes(await surface.client('per_rae').standbyPicture({ ...about, person: 'per_sam' }))
    expect(free).toMatchObject({ independent: true, conflicts: [] })
  })

  test('[B15] whoever is part of the group sees codes and their own picture, others nothing', async () => {
    const seen = yes(await surface.client('per_asker').standby({ group: 'team_payments' }))
    for (const { person, conflicts } of seen.systems.flatMap(({ people }) => people)) {
      if (person === 'per_asker') continue
      for (const conflict of conflicts) expect(Object.keys(conflict)).toEqual(['code'])
    }
    const about = { group: 'team_payments', system: 'sys_ledger' }
    expect(no(await surface.client('per_asker').standbyPicture({ ...about, person: 'per_mate' }))).toBe('not-permitted')
    yes(await surface.client('per_asker').standbyPicture({ ...about, person: 'per_asker' }))
    expect(no(await surface.client('per_nobody').standby({ group: 'team_payments' }))).toBe('not-permitted')
    expect(no(await surface.client('wl_bot').standby({ group: 'wl_bot' }))).toBe('not-permitted')
    expect(no(await surface.client('per_rae').standby({ group: 'team_none' }))).toBe('unknown-node')
  })
})
