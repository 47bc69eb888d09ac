import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { organisation, termsFor } from '../../test/support/life.ts'
import { openWorld, type World } from '../../test/support/world.ts'
import { systemActor } from '../core/waiver.ts'
import { why } from './why.ts'

let world: World & { close(): Promise<void> }
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

async function active(): Promise<string> {
  const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
  expect((await world.countersign('per_sam', id)).outcome).toBe('accepted')
  await world.must('per_asker', { type: 'activate' }, id)
  await world.settle()
  return id
}

describe('the main job', () => {
  test('[four-acts/four-records] [revocation/automatic] [revocation/verified] from asking to a closed review', async () => {
    const id = await active()
    expect(await world.waiver(id)).toMatchObject({ status: 'active' })
    expect([...world.target.given.values()]).toMatchObject([{ account: 'asker_db', actions: ['select', 'update'] }])
    world.target.sessions.set('17', 'asker_db')

    await world.after(2 * 3_600)
    await world.settle()
    expect(world.target.given.size).toBe(0)
    expect(world.target.sessions.size).toBe(0)
    expect(await world.waiver(id)).toMatchObject({ status: 'ended', removal: { state: 'verified' } })

    await world.must('per_rae', { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] }, id)
    const types = (await world.store.waivers.events(id)).map(({ type }) => type)
    expect(types).toEqual([
      'WaiverRequested',
      'WaiverCountersigned',
      'ActivationStarted',
      'AccessActivated',
      'AccessExpired',
      'ReviewOpened',
      'RemovalVerified',
      'ReviewClosed',
    ])
  })

  test('[context/at-request-time] every decision can be recomputed from its recorded facts', async () => {
    const id = await active()
    await world.handle('per_mate', { type: 'request-extension', end: '2026-11-22T15:00:00.000Z', reason: 'more' }, id)
    await world.after(2 * 3_600)
    await world.settle()
    // Facts that came later must not change what was decided before.
    await world.changeDirectory('per_sam member-of team_payments\nper_asker member-of team_payments')
    const answer = await why(world.app.machinery, id)
    expect(answer?.acts.filter(({ follows }) => follows !== 'yes')).toEqual([])
    expect(answer?.acts.length).toBeGreaterThan(6)
  })

  test('[context/at-request-time] standing access makes a conflict of duties, through a team or a workload too', async () => {
    const approves = 'holds sys_ledger/ledger-approve by cloud'
    const asks = () => world.handle('per_asker', { type: 'request', terms: termsFor() })
    for (const line of [`per_asker ${approves}`, `team_payments ${approves}`, `wl_bot ${approves}`]) {
      await world.changeDirectory(`${organisation}\n${line}`)
      expect(await asks(), line).toMatchObject({ outcome: 'refused', refusal: { code: 'creates-duty-conflict' } })
    }
    // Somebody else's, and what the rules know no duty of, is nobody's conflict.
    await world.changeDirectory(`${organisation}\nper_owner ${approves}\nper_asker holds sys_ledger/canteen by cloud`)
    expect((await asks()).outcome).toBe('accepted')
  })

  test('[context/at-request-time] [B09] standing access that came after the approval stops the activation', async () => {
    const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
    expect((await world.countersign('per_sam', id)).outcome).toBe('accepted')
    await world.changeDirectory(`${organisation}\nper_asker holds sys_ledger/ledger-approve`)
    expect(await world.handle('per_asker', { type: 'activate' }, id)).toMatchObject({
      refusal: { code: 'creates-duty-conflict' },
    })
    // What was looked at is on the record, and the refusal follows from it whatever the directory says later.
    await world.changeDirectory(organisation)
    expect((await why(world.app.machinery, id))?.follows).toBe(true)
  })

  test('[B20] [terms/digest] a rewritten event no longer follows', async () => {
    const id = await active()
    await world.query(`alter table event_bodies disable trigger all`)
    await world.query(
      `update event_bodies set body = replace(body, '"by":"per_sam"', '"by":"per_mate"') where event like $1`,
      [`%${id.slice(4)}.2`],
    )
    const answer = await why(world.app.machinery, id)
    expect(answer?.follows).toBe(false)
  })

  test('[B20] a refused attempt is on the record', async () => {
    const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
    const refused = await world.countersign('per_mate', id)
    expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'approver-not-independent' } })
    expect((await world.store.waivers.events(id)).map(({ type }) => type)).toEqual([
      'WaiverRequested',
      'AttemptRefused',
    ])
  })

  test('[fail/closed] without founders everything is refused, and it says what is missing', async () => {
    const bare = await openWorld({ founded: false })
    const refused = await bare.handle('per_asker', { type: 'request', terms: termsFor() })
    expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'not-initialised' } })
    await bare.close()
  })

  test('[terms/digest] [B09] a role that is widened between approval and activation voids the approval', async () => {
    const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
    await world.countersign('per_sam', id)
    world.target.contents = 'and superuser'
    expect(await world.handle('per_asker', { type: 'activate' }, id)).toMatchObject({
      refusal: { code: 'contents-changed' },
    })
    expect(await world.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'voided' } })
  })

  test('[context/at-request-time] [B08] a directory that changed since the request counts at the decision', async () => {
    const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
    await world.changeDirectory(`per_sam member-of team_payments\nper_asker member-of team_payments`)
    expect(await world.countersign('per_sam', id)).toMatchObject({ outcome: 'refused' })
  })

  test('[extension/new-approval] [B18] caps are counted over waivers that are asked for side by side', async () => {
    const ask = (from: number, resource: string) =>
      world.handle('per_asker', {
        type: 'request',
        terms: termsFor({
          window: { start: at(from), end: at(from + 4) },
          access: { ...termsFor().access, resources: [resource] },
        }),
      })
    const at = (hours: number) => new Date(Date.parse(world.now) + hours * 3_600_000).toISOString()
    const answers = await Promise.all([
      ask(0, 'ledger.entries'),
      ask(30, 'ledger.entries'),
      ask(60, 'ledger.entries'),
      ask(90, 'ledger.entries'),
    ])
    // Ten hours a week: two windows of four hours fit, a third does not.
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(2)
  })
})

describe('once and only once', () => {
  test('[B10] [B12] sixty-four clients countersign and start one waiver: one approval, one activation, one grant', async () => {
    const { id, digest } = await world.must('per_asker', { type: 'request', terms: termsFor() })
    const signers = ['per_sam', 'per_sue', 'per_sid', 'per_sam']
    const countersigned = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        world.handle(signers[n % 4] as string, { type: 'countersign', digest, acknowledges: [] }, id),
      ),
    )
    expect(countersigned.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1)
    const started = await Promise.all(
      Array.from({ length: 64 }, () => world.handle('per_asker', { type: 'activate' }, id)),
    )
    expect(started.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1)
    await Promise.all([world.settle(), world.settle(), world.settle()])
    const grants = await world.query<{ count: string }>('select count(*) from grants')
    expect(grants[0]?.count).toBe('1')
    const versions = await world.query<{ version: number }>(
      'select version from events where stream = $1 order by version',
      [id],
    )
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1))
  })

  test('[B12] asking for the same twice at once gives one waiver', async () => {
    const asked = await Promise.all(
      Array.from({ length: 16 }, () => world.handle('per_asker', { type: 'request', terms: termsFor() })),
    )
    expect(asked.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1)
    expect(asked.filter((answer) => answer.outcome === 'refused' && answer.refusal.code !== 'already-asked')).toEqual(
      [],
    )
  })

  test('[B12] denying and countersigning at once: one of them, never both', async () => {
    const { id, digest } = await world.must('per_asker', { type: 'request', terms: termsFor() })
    const answers = await Promise.all([
      world.handle('per_sam', { type: 'countersign', digest, acknowledges: [] }, id),
      world.handle('per_sue', { type: 'deny', digest, reason: 'no' }, id),
      world.handle('per_asker', { type: 'withdraw', reason: 'no' }, id),
      world.handle(systemActor, { type: 'tick' }, id),
    ])
    expect(['countersigned', 'ended']).toContain((await world.waiver(id)).status)
    const decided = (await world.store.waivers.events(id)).filter(({ type }) =>
      /Countersigned|Denied|Withdrawn/.test(type),
    )
    expect(decided.length).toBeLessThanOrEqual(2)
    expect(answers.some(({ outcome }) => outcome === 'accepted')).toBe(true)
  })

  test('[B10] a key that is used again is answered the same, and for something else refused', async () => {
    const { handle } = await import('./handle.ts')
    const order = {
      actor: world.person('per_asker'),
      command: { type: 'request', terms: termsFor() },
      idempotencyKey: 'k-1',
    } as const
    const [first, second] = await Promise.all([handle(world.app.machinery, order), handle(world.app.machinery, order)])
    expect(first.outcome === 'accepted' && second.outcome === 'accepted' && first.waiver.id === second.waiver.id).toBe(
      true,
    )
    const other = await handle(world.app.machinery, {
      ...order,
      command: { type: 'request', terms: termsFor({ reason: 'another' }) },
    })
    expect(other).toMatchObject({ outcome: 'refused', refusal: { code: 'idempotency-key-reused' } })
    const stranger = await handle(world.app.machinery, { ...order, actor: world.person('per_mate') })
    expect(stranger).toMatchObject({ outcome: 'refused', replayed: false })
  })
})

describe('the feed', () => {
  test('is gapless and in commit order, however many write at once', async () => {
    const asked = await Promise.all(
      ['per_asker', 'per_oncall'].flatMap((person) =>
        Array.from({ length: 10 }, () =>
          world.handle(person, { type: 'request', terms: termsFor({ beneficiary: person }) }),
        ),
      ),
    )
    expect(asked).toHaveLength(20)
    await Promise.all([
      world.store.feed.sequence(3),
      world.store.feed.sequence(1_000),
      world.store.feed.sequence(1_000),
    ])
    await world.settle()
    const events = await world.store.feed.after(-1n, 1_000)
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => BigInt(index)))
    const [all] = await world.query<{ count: string }>('select count(*) from events')
    expect(events).toHaveLength(Number(all?.count))
  })

  test('[B20] the application can neither change nor remove an event', async () => {
    await world.must('per_asker', { type: 'request', terms: termsFor() })
    await world.query('set role countersign_app')
    await expect(world.query('update events set actor = null')).rejects.toThrow(/permission denied|only ever added/)
    await expect(world.query('delete from events')).rejects.toThrow(/permission denied|only ever added/)
    await expect(world.query('truncate events cascade')).rejects.toThrow(/permission denied|only ever added/)
    await world.query('reset role')
    await expect(world.query('delete from events')).rejects.toThrow(/only ever added/)
  })
})

describe('the clock', () => {
  test('[fail/closed] [B20] a clock that went backwards gives nothing and still takes away, until founders confirm', async () => {
    const id = await active()
    const { id: other } = await world.must('per_oncall', {
      type: 'request',
      terms: termsFor({ beneficiary: 'per_oncall', access: { ...termsFor().access, account: 'oncall_db' } }),
    })
    await world.after(2 * 3_600)
    await world.after(-2 * 3_600)
    await world.settle()
    expect(await world.waiver(id)).toMatchObject({ status: 'ended', removal: { state: 'verified' } })
    expect(await world.countersign('per_sam', other)).toMatchObject({ outcome: 'refused' })
  })
})
