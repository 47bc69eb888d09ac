import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { organisation, termsFor } from '../../../test/support/life.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { DirectorySource } from '../../connectors/directory.ts'
import type { Said } from '../../core/assertion.ts'
import { importDirectory } from '../directories.ts'
import { decideAboutAssertion, proposeAssertion } from './assertions.ts'
import { assertionId, ownSource } from './own-word.ts'

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  world = await openWorld({ directory: `${organisation}\nper_rae2\nacc_new on sys_ledger login rae_db` })
})
afterAll(() => world.close())

const link = (from: string, to: string): Said => ({
  kind: 'link',
  from,
  relation: from.startsWith('acc_') ? 'belongs-to' : 'same-as',
  to,
})
const propose = (actor: string, said: Said) =>
  proposeAssertion(world.app.machinery, said, 'the same badge', world.person(actor))
const confirm = (actor: string, id: string) =>
  decideAboutAssertion(world.app.machinery, id, { type: 'confirm', note: 'seen both' }, world.person(actor))
const reject = (actor: string, id: string) =>
  decideAboutAssertion(world.app.machinery, id, { type: 'reject', reason: 'two people' }, world.person(actor))

async function own() {
  const { relations } = await world.app.machinery.knowledge.facts((await world.store.heads()).directory)
  return relations.filter(({ source }) => source === ownSource)
}

async function ask() {
  return world.must('per_asker', {
    type: 'request',
    terms: termsFor({ window: { start: world.now, end: '2026-11-22T14:00:00.000Z' } }),
  })
}

/** Another source that names somebody as the first one does. */
function otherSource(name: string): DirectorySource {
  return {
    kind: 'test',
    read: async () => ({
      source: { id: 'idp', revision: name, observedAt: world.now, staleAfterSeconds: 3_600 },
      nodes: [{ id: 'per_idp-1', kind: 'person', name }],
      relations: [],
      shifts: [],
    }),
  }
}

describe('[B02] a link', () => {
  test('[independence/unknown-is-not-independent] counts against whom it names from the commit in which it was said', async () => {
    const waiver = await ask()
    const said = await propose('per_kim', link('per_asker', 'per_sue'))
    expect(said).toMatchObject({ outcome: 'accepted', assertion: { status: 'proposed' } })
    expect(await own()).toMatchObject([{ from: 'per_asker', relation: 'same-as', to: 'per_sue', confirmed: false }])
    const handled = await world.countersign('per_sue', waiver.id)
    expect(handled).toMatchObject({ outcome: 'refused', refusal: { code: 'approver-not-independent' } })
    const [conflict] = handled.outcome === 'refused' ? (handled.refusal.conflicts ?? []) : []
    expect(conflict?.path.map(({ source }) => source)).toContain(ownSource)

    const id = assertionId(link('per_asker', 'per_sue'))
    expect(await confirm('per_kim', id)).toMatchObject({ refusal: { code: 'author-is-approver' } })
    // A team mate of whoever said it is no more independent than they are.
    expect(await reject('per_rae', id)).toMatchObject({ refusal: { code: 'approver-not-independent' } })
    expect(await reject('per_watch', id)).toMatchObject({ assertion: { status: 'rejected' } })
    expect(await own()).toEqual([])
    expect((await world.countersign('per_sue', waiver.id)).outcome).toBe('accepted')
    await world.must('per_asker', { type: 'withdraw', reason: 'tried out' }, waiver.id)
  })

  test('gives somebody an account only once somebody independent confirmed it, with the evidence kept', async () => {
    const said = link('acc_new', 'per_chief')
    const request = () =>
      world.handle('per_chief', {
        type: 'request',
        terms: termsFor({
          beneficiary: 'per_chief',
          access: { ...termsFor().access, account: 'rae_db' },
          window: { start: world.now, end: '2026-11-22T13:00:00.000Z' },
        }),
      })
    expect((await propose('per_chief', said)).outcome).toBe('accepted')
    expect(await request()).toMatchObject({ refusal: { code: 'unknown-account' } })
    expect(await confirm('per_chief', assertionId(said))).toMatchObject({ outcome: 'refused' })
    expect((await confirm('per_rae', assertionId(said))).outcome).toBe('accepted')
    expect((await request()).outcome).toBe('accepted')
    const events = await world.store.waivers.events(assertionId(said))
    expect(events.map(({ type, by }) => [type, by])).toEqual([
      ['AssertionProposed', 'per_chief'],
      ['AttemptRefused', 'per_chief'],
      ['AssertionConfirmed', 'per_rae'],
    ])
    expect(events[0]?.body).toMatchObject({ evidence: 'the same badge' })
  })

  test('[B13] names that look alike in two sources are one for now, until somebody says that they are two', async () => {
    const pair = link('per_idp-1', 'per_sam')
    await importDirectory(world.app.machinery, [otherSource('p\u0435r_s\u0430m')])
    expect(await own()).toContainEqual(expect.objectContaining({ from: 'per_idp-1', to: 'per_sam', confirmed: false }))
    expect(await reject('per_rae', assertionId(pair))).toMatchObject({
      assertion: { author: 'sys_countersign', status: 'rejected' },
    })
    expect((await own()).some(({ from }) => from === 'per_idp-1')).toBe(false)
    // Read again, it stays what somebody said it is.
    await importDirectory(world.app.machinery, [otherSource('p\u0435r_s\u0430m ')])
    expect((await own()).some(({ from }) => from === 'per_idp-1')).toBe(false)
  })

  test('our own records are as fresh as the last reading, and never the oldest source', async () => {
    await world.after(1_800)
    await importDirectory(world.app.machinery, world.app.sources)
    const { freshness, now } = await world.store.heads()
    expect(freshness[ownSource]).toBe(now)
  })

  test('an attempt on what nobody said leaves nothing, and a suggestion that is none is not decided about', async () => {
    const id = assertionId(link('per_lee', 'per_kim'))
    expect(await confirm('per_rae', id)).toMatchObject({ refusal: { code: 'assertion-not-open' } })
    expect(await world.store.waivers.events(id)).toEqual([])
  })
})
