/** Somebody decides who must not: tried on a whole installation, by every way of being on the wrong side. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../src/core/time.ts'
import type { Command } from '../../src/core/waiver.ts'
import { firstRules, rulesOf } from '../simulator/organisation.ts'
import { envelopeAt, ledger, openStage, type Stage, termsAt } from '../simulator/stage.ts'
import { createDatabase } from '../support/postgres.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT30M' }]
const refusalOf = (handled: Awaited<ReturnType<Stage['does']>>) =>
  handled.outcome === 'refused' ? handled.refusal.code : 'accepted'
const conflictsOf = (handled: Awaited<ReturnType<Stage['does']>>) =>
  handled.outcome === 'refused' ? (handled.refusal.conflicts ?? []).map(({ code }) => code) : []
const pool = (...members: readonly string[]) => rulesOf({ ...firstRules, pool: [...firstRules.pool, ...members] })

describe('[B01] whoever asks', () => {
  test('never decides, whichever command they try', async () => {
    const { id, digest } = await stage.asks()
    const tries: readonly Command[] = [
      { type: 'countersign', digest, acknowledges: [] },
      { type: 'endorse', digest },
      { type: 'deny', digest, reason: 'clear the way' },
      { type: 'confirm-activation' },
      { type: 'report-removal', verified: true, residue: [], reason: '' },
      { type: 'tick' },
      { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] },
    ]
    for (const command of tries)
      expect(refusalOf(await stage.does('per_ann', command, id)), command.type).not.toBe('accepted')
    expect(await stage.waiver(id)).toMatchObject({ status: 'requested', approvals: [] })
  })

  test('[B14] sends along who approved, what status and which identity, and it means nothing', async () => {
    const forged = {
      status: 'active',
      approvals: [{ by: 'per_sam', at: stage.now }],
      activation: { by: 'per_sam', at: stage.now },
      obligations: { countersignersMin: 0 },
      requester: 'per_lee',
      now: '2020-01-01T00:00:00.000Z',
      facts: { directory: 'sha256:mine' },
    }
    const command = { type: 'request', terms: { ...termsAt(stage.now), ...forged }, ...forged } as Command
    const handled = await stage.does('per_ann', command)
    if (handled.outcome === 'accepted') {
      const { id } = handled.waiver
      expect(handled.waiver).toMatchObject({ status: 'requested', approvals: [], requester: 'per_ann' })
      expect(refusalOf(await stage.does('per_ann', { type: 'activate' }, id))).toBe('not-in-this-state')
      expect(refusalOf(await stage.signs('per_ann', id))).toBe('approver-is-requester')
    }
    expect(stage.targets.given).toEqual([])
  })
})

describe('[B02] the same person by another name', () => {
  test.each([
    ['a link that nobody confirmed', 'per_new same-as per_ann'],
    ['an account that two share', 'acc_shared belongs-to per_ann\nacc_shared belongs-to per_new'],
    ['a delegate', 'per_new delegate-of per_ann'],
    ['who is delegated to', 'per_ann delegate-of per_new'],
  ])('%s', async (_, fact) => {
    await stage.directory('per_new member-of team_canteen', ...fact.split('\n'))
    const { id } = await stage.asks()
    expect(refusalOf(await stage.signs('per_new', id))).not.toBe('accepted')
    expect(await stage.waiver(id)).toMatchObject({ status: 'requested' })
  })

  test.each([' per_sam', 'per_sam ', 'PER_SAM', 'per_s\u0430m', 'per_sam\u200b'])(
    '[B13] a name that only looks like it: %j',
    async (name) => {
      const { id } = await stage.asks()
      expect(refusalOf(await stage.signs(name, id))).not.toBe('accepted')
    },
  )

  test('[B22] a service account or an agent, which also cannot be asked through', async () => {
    await stage.inForce(pool('wl_agent', 'wl_bot'))
    const { id } = await stage.asks()
    for (const workload of ['wl_agent', 'wl_bot'])
      expect(refusalOf(await stage.signs(workload, id))).not.toBe('accepted')
    const access = ledger('write', 'agent_db', ['accounts'])
    const asked = await stage.must('wl_agent', {
      type: 'request',
      terms: termsAt(stage.now, { beneficiary: 'wl_agent', access, controls }),
    })
    expect(refusalOf(await stage.signs('per_ann', asked.id))).not.toBe('accepted')
  })
})

describe('[B03] one person counts once', () => {
  test('whoever endorsed does not countersign, under this name or another', async () => {
    await stage.inForce(pool('per_otto', 'per_new'))
    await stage.directory('per_new member-of team_canteen', 'per_new same-as per_otto')
    const { id, digest } = await stage.asks({ access: ledger('admin', 'ann_db'), controls })
    expect((await stage.does('per_otto', { type: 'endorse', digest }, id)).outcome).toBe('accepted')
    expect(refusalOf(await stage.signs('per_otto', id))).not.toBe('accepted')
    expect(conflictsOf(await stage.signs('per_new', id))).toContain('took-part-already')
    expect((await stage.signs('per_sam', id)).outcome).toBe('accepted')
  })

  test('two countersignatures are of two people', async () => {
    await stage.inForce(rulesOf({ ...firstRules, countersigners: 2, pool: [...firstRules.pool, 'per_twin'] }))
    await stage.directory('per_twin same-as per_sam')
    const { id } = await stage.asks()
    expect((await stage.signs('per_sam', id)).outcome).toBe('accepted')
    expect(refusalOf(await stage.signs('per_sam', id))).toBe('one-person-counts-once')
    expect(refusalOf(await stage.signs('per_twin', id))).not.toBe('accepted')
    expect(await stage.waiver(id)).toMatchObject({ status: 'requested' })
    expect((await stage.signs('per_sid', id)).outcome).toBe('accepted')
    expect(await stage.waiver(id)).toMatchObject({ status: 'countersigned' })
  })

  test('whoever sealed an envelope does not open it, and whoever sealed or opened it does not review it', async () => {
    const { id } = await stage.must('per_carl', { type: 'request', terms: envelopeAt(stage.now) })
    expect((await stage.signs('per_sam', id)).outcome).toBe('accepted')
    expect(refusalOf(await stage.does('per_sam', { type: 'activate' }, id))).toBe('approver-never-activates')
    await stage.must('per_olga', { type: 'activate' }, id)
    await stage.settle()
    await stage.must('per_olga', { type: 'revoke', reason: 'done' }, id)
    await stage.settle()
    const review = { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] } as const
    for (const person of ['per_olga', 'per_sam', 'per_ann'])
      expect(refusalOf(await stage.does(person, review, id))).not.toBe('accepted')
    expect((await stage.does('per_rae', review, id)).outcome).toBe('accepted')
  })

  test('who sealed an envelope and then comes onto the rota has sealed it for themselves: it is void', async () => {
    const { id } = await stage.must('per_carl', { type: 'request', terms: envelopeAt(stage.now) })
    await stage.signs('per_sam', id)
    await stage.directory('per_sam on-rota rota_payments')
    expect(refusalOf(await stage.does('per_olga', { type: 'activate' }, id))).not.toBe('accepted')
    expect(await stage.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'voided' } })
  })
})

describe('[B04] [B05] both sides', () => {
  test.each([
    ['a team mate', 'per_sam member-of team_payments', 'on-requesting-team'],
    ['a rota shared', 'per_sam on-rota rota_payments', 'on-requesting-rota'],
    ['a chief', 'per_ann reports-to per_sam', 'in-reporting-line'],
    ['who administers the target', 'per_sam administers sys_ledger', 'on-granting-team'],
    ['who holds its credential', 'per_sam holds-credential-of sys_ledger', 'on-granting-team'],
    ['who operates this installation', 'per_sam operates sys_countersign', 'operates-countersign'],
    ['whose pool the asking side can change', 'per_ann maintains team_security', 'can-change-approver-pool'],
  ])('%s does not decide', async (_, fact, conflict) => {
    await stage.inForce(rulesOf({ ...firstRules, pool: ['team_security', 'per_rae'] }))
    await stage.directory(fact)
    const { id } = await stage.asks()
    expect(conflictsOf(await stage.signs('per_sam', id))).toContain(conflict)
  })

  test('[B08] a relation that ended yesterday still counts, and one that begins while the request waits counts at once', async () => {
    await stage.directory('per_sam member-of team_payments')
    await stage.after(60)
    await stage.directory()
    const { id } = await stage.asks()
    expect(conflictsOf(await stage.signs('per_sam', id))).toContain('on-requesting-team')
    await stage.directory('per_sid reports-to per_carl', 'per_sue member-of team_payments')
    expect(conflictsOf(await stage.signs('per_sue', id))).toContain('on-requesting-team')
  })
})

describe('[B21] rings', () => {
  const accounts = ['per_sam', 'per_lee', 'per_kim', 'per_rae'].flatMap((person) => [
    `acc_${person.slice(4)} on sys_ledger login ${person.slice(4)}_db`,
    `acc_${person.slice(4)} belongs-to ${person} confirmed`,
  ])
  let days = 0
  /** Far enough apart that one does not go on from the other. */
  const approves = async (signer: string, asker: string) => {
    days += 2
    const start = plusSeconds(stage.now, days * 86_400)
    const window = { start, end: plusSeconds(start, 600) }
    const { id } = await stage.asks(
      { beneficiary: asker, access: ledger('write', `${asker.slice(4)}_db`), window },
      asker,
    )
    const signed = await stage.signs(signer, id)
    if (signed.outcome === 'refused') throw new Error(signed.refusal.message)
    return stage.waiver(id)
  }
  beforeEach(async () => {
    days = 0
    await stage.inForce(pool('per_lee', 'per_kim', 'per_rae'))
    await stage.directory(...accounts)
  })

  test.each([
    ['two', ['per_lee', 'per_sam']],
    ['three', ['per_lee', 'per_sam', 'per_kim']],
    ['four', ['per_lee', 'per_sam', 'per_kim', 'per_rae']],
  ])('of %s people: whoever closes it is not enough', async (_, ring) => {
    for (let round = 0; round < 2; round++)
      for (const [index, signer] of ring.entries()) {
        const asker = ring[(index + 1) % ring.length] ?? ''
        if (index < ring.length - 1) expect(await approves(signer, asker)).toMatchObject({ status: 'countersigned' })
      }
    // The last one approves for the first: with that the ring is closed.
    const closing = await approves(ring.at(-1) ?? '', ring[0] ?? '')
    expect(closing).toMatchObject({ status: 'requested', proposal: { countersignersNeeded: 2 } })
    expect((await stage.signs('per_sid', closing.id)).outcome).toBe('accepted')
    expect(await stage.waiver(closing.id)).toMatchObject({ status: 'countersigned' })
  })
})
