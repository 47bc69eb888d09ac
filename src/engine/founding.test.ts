import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signedIn, sourceOf } from '../../test/simulator/installation.ts'
import { directoryText, firstRules, founders, holdsAtFirst, rulesOf } from '../../test/simulator/organisation.ts'
import { openStage, type Stage } from '../../test/simulator/stage.ts'
import { createDatabase } from '../../test/support/postgres.ts'
import type { Policy } from '../core/policy.ts'
import { plusSeconds } from '../core/time.ts'
import { importDirectory } from './directories.ts'
import { type FoundingHandled, handleFounding, proposeFounding } from './founding.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage((await createDatabase()).url)
})
beforeEach(() => stage.begin())
afterAll(() => stage.close())

const rules = rulesOf(firstRules)

/** Back to before the founding; who is who is known. */
async function unfounded(...facts: readonly string[]): Promise<void> {
  const { admin } = stage.installation
  await admin.query(`
    set session_replication_role = replica;
    delete from records where id in ('founding', 'tenures');
    delete from event_bodies where event in (select id from events where stream = 'founding');
    delete from feed where seq in (select seq from events where stream = 'founding');
    delete from events where stream = 'founding';
    update heads set digest = null where name = 'policy';
    set session_replication_role = origin`)
  await importDirectory(stage.app.machinery, [sourceOf(directoryText(new Set([...holdsAtFirst, ...facts])), stage.now)])
}

const propose = (names: readonly string[] = founders, needed = 2, policy: Policy = rules) =>
  proposeFounding(stage.app.machinery, names, needed, policy)

const codeOf = (handled: FoundingHandled) =>
  handled.outcome === 'refused' ? handled.refusal.code : handled.founding.status

async function accepts(actor: string, policy?: string): Promise<string> {
  const founding = (await stage.installation.store.records.find('founding')) as { policy: string } | undefined
  return codeOf(
    await handleFounding(
      stage.app.machinery,
      { type: 'accept', policy: policy ?? founding?.policy ?? '' },
      signedIn(actor, stage.now),
    ),
  )
}

const confirms = async (actor: string) =>
  codeOf(await handleFounding(stage.app.machinery, { type: 'confirm-clock' }, signedIn(actor, stage.now)))

const foundingEvents = async () => (await stage.installation.store.waivers.events('founding')).map(({ type }) => type)

describe('[rules/maker-checker] the beginning', () => {
  beforeEach(() => unfounded())

  test('[fail/closed] before it, everything is refused, and nobody can accept what was not proposed', async () => {
    expect(await accepts('per_rae')).toBe('not-initialised')
    await expect(stage.asks()).rejects.toThrow(/no founders and no policy/)
  })

  test('k of n accept exactly these rules, and then they are in force', async () => {
    expect(codeOf(await propose())).toBe('proposed')
    expect(await accepts('per_rae')).toBe('proposed')
    expect((await stage.installation.store.heads()).policy).toBeUndefined()
    expect(await accepts('per_kim')).toBe('founded')
    expect((await stage.installation.store.heads()).policy).toBeDefined()
    expect(await foundingEvents()).toEqual(['FoundingProposed', 'FoundingAccepted', 'FoundingAccepted', 'Founded'])
    expect((await stage.asks()).status).toBe('requested')
  })

  test('the platform team alone does not found: one must be from outside', async () => {
    await unfounded('per_rae member-of team_countersign', 'per_kim member-of team_countersign')
    await propose()
    for (const founder of founders) expect(await accepts(founder)).toBe('proposed')
    await propose([...founders, 'per_lee'])
    for (const founder of founders) await accepts(founder)
    expect(await accepts('per_lee')).toBe('founded')
  })

  test.each([
    ['nobody of the founders', () => accepts('per_sam'), 'not-permitted'],
    ['another set of rules', () => accepts('per_rae', 'sha256:other'), 'terms-changed'],
    ['an agent', () => accepts('wl_agent'), 'not-permitted'],
  ])('[B03] %s does not accept', async (_, act, code) => {
    await propose()
    expect(await act()).toBe(code)
  })

  test('[B03] one person counts once, and a stale sign-in does not count', async () => {
    await propose()
    await accepts('per_rae')
    expect(await accepts('per_rae')).toBe('one-person-counts-once')
    const stale = { ...signedIn('per_kim', stage.now), signedInAt: plusSeconds(stage.now, -3_600) }
    const founding = (await stage.installation.store.records.find('founding')) as { policy: string }
    const answer = await handleFounding(stage.app.machinery, { type: 'accept', policy: founding.policy }, stale)
    expect(codeOf(answer)).toBe('sign-in-not-fresh')
  })

  test.each([
    [['per_rae', 'per_kim'], 1],
    [['per_rae', 'per_kim'], 3],
    [['per_rae', 'per_rae'], 2],
    [[], 2],
    [['per_rae', 'per_unheard_of'], 2],
    [['per_rae', 'wl_agent'], 2],
  ])('[B06] %j with %i needed is no founding', async (names, needed) => {
    expect((await propose(names, needed)).outcome).toBe('refused')
    expect((await stage.installation.store.heads()).policy).toBeUndefined()
  })

  test('other rules proposed meanwhile begin from nothing: nobody has accepted those', async () => {
    await propose()
    await accepts('per_rae')
    await propose(founders, 2, rulesOf({ ...firstRules, windowHours: 2 }))
    expect(await accepts('per_kim')).toBe('proposed')
    expect(await accepts('per_rae')).toBe('founded')
  })

  test('[B12] all of them accept at once: it is founded once', async () => {
    await propose()
    await Promise.all(founders.map((founder) => accepts(founder)))
    expect((await foundingEvents()).filter((type) => type === 'Founded')).toHaveLength(1)
  })

  test('[B20] who was refused is on the record', async () => {
    await propose()
    await accepts('per_sam')
    expect(await foundingEvents()).toContain('AttemptRefused')
  })
})

describe('after the beginning', () => {
  test('it does not begin again, and what founders are is set by no file', async () => {
    expect(codeOf(await propose(['per_ann', 'per_ben']))).toBe('not-in-this-state')
    expect(await accepts('per_kim')).toBe('not-in-this-state')
  })

  test('founders never grant access: being one makes nobody a decider', async () => {
    const { id } = await stage.asks()
    expect(await stage.signs('per_kim', id)).toMatchObject({ refusal: { code: 'approver-not-in-pool' } })
  })
})

describe('[fail/closed] [B20] the founders’ word about the time', () => {
  beforeEach(async () => {
    await stage.after(3_600)
    await stage.after(-600)
  })

  test('two of them confirm it, and only then access is given again', async () => {
    const { id } = await stage.asks()
    expect(await stage.signs('per_sam', id)).toMatchObject({ refusal: { code: 'clock-went-backwards' } })
    expect(await confirms('per_rae')).toBe('founded')
    expect(await stage.signs('per_sam', id)).toMatchObject({ refusal: { code: 'clock-went-backwards' } })
    expect(await confirms('per_rae')).toBe('one-person-counts-once')
    expect(await confirms('per_pia')).toBe('founded')
    expect((await stage.signs('per_sam', id)).outcome).toBe('accepted')
    expect(await confirms('per_kim')).toBe('not-in-this-state')
  })

  test('what was read under a clock that ran ahead does not keep people from deciding once it is read again', async () => {
    await stage.at(plusSeconds(stage.now, 40 * 86_400))
    await stage.directory('per_kim member-of team_payments')
    await stage.at(plusSeconds(stage.now, -40 * 86_400))
    await confirms('per_rae')
    await confirms('per_pia')
    await expect(stage.asks()).rejects.toThrow(/nobody who may decide this is independent/)
    await stage.directory('per_kim member-of team_payments')
    const { id } = await stage.asks()
    expect((await stage.signs('per_sam', id)).outcome).toBe('accepted')
  })

  test('nobody else confirms it', async () => {
    expect(await confirms('per_sam')).toBe('not-permitted')
    expect(await confirms('per_ann')).toBe('not-permitted')
    expect((await stage.installation.store.heads()).clock).toBe('went-backwards')
  })

  test('a word of one founder from an earlier doubt does not count for the next', async () => {
    await confirms('per_rae')
    await confirms('per_pia')
    await stage.after(7_200)
    await stage.after(-600)
    expect(await confirms('per_rae')).toBe('founded')
    expect((await stage.installation.store.heads()).clock).toBe('went-backwards')
  })
})
