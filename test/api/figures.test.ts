// Figures over HTTP: counted from what really happened, for those who look over everything, and open removals for whoever reads them.
import { beforeAll, describe, expect, test } from 'vitest'
import { asked, no, openSurface, refreshDirectory, type Surface, yes } from './support/surface.ts'

let surface: Surface
let denied: string
let given: string

/** Two people ask, one is told no; somebody too near tries; one access ends and is not yet seen to be gone. */
beforeAll(async () => {
  surface = await openSurface()
  const { world, client } = surface
  const digestOf = async (id: string) => yes(await client('per_sam').waiver(id)).waiver.proposal?.digest ?? ''
  given = yes(await client('per_asker').ask({ terms: asked(world.now) })).waiver.id
  await world.after(600)
  expect(no(await client('per_mate').countersign(given, { digest: await digestOf(given) }))).toBe(
    'approver-not-independent',
  )
  yes(await client('per_sam').countersign(given, { digest: await digestOf(given) }))
  yes(await client('per_asker').activate(given))
  await world.settle()
  await world.after(1_200)
  yes(await client('per_asker').revoke(given, { reason: 'done' }))
  const other = {
    ...asked(world.now),
    beneficiary: 'per_oncall',
    access: { ...asked(world.now).access, account: 'oncall_db' },
  }
  denied = yes(await client('per_oncall').ask({ terms: other })).waiver.id
  await world.after(60)
  yes(await client('per_sue').deny(denied, { digest: await digestOf(denied), reason: 'not tonight' }))
})

describe('[evidence/frameworks] figures of a period', () => {
  test('count what was asked, what came of it, how fast, and what was refused for what', async () => {
    const seen = yes(await surface.client('per_rae').figures({ from: '2026-11-16T00:00:00Z', by: 'day' }))
    const today = seen.stretches.find(({ start }) => start.startsWith('2026-11-22'))
    expect(today).toMatchObject({ asked: 2, countersigned: 1, denied: 1, undecided: 0, refusedAttempts: 1 })
    expect(seen.stretches.filter((one) => one !== today).every(({ asked: many }) => many === 0)).toBe(true)
    expect(seen.decided).toMatchObject({ count: 2, median: 60, longest: 600 })
    // A minute took no longer than a minute; ten minutes took longer than five and not longer than fifteen.
    expect(seen.decided.steps.map(({ count }) => count)).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0])
    expect(seen.open).toMatchObject({ count: 1, median: 1_200 })
    expect(seen.removed.count).toBe(0)
    expect(seen.refusals).toEqual([{ code: 'approver-not-independent', count: 1 }])
    expect(seen.standing).toMatchObject({ open: 0, removalsOpen: 1, reviewsOverdue: 0 })
    expect(yes(await surface.client('per_watch').removals()).removals).toMatchObject([
      { waiver: given, overdue: false },
    ])
  })

  test('end where the period ends, and are told by the week where it is long', async () => {
    const before = yes(
      await surface.client('per_rae').figures({ from: '2026-09-01T00:00:00Z', to: '2026-11-22T00:00:00Z' }),
    )
    expect(before.by).toBe('week')
    expect(before.stretches.at(-1)?.end).toBe('2026-11-22T00:00:00.000Z')
    expect(before.stretches.every(({ asked: many, refusedAttempts }) => many + refusedAttempts === 0)).toBe(true)
    expect(before.decided.count).toBe(0)
    for (const wrong of [
      'from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z',
      'from=2020-01-01T00:00:00Z',
      'from=2026-01-01T00:00:00Z&by=day',
      'from=yesterday',
    ])
      expect((await surface.get('per_rae', `/v1/figures?${wrong}`)).status).toBe(400)
  })
})

test('[B21] who approved for whom is told, those who did so for each other first', async () => {
  const { world, client } = surface
  const before = yes(await client('per_rae').approvals())
  expect(before).toMatchObject({ pairsCount: 1, mutualCount: 0 })
  expect(before.pairs).toMatchObject([{ countersigner: 'per_sam', person: 'per_asker', count: 1, back: 0 }])
  // The other way round, as an import of an older record would have it: nobody in this small company could decide both ways.
  await world.query(`insert into countersign.waiver_persons (person, waiver) values ('per_sam', '${denied}')`)
  await world.query(
    `insert into countersign.decisions (event, waiver, countersigner, at)
     select e.id, '${denied}', 'per_asker', countersign.clock() from countersign.events e where e.stream = '${denied}' and e.version = 1`,
  )
  await world.after(31)
  await refreshDirectory(surface)
  const after = yes(await client('per_rae').approvals())
  expect(after.mutualCount).toBe(1)
  expect(after.pairs.slice(0, 2).map(({ back }) => back)).toEqual([1, 1])
})

describe('[revocation/verified] access that should be gone', () => {
  test('is listed with since when, loudly once the target should have answered, until it was seen to be gone', async () => {
    const { world, client } = surface
    await world.after(600)
    await refreshDirectory(surface)
    expect(yes(await client('per_watch').removals()).removals).toMatchObject([
      { waiver: given, status: 'ended', overdue: true, failures: 0, beneficiary: 'per_asker' },
    ])
    // Theirs to know: whoever has a part in it.
    expect(yes(await client('per_asker').removals()).removals).toHaveLength(1)
    expect(yes(await client('per_nobody').removals()).removals).toEqual([])
    await world.settle()
    expect(yes(await client('per_watch').removals())).toMatchObject({ removals: [], complete: true })
    const figures = yes(await client('per_rae').figures({ from: '2026-11-22T00:00:00Z' }))
    expect(figures.standing.removalsOpen).toBe(0)
    expect(figures.removed.count).toBe(1)
  })
})

test.each(['per_asker', 'per_nobody', 'wl_bot'])('[B15] %s gets no figures about everybody', async (token) => {
  expect(no(await surface.client(token).figures())).toBe('not-permitted')
  expect(no(await surface.client(token).approvals())).toBe('not-permitted')
})

describe('[evidence/frameworks] evidence of a period as a file', () => {
  test.each([
    ['html', 'text/html', '<!doctype html>'],
    ['oscal', 'application/json', '{'],
    ['controls', 'text/csv', ''],
    ['acts', 'text/csv', ''],
    ['ocsf', 'application/x-ndjson', '{'],
  ])('%s is kept, never shown as a page of ours, and says what happened', async (form, type, begins) => {
    await surface.world.settle()
    const got = await surface.api.inject({
      url: `/v1/evidence?from=2026-11-22T00:00:00Z&form=${form}`,
      headers: { authorization: 'Bearer per_rae' },
    })
    expect(got.statusCode).toBe(200)
    expect(got.headers['content-type']).toContain(type)
    expect(got.headers['content-disposition']).toMatch(
      /^attachment; filename="countersign-2026-11-22-to-[\d-]+\.[a-z.]+"$/,
    )
    expect(got.payload.trimStart().toLowerCase().startsWith(begins)).toBe(true)
    expect(got.payload).toContain(form === 'acts' || form === 'ocsf' ? given : 'terms/bound')
    const through = await surface.client('per_rae').evidence({ from: '2026-11-22T00:00:00Z', form: 'acts' })
    expect(new TextDecoder().decode(yes(through))).toContain(given)
  })

  test('[B15] a part of the record proves nothing, so whoever reads only a part gets none', async () => {
    for (const token of ['per_asker', 'per_nobody', 'wl_bot'])
      expect((await surface.get(token, '/v1/evidence')).body.code).toBe('not-permitted')
    expect((await surface.get('per_rae', '/v1/evidence?form=pdf')).status).toBe(400)
  })
})
