// What a waiver looks like at every stage of its life, and on its target. The waivers are the core's own.
import { describe, expect, test } from 'vitest'
import type { GrantView, WaiverDetail } from '../../src/client/index.ts'
import type { WaiverEvent } from '../../src/core/waiver.ts'
import { lifeAt, type Stage } from '../support/life.ts'
import { heard } from './support/context.ts'
import { answersFor, detailAt, id } from './support/fixtures.ts'

const noon = Date.parse('2026-11-22T12:05:00Z')

function shown(detail: WaiverDetail, events: readonly WaiverEvent[] = [], timeZone = 'UTC') {
  const recorded = events.map((body, index) => ({
    id: `evt_01.${index + 1}`,
    stream: id,
    version: index + 1,
    type: body.type,
    at: body.at,
    by: body.by,
    body,
    bodyHash: 'sha256:x',
  }))
  const answers = { ...answersFor(detail), [`/v1/waivers/${id}/events`]: { events: recorded, names: detail.names } }
  return heard(['show', id], { answers, nowMillis: noon, timeZone, columns: 110 })
}

describe.each([
  ['requested', 'REQUESTED, to be decided in'],
  ['countersigned', 'COUNTERSIGNED, not started'],
  ['activating', 'COUNTERSIGNED, being started'],
  ['active', 'ACTIVE, ends in'],
  ['extension asked', 'more time, asked by Ada Asker (per_asker)'],
  ['suspended', 'SUSPENDED'],
  ['resumption asked', 'its resumption, asked by Ada Asker (per_asker)'],
  ['ended', 'ENDED: revoked'],
  ['removed', 'Removal       verified'],
  ['reviewed', 'REVIEWED: revoked'],
  ['denied', 'ENDED: denied'],
  ['sealed envelope', 'Sealed for'],
  ['opened envelope', 'Opens for     30 min'],
] as const satisfies readonly (readonly [Stage, string])[])('%s', (stage, says) => {
  test('says where it stands, and every event in words', async () => {
    const { events } = lifeAt(stage)
    const ran = await shown(detailAt(stage), events)
    expect(ran).toMatchObject({ exit: 0, err: '' })
    expect(ran.out).toContain(says)
    const happened = ran.out.slice(ran.out.indexOf('What happened:'))
    for (const { type } of events) expect(happened).not.toContain(type)
    expect(happened.match(/^2026-11-22 /gm)?.length).toBe(events.length)
  })
})

test('[four-acts/four-records] each of the four acts is a record with its facts and its own review', async () => {
  const { events, waiver } = lifeAt('ended')
  const [first] = waiver?.records ?? []
  const review = {
    by: 'per_reader',
    at: '2026-11-22T12:04:00.000Z',
    finding: 'justified' as const,
    note: 'looked at the incident',
  }
  const detail = detailAt('ended', {
    change: (one) => ({
      ...one,
      records: one.records.map((record) => (record.event === first?.event ? { ...record, review } : record)),
    }),
  })
  const { out } = await shown(detail, events)
  for (const act of ['APPROVAL', 'ACTIVATION', 'REVOCATION']) expect(out).toMatch(new RegExp(`${act} .+\\n`))
  expect(out).toContain(
    'rested on directory sha256:directory, policy sha256:policy, circumstances sha256:circumstances',
  )
  expect(out).toContain('reviewed by Rea Reader (per_reader), 2026-11-22 12:04 UTC: justified')
  expect(out).toContain('│ looked at the incident')
  expect(out).toContain('not reviewed on its own yet')
})

test('times are said here, with UTC beside', async () => {
  const { out } = await shown(detailAt('active'), [], 'Asia/Kolkata')
  expect(out).toContain('GMT+5:30 (14:00Z), in 1 h 55 min')
})

describe('on the target', () => {
  const grant: GrantView = {
    grant: 'grt_01k9m2v7c0q3xw8r5t6y4z1a2b',
    waiver: id,
    generation: 2,
    wanted: 'absent',
    settled: false,
    system: 'sys_ledger',
    entitlement: 'ledger-write',
    account: 'asker',
    resources: ['ledger.entries'],
    actions: ['select'],
    until: '2026-11-22T14:00:00.000Z',
    attempts: 3,
    lastError: 'the target did not answer',
    nextAt: '2026-11-22T12:06:00.000Z',
    observedAt: '2026-11-22T12:04:00.000Z',
    observed: {
      present: true,
      differs: ['also holds `delete`'],
      sessions: [{ session: '4711', account: 'asker', since: '2026-11-22T12:01:00.000Z', detail: 'idle' }],
      residue: [{ kind: 'object', name: 'ledger.copy', detail: 'a table made under the role' }],
    },
  }

  test('[revocation/verified] what shall be gone and was seen is loud, with its sessions and what it left', async () => {
    const { out } = await shown({ ...detailAt('ended'), grant, worstCaseEnd: '2026-11-22T14:00:10.000Z' })
    expect(out).toContain('shall be GONE; it is there')
    expect(out).toContain('`4711` of `asker` since 2026-11-22T12:01:00.000Z: idle')
    expect(out).toContain('object `ledger.copy`: a table made under the role')
    expect(out).toContain('3 since it last was as wanted')
    expect(out).toContain('Removal       OPEN since')
    expect(out).toContain('Rights gone   at the latest 2026-11-22 14:00:10 UTC')
    expect(out).not.toContain('gone, as wanted')
  })

  test('[revocation/verified] gone is only what was seen to be gone', async () => {
    const observed = { present: false, differs: [], sessions: [], residue: [] }
    const { out } = await shown({ ...detailAt('removed'), grant: { ...grant, settled: true, observed } })
    expect(out).toContain('gone, as wanted')
    expect(out).toContain('Sessions      none live')
  })

  test('[review/after] an overdue review is loud', async () => {
    const late = detailAt('removed', {
      change: (one) => ({ ...one, review: { dueAt: '2026-11-22T12:00:00.000Z', overdue: true } }),
    })
    expect((await shown(late)).out).toContain('Review        OVERDUE, was due 2026-11-22 12:00 UTC, 5 min ago')
  })
})
