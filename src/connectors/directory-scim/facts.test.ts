import { describe, expect, test } from 'vitest'
import { mapping } from '../../../test/support/scim.ts'
import type { ScimResource } from '../../store/scim-contract.ts'
import { enterprise, factsOf, type ScimMapping } from './facts.ts'
import { directoryScim } from './source.ts'

const at = '2026-11-22T12:00:00.000Z'

function user(id: string, body: object = {}, more: Partial<ScimResource> = {}): ScimResource {
  const whole = { userName: `${id}@x`, ...body }
  return {
    source: 'idp',
    kind: 'User',
    id,
    node: `per_${id}`,
    version: 1,
    nameKey: whole.userName.toLowerCase(),
    active: true,
    created: at,
    modified: at,
    body: whole,
    ...more,
  }
}

function group(id: string, displayName: string, ...members: readonly string[]): ScimResource {
  return {
    ...user(id),
    kind: 'Group',
    node: `team_${id}`,
    body: { displayName, members: members.map((value) => ({ value })) },
  }
}

function facts(resources: readonly ScimResource[], how: Partial<ScimMapping> = {}) {
  const { nodes, relations } = factsOf(resources, { ...mapping, ...how })
  return { nodes, said: relations.map(({ from, relation, to }) => `${from} ${relation} ${to}`), relations }
}

describe('what is pushed', () => {
  test('people with names, accounts, groups, nested groups and departments', () => {
    const { nodes, said } = facts([
      user('ann', { displayName: 'Ann', [enterprise]: { department: 'Risk & Control' } }),
      user('bob', { name: { givenName: 'Bob', familyName: 'B' }, userType: 'Guest' }),
      group('g1', 'Payments', 'ann', 'g2'),
      group('g2', 'Payments core', 'bob'),
    ])
    expect(nodes.map(({ id, name }) => [id, name])).toEqual(
      expect.arrayContaining([
        ['per_ann', 'Ann'],
        ['per_bob', 'Bob B'],
        ['team_g1', 'Payments'],
        ['acc_company:ann%40x', 'ann@x'],
      ]),
    )
    expect(nodes.find(({ id }) => id === 'per_bob')?.external).toBe(true)
    expect(said).toEqual(
      expect.arrayContaining([
        'per_ann member-of team_g1',
        'team_g2 part-of team_g1',
        'per_bob member-of team_g2',
        'acc_company:ann%40x belongs-to per_ann',
      ]),
    )
    expect(said).toContainEqual(expect.stringMatching(/^per_ann member-of team_department-risk-control-[0-9a-f]{8}$/))
  })

  test('[B13] departments that only look alike are two, and the same in another case is one', () => {
    const departments = (...names: readonly string[]) =>
      new Set(
        facts(names.map((department, n) => user(`u${n}`, { [enterprise]: { department } })))
          .said.filter((one) => one.includes('department'))
          .map((one) => one.split(' ')[2]),
      ).size
    expect(departments('R&D', 'R-D', 'R D')).toBe(3)
    expect(departments('Sales', 'SALES ')).toBe(1)
    expect(departments('Sales', 'S\u0430les')).toBe(2)
  })

  test('a manager by id, name or external id', () => {
    const managed = (value: string) =>
      facts([
        user('ann', { [enterprise]: { manager: { value } } }),
        user('boss', { userName: 'Boss@x' }, { externalId: 'E7' }),
      ]).said
    for (const name of ['boss', 'BOSS@x', 'E7']) expect(managed(name)).toContain('per_ann reports-to per_boss')
  })

  test('[independence/unknown-is-not-independent] a manager whom nobody knows stays in the dark', () => {
    const { nodes, said } = facts([user('ann', { [enterprise]: { manager: { value: 'someone@else' } } })])
    const unknown = said.find((one) => one.includes('reports-to'))?.split(' ')[2]
    expect(unknown).toMatch(/^per_unknown-manager-someone-else-/)
    expect(nodes.some(({ id }) => id === unknown)).toBe(false)
  })

  test('[B08] who is not active has left; who was deleted is no member', () => {
    const { nodes, said } = facts([
      user('ann', {}, { active: false, inactiveSince: at }),
      group('g1', 'G', 'ann', 'deleted'),
    ])
    expect(nodes.find(({ id }) => id === 'per_ann')?.until).toBe(at)
    expect(said.filter((one) => one.includes('member-of'))).toEqual(['per_ann member-of team_g1'])
  })

  test('[B02] two people of one e-mail address are said to be one', () => {
    const emails = [{ value: 'Shared@x', primary: true }]
    const { relations } = facts([user('ann', { emails }), user('bob', { emails: [{ value: 'shared@x' }] })])
    expect(relations.filter(({ from }) => from === 'acc_mailto:shared%40x')).toEqual([
      { from: 'acc_mailto:shared%40x', relation: 'belongs-to', to: 'per_ann', confirmed: false },
      { from: 'acc_mailto:shared%40x', relation: 'belongs-to', to: 'per_bob', confirmed: false },
    ])
  })
})

const unchanged = { changes: async () => undefined, named: async () => undefined }

describe('[B02] whose account it is', () => {
  const confirmedFor = async (ids: 'generated' | 'externalId', accountsConfirmedBy?: [string, string]) => {
    const source = directoryScim({
      ...mapping,
      source: 'idp',
      ids,
      accountsConfirmedBy,
      accounts: [{ on: 'company', login: 'userName' }],
      externalTypes: [],
      state: { ...unchanged, everything: async () => ({ revision: '7', heardAt: at, resources: [user('ann')] }) },
    })
    const { relations } = await source.read(at)
    return relations.find(({ from }) => from.startsWith('acc_company'))?.confirmed
  }

  test('the user’s own, where the ids are its provider’s; otherwise by the word of somebody else', async () => {
    expect(await confirmedFor('generated')).toBe(true)
    expect(await confirmedFor('externalId')).toBe(false)
    expect(await confirmedFor('externalId', ['per_ann', 'per_bob'])).toBe(true)
  })
})

test('[fail/closed] a source is as old as the last call of its client, and says nothing before the first', async () => {
  const of = (heardAt: string | undefined) =>
    directoryScim({
      ...mapping,
      source: 'idp',
      ids: 'generated',
      accountsConfirmedBy: undefined,
      accounts: [],
      externalTypes: [],
      state: {
        ...unchanged,
        everything: async () => ({ revision: '7', resources: [], ...(heardAt === undefined ? {} : { heardAt }) }),
      },
    }).read(at)
  expect((await of('2026-11-20T00:00:00.000Z')).source).toMatchObject({
    revision: 'scim:7',
    observedAt: '2026-11-20T00:00:00.000Z',
  })
  await expect(of(undefined)).rejects.toThrow('its client has not called yet')
})
