import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signedIn } from '../../test/simulator/installation.ts'
import { firstRules, type RuleChoices, rulesOf } from '../../test/simulator/organisation.ts'
import { openStage, type Stage } from '../../test/simulator/stage.ts'
import { createDatabase } from '../../test/support/postgres.ts'
import type { Change } from '../core/change.ts'
import type { Policy } from '../core/policy.ts'
import { plusSeconds } from '../core/time.ts'
import { type ChangeHandled, handleChange, proposeRules, sweepChanges } from './rules.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const delaySeconds = 600

const proposes = (actor: string, parts: Partial<RuleChoices>, base?: string): Promise<ChangeHandled> =>
  proposesRules(actor, rulesOf({ ...firstRules, ...parts }), base)

const proposesRules = (actor: string, rules: Policy, base?: string): Promise<ChangeHandled> =>
  proposeRules(stage.app.machinery, signedIn(actor, stage.now), rules, base, 'it is better so')

async function proposed(actor: string, parts: Partial<RuleChoices>): Promise<Change> {
  const handled = await proposes(actor, parts)
  if (handled.outcome === 'refused') throw new Error(handled.refusal.message)
  return handled.change
}

const signs = (actor: string, { id, proposed }: Change): Promise<ChangeHandled> =>
  handleChange(stage.app.machinery, id, { type: 'countersign', proposed }, signedIn(actor, stage.now))

const inForce = async () => {
  const { policy } = await stage.installation.store.heads()
  return stage.app.machinery.knowledge.policy(policy ?? '')
}

/** Proposed, countersigned by `per_rae`, and in force after the delay. */
async function changed(actor: string, parts: Partial<RuleChoices>): Promise<Change> {
  const change = await proposed(actor, parts)
  const signed = await signs('per_rae', change)
  if (signed.outcome === 'refused') throw new Error(signed.refusal.message)
  await stage.after(delaySeconds)
  await sweepChanges(stage.app.machinery)
  return change
}

describe('[rules/maker-checker] nobody changes the rules alone', () => {
  test('proposed, countersigned by somebody else, and in force after the delay, not before', async () => {
    const change = await proposed('per_pia', { windowHours: 2 })
    expect((await signs('per_rae', change)).outcome).toBe('accepted')
    await stage.after(delaySeconds - 1)
    await sweepChanges(stage.app.machinery)
    expect((await inForce()).tiers.plain?.windowSecondsMax).toBe(4 * 3_600)
    await stage.after(1)
    expect(await sweepChanges(stage.app.machinery)).toBe(1)
    expect((await inForce()).tiers.plain?.windowSecondsMax).toBe(2 * 3_600)
    expect((await inForce()).founders).toEqual(['per_rae', 'per_kim', 'per_pia'])
  })

  test.each([
    ['per_kim', 'per_kim', 'author-is-approver'],
    ['per_pia', 'per_ann', 'approver-not-in-pool'],
    ['per_ann', 'per_sam', 'accepted'],
    ['wl_agent', 'per_rae', 'only-people-decide'],
  ])('%s proposes and %s countersigns: %s', async (author, signer, code) => {
    const handled = await proposes(author, { windowHours: 2 })
    const answer = handled.outcome === 'refused' ? handled : await signs(signer, handled.change)
    expect(answer.outcome === 'refused' ? answer.refusal.code : answer.outcome).toBe(code)
  })

  test('a sign-in of an hour ago decides nothing', async () => {
    const { id, proposed: digest } = await proposed('per_pia', { windowHours: 2 })
    const stale = { ...signedIn('per_rae', stage.now), signedInAt: plusSeconds(stage.now, -3_600) }
    const answer = await handleChange(stage.app.machinery, id, { type: 'countersign', proposed: digest }, stale)
    expect(answer).toMatchObject({ outcome: 'refused', refusal: { code: 'sign-in-not-fresh' } })
  })

  test('[B17] whoever countersigns names what they were shown', async () => {
    const change = await proposed('per_pia', { windowHours: 2 })
    const answer = await signs('per_rae', { ...change, proposed: 'sha256:something-else' })
    expect(answer).toMatchObject({ outcome: 'refused', refusal: { code: 'terms-changed' } })
  })

  test('[B12] eight countersign at once and three loops come round: it takes effect once', async () => {
    const change = await proposed('per_pia', { windowHours: 2 })
    const signers = ['per_rae', 'per_kim', 'per_sam', 'per_rae', 'per_kim', 'per_sam', 'per_rae', 'per_kim']
    const answers = await Promise.all(signers.map((signer) => signs(signer, change)))
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1)
    await stage.after(delaySeconds)
    await Promise.all(Array.from({ length: 3 }, () => sweepChanges(stage.app.machinery)))
    const types = (await stage.installation.store.waivers.events(change.id)).map(({ type }) => type)
    expect(types.filter((type) => type === 'ChangeTookEffect')).toHaveLength(1)
  })

  test('[B12] of two changes made on the same revision the second is superseded', async () => {
    const [one, two] = [await proposed('per_pia', { windowHours: 2 }), await proposed('per_ann', { windowHours: 6 })]
    await signs('per_rae', one)
    await signs('per_rae', two)
    await stage.after(delaySeconds)
    await sweepChanges(stage.app.machinery)
    await sweepChanges(stage.app.machinery)
    const { records } = stage.installation.store
    const statuses = await Promise.all([one, two].map(async ({ id }) => ((await records.find(id)) as Change).status))
    expect(statuses.sort()).toEqual(['effective', 'superseded'])
    expect(await proposes('per_pia', { windowHours: 6 }, one.base)).toMatchObject({
      refusal: { code: 'change-superseded' },
    })
  })

  test('a denied or withdrawn change never takes effect', async () => {
    const [one, two] = [await proposed('per_pia', { windowHours: 2 }), await proposed('per_ann', { windowHours: 6 })]
    await handleChange(stage.app.machinery, one.id, { type: 'deny', reason: 'no' }, signedIn('per_rae', stage.now))
    await signs('per_rae', two)
    await handleChange(stage.app.machinery, two.id, { type: 'withdraw', reason: 'no' }, signedIn('per_ann', stage.now))
    await stage.after(2 * delaySeconds)
    expect(await sweepChanges(stage.app.machinery)).toBe(0)
    expect((await inForce()).tiers.plain?.windowSecondsMax).toBe(4 * 3_600)
  })
})

describe('[B20] what was refused is on the record and stops nobody', () => {
  test('a proposal that was refused leaves everybody able to decide, also in a process that starts later', async () => {
    const refused = await proposes('per_ann', { windowHours: 2 }, 'sha256:another')
    expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'change-superseded' } })
    const later = stage.another((_, call) => call())
    const { id } = await stage.asks()
    const { proposal } = await stage.waiver(id)
    const signed = await stage.does(
      'per_sam',
      { type: 'countersign', digest: proposal?.digest ?? '', acknowledges: [] },
      id,
      later,
    )
    expect(signed.outcome).toBe('accepted')
  })

  test('who tries a change that is not there hears so as often as they try', async () => {
    const tries = []
    for (let n = 0; n < 3; n++)
      tries.push(
        await handleChange(
          stage.app.machinery,
          'chg_nowhere',
          { type: 'countersign', proposed: '' },
          signedIn('per_rae', stage.now),
        ),
      )
    expect(tries.map((one) => (one.outcome === 'refused' ? one.refusal.code : one.outcome))).toEqual([
      'change-not-open',
      'change-not-open',
      'change-not-open',
    ])
  })

  test('every refused attempt at a change is an event', async () => {
    const change = await proposed('per_pia', { windowHours: 2 })
    await signs('per_pia', change)
    await signs('per_ann', change)
    const events = await stage.installation.store.waivers.events(change.id)
    expect(events.map(({ type, by }) => `${type} ${by}`)).toEqual([
      'ChangeProposed per_pia',
      'AttemptRefused per_pia',
      'AttemptRefused per_ann',
    ])
  })
})

describe('[rules/maker-checker] nobody profits from a rule they loosened', () => {
  test('[B05] [B20] whoever loosened a rule neither asks nor decides under it, also after it was tightened again', async () => {
    await changed('per_ann', { windowHours: 6 })
    const ask = () => stage.does('per_ann', { type: 'request', terms: askedTerms() })
    expect(await ask()).toMatchObject({ refusal: { code: 'requester-loosened-the-rules' } })
    await changed('per_pia', { windowHours: 4 })
    expect(await ask()).toMatchObject({ refusal: { code: 'requester-loosened-the-rules' } })
    const { id } = await stage.must('per_olga', {
      type: 'request',
      terms: { ...askedTerms(), beneficiary: 'per_olga', access: { ...askedTerms().access, account: 'olga_db' } },
    })
    expect((await stage.signs('per_sid', id)).outcome).toBe('accepted')
  })

  test('[B08] who comes into a pool by a change does not countersign it', async () => {
    const pool = [...firstRules.pool, 'per_rae']
    const change = await proposed('per_pia', { pool })
    expect((await signs('per_rae', change)).outcome).toBe('refused')
    expect((await signs('per_kim', change)).outcome).toBe('accepted')
  })
})

describe('a waiver stands under two policies', () => {
  test('[B09] tightened between asking and deciding: today’s limit holds', async () => {
    const long = { ...askedTerms(), window: { start: stage.now, end: plusSeconds(stage.now, 4 * 3_600) } }
    const { id } = await stage.must('per_ann', { type: 'request', terms: long })
    await changed('per_pia', { windowHours: 2 })
    expect((await stage.signs('per_sam', id)).outcome).toBe('refused')
  })

  test('[B09] tightened between deciding and starting: one countersignature no longer suffices', async () => {
    const { id } = await stage.asks()
    await stage.signs('per_sam', id)
    await changed('per_pia', { countersigners: 2 })
    expect(await stage.does('per_ann', { type: 'activate' }, id)).toMatchObject({ refusal: { code: 'policy-changed' } })
  })

  test('[B09] loosened after asking: what it was asked under still counts', async () => {
    await changed('per_pia', { countersigners: 2 })
    const { id } = await stage.asks({ window: { start: stage.now, end: plusSeconds(stage.now, 3 * 3_600) } })
    await changed('per_kim', { countersigners: 1 }).catch(() => undefined)
    expect((await stage.signs('per_sam', id)).outcome).toBe('accepted')
    expect(await stage.waiver(id)).toMatchObject({ status: 'requested', proposal: { countersignersNeeded: 2 } })
  })
})

describe('[fail/closed] while the clock is in doubt', () => {
  test('[B20] rules neither change nor come into force, and nobody turns in a circle over it', async () => {
    const [one, two] = [await proposed('per_pia', { windowHours: 2 }), await proposed('per_ann', { windowHours: 6 })]
    await signs('per_rae', one)
    await stage.after(delaySeconds)
    await stage.after(-30)
    expect(await signs('per_rae', two)).toMatchObject({ refusal: { code: 'clock-went-backwards' } })
    expect(await sweepChanges(stage.app.machinery)).toBe(0)
    expect((await inForce()).tiers.plain?.windowSecondsMax).toBe(4 * 3_600)
  })
})

function askedTerms() {
  return {
    kind: 'access-override',
    beneficiary: 'per_ann',
    access: {
      system: 'sys_ledger',
      entitlement: 'write',
      account: 'ann_db',
      resources: ['entries'],
      actions: ['select'],
    },
    window: { start: stage.now, end: plusSeconds(stage.now, 3_600) },
    reason: 'batch 7 was posted twice',
    controls: [],
    conditions: {},
    contains: '',
  } as const
}
