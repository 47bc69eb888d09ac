import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { envelope, organisation, termsFor } from '../../../test/support/life.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import { usualLimits } from '../../core/merge.ts'
import { importDirectory } from '../directories.ts'
import { readiness } from '../health.ts'
import { decideAboutHold, heldSources, holdOf, wouldBeGone } from './holds.ts'

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  world = await openWorld({ shrink: usualLimits })
})
afterAll(() => world.close())

/** What is left of the organisation when its export broke off in the middle. */
const broken = organisation
  .split('\n')
  .filter((line) => !/per_(?:asker|mate|oncall|chief|sam|sue|sid)/.test(line))
  .join('\n')
const signed = (id: string) => world.person(id)

beforeEach(async () => {
  await world.after(3 * 86_400)
  expect(['changed', 'unchanged']).toContain(await world.changeDirectory(organisation))
})

async function heldNow() {
  const hold = await holdOf(world.store.records, 'hr')
  if (hold === undefined) throw new Error('nothing is held')
  return { hold, snapshot: hold.words.at(-1)?.snapshot ?? '' }
}

async function active(): Promise<string> {
  const { id } = await world.must('per_asker', { type: 'request', terms: termsFor({ window: hours(2) }) })
  await world.countersign('per_sam', id)
  await world.must('per_asker', { type: 'activate' }, id)
  await world.settle()
  return id
}

function hours(count: number) {
  return { start: world.now, end: new Date(Date.parse(world.now) + count * 3_600_000).toISOString() }
}

describe('[fail/closed] [B07] a source that suddenly says much less', () => {
  test('ends and voids nothing, is loud, grows old, and is released when it says it properly again', async () => {
    const sealed = await world.must('per_chief', { type: 'request', terms: envelope({ window: hours(40) }) })
    await world.countersign('per_sam', sealed.id)
    const running = await active()
    const before = await world.store.heads()
    await world.after(60)
    expect(await world.changeDirectory(broken)).toBe('held')
    expect((await world.waiver(sealed.id)).status).toBe('countersigned')
    expect((await world.waiver(running)).status).toBe('active')
    const { directory, freshness } = await world.store.heads()
    expect({ directory, freshness }).toEqual({ directory: before.directory, freshness: before.freshness })

    const { checks } = await readiness(world.app.machinery)
    expect(checks.find(({ name }) => name === 'holds')).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('countersign directory confirm hr'),
    })
    expect((await wouldBeGone(world.app.machinery, (await heldNow()).hold)).people).toContain('per_sam')

    // Said again, it is no news.
    await world.changeDirectory(broken)
    expect((await heldNow()).hold.words).toHaveLength(1)
    expect(await world.changeDirectory(organisation)).toBe('unchanged')
    expect((await heldNow()).hold.status).toBe('released')
    expect(await heldSources(world.store.records)).toEqual([])
    await world.must('per_asker', { type: 'revoke', reason: 'done' }, running)
    await world.must('per_chief', { type: 'withdraw', reason: 'done' }, sealed.id)
  })

  test('a few who leave are no reason to hold it', async () => {
    expect(await world.changeDirectory(organisation.replaceAll(/.*per_kim.*/g, ''))).toBe('changed')
  })

  test('[B08] it cannot dwindle in small steps either', async () => {
    const people = ['per_dba', 'per_owner', 'per_lee', 'per_nobody', 'per_watch', 'per_mate']
    const outcomes: string[] = []
    for (const [step] of people.entries()) {
      await world.after(60)
      const gone = new RegExp(`.*(?:${people.slice(0, step + 1).join('|')})\\b.*`, 'g')
      outcomes.push(await world.changeDirectory(organisation.replaceAll(gone, '')))
    }
    expect(outcomes).toEqual(['changed', 'changed', 'changed', 'changed', 'held', 'held'])
  })
})

describe('[rules/maker-checker] confirming it', () => {
  test('puts exactly what was shown into force, with everything that follows, and only once', async () => {
    const running = await active()
    await world.after(60)
    await world.changeDirectory(broken)
    const { snapshot } = await heldNow()
    const command = { type: 'confirm', snapshot, reason: 'the division was sold' } as const
    const refused = await decideAboutHold(world.app.machinery, 'hr', command, signed('per_ops'))
    expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'approver-not-independent' } })
    expect(await decideAboutHold(world.app.machinery, 'hr', command, signed('per_rae'))).toMatchObject({
      outcome: 'accepted',
      hold: { status: 'confirmed' },
    })
    expect((await world.waiver(running)).end?.cause).toBe('deactivated')
    await world.after(60)
    expect(await world.changeDirectory(broken)).toBe('unchanged')
    expect(await decideAboutHold(world.app.machinery, 'hr', command, signed('per_rae'))).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'not-in-this-state' },
    })
    const types = (await world.store.waivers.events('hold_hr')).map(({ type }) => type)
    expect(types.slice(-4)).toEqual(['SourceHeld', 'AttemptRefused', 'SourceConfirmed', 'AttemptRefused'])
  })

  test('[B04] whoever would be gone by it does not confirm it, and what was never said cannot be', async () => {
    await world.changeDirectory(broken.replaceAll(/.*per_rae.*/g, ''))
    const { snapshot } = await heldNow()
    const confirm = (digest: string, actor: string) =>
      decideAboutHold(world.app.machinery, 'hr', { type: 'confirm', snapshot: digest, reason: 'x' }, signed(actor))
    expect(await confirm(snapshot, 'per_rae')).toMatchObject({ refusal: { code: 'checker-is-concerned' } })
    expect(await confirm(`sha256:${'0'.repeat(64)}`, 'per_kim')).toMatchObject({ refusal: { code: 'terms-changed' } })
    expect(
      await decideAboutHold(
        world.app.machinery,
        'hr',
        { type: 'reject', snapshot, reason: 'broken' },
        signed('per_kim'),
      ),
    ).toMatchObject({
      outcome: 'accepted',
    })
    const again = await importDirectory(world.app.machinery, world.app.sources)
    expect(again.map(({ outcome, problems }) => [outcome, problems[0]])).toEqual([
      ['held', expect.stringContaining('somebody rejected it')],
    ])
  })
})
