/** Who says what over HTTP, and what an import would change; both only look. */
import { beforeAll, describe, expect, test } from 'vitest'
import { SourceError } from '../../src/connectors/directory.ts'
import type { SourceSnapshot } from '../../src/core/directory.ts'
import { organisation } from '../support/life.ts'
import { openSurface, type Surface } from './support/surface.ts'

let surface: Surface
let word: Pick<SourceSnapshot, 'nodes' | 'relations'> | undefined = { nodes: [], relations: [] }
beforeAll(async () => {
  const directory = `${organisation}\nteam_payments holds sys_ledger/ledger-read`
  const forge = {
    id: 'forge',
    kind: 'test',
    async read(now: string): Promise<SourceSnapshot> {
      if (word === undefined) throw new SourceError([{ where: 'forge.yaml:3:1', message: 'is wrong' }])
      return { source: { id: 'forge', revision: 'r2', observedAt: now, staleAfterSeconds: 3_600 }, shifts: [], ...word }
    },
  }
  surface = await openSurface({ directory, besides: [forge] })
})

const person = { id: 'per_asker', kind: 'person', name: 'Ada, of the forge' } as const
const newcomer = { id: 'per_new', kind: 'person', name: 'Nia' } as const
const belongs = { from: 'per_asker', relation: 'member-of', to: 'team_security' } as const

describe('what an import would change', () => {
  const diff = (token = 'per_rae') => surface.post(token, '/v1/directory/diff', {})

  test('is shown fact by fact with its source, and nothing is put into force', async () => {
    const before = await surface.world.store.heads()
    word = { nodes: [person, newcomer], relations: [belongs] }
    const { body } = await diff()
    expect(body.sources).toEqual([
      { kind: 'test', source: 'hr', outcome: 'none', problems: [] },
      { kind: 'test', source: 'forge', outcome: 'change', problems: [] },
    ])
    expect(body.added.nodes).toMatchObject([
      { id: 'per_asker', source: 'forge' },
      { id: 'per_new', name: 'Nia' },
    ])
    expect(body.added.relations).toEqual([{ ...belongs, source: 'forge' }])
    expect(body).toMatchObject({
      complete: true,
      counts: { added: 3, removed: 0, changed: 0 },
      names: { per_new: 'Nia' },
    })
    expect((await surface.world.store.heads()).directory).toBe(before.directory)
    // What was shown is what comes.
    await surface.post('per_rae', '/v1/directory/import', {})
    expect((await diff()).body.counts).toMatchObject({ added: 0, removed: 0, changed: 0 })
  })

  test('what would end, and what would be described otherwise', async () => {
    word = { nodes: [{ ...person, name: 'Ada' }], relations: [] }
    const { body } = await diff()
    expect(body.removed.nodes).toMatchObject([{ id: 'per_new' }])
    expect(body.removed.relations).toMatchObject([belongs])
    expect(body.changed).toMatchObject([
      { before: { name: 'Ada, of the forge' }, after: { name: 'Ada', source: 'forge' } },
    ])
    word = { nodes: [person, newcomer], relations: [belongs] }
  })

  test('[fail/closed] a source that cannot be read is named, and the others are shown', async () => {
    const good = word
    word = undefined
    expect((await diff()).body).toMatchObject({
      complete: false,
      sources: [
        { outcome: 'none' },
        { source: 'forge', outcome: 'unreadable', problems: ['forge.yaml:3:1: is wrong'] },
      ],
      counts: { added: 0, removed: 0 },
    })
    const { body } = await surface.post('per_rae', '/v1/directory/import', {})
    expect(body.reports[1]).toMatchObject({ source: 'forge', outcome: 'unreadable' })
    word = good
  })

  test('[B14] [B15] is for those who may have the sources read, and takes nothing from the caller', async () => {
    expect((await diff('per_asker')).status).toBe(403)
    expect((await surface.post('per_rae', '/v1/directory/diff', { path: '/etc' })).status).toBe(400)
  })
})

describe('who says what', () => {
  const sources = (token: string, id: string) => surface.get(token, `/v1/directory/nodes/${id}/sources`)

  test('every fact with its sources, what can be used, and where sources disagree', async () => {
    const { body } = await sources('per_rae', 'per_asker')
    expect(body.descriptions.map((node: { source: string }) => node.source).sort()).toEqual(['forge', 'hr'])
    expect(body.sources.map((source: { id: string; stale: boolean }) => [source.id, source.stale])).toEqual([
      ['forge', false],
      ['hr', false],
    ])
    const member = (to: string) =>
      body.relations.find((one: { to: string; relation: string }) => one.to === to && one.relation === 'member-of')
    expect(member('team_security').said).toMatchObject([{ source: 'forge' }])
    expect(member('team_payments').said).toMatchObject([{ source: 'hr' }])
    expect(body.uses).toMatchObject([
      {
        system: 'sys_ledger',
        entitlement: 'ledger-read',
        holder: 'team_payments',
        source: 'hr',
        path: [{ relation: 'member-of' }],
      },
    ])
    expect(body.disagreements).toMatchObject([
      { about: 'name' },
      { about: 'relation', sentence: expect.stringContaining('and not by `hr`, which knows both; so it counts') },
    ])
  })

  test('[B14] not for everybody: those who decide the rules or review, and whom it is about', async () => {
    expect((await sources('per_asker', 'per_asker')).status).toBe(200)
    expect((await sources('per_lee', 'per_asker')).status).toBe(403)
    expect((await sources('per_rae', 'per_Asker')).body.code).toBe('unknown-node')
    expect((await sources('per_rae', 'per_*')).status).toBe(400)
  })
})
