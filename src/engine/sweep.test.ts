import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { firstRules, rulesOf } from '../../test/simulator/organisation.ts'
import { envelopeAt, ledger, openStage, type Stage } from '../../test/simulator/stage.ts'
import { createDatabase } from '../../test/support/postgres.ts'
import { plusSeconds } from '../core/time.ts'
import { sweep, sweepAll } from './sweep.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const vault = {
  system: 'sys_vault',
  entitlement: 'open',
  account: 'olga_v',
  resources: ['entries'],
  actions: ['select'],
}
const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT20M' }]

/** Sweeps at this moment until nothing more is found; says how many rounds found something. */
async function swept(): Promise<number> {
  for (let rounds = 0; rounds < 20; rounds++) if ((await sweep(stage.app.machinery)) === 0) return rounds
  throw new Error('the sweep does not come to rest')
}

describe('[revocation/automatic] what becomes due by itself', () => {
  test('a request that nobody decides lapses, at the instant and not before', async () => {
    const { id } = await stage.asks()
    await stage.after(3_599)
    expect(await swept()).toBe(0)
    await stage.after(1)
    expect(await swept()).toBe(1)
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'lapsed' } })
  })

  test('[B11] a countersignature that nobody uses in time lapses, and cannot be used in the meantime', async () => {
    const window = { start: stage.now, end: plusSeconds(stage.now, 3 * 3_600) }
    const { id } = await stage.asks({ window })
    await stage.signs('per_sam', id)
    await stage.after(3_600)
    expect(await stage.does('per_ann', { type: 'activate' }, id)).toMatchObject({ refusal: { code: 'too-late' } })
    await swept()
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'not-activated' } })
  })

  test('access ends, and a review is opened with a due date', async () => {
    const { id } = await stage.active()
    await stage.after(3_600)
    await swept()
    expect((await stage.types(id)).slice(-2)).toEqual(['AccessExpired', 'ReviewOpened'])
    expect(await stage.waiver(id)).toMatchObject({
      review: { dueAt: plusSeconds(stage.now, 3 * 86_400), overdue: false },
    })
    await stage.after(3 * 86_400)
    await swept()
    expect((await stage.types(id)).at(-1)).toBe('ReviewOverdue')
    expect(await swept()).toBe(0)
  })

  test('[B12] batches that are written side by side end everything once', async () => {
    const { id } = await stage.active()
    const olga = await stage.asks({ beneficiary: 'per_olga', access: ledger('write', 'olga_db') }, 'per_olga')
    await stage.after(3_600)
    expect(await sweepAll(stage.app.machinery, 1)).toBe(2)
    expect((await stage.types(id)).slice(-2)).toEqual(['AccessExpired', 'ReviewOpened'])
    expect(await stage.types(olga.id)).toEqual(['WaiverRequested', 'WaiverLapsed'])
    expect(await sweepAll(stage.app.machinery, 1)).toBe(0)
  })

  test('a missed control suspends, and an extension that nobody decides lapses without ending anything', async () => {
    const { id } = await stage.active({ controls })
    await stage.after(1_200)
    await swept()
    expect((await stage.types(id)).slice(-2)).toEqual(['ControlMissed', 'AccessSuspended'])
    const olga = await stage.active(
      {
        beneficiary: 'per_olga',
        access: ledger('write', 'olga_db'),
        window: { start: stage.now, end: plusSeconds(stage.now, 2 * 3_600) },
      },
      'per_olga',
    )
    await stage.must(
      'per_olga',
      { type: 'request-extension', end: plusSeconds(stage.now, 3 * 3_600), reason: 'more' },
      olga.id,
    )
    await stage.after(3_600)
    await swept()
    expect((await stage.types(olga.id)).at(-1)).toBe('ExtensionLapsed')
    expect(await stage.waiver(olga.id)).toMatchObject({ status: 'active', activation: { end: olga.activation?.end } })
  })

  test('also when it is further away than any timer reaches', async () => {
    const start = plusSeconds(stage.now, 29 * 86_400)
    const { id } = await stage.asks({ window: { start, end: plusSeconds(start, 3_600) } })
    await stage.signs('per_sam', id)
    await stage.after(28 * 86_400)
    expect(await swept()).toBe(0)
    await stage.after(2 * 86_400)
    await swept()
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'not-activated' } })
  })

  test('a sealed envelope ends with its own expiry', async () => {
    const { id } = await stage.must('per_carl', { type: 'request', terms: envelopeAt(stage.now) })
    await stage.signs('per_sue', id)
    await stage.after(86_400)
    expect(await stage.does('per_olga', { type: 'activate' }, id)).toMatchObject({ outcome: 'refused' })
    await swept()
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'not-activated' } })
  })
})

describe('once and only once', () => {
  test('[B12] two processes sweep many that are due at the same instant: each ends once', async () => {
    const ids: string[] = []
    for (const [person, account] of Object.entries({ per_ann: 'ann_db', per_olga: 'olga_db' })) {
      for (const days of [0, 3, 6]) {
        const start = plusSeconds(stage.now, days * 86_400)
        const window = { start, end: plusSeconds(start, 1_800) }
        const { id } = await stage.asks({ beneficiary: person, access: ledger('write', account), window }, person)
        ids.push(id)
      }
    }
    await stage.after(3_600)
    const other = stage.another((_, call) => call())
    await Promise.all([sweep(stage.app.machinery, 4), sweep(other.machinery, 4), sweep(stage.app.machinery, 4)])
    await swept()
    for (const id of ids) expect((await stage.types(id)).filter((type) => type === 'WaiverLapsed')).toHaveLength(1)
  })

  test('[B12] what starts by itself starts once, also when two processes see it', async () => {
    const start = plusSeconds(stage.now, 600)
    const { id } = await stage.asks(
      { beneficiary: 'per_olga', access: vault, window: { start, end: plusSeconds(start, 1_800) } },
      'per_olga',
    )
    await stage.signs('per_sam', id)
    expect(await swept()).toBe(0)
    await stage.at(start)
    const other = stage.another((_, call) => call())
    await Promise.all([sweep(stage.app.machinery), sweep(other.machinery)])
    await stage.settle()
    expect((await stage.types(id)).filter((type) => type === 'ActivationStarted')).toHaveLength(1)
    expect(await stage.waiver(id)).toMatchObject({ status: 'active' })
    expect(stage.truth('sys_vault').grants.size).toBe(1)
  })

  test('a batch takes no more than it is told to, and the rest comes next', async () => {
    for (const days of [0, 3, 6])
      await stage.asks({
        window: { start: plusSeconds(stage.now, days * 86_400), end: plusSeconds(stage.now, days * 86_400 + 1_800) },
      })
    await stage.after(3_600)
    expect(await sweep(stage.app.machinery, 2)).toBe(2)
    expect(await sweep(stage.app.machinery, 2)).toBe(1)
    expect(await sweep(stage.app.machinery, 2)).toBe(0)
  })
})

describe('one that cannot go on does not keep the others', () => {
  test('[fail/closed] [B07] what would start by itself does not while its target is silent, and is tried again every minute', async () => {
    const { id } = await stage.asks(
      {
        beneficiary: 'per_olga',
        access: vault,
        window: { start: plusSeconds(stage.now, 60), end: plusSeconds(stage.now, 3_000) },
      },
      'per_olga',
    )
    await stage.signs('per_sam', id)
    const { id: ends } = await stage.active()
    await stage.must(
      'per_ann',
      { type: 'request-extension', end: plusSeconds(stage.now, 2 * 3_600), reason: 'more' },
      ends,
    )
    stage.truth('sys_vault').dead = true
    await stage.after(60)
    await swept()
    expect((await stage.types(id)).filter((type) => type === 'AttemptRefused')).toHaveLength(1)
    await stage.after(30)
    expect(await swept()).toBe(0)
    await stage.after(30)
    await swept()
    expect((await stage.types(id)).filter((type) => type === 'AttemptRefused')).toHaveLength(2)
    stage.truth('sys_vault').dead = false
    await stage.after(61)
    await swept()
    expect((await stage.types(id)).at(-1)).toBe('ActivationStarted')
  })

  test('[fail/closed] [B20] a clock in doubt: what must end ends, what would start does not, and nobody asks in a circle', async () => {
    const start = plusSeconds(stage.now, 600)
    const { id } = await stage.asks(
      { beneficiary: 'per_olga', access: vault, window: { start, end: plusSeconds(start, 7_200) } },
      'per_olga',
    )
    await stage.signs('per_sam', id)
    const { id: ends } = await stage.active({ window: { start: stage.now, end: plusSeconds(stage.now, 1_200) } })
    await stage.after(1_500)
    await stage.after(-300)
    for (let round = 0; round < 5; round++) await sweep(stage.app.machinery)
    expect(await stage.waiver(ends)).toMatchObject({ status: 'ended', end: { cause: 'expired' } })
    const types = await stage.types(id)
    expect(types).not.toContain('ActivationStarted')
    expect(types.filter((type) => type === 'AttemptRefused').length).toBeLessThanOrEqual(1)
  })

  test('a row that nobody can make sense of keeps nobody from ending', async () => {
    const { id: broken } = await stage.asks({ beneficiary: 'per_olga', access: ledger('write', 'olga_db') }, 'per_olga')
    const { id: fine } = await stage.asks()
    await stage.installation.admin.query(
      `update waivers set state = jsonb_set(state::jsonb, '{status}', '"nonsense"')::json where id = $1`,
      [broken],
    )
    await stage.after(3_600)
    await sweep(stage.app.machinery)
    expect(await stage.waiver(fine)).toMatchObject({ status: 'ended' })
    await stage.installation.admin.query('delete from grants')
  })
})

describe('rules that went on', () => {
  test('[revocation/automatic] access whose system the rules no longer know ends and is taken back all the same', async () => {
    const { id } = await stage
      .active(
        { beneficiary: 'per_olga', access: vault, window: { start: stage.now, end: plusSeconds(stage.now, 1_800) } },
        'per_olga',
      )
      .catch(async () => {
        // It starts by itself; then there was nothing left to start by hand.
        await stage.settle()
        const [waiver] = await stage.installation.store.waivers.list({ system: 'sys_vault', limit: 1 })
        if (waiver === undefined) throw new Error('nothing was asked for')
        return waiver
      })
    expect(stage.truth('sys_vault').grants.size).toBe(1)
    await stage.inForce(rulesOf({ ...firstRules, vault: false }))
    await stage.after(1_800)
    await stage.settle()
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', removal: { state: 'verified' } })
    expect(stage.truth('sys_vault').grants.size).toBe(0)
  })
})
