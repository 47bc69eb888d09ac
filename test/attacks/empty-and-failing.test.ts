/** Nothing there, or nothing answers: tried on a whole installation, where nothing must never mean everything. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Terms } from '../../src/core/terms.ts'
import { handle } from '../../src/engine/handle.ts'
import { signedIn } from '../simulator/installation.ts'
import { firstRules, rulesOf } from '../simulator/organisation.ts'
import { ledger, openStage, type Stage, termsAt } from '../simulator/stage.ts'
import { createDatabase } from '../support/postgres.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const ask = (parts: Partial<Terms> = {}) => stage.does('per_ann', { type: 'request', terms: termsAt(stage.now, parts) })
const refusalOf = (handled: Awaited<ReturnType<typeof ask>>) =>
  handled.outcome === 'refused' ? handled.refusal.code : 'accepted'
const withTier = (parts: object) => {
  const rules = rulesOf(firstRules)
  const plain = { ...(rules.tiers.plain ?? never()), ...parts }
  return { ...rules, tiers: { ...rules.tiers, plain } }
}

describe('[B06] empty never means all', () => {
  test.each([
    ['no resources', { access: ledger('write', 'ann_db', []) }],
    ['no actions', { access: ledger('write', 'ann_db', ['entries'], []) }],
    ['an empty name', { access: ledger('write', 'ann_db', ['']) }],
    ['a star', { access: ledger('write', 'ann_db', ['*']) }],
    ['no account', { access: ledger('write', undefined) }],
    ['no reason', { reason: ' ' }],
    ['everything that is asked for is excluded', { conditions: { exclusions: ['entries'] } }],
  ])('terms with %s are refused', async (_, parts) => {
    expect(refusalOf(await ask(parts))).not.toBe('accepted')
  })

  test.each([
    ['resources', (terms: Terms) => ({ ...terms, access: { ...terms.access, resources: [] } })],
    ['actions', (terms: Terms) => ({ ...terms, access: { ...terms.access, actions: [] } })],
    ['everything, by exclusion', (terms: Terms) => ({ ...terms, conditions: { exclusions: terms.access.resources } })],
    ['uses', (terms: Terms) => ({ ...terms, conditions: { usesMax: 0 } })],
  ])('and nobody can narrow away all %s', async (_, narrow) => {
    const { id } = await stage.asks()
    const { proposal } = await stage.waiver(id)
    if (proposal === undefined) throw new Error('nothing to decide')
    const { digest, terms } = proposal
    const signed = await stage.does(
      'per_sam',
      { type: 'countersign', digest, acknowledges: [], narrowed: narrow(terms) },
      id,
    )
    expect(refusalOf(signed)).not.toBe('accepted')
  })

  test.each([
    ['no members', () => rulesOf({ ...firstRules, pool: [] })],
    ['members nobody knows', () => rulesOf({ ...firstRules, pool: ['per_unheard_of', 'team_nowhere'] })],
    ['no pools', () => withTier({ pools: [] })],
    ['pools that do not exist', () => withTier({ pools: ['pool_nowhere'] })],
  ])('a tier with %s has nobody who decides', async (_, rules) => {
    await stage.inForce(rules())
    expect(refusalOf(await ask())).toBe('no-independent-approver')
  })

  test('a tier that needs nobody still gives nothing without somebody', async () => {
    await stage.inForce(withTier({ countersignersMin: 0, activation: 'automatic' }))
    const handled = await ask()
    if (handled.outcome === 'refused') return
    const { id } = handled.waiver
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('not-in-this-state')
    await stage.after(60)
    await stage.settle()
    expect(stage.targets.given).toEqual([])
    expect(await stage.waiver(id)).toMatchObject({ status: 'requested', approvals: [] })
  })

  test('without rules or without a directory nobody does anything', async () => {
    const { id } = await stage.asks()
    for (const head of ['policy', 'directory']) {
      await stage.installation.admin.query('update heads set digest = null where name = $1', [head])
      expect(refusalOf(await ask({ access: ledger('write', 'ann_db', ['accounts']) }))).toBe('not-initialised')
      expect(refusalOf(await stage.signs('per_sam', id))).toBe('not-initialised')
    }
    expect(await stage.waiver(id)).toMatchObject({ status: 'requested' })
  })
})

describe('[B07] [fail/closed] what fails allows nothing', () => {
  test.each(['request', 'countersign', 'activate'] as const)(
    'the target says nothing when somebody wants to %s',
    async (step) => {
      const silence = () => {
        stage.truth().dead = true
      }
      if (step === 'request') silence()
      const asked = await ask()
      if (asked.outcome === 'refused') return expect(asked.refusal.code).toBe('contents-unknown')
      const { id } = asked.waiver
      if (step === 'countersign') silence()
      const signed = await stage.signs('per_sam', id)
      if (signed.outcome === 'refused') return expect(signed.refusal.code).toBe('contents-unknown')
      silence()
      expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('contents-unknown')
      await stage.settle()
      expect(stage.targets.given).toEqual([])
    },
  )

  test('[B08] a directory that nobody has read for more than a day knows nobody', async () => {
    await stage.after(25 * 3_600)
    const handled = await ask()
    expect(refusalOf(handled)).toBe('no-independent-approver')
    const why =
      handled.outcome === 'refused' ? (handled.refusal.excluded ?? []).flatMap(({ conflicts }) => conflicts) : []
    expect(new Set(why.map(({ code }) => code))).toContain('directory-too-old')
  })

  test('rules or a directory that cannot be read are a fault, and nothing is written', async () => {
    const { id } = await stage.asks()
    const { admin } = stage.installation
    const before = (await admin.query('select count(*) from events')).rows
    for (const head of ['policy', 'directory']) {
      await admin.query('alter table heads drop constraint if exists heads_digest_fkey')
      const { rows } = await admin.query<{ digest: string }>('select digest from heads where name = $1', [head])
      await admin.query(`update heads set digest = 'sha256:gone' where name = $1`, [head])
      const fresh = stage.another((_, call) => call())
      const { proposal } = await stage.waiver(id)
      const command = { type: 'countersign', digest: proposal?.digest ?? '', acknowledges: [] } as const
      await expect(
        handle(fresh.machinery, { waiver: id, actor: signedIn('per_sam', stage.now), command }),
      ).rejects.toThrow(/sha256:gone/)
      await admin.query('update heads set digest = $2 where name = $1', [head, rows[0]?.digest])
    }
    await admin.query(
      'alter table heads add constraint heads_digest_fkey foreign key (digest) references revisions (digest)',
    )
    expect((await admin.query('select count(*) from events')).rows).toEqual(before)
  })
})

function never(): never {
  throw new Error('the rules have no such tier')
}
