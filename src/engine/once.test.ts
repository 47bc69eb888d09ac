/** One key, one act, one answer, in one commit: for changes to the rules and for founding. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signedIn } from '../../test/simulator/installation.ts'
import type { Gate } from '../../test/simulator/interpose.ts'
import { firstRules, rulesOf } from '../../test/simulator/organisation.ts'
import { openStage, type Stage } from '../../test/simulator/stage.ts'
import { createDatabase } from '../../test/support/postgres.ts'
import type { Countersign } from '../app.ts'
import type { Change } from '../core/change.ts'
import { handleFounding } from './founding.ts'
import { type ChangeHandled, handleChange, proposeRules } from './rules.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const stricter = rulesOf({ ...firstRules, windowHours: 2 })

const proposes = (key: string, app: Countersign = stage.app, reason = 'shorter'): Promise<ChangeHandled> =>
  proposeRules(app.machinery, signedIn('per_pia', stage.now), stricter, undefined, reason, key)

const changes = async () => (await stage.installation.store.records.list('change', 10)) as readonly Change[]

/** A process that dies right after its first commit, before anybody hears. */
function dyingAfterCommit(): Countersign {
  let died = false
  const gate: Gate = async ({ name }, call) => {
    if (died) throw new Error('it is dead')
    const value = await call()
    died = name === 'transact'
    if (died) throw new Error('it died')
    return value
  }
  return stage.another(gate)
}

describe('[B10] an idempotency key of a change to the rules', () => {
  test('whoever dies right after the commit has done it, and the same key says so', async () => {
    await expect(proposes('one', dyingAfterCommit())).rejects.toThrow('it died')
    const again = await proposes('one')
    expect(again).toMatchObject({ outcome: 'accepted', replayed: true, change: { author: 'per_pia' } })
    expect(await changes()).toHaveLength(1)
    const [change] = await changes()
    const signs = (app = stage.app) =>
      handleChange(
        app.machinery,
        change?.id ?? '',
        { type: 'countersign', proposed: change?.proposed ?? '' },
        signedIn('per_rae', stage.now),
        'two',
      )
    await expect(signs(dyingAfterCommit())).rejects.toThrow('it died')
    expect(await signs()).toMatchObject({ outcome: 'accepted', replayed: true, change: { status: 'countersigned' } })
    expect((await changes())[0]?.countersignatures).toHaveLength(1)
  })

  test('several at once, on two processes: one change, one answer', async () => {
    const other = stage.another((_, call) => call())
    const answers = await Promise.all([stage.app, other, stage.app, other].map((app) => proposes('same', app)))
    expect(new Set(answers.map((answer) => (answer.outcome === 'accepted' ? answer.change.id : ''))).size).toBe(1)
    expect(answers.filter(({ replayed }) => replayed)).toHaveLength(3)
    expect(await changes()).toHaveLength(1)
  })

  test('a refusal is answered once as well; another command under the key is found out; without a key nothing is kept', async () => {
    expect((await proposes('three')).replayed).toBeUndefined()
    const other = await proposes('three', stage.app, 'another reason')
    expect(other).toMatchObject({ outcome: 'refused', refusal: { code: 'idempotency-key-reused' } })
    const [change] = await changes()
    const signs = (key?: string) =>
      handleChange(
        stage.app.machinery,
        change?.id ?? '',
        { type: 'countersign', proposed: change?.proposed ?? '' },
        signedIn('per_pia', stage.now),
        key,
      )
    expect(await signs('four')).toMatchObject({ refusal: { code: 'author-is-approver' } })
    expect(await signs('four')).toMatchObject({ refusal: { code: 'author-is-approver' }, replayed: true })
    expect((await signs()).replayed).toBeUndefined()
    const attempts = await stage.types(change?.id ?? '')
    expect(attempts.filter((type) => type.includes('Refused'))).toHaveLength(2)
  })
})

test('[B10] an idempotency key of a founder’s word: said once, whoever dies', async () => {
  await stage.after(3_600)
  await stage.at('2026-11-22T11:00:00.000Z')
  const confirms = (app = stage.app) =>
    handleFounding(app.machinery, { type: 'confirm-clock' }, signedIn('per_rae', stage.now), { idempotencyKey: 'five' })
  await expect(confirms(dyingAfterCommit())).rejects.toThrow('it died')
  expect(await confirms()).toMatchObject({ outcome: 'accepted', replayed: true })
  const said = (await stage.types('founding')).filter((type) => type === 'ClockConfirmed')
  expect(said).toHaveLength(1)
})
