/** More time or more access than anybody agreed to, in small pieces: tried on a whole installation. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Terms } from '../../src/core/terms.ts'
import { plusSeconds } from '../../src/core/time.ts'
import { envelopeAt, ledger, openStage, type Stage, termsAt } from '../simulator/stage.ts'
import { createDatabase } from '../support/postgres.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const hour = 3_600
const window = (from: number, to: number) => ({ start: plusSeconds(stage.now, from), end: plusSeconds(stage.now, to) })
const ask = async (parts: Partial<Terms>, actor = 'per_ann') =>
  stage.does(actor, { type: 'request', terms: termsAt(stage.now, parts) })
const refusalOf = (handled: Awaited<ReturnType<typeof ask>>) =>
  handled.outcome === 'refused' ? handled.refusal.code : 'accepted'

describe('[B18] [extension/new-approval] more time', () => {
  test('asked for again beside what is open: refused, also for another part of the same entitlement', async () => {
    await stage.asks({ window: window(0, hour) })
    expect(refusalOf(await ask({ window: window(0, 2 * hour) }))).toBe('already-asked')
    expect(refusalOf(await ask({ window: window(hour - 1, 2 * hour) }))).toBe('already-asked')
    expect(
      refusalOf(await ask({ window: window(0, hour), access: ledger('write', 'ann_db', ['accounts'], ['insert']) })),
    ).toBe('already-asked')
  })

  test('back to back: counts as an extension, takes somebody else, and ends with the count', async () => {
    const first = await stage.asks({ window: window(0, hour) })
    await stage.signs('per_sam', first.id)
    const second = await stage.asks({ window: window(hour, 2 * hour) })
    expect(second).toMatchObject({ ordinal: 1, continues: [first.id] })
    expect(refusalOf(await stage.signs('per_sam', second.id))).toBe('approver-decided-before')
    await stage.signs('per_sue', second.id)
    const third = await stage.asks({ window: window(2 * hour, 3 * hour) })
    await stage.signs('per_sid', third.id)
    expect(refusalOf(await ask({ window: window(3 * hour, 4 * hour) }))).toBe('extension-count-reached')
  })

  test('an extension into time that is promised to another waiver is refused, not a fault', async () => {
    const { id } = await stage.active({ window: window(0, hour) })
    await stage.asks({ window: window(2 * hour, 3 * hour) })
    const more = { type: 'request-extension', end: plusSeconds(stage.now, 2.5 * hour), reason: 'more' } as const
    expect(refusalOf(await stage.does('per_ann', more, id))).not.toBe('accepted')
  })

  test('and so is one that was asked for before that time was promised', async () => {
    const { id } = await stage.active({ window: window(0, hour) })
    await stage.must(
      'per_ann',
      { type: 'request-extension', end: plusSeconds(stage.now, 2.5 * hour), reason: 'more' },
      id,
    )
    const beside = await ask({ window: window(2 * hour, 3 * hour) })
    const signed = await stage.signs('per_sue', id)
    expect([refusalOf(beside), refusalOf(signed)]).not.toEqual(['accepted', 'accepted'])
  })

  test('time is counted over everything the same people get, whatever it is called', async () => {
    // Five hours a week: two for herself, two through the bot of her team, and there is no third time.
    await stage.asks({ window: window(0, 2 * hour) })
    const later = window(96 * hour, 98 * hour)
    const bot = (from: number) =>
      ask(
        { beneficiary: 'wl_bot', access: ledger('write', 'bot_db'), window: window(from, from + 2 * hour) },
        'per_ben',
      )
    expect(refusalOf(await bot(48 * hour))).toBe('accepted')
    expect(refusalOf(await bot(96 * hour))).toBe('cumulative-time-reached')
    expect(refusalOf(await ask({ window: later }))).toBe('cumulative-time-reached')
    const eve = ask({ beneficiary: 'per_eve', access: ledger('write', 'eve_db'), window: later })
    expect(refusalOf(await eve)).toBe('cumulative-time-reached')
    const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT30M' }]
    expect(refusalOf(await ask({ access: ledger('admin', 'ann_db'), controls, window: later }))).not.toBe('accepted')
  })

  test('a later approval leaves an earlier end where it is', async () => {
    const { id, activation } = await stage.active({ window: window(0, hour) })
    const next = await stage.asks({ window: window(hour, 2 * hour) })
    expect((await stage.signs('per_sue', next.id)).outcome).toBe('accepted')
    expect(await stage.waiver(id)).toMatchObject({ activation: { end: activation?.end } })
    await stage.at(activation?.end ?? '')
    await stage.settle()
    expect(stage.truth().grants.size).toBe(0)
  })

  test('renewal after the end is a new request, and an envelope is never prolonged', async () => {
    const { id } = await stage.active({ window: window(0, hour) })
    await stage.after(hour)
    await stage.settle()
    const more = { type: 'request-extension', end: plusSeconds(stage.now, hour), reason: 'more' } as const
    expect(refusalOf(await stage.does('per_ann', more, id))).toBe('not-in-this-state')
  })

  describe('by envelopes', () => {
    const sealed = async (signer: string, asker = 'per_carl', parts: Partial<Terms> = {}) => {
      const { id } = await stage.asks(envelopeAt(stage.now, parts), asker)
      expect((await stage.signs(signer, id)).outcome).toBe('accepted')
      return id
    }
    const opens = async (actor: string, id: string) => refusalOf(await stage.does(actor, { type: 'activate' }, id))
    const ends = (id: string) => stage.must('per_wes', { type: 'revoke', reason: 'done' }, id)

    test('one after the other, whoever of the rota opens them and whoever asked for them', async () => {
      const ids = [await sealed('per_sam'), await sealed('per_sue', 'per_ben'), await sealed('per_sid', 'per_vic')]
      const [first = '', second = '', third = ''] = ids
      const again = await sealed('per_sam', 'per_otto')
      expect(await opens('per_ann', first)).toBe('accepted')
      await ends(first)
      expect(await opens('per_olga', again)).toBe('approver-decided-before')
      expect(await opens('per_olga', second)).toBe('accepted')
      await ends(second)
      expect(await stage.waiver(second)).toMatchObject({ ordinal: 1, continues: [first] })
      expect(await opens('per_ann', third)).toBe('accepted')
      await ends(third)
      const fourth = await sealed('per_sue', 'per_dora')
      expect(await opens('per_ann', fourth)).not.toBe('accepted')
    })

    test('and a request of whoever opened one goes on from it', async () => {
      const id = await sealed('per_sam')
      expect(await opens('per_ann', id)).toBe('accepted')
      await ends(id)
      const next = await stage.asks({ window: window(0, hour) })
      expect(next).toMatchObject({ ordinal: 1, continues: [id] })
      expect(refusalOf(await stage.signs('per_sam', next.id))).toBe('approver-decided-before')
      expect((await stage.signs('per_sue', next.id)).outcome).toBe('accepted')
    })

    test('two at once by one person: no more than the cap', async () => {
      // One after the other: whoever signs has to have seen those that were asked for before.
      const one = await sealed('per_sam')
      const others = [await sealed('per_sue'), await sealed('per_sid')]
      expect(await opens('per_ann', one)).toBe('accepted')
      await ends(one)
      const outcomes = await Promise.all(others.map((id) => opens('per_ann', id)))
      const ordinals = await Promise.all(others.map(async (id) => (await stage.waiver(id)).ordinal))
      expect(outcomes).toEqual(['accepted', 'accepted'])
      // The second sees the first: nobody opens two as if each were the only one.
      expect(ordinals.sort()).toEqual([1, 2])
    })
  })

  test('who was refused and asks again shows the denial to whoever decides next', async () => {
    const { id, digest } = await stage.asks()
    await stage.must('per_sam', { type: 'deny', digest, reason: 'use the batch tool' }, id)
    const again = await stage.asks({ reason: 'urgent' })
    const blind = await stage.does('per_sue', { type: 'countersign', digest: again.digest, acknowledges: [] }, again.id)
    expect(refusalOf(blind)).toBe('denial-not-acknowledged')
    expect((await stage.signs('per_sue', again.id)).outcome).toBe('accepted')
  })
})
