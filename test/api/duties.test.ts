// Conflicts of duties over HTTP: what everybody holds by the directory and by live waivers, what covers it, who sees it.
import { beforeAll, describe, expect, test } from 'vitest'
import type { DutiesView } from '../../src/client/index.ts'
import { organisation, policyFor, termsFor } from '../support/life.ts'
import { no, openSurface, type Surface, yes } from './support/surface.ts'

const held = `
  team_payments holds sys_ledger/ledger-approve
  per_mate holds sys_ledger/ledger-write
  per_chief holds sys_ledger/ledger-write
  per_chief holds sys_ledger/ledger-approve`

let surface: Surface

beforeAll(async () => {
  const mitigation = {
    id: 'chief-watched',
    holder: 'per_chief',
    rule: 'post-and-approve',
    control: 'peer-watch',
    owner: 'per_lee',
    from: '2026-11-22T00:00:00.000Z',
    until: '2026-12-22T00:00:00.000Z',
    everySeconds: 13 * 3_600,
  }
  surface = await openSurface({
    directory: `${organisation}${held}`,
    policy: policyFor({}, { mitigations: { 'chief-watched': mitigation } }),
  })
})

async function seen(token: string, query: object = {}): Promise<DutiesView> {
  return yes(await surface.client(token).duties(query))
}

describe('who holds a conflict', () => {
  test('is counted for whoever answers for the rules, with what covers it', async () => {
    const all = await seen('per_rae')
    expect(all.totals).toEqual({ conflicts: 2, holders: 2, covered: 1, uncovered: 1 })
    expect(all.conflicts.map(({ holder, coveredBy }) => [holder, coveredBy])).toEqual([
      ['per_mate', []],
      ['per_chief', ['chief-watched']],
    ])
    expect((await seen('per_rae', { uncovered: 'true' })).conflicts).toHaveLength(1)
  })

  test('[B15] a person sees their own and those of whom they answer for, and nothing of anybody else', async () => {
    expect((await seen('per_mate')).conflicts.map(({ holder }) => holder)).toEqual(['per_mate'])
    expect((await seen('per_nobody')).totals).toMatchObject({ conflicts: 0, holders: 0 })
    const chief = await seen('per_chief')
    expect(chief.conflicts.map(({ holder }) => holder)).toEqual(['per_chief'])
    expect(chief).toMatchObject({ alone: [], undescribed: [] })
    expect(no(await surface.client('per_nobody').dutyHolder('per_mate'))).toBe('not-permitted')
    expect(no(await surface.client('per_mate').dutyFixes())).toBe('not-permitted')
    expect(yes(await surface.client('per_chief').dutyHolder('per_asker')).holder).toBe('per_asker')
  })

  test('by which team, what to give up, and what more would add', async () => {
    const mate = yes(await surface.client('per_rae').dutyHolder('per_mate'))
    expect(mate.origins.find(({ entitlement }) => entitlement === 'sys_ledger/ledger-approve')?.by).toMatchObject([
      { kind: 'directory', statedFor: 'team_payments', path: [{ relation: 'member-of' }] },
    ])
    expect(mate.fix).toMatchObject({ smallest: true })
    const asker = yes(await surface.client('per_rae').dutyHolder('per_asker', { adding: ['sys_ledger/ledger-write'] }))
    expect(asker).toMatchObject({ conflicts: [], adds: { breaks: [{ rule: 'post-and-approve' }] } })
    expect(yes(await surface.client('per_rae').dutyFixes()).plan).toMatchObject({ resolvedCount: 1, remainingCount: 0 })
    expect(no(await surface.client('per_rae').dutyHolder('per_unheard'))).toBe('unknown-node')
  })
})

describe('a mitigation', () => {
  test('covers only while evidence comes from whoever answers for it', async () => {
    const { world, client } = surface
    const listed = yes(await client('per_lee').mitigations())
    expect(listed.mitigations).toMatchObject([{ id: 'chief-watched', dueAt: '2026-11-22T13:00:00.000Z' }])
    expect(yes(await client('per_nobody').mitigations()).mitigations).toEqual([])
    await world.at('2026-11-22T13:30:00.000Z')
    await world.changeDirectory(`${organisation}${held}`)
    expect((await seen('per_rae')).conflicts.find(({ holder }) => holder === 'per_chief')?.notCoveredBy).toEqual([
      { id: 'chief-watched', why: 'control-not-kept' },
    ])
    const note = { note: 'Recounted with the list of the bank, folder 7.' }
    expect(no(await client('per_chief').evidenceMitigation('chief-watched', note))).toBe('not-permitted')
    expect(no(await client('per_lee').evidenceMitigation('no-such', note))).toBe('unknown-mitigation')
    const given = yes(
      await client('per_lee').evidenceMitigation('chief-watched', note, { idempotencyKey: 'evidence-1' }),
    )
    expect(given.mitigation).toMatchObject({ evidencedAt: '2026-11-22T13:30:00.000Z' })
    const again = yes(
      await client('per_lee').evidenceMitigation('chief-watched', note, { idempotencyKey: 'evidence-1' }),
    )
    expect(again.replayed).toBe(true)
    expect((await seen('per_rae')).totals).toMatchObject({ covered: 1 })
  })
})

test('[terms/bound] what a waiver gives counts while it gives it, and an exception covers exactly what it names', async () => {
  const { world } = surface
  const terms = termsFor({
    kind: 'sod-exception',
    window: { start: world.now, end: '2026-11-22T15:00:00.000Z' },
    controls: [{ control: 'peer-watch', owner: 'per_lee', every: 'PT30M' }],
    exception: {
      rule: 'post-and-approve',
      other: { system: 'sys_ledger', entitlement: 'ledger-approve' },
      removesAtEnd: 'access',
    },
  } as Parameters<typeof termsFor>[0])
  const waiver = await world.must('per_asker', { type: 'request', terms })
  await world.countersign('per_sam', waiver.id)
  await world.must(
    'per_asker',
    { type: 'activate', account: 'asker_db' } as Parameters<typeof world.must>[1],
    waiver.id,
  )
  await world.settle()
  const asker = (await seen('per_rae')).conflicts.find(({ holder }) => holder === 'per_asker')
  expect(asker).toMatchObject({ coveredBy: [waiver.id] })
  const detail = yes(await surface.client('per_rae').dutyHolder('per_asker'))
  expect(detail.origins.find(({ entitlement }) => entitlement === 'sys_ledger/ledger-write')?.by).toMatchObject([
    { kind: 'waiver', waiver: waiver.id },
  ])
  await world.at('2026-11-22T16:00:00.000Z')
  await world.settle()
  expect((await seen('per_rae')).conflicts.map(({ holder }) => holder)).not.toContain('per_asker')
})
