/** Lives of waivers in the form in which the feed tells them, for whoever examines a record. */
import type { Recorded } from '../../src/evidence/lives.ts'
import { digestOf } from '../../src/lib/digest.ts'
import { type Life, lifeAt, noon, termsFor } from '../support/life.ts'

export const period = { start: '2026-11-01T00:00:00.000Z', end: '2026-12-31T00:00:00.000Z' }
export { noon }

type Body = Readonly<Record<string, unknown>>

/** One feed of several lives, in order of time. */
export function feedOf(lives: readonly Life[]): Recorded[] {
  const events = lives.flatMap(({ events }, life) =>
    events.map((event, index) => ({ stream: `wvr_0${life + 1}`, version: index + 1, event })),
  )
  return events
    .sort((a, b) => (a.event.at < b.event.at ? -1 : a.event.at > b.event.at ? 1 : a.stream < b.stream ? -1 : 1))
    .map(({ stream, version, event }, position) => ({
      id: `evt_0${stream.slice(-1)}.${version}`,
      stream,
      version,
      position,
      type: event.type,
      at: event.at,
      by: event.by,
      bodyHash: digestOf(event),
      body: event as unknown as Body,
    }))
}

/** The same feed with the bodies of one type of event changed by hand. */
export function withBodies(records: readonly Recorded[], type: string, change: (body: Body) => Body): Recorded[] {
  return records.map((one) => {
    if (one.type !== type || one.body === undefined) return one
    const body = change(one.body)
    return { ...one, body, by: String(body.by), at: String(body.at) }
  })
}

/** Asked, narrowed, given, extended by somebody else, ended by its time, seen to be gone, reviewed. */
export function wholeLife(): Life {
  const life = lifeAt('requested')
  life.countersign('per_mate')
  life.countersign('per_sam', termsFor({ access: { ...termsFor().access, actions: ['select'] } }))
  life.after(60).must('per_asker', { type: 'activate' })
  life.must('sys_countersign', { type: 'confirm-activation' })
  life.after(60).must('per_asker', { type: 'use', detail: 'select entries' })
  life.after(3_600).must('per_asker', { type: 'request-extension', end: '2026-11-22T15:00:00.000Z', reason: 'more' })
  const extended = life.countersign('per_sue')
  if (extended.outcome === 'refused') throw new Error(extended.refusal.message)
  life.after(2 * 3_600 - 120).tick()
  life.after(5).must('sys_countersign', { type: 'report-removal', verified: true, residue: [], reason: '' })
  life.after(3_600).must('per_rae', { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] })
  return life
}

/** An account somebody made by hand: found, looked back on, with one more way a day later, and gone. */
export function drifted(): Recorded[] {
  const drift = {
    kind: 'access-without-waiver',
    system: 'sys_ledger',
    account: 'by_hand',
    waivers: [],
    ways: ['login'],
  }
  const verdict = { person: 'per_rae', independent: true, conflicts: [], additionalCountersigners: 0 }
  const review = { finding: 'justified', note: 'restored by hand', verdict }
  const acts = [
    ['DriftFound', '2026-11-02T08:00:00.000Z', 'sys_countersign', { drift }],
    ['DriftReviewed', '2026-11-03T08:00:00.000Z', 'per_rae', review],
    [
      'DriftChanged',
      '2026-11-04T08:00:00.000Z',
      'sys_countersign',
      { drift: { ...drift, ways: ['login', 'writers'] } },
    ],
    ['DriftEnded', '2026-11-05T08:00:00.000Z', 'sys_countersign', { because: 'gone' }],
  ] as const
  return acts.map(([type, at, by, body], index) => ({
    id: `evt_d.${index + 1}`,
    stream: 'drf_1',
    version: index + 1,
    type,
    at,
    by,
    bodyHash: digestOf(body),
    body: { type, at, by, ...body },
  }))
}

export function openedEnvelope(): Life {
  const life = lifeAt('opened envelope')
  life.must('sys_countersign', { type: 'confirm-activation' })
  life.after(1_800).tick()
  return life.after(5).must('sys_countersign', { type: 'report-removal', verified: true, residue: [], reason: '' })
}
