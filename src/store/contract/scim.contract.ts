/** What identity providers push: versions, names, revisions, and whoever was deleted and comes back. */
import { describe, expect, test } from 'vitest'
import type { ScimDraft, ScimResource } from '../scim-contract.ts'
import type { Harness } from './harness.contract.ts'

const draft = (name: string, more: Partial<ScimDraft> = {}): ScimDraft => ({
  nameKey: name,
  active: true,
  body: { userName: name },
  ...more,
})

export function scim(the: () => Harness): void {
  describe('what is pushed', () => {
    const state = () => the().store.scim
    const create = (source: string, id: string, more: Partial<ScimDraft> = {}) =>
      state().create({ source, kind: 'User', id, node: `per_${id}`, ...draft(id, more) })
    const must = async (created: ReturnType<typeof create>) => {
      const resource = await created
      if (typeof resource === 'string') throw new Error(resource)
      return resource
    }

    test('[B12] a change is made once, from the version that was looked at, and moves the revision', async () => {
      const ann = await must(create('s1', 'ann'))
      expect(ann).toMatchObject({ version: 1, active: true, node: 'per_ann' })
      const revisionBefore = (await state().everything('s1')).revision
      const both = await Promise.all([
        state().replace(ann, draft('ann', { body: { userName: 'ann', title: 'a' } })),
        the().other.scim.replace(ann, draft('ann', { body: { userName: 'ann', title: 'b' } })),
      ])
      expect(both.filter((one) => one === 'changed')).toHaveLength(1)
      const { revision, resources } = await state().everything('s1')
      expect(Number(revision)).toBeGreaterThan(Number(revisionBefore))
      expect(resources).toHaveLength(1)
      expect(resources[0]?.version).toBe(2)
    })

    test('[B13] a name is one user’s, in any spelling its key folds together, and each source is its own', async () => {
      await must(create('s2', 'bob'))
      expect(await create('s2', 'bob2', { nameKey: 'bob' })).toBe('name-taken')
      expect(await state().create({ source: 's2', kind: 'User', id: 'bob3', node: 'per_bob', ...draft('bob3') })).toBe(
        'node-taken',
      )
      await must(create('s3', 'bob'))
      const eve = await must(create('s2', 'eve'))
      expect(await state().replace(eve, draft('bob'))).toBe('name-taken')
      const groups = await Promise.all(
        ['g1', 'g2'].map((id) =>
          state().create({ source: 's2', kind: 'Group', id, node: `team_${id}`, ...draft('same') }),
        ),
      )
      expect(groups.map((one) => typeof one)).toEqual(['object', 'object'])
    })

    test('what has changed since a revision, as long as nothing came, went or is named otherwise', async () => {
      const ann = await must(create('s7', 'ann', { externalId: 'E1' }))
      const bob = await must(create('s7', 'bob'))
      await state().heard('s7')
      const since = (await state().everything('s7')).revision
      const none = { revision: since, heardAt: expect.any(String), resources: [] }
      expect(await state().changes('s7', since, 10)).toEqual(none)
      expect(await state().changes('s7', '0', 10)).toBeUndefined()
      const off = (await state().replace(ann, { ...draft('ann', { active: false }), externalId: 'E1' })) as ScimResource
      const changes = await state().changes('s7', since, 10)
      expect(changes).toMatchObject({ resources: [{ id: 'ann', version: 2, active: false }] })
      expect(changes?.revision).toBe((await state().everything('s7')).revision)
      expect(await state().changes('s7', since, 0)).toBeUndefined()
      const named = (names: readonly string[], revision = changes?.revision ?? '') =>
        state().named('s7', revision, { ids: ['bob'], names })
      expect((await named(['E1', 'nobody']))?.map(({ id }) => id)).toEqual(['ann', 'bob'])
      expect((await named([]))?.map(({ id }) => id)).toEqual(['bob'])
      expect(await named([], since)).toBeUndefined()
      const ways = [
        () => state().replace(off, { ...draft('ann', { active: false }), externalId: 'E2' }),
        () => state().replace(bob, draft('rob')),
        () => create('s7', 'eve'),
        async () => state().remove((await state().find({ source: 's7', kind: 'User' }, 'eve')) as ScimResource),
      ]
      for (const way of ways) {
        const { revision } = await state().everything('s7')
        await way()
        expect(await state().changes('s7', revision, 10)).toBeUndefined()
      }
      expect(await state().changes('nobody-called', '0', 10)).toBeUndefined()
    })

    test('since when somebody is inactive stays, until they are active again', async () => {
      const first = await must(create('s4', 'ann', { active: false }))
      const later = (await state().replace(
        first,
        draft('ann', { active: false, body: { title: 'x' } }),
      )) as ScimResource
      expect(later.inactiveSince).toBe(first.inactiveSince)
      expect(((await state().replace(later, draft('ann'))) as ScimResource).inactiveSince).toBeUndefined()
    })

    test('[B08] who was deleted is not there, and is known again by external id, or by name where one had none', async () => {
      const place = { source: 's5', kind: 'User' } as const
      for (const [id, externalId] of [
        ['ann', 'E1'],
        ['bob', undefined],
      ] as const) {
        const made = await must(create('s5', id, externalId === undefined ? {} : { externalId }))
        expect(await state().remove(made)).toBe('removed')
        expect(await state().remove(made)).toBe('changed')
      }
      expect(await state().find(place, 'ann')).toBeUndefined()
      expect((await state().everything('s5')).resources).toEqual([])
      const former = (name: string, externalId?: string) =>
        state().formerNode(place, draft(name, externalId === undefined ? {} : { externalId }))
      expect(await former('anything', 'E1')).toBe('per_ann')
      expect(await former('ann')).toBe('per_ann')
      expect(await former('ann', 'E2')).toBeUndefined()
      expect(await former('bob', 'E9')).toBe('per_bob')
      expect(await state().create({ ...place, id: 'ann2', node: 'per_ann', ...draft('ann') })).toMatchObject({
        node: 'per_ann',
      })
    })

    test('they are found by what an index knows, page by page, and members by their groups', async () => {
      for (const id of ['a', 'b', 'c']) await must(create('s6', id, { externalId: `E-${id}` }))
      const place = { source: 's6', kind: 'User' } as const
      const page = await state().search(place, {}, 1, 1)
      expect([page.total, page.resources.map(({ id }) => id)]).toEqual([3, ['b']])
      expect((await state().search(place, { externalId: 'E-c', nameKey: 'c' }, 0, 9)).resources).toHaveLength(1)
      expect((await state().search(place, { externalId: 'E-c', nameKey: 'a' }, 0, 9)).total).toBe(0)
      const body = { displayName: 'G', members: [{ value: 'a' }] }
      await state().create({ source: 's6', kind: 'Group', id: 'g', node: 'team_g', ...draft('g', { body }) })
      expect((await state().groupsOf('s6', 'a')).map(({ id }) => id)).toEqual(['g'])
      expect(await state().groupsOf('s6', 'b')).toEqual([])
      expect(await state().existing('s6', ['a', 'g', 'nobody'])).toEqual(new Set(['a', 'g']))
    })

    test('when the client called is remembered', async () => {
      expect((await state().everything('s8')).heardAt).toBeUndefined()
      await state().heard('s8')
      expect((await state().everything('s8')).heardAt).toMatch(/Z$/)
    })
  })
}
