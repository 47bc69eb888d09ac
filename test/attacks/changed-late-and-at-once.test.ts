/** Changed after it was approved, used again, too late, or all at the same time: tried on a whole installation. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../src/core/time.ts'
import { sweep } from '../../src/engine/sweep.ts'
import { firstRules, rulesOf } from '../simulator/organisation.ts'
import { envelopeAt, holdingUp, ledger, openStage, type Stage } from '../simulator/stage.ts'
import { createDatabase } from '../support/postgres.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

type Handled = Awaited<ReturnType<Stage['does']>>
const refusalOf = (handled: Handled) => (handled.outcome === 'refused' ? handled.refusal.code : 'accepted')
const accepted = (answers: readonly Handled[]) => answers.filter(({ outcome }) => outcome === 'accepted').length

function elsewhere(target: object) {
  const rules = rulesOf(firstRules)
  const system = rules.systems.sys_ledger
  const write = system?.entitlements.write
  if (system === undefined || write === undefined) throw new Error('the rules have no such entitlement')
  const entitlements = { ...system.entitlements, write: { ...write, target: { ...target } } }
  return { ...rules, systems: { ...rules.systems, sys_ledger: { ...system, entitlements } } }
}

async function countersigned(): Promise<string> {
  const { id } = await stage.asks()
  expect((await stage.signs('per_sam', id)).outcome).toBe('accepted')
  return id
}

describe('[B09] [terms/digest] changed after it was approved', () => {
  test('the role is widened while the request waits: nobody can sign it any more', async () => {
    const { id } = await stage.asks()
    stage.truth().contents = 'and superuser'
    expect(refusalOf(await stage.signs('per_sam', id))).toBe('contents-changed')
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'voided' } })
  })

  test('the rules call another role by the same name: the approval is void', async () => {
    const id = await countersigned()
    await stage.inForce(elsewhere({ shape: 'superuser' }))
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('contents-changed')
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'voided' } })
  })

  test('they do so in the very moment in which it is started', async () => {
    const id = await countersigned()
    const { gate, reached, release } = holdingUp('transact')
    const starting = stage.does('per_ann', { type: 'activate' }, id, stage.another(gate))
    await reached
    await stage.inForce(elsewhere({ shape: 'superuser' }))
    release()
    expect(refusalOf(await starting)).not.toBe('accepted')
  })

  test('running access is not ended by it, and not prolonged either', async () => {
    const { id, activation } = await stage.active()
    stage.truth().contents = 'and superuser'
    const more = { type: 'request-extension', end: plusSeconds(activation?.end ?? '', 600), reason: 'more' } as const
    expect(refusalOf(await stage.does('per_ann', more, id))).toBe('contents-changed')
    expect(await stage.waiver(id)).toMatchObject({ status: 'active', activation: { end: activation?.end } })
  })

  test('[B15] [B23] somebody with the database edits the terms, the approval, or the whole state: nothing is given', async () => {
    const { admin } = stage.installation
    const edits = [
      `jsonb_set(state::jsonb, '{terms,access,actions}', '["select","insert","update"]')`,
      `jsonb_set(state::jsonb, '{approvals,0,by}', '"per_ben"')`,
      `jsonb_set(state::jsonb, '{terms,window,end}', '"2027-01-01T00:00:00.000Z"')`,
    ]
    for (const edit of edits) {
      await stage.begin()
      const id = await countersigned()
      await admin.query(`update waivers set state = (${edit})::json where id = $1`, [id])
      expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id)), edit).not.toBe('accepted')
      await stage.settle()
      expect(stage.targets.given).toEqual([])
    }
  })

  test('[B17] other terms are put forward than were shown: whoever signs names what they saw', async () => {
    const { id, digest } = await stage.asks()
    const narrowed = { ...(await stage.waiver(id)).terms, conditions: { usesMax: 1 } }
    await stage.inForce(rulesOf({ ...firstRules, countersigners: 2 }))
    expect((await stage.does('per_sam', { type: 'countersign', digest, acknowledges: [], narrowed }, id)).outcome).toBe(
      'accepted',
    )
    expect(refusalOf(await stage.does('per_sue', { type: 'countersign', digest, acknowledges: [] }, id))).toBe(
      'terms-changed',
    )
    expect((await stage.signs('per_sue', id)).outcome).toBe('accepted')
  })
})

describe('[B10] used again', () => {
  test('a countersignature is for one waiver: the same terms asked for again wait again', async () => {
    const { id, digest } = await stage.asks()
    await stage.signs('per_sam', id)
    await stage.must('per_ann', { type: 'withdraw', reason: 'later' }, id)
    const again = await stage.asks()
    expect(again.digest).toBe(digest)
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, again.id))).toBe('not-in-this-state')
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('not-in-this-state')
  })

  test('what was started, suspended or ended is not started again by the old approval', async () => {
    const { id } = await stage.active()
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('not-in-this-state')
    await stage.must('per_wes', { type: 'suspend', reason: 'odd queries' }, id)
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('not-in-this-state')
    await stage.must('per_wes', { type: 'revoke', reason: 'enough' }, id)
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('not-in-this-state')
    await stage.settle()
    expect(stage.truth().grants.size).toBe(0)
  })

  test('an envelope opens once', async () => {
    const { id } = await stage.must('per_carl', { type: 'request', terms: envelopeAt(stage.now) })
    await stage.signs('per_sam', id)
    await stage.must('per_olga', { type: 'activate' }, id)
    expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).not.toBe('accepted')
    await stage.after(1_800)
    await stage.settle()
    expect(refusalOf(await stage.does('per_olga', { type: 'activate' }, id))).toBe('not-in-this-state')
    expect((await stage.types(id)).filter((type) => type === 'ActivationStarted')).toHaveLength(1)
  })

  test('the digest of the first decision does not decide the extension', async () => {
    const { id, digest, activation } = await stage.active()
    await stage.must(
      'per_ann',
      { type: 'request-extension', end: plusSeconds(activation?.end ?? '', 600), reason: 'more' },
      id,
    )
    const replayed = { type: 'countersign', digest, acknowledges: [] } as const
    expect(refusalOf(await stage.does('per_sue', replayed, id))).toBe('terms-changed')
  })
})

describe('[B11] late', () => {
  test('at the deadline it is too late to decide, whichever way, and whether or not anybody has swept', async () => {
    const { id, digest } = await stage.asks({ window: { start: stage.now, end: plusSeconds(stage.now, 7_200) } })
    await stage.after(3_600)
    expect(refusalOf(await stage.signs('per_sam', id))).toBe('too-late')
    expect(refusalOf(await stage.does('per_sam', { type: 'deny', digest, reason: 'no' }, id))).toBe('too-late')
  })

  test('at its end nothing is started, used, prolonged or resumed, before any sweep', async () => {
    const { id: waiting } = await stage.asks(
      { beneficiary: 'per_olga', access: ledger('write', 'olga_db') },
      'per_olga',
    )
    await stage.signs('per_sue', waiting)
    const { id, activation } = await stage.active()
    const end = activation?.end ?? ''
    await stage.must('per_ann', { type: 'request-extension', end: plusSeconds(end, 600), reason: 'more' }, id)
    await stage.at(end)
    expect(refusalOf(await stage.signs('per_sue', id))).not.toBe('accepted')
    expect(refusalOf(await stage.does('per_ann', { type: 'use', detail: 'select' }, id))).toBe('window-over')
    expect(
      refusalOf(
        await stage.does('per_ann', { type: 'request-extension', end: plusSeconds(end, 900), reason: 'more' }, id),
      ),
    ).not.toBe('accepted')
    expect(refusalOf(await stage.does('per_olga', { type: 'activate' }, waiting))).toBe('window-over')
    await stage.settle()
    expect(stage.truth().grants.size).toBe(0)
  })

  test('a suspension does not stop the time', async () => {
    const { id, activation } = await stage.active()
    await stage.must('per_wes', { type: 'suspend', reason: 'odd queries' }, id)
    await stage.must('per_ann', { type: 'request-resumption', reason: 'explained' }, id)
    await stage.at(activation?.end ?? '')
    expect(refusalOf(await stage.signs('per_sue', id))).not.toBe('accepted')
    await stage.settle()
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'expired' } })
  })
})

describe('[B12] all at once', () => {
  const rounds = [0, 1, 2, 3]

  test.each(rounds)('withdrawing, starting and lapsing in the same instant: one of them (%i)', async () => {
    const id = await countersigned()
    const other = stage.another((_, call) => call())
    const answers = await Promise.all([
      stage.does('per_ann', { type: 'withdraw', reason: 'no' }, id),
      stage.does('per_ann', { type: 'activate' }, id, other),
      stage.does('per_sam', { type: 'revoke', reason: 'no' }, id, other),
    ])
    await stage.settle()
    const types = await stage.types(id)
    expect(accepted(answers)).toBeGreaterThan(0)
    expect(types.filter((type) => /Withdrawn|AccessRevoked/.test(type)).length).toBeLessThanOrEqual(1)
    if (!types.includes('ActivationStarted')) expect(stage.targets.given).toEqual([])
  })

  test.each(rounds)(
    'an extension signed while the access is ended: it ends, and never later than it did (%i)',
    async () => {
      const { id, activation } = await stage.active()
      await stage.must(
        'per_ann',
        { type: 'request-extension', end: plusSeconds(activation?.end ?? '', 600), reason: 'more' },
        id,
      )
      const other = stage.another((_, call) => call())
      await Promise.all([
        stage.signs('per_sue', id),
        stage.does('per_wes', { type: 'revoke', reason: 'enough' }, id, other),
        sweep(other.machinery),
      ])
      await stage.settle()
      expect(await stage.waiver(id)).toMatchObject({ status: 'ended' })
      expect(stage.truth().grants.size).toBe(0)
    },
  )

  test.each(rounds)('two narrow the same thing differently: the second has to look again (%i)', async () => {
    await stage.inForce(rulesOf({ ...firstRules, countersigners: 2 }))
    const { id } = await stage.asks({
      access: ledger('write', 'ann_db', ['entries', 'accounts'], ['select', 'insert']),
    })
    const { proposal } = await stage.waiver(id)
    if (proposal === undefined) throw new Error('nothing to decide')
    const { digest, terms } = proposal
    const narrows = (by: string, access: object) =>
      stage.does(
        by,
        {
          type: 'countersign',
          digest,
          acknowledges: [],
          narrowed: { ...terms, access: { ...terms.access, ...access } },
        },
        id,
      )
    const answers = await Promise.all([
      narrows('per_sam', { resources: ['entries'] }),
      narrows('per_sid', { actions: ['select'] }),
    ])
    expect(accepted(answers)).toBe(1)
    expect(answers.map(refusalOf)).toContain('terms-changed')
    expect(await stage.waiver(id)).toMatchObject({ status: 'requested' })
  })
})
