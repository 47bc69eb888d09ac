import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { envelope, organisation, policyFor, termsFor } from '../../../test/support/life.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import { directoryRetired } from '../../connectors/directory-retired/source.ts'
import { usualLimits } from '../../core/merge.ts'
import { importDirectory } from '../directories.ts'

let world: World & { close(): Promise<void> }
const day = 86_400
const policy = policyFor({ decideWithinSeconds: 4 * day, activateWithinSeconds: 4 * day }, {})
beforeAll(async () => {
  const independence = { ...policy.independence, lastGoodSecondsMax: 2 * day }
  world = await openWorld({ policy: { ...policy, independence } })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.changeDirectory(organisation)
})

const hours = (from: number, length: number) => {
  const at = (count: number) => new Date(Date.parse(world.now) + count * 3_600_000).toISOString()
  return { start: at(from), end: at(from + length) }
}

describe('[fail/closed] [B07] [B08] a source that was not read for longer than its facts are good', () => {
  test('nothing is asked for and nothing decided, ending goes on, and reading it again mends it', async () => {
    const running = await world.must('per_asker', { type: 'request', terms: termsFor({ window: hours(0, 4) }) })
    await world.countersign('per_sam', running.id)
    await world.must('per_asker', { type: 'activate' }, running.id)
    const later = await world.must('per_oncall', {
      type: 'request',
      terms: termsFor({
        beneficiary: 'per_oncall',
        access: { ...termsFor().access, account: 'oncall_db' },
        window: hours(30, 2),
      }),
    })
    const sealed = await world.must('per_chief', { type: 'request', terms: envelope({ window: hours(0, 90) }) })
    await world.countersign('per_sam', sealed.id)

    await world.after(day + 60)
    // The clock has passed the end of the running one; its removal waits for no directory.
    await world.settle()
    expect(world.target.given.size).toBe(0)
    expect(
      await world.handle('per_asker', { type: 'request', terms: termsFor({ window: hours(1, 2) }) }),
    ).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'no-independent-approver' },
    })
    const decided = await world.countersign('per_sue', later.id)
    expect(decided).toMatchObject({ outcome: 'refused', refusal: { code: 'approver-not-independent' } })
    expect(JSON.stringify(decided)).toContain('directory-too-old')
    expect((await world.handle('per_oncall', { type: 'withdraw', reason: 'not needed' }, later.id)).outcome).toBe(
      'accepted',
    )

    // In an emergency, a directory this old still suffices for what was sealed before, until it is older than that.
    await world.after(day)
    expect(await world.handle('per_oncall', { type: 'activate' }, sealed.id)).toMatchObject({ outcome: 'refused' })
    await world.changeDirectory(organisation)
    const again = await world.must('per_asker', { type: 'request', terms: termsFor({ window: hours(1, 2) }) })
    expect((await world.countersign('per_sam', again.id)).outcome).toBe('accepted')
  })

  test('one that was left out of the configuration grows too old; a retired one is read and says nothing', async () => {
    const state = { id: 'old-hr', revision: '1', observedAt: world.now, staleAfterSeconds: day }
    const people = Array.from(
      { length: 10 },
      (_, number) => ({ id: `per_old${number}`, kind: 'person', name: 'x' }) as const,
    )
    const source = {
      kind: 'test',
      read: async () => ({ source: { ...state, observedAt: world.now }, nodes: people, relations: [], shifts: [] }),
    }
    await importDirectory(world.app.machinery, [source])
    const access = { ...termsFor().access, account: 'oncall_db' }
    const terms = () => termsFor({ beneficiary: 'per_oncall', access, window: hours(1, 2) })
    const ask = () => world.handle('per_oncall', { type: 'request', terms: terms() })
    await world.after(day + 60)
    await world.changeDirectory(organisation)
    expect(await ask()).toMatchObject({ refusal: { code: 'no-independent-approver' } })

    // So much going at once is held like any other loss, and somebody independent confirms it.
    const retired = directoryRetired({ source: 'old-hr', staleAfterSeconds: day })
    expect(await importDirectory(world.app.machinery, [{ ...retired, shrink: usualLimits }])).toMatchObject([
      { outcome: 'held' },
    ])
    expect(
      await importDirectory(world.app.machinery, [{ ...retired, shrink: { ...usualLimits, atLeast: 100 } }]),
    ).toMatchObject([{ outcome: 'changed' }])
    expect((await ask()).outcome).toBe('accepted')
  })
})
