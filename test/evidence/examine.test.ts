/** Does evidence say that a control did not hold when it did not? Each rule is broken once in a record that is otherwise good. */
import { describe, expect, test } from 'vitest'
import { evidencedControlIds, evidencedControls } from '../../src/evidence/controls.ts'
import { examine } from '../../src/evidence/examine.ts'
import { figuresOf } from '../../src/evidence/figures.ts'
import { type Recorded, storyOf } from '../../src/evidence/lives.ts'
import { controls } from '../controls.ts'
import { lifeAt, termsFor } from '../support/life.ts'
import { drifted, feedOf, openedEnvelope, period, wholeLife, withBodies } from './recorded-lives.ts'

const bot = { beneficiary: 'wl_bot', access: { ...termsFor().access, account: 'bot_db' } }
const good = feedOf([
  wholeLife(),
  openedEnvelope(),
  lifeAt('reviewed', { tier: { steps: ['endorse', 'countersign'] } }),
  lifeAt('denied'),
  lifeAt('removed', { terms: bot }),
])
const change = (version: number, type: string, by: string): Recorded => ({
  id: `evt_c.${version}`,
  stream: 'chg_1',
  version,
  type,
  at: '2026-11-20T00:00:00.000Z',
  by,
  bodyHash: 'sha256:0',
  body: { type, at: '2026-11-20T00:00:00.000Z', by },
})
const rules = [
  change(1, 'ChangeProposed', 'per_rae'),
  change(2, 'ChangeCountersigned', 'per_kim'),
  change(3, 'ChangeTookEffect', 'sys_countersign'),
]
/** Before the unreviewed ones of the good record are due. */
const early = { start: period.start, end: '2026-11-22T20:00:00.000Z' }

function stateOf(records: readonly Recorded[], control: (typeof evidencedControlIds)[number], within = early) {
  return examine(storyOf(records), within, [control])[0]
}

test('[evidence/frameworks] what is examined is what the manifest of controls promises, and answers what it names', () => {
  const unknown = evidencedControlIds.filter((id) => controls[id] === undefined)
  expect(unknown).toEqual([])
  const answered = evidencedControlIds.flatMap((id) => evidencedControls[id].answers.map((one) => one.id))
  expect([...new Set(answered)].sort()).toEqual(
    [
      ...['AC-2(2)', 'AC-5', 'AC-6', 'AC-6(9)'],
      ...['GOVERN 1.6', 'GOVERN 2.1', 'GOVERN 3.2'],
      ...['NHI10:2025', 'NHI1:2025', 'NHI3:2025', 'NHI5:2025', 'NHI7:2025', 'NHI9:2025'],
      ...['PR.AA-01', 'PR.AA-05'],
    ].sort(),
  )
})

test('[evidence/frameworks] in a good record every control holds or has nothing to examine', () => {
  const examined = examine(storyOf([...good, ...rules, ...drifted()]), early)
  expect(examined.filter(({ state }) => state === 'did-not-hold')).toEqual([])
  expect(examined.filter(({ state }) => state === 'nothing-to-examine').map(({ control }) => control)).toEqual([])
})

test('where nothing happened there is nothing to examine, which is not a good result', () => {
  const quiet = { start: '2026-01-01T00:00:00.000Z', end: '2026-02-01T00:00:00.000Z' }
  expect(new Set(examine(storyOf(good), quiet).map(({ state }) => state))).toEqual(new Set(['nothing-to-examine']))
})

const conflict = (code: string) => ({ code, path: [], because: code })
const verdictWith = (code: string) => (body: Readonly<Record<string, unknown>>) => ({
  ...body,
  verdict: { person: body.by, independent: false, conflicts: [conflict(code)], additionalCountersigners: 0 },
})

type Body = Readonly<Record<string, unknown>>
const broken: readonly (readonly [(typeof evidencedControlIds)[number], string, (body: Body) => Body])[] = [
  ['independence/outside-requesting-path', 'WaiverCountersigned', verdictWith('on-requesting-team')],
  ['independence/outside-granting-path', 'WaiverCountersigned', verdictWith('on-granting-team')],
  ['independence/unknown-is-not-independent', 'WaiverCountersigned', verdictWith('directory-too-old')],
  ['independence/relation-not-title', 'WaiverCountersigned', verdictWith('is-requester')],
  ['on-call/never-both-sides', 'WaiverCountersigned', verdictWith('on-requesting-rota')],
  ['agent/owner-counts', 'WaiverCountersigned', verdictWith('controls-beneficiary')],
  ['agent/owner-counts', 'WaiverCountersigned', (body) => ({ ...body, by: 'wl_agent' })],
  ['context/at-request-time', 'WaiverCountersigned', ({ facts: _, ...body }) => body],
  ['terms/bound', 'WaiverRequested', (body) => ({ ...body, terms: { ...(body.terms as Body), reason: ' ' } })],
  [
    'terms/deny-or-narrow',
    'TermsNarrowed',
    (body) => ({
      ...body,
      terms: { ...(body.terms as Body), window: { start: body.at, end: '2027-01-01T00:00:00.000Z' } },
    }),
  ],
  ['terms/digest', 'TermsNarrowed', (body) => ({ ...body, to: 'sha256:other' })],
  ['extension/new-approval', 'ExtensionCountersigned', (body) => ({ ...body, by: 'per_sam' })],
  ['two-step/distinct-people', 'WaiverEndorsed', (body) => ({ ...body, by: 'per_sam' })],
  ['four-acts/four-records', 'ActivationStarted', (body) => ({ ...body, by: 'per_sam' })],
  ['break-glass/activator-is-not-approver', 'ActivationStarted', (body) => ({ ...body, by: 'per_sam' })],
  ['revocation/automatic', 'AccessExpired', (body) => ({ ...body, by: 'per_asker' })],
  ['review/after', 'ReviewClosed', (body) => ({ ...body, by: 'per_sam' })],
  ['nhi/least-and-short', 'ActivationStarted', (body) => ({ ...body, end: '2027-01-01T00:00:00.000Z' })],
]

describe('a record in which a rule was broken', () => {
  test.each(broken)('[%s] %s', (control, type, change) => {
    expect(stateOf([...good, ...rules], control)?.state).toBe('held')
    const found = stateOf([...withBodies(good, type, change), ...rules], control)
    expect(found?.state).toBe('did-not-hold')
    expect(found?.lapses[0]?.says).not.toBe('')
  })

  test('[rules/maker-checker] [B20] a change that its author countersigned, or nobody', () => {
    const alone = rules.map((one) => (one.type === 'ChangeCountersigned' ? change(2, one.type, 'per_rae') : one))
    expect(stateOf(alone, 'rules/maker-checker')?.state).toBe('did-not-hold')
    const nobody = rules.filter(({ type }) => type !== 'ChangeCountersigned')
    expect(stateOf(nobody, 'rules/maker-checker')?.state).toBe('did-not-hold')
  })

  test('[revocation/verified] [B19] an end of access that was never read back', () => {
    const unseen = good.filter(({ type, stream }) => !(stream === 'wvr_01' && version(type)))
    expect(stateOf(unseen, 'revocation/verified', period)?.state).toBe('did-not-hold')
  })

  test('[window/always-expires] [B11] access that goes on after its end', () => {
    const until = good.filter(({ stream, at }) => stream !== 'wvr_01' || at < '2026-11-22T15:00:00.000Z')
    expect(stateOf(until, 'window/always-expires', period)?.state).toBe('did-not-hold')
  })

  test('[review/after] a review that nobody closed in time', () => {
    expect(stateOf(good, 'review/after', period)?.state).toBe('did-not-hold')
  })

  test('[drift/found] what was found and nobody answered for over a week, or only somebody on the same side', () => {
    const control = 'drift/found'
    const all = drifted()
    expect(stateOf(all, control)).toMatchObject({ state: 'held', count: 1 })
    const upTo = (count: number) => stateOf(all.slice(0, count), control)
    expect(upTo(1)?.lapses).toEqual([{ event: 'evt_d.1', says: expect.stringContaining('nobody has looked back') }])
    expect(upTo(2)?.state).toBe('held')
    // It was looked at as it was, and not as it is now.
    expect(upTo(3)?.lapses.map(({ event }) => event)).toEqual(['evt_d.3'])
    const late = all.map((one) => (one.version === 4 ? { ...one, at: '2026-11-20T08:00:00.000Z' } : one))
    expect(stateOf(late, control)?.lapses).toMatchObject([{ event: 'evt_d.3' }])
    expect(stateOf(withBodies(all, 'DriftReviewed', verdictWith('on-granting-team')), control)?.lapses).toMatchObject([
      { event: 'evt_d.2' },
    ])
  })

  test('[drift/found] what is fresh at the end of a period is no lapse yet, and what was over before it is not counted', () => {
    const fresh = { start: period.start, end: '2026-11-03T00:00:00.000Z' }
    expect(stateOf(drifted().slice(0, 1), 'drift/found', fresh)).toMatchObject({ state: 'held', count: 1 })
    const after = { start: '2026-11-10T00:00:00.000Z', end: period.end }
    expect(stateOf(drifted(), 'drift/found', after)?.state).toBe('nothing-to-examine')
    // Still there, though it was found before the period began.
    expect(stateOf(drifted().slice(0, 1), 'drift/found', after)?.state).toBe('did-not-hold')
  })

  test('[fail/closed] a refusal without a reason', () => {
    const silent = withBodies(good, 'AttemptRefused', ({ message: _, ...body }) => body)
    expect(stateOf(good, 'fail/closed')?.state).toBe('held')
    expect(stateOf(silent, 'fail/closed')?.state).toBe('did-not-hold')
  })

  /** After the removal nothing else can follow, so the review goes too. */
  function version(type: string): boolean {
    return type === 'RemovalVerified' || type === 'ReviewClosed'
  }
})

test('the figures count what happened, and how long it took', () => {
  const figures = figuresOf(storyOf(good), early)
  expect(figures).toMatchObject({
    requests: 5,
    approvals: 4,
    denials: 1,
    activations: 4,
    extensions: 1,
    envelopesOpened: 1,
    narrowed: 1,
    refusedAttempts: 1,
    reviewsClosed: 2,
  })
  expect(figures.removed).toEqual({ count: 4, median: 5, slowestTenth: 5, longest: 5 })
  expect(figures.refusedFor).toEqual([['approver-not-independent', 1]])
  expect(figures.weeks.reduce((sum, { approved }) => sum + approved, 0)).toBe(4)
})

test('a body that was erased is counted as gone, and never as good', () => {
  const erased = good.map((one) => {
    if (one.stream !== 'wvr_01' || one.version < 3) return one
    const { body: _, ...rest } = one
    return rest
  })
  const story = storyOf(erased)
  expect(story.erasedCount).toBeGreaterThan(0)
  expect(examine(story, early, ['extension/new-approval'])[0]?.state).toBe('nothing-to-examine')
})
