import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { everyMoment, type Moment } from '../../../test/notices/lives.ts'
import { lifeAt } from '../../../test/support/life.ts'
import type { Assertion, AssertionEvent } from '../../core/assertion.ts'
import type { Change, ChangeEvent } from '../../core/change.ts'
import type { DriftFinding } from '../../core/drift.ts'
import type { Founding, FoundingEvent } from '../../core/founding.ts'
import type { HeldWord, Hold, HoldEvent } from '../../core/hold.ts'
import type { Passkeys, PasskeysEvent } from '../../core/passkeys.ts'
import type { EventType } from '../../core/waiver.ts'
import type { StoredEvent } from '../../store/contract.ts'
import { type Announcement, concerns, noticeFor, noticeTypes, type Subject } from './notice-for.ts'
import { changeNotices, foundingNotices } from './rule-notices.ts'
import { waiverNotices } from './waiver-notices.ts'

const people = { review: ['pool_review'], security: ['pool_watch'], rules: ['pool_rules'], founders: ['per_founder'] }
const publicUrl = 'https://countersign.example.org'
const at = '2026-11-22T12:00:00.000Z'
const moments = everyMoment()

function stored(body: { type: string; at: string; by: string }, stream = 'wvr_01', version = 1): StoredEvent {
  const { type, by } = body
  return { position: 7n, id: `evt_01.${version}`, stream, version, type, at: body.at, by, body, bodyHash: 'sha256:00' }
}

function noticeOf({ event, waiver, version }: Moment): Announcement | undefined {
  return noticeFor(stored(event, 'wvr_01', version), { of: 'waiver', it: waiver }, people, publicUrl)
}

function momentOf(type: EventType, which: (moment: Moment) => boolean = () => true): Moment {
  const moment = moments.find((one) => one.event.type === type && which(one))
  if (moment === undefined) throw new Error(`no life has a \`${type}\` like that`)
  return moment
}

function dataOf(moment: Moment): Readonly<Record<string, unknown>> {
  return noticeOf(moment)?.data ?? {}
}

test('the lives of this test have every event there is', () => {
  const seen = new Set(moments.map(({ event }) => event.type))
  expect(Object.keys(waiverNotices).filter((type) => !seen.has(type as EventType))).toEqual([])
})

test('what cannot wait is immediate, and nothing else', () => {
  const immediate = [...noticeTypes].filter(([, urgency]) => urgency === 'immediate').map(([type]) => type)
  expect(immediate).toEqual([
    'AccessSuspended',
    'ApprovalVoided',
    'BreakGlassOpened',
    'ControlMissed',
    'DriftFound',
    'PasskeyConfirmed',
    'RemovalFailed',
    'ReviewOverdue',
    'SourceHeld',
  ])
  for (const moment of moments) {
    const notice = noticeOf(moment)
    if (notice !== undefined) expect(notice.urgency).toBe(noticeTypes.get(notice.type))
  }
})

test('[break-glass/activator-is-not-approver] an opened envelope is told at once, to the pool, the security pool and everyone in it', () => {
  const notice = noticeOf(momentOf('ActivationStarted', ({ waiver }) => waiver.terms.kind === 'break-glass'))
  expect(notice).toMatchObject({
    type: 'BreakGlassOpened',
    urgency: 'immediate',
    data: {
      kind: 'break-glass',
      system: 'sys_ledger',
      entitlement: 'ledger-write',
      by: 'per_oncall',
      end: expect.any(String),
    },
  })
  expect(notice?.data.to).toEqual([
    'pool_security',
    'pool_watch',
    'per_chief',
    'rota_payments',
    'per_oncall',
    'per_sam',
  ])
})

test('an ordinary start is told when the access is there, not when it is asked of the target', () => {
  expect(
    noticeOf(momentOf('ActivationStarted', ({ waiver }) => waiver.terms.kind === 'access-override')),
  ).toBeUndefined()
  expect(noticeOf(momentOf('AccessActivated'))).toMatchObject({ type: 'AccessActivated', urgency: 'normal' })
})

describe('who is told', () => {
  test('of a request: the pools that may decide it, and the endorsers where it takes one', () => {
    expect(dataOf(momentOf('WaiverRequested')).to).toEqual(['pool_security'])
    const twoStep = momentOf('WaiverRequested', ({ waiver }) => waiver.obligations.steps.includes('endorse'))
    expect(dataOf(twoStep).to).toEqual(['target-owners', 'pool_security'])
    expect(dataOf(momentOf('WaiverEndorsed')).to).toEqual(['pool_security'])
  })

  test('[challenge/real] of a denial that comes back: whoever denied it', () => {
    const again = momentOf('WaiverRequested', ({ waiver }) => waiver.denialsBefore.length > 0)
    expect(dataOf(again)).toMatchObject({ to: ['pool_security', 'per_sam'], deniedBefore: ['wvr_01'] })
  })

  test('of a decision: whoever asked, and the pools while more signatures are needed', () => {
    expect(dataOf(momentOf('WaiverDenied')).to).toEqual(['per_asker'])
    const signed = momentOf('WaiverCountersigned')
    expect(dataOf(signed).to).toEqual(['per_asker'])
    const oneOfTwo = { ...signed, event: { ...signed.event, complete: false } as Moment['event'] }
    expect(dataOf(oneOfTwo)).toMatchObject({ to: ['per_asker', 'pool_security'], complete: false })
  })

  test('of a question: whoever asked for the access; of its answer: whoever asked the question', () => {
    expect(dataOf(momentOf('QuestionAsked')).to).toEqual(['per_asker'])
    expect(dataOf(momentOf('QuestionAnswered')).to).toEqual(['per_sam'])
  })

  test('[revocation/verified] of a removal that failed: who owns the target, and the security pool', () => {
    expect(dataOf(momentOf('RemovalFailed')).to).toEqual(
      expect.arrayContaining(['target-owners', 'pool_watch', 'per_sam']),
    )
  })

  test('of a missed control: its owner; of a review that is late: reviewers and security', () => {
    expect(dataOf(momentOf('ControlMissed'))).toMatchObject({
      control: 'peer-watch',
      to: expect.arrayContaining(['per_lee', 'per_asker', 'pool_watch']),
    })
    expect(dataOf(momentOf('ReviewOpened')).to).toEqual(['pool_review'])
    expect(dataOf(momentOf('ReviewOverdue')).to).toEqual(['pool_review', 'pool_watch'])
  })

  test('somebody, always; nobody twice; never the system', () => {
    for (const moment of moments) {
      const to = noticeOf(moment)?.data.to as string[] | undefined
      if (to === undefined) continue
      expect(to.length).toBeGreaterThan(0)
      expect(new Set(to).size).toBe(to.length)
      expect(to).not.toContain('sys_countersign')
    }
  })

  test.each(['TermsNarrowed', 'AccessUsed', 'ControlEvidenced', 'EventReviewed', 'AttemptRefused'] as const)(
    'of %s: nobody',
    (type) => expect(noticeOf(momentOf(type))).toBeUndefined(),
  )
})

test('every notice leads to somewhere to look, and to nothing that acts', () => {
  for (const moment of moments) {
    const notice = noticeOf(moment)
    if (notice !== undefined) expect(notice.data.url).toBe('https://countersign.example.org/waivers/wvr_01')
  }
})

const change: Change = {
  id: 'chg_01',
  version: 2,
  status: 'countersigned',
  author: 'per_author',
  at,
  reason: 'because',
  base: 'sha256:a',
  proposed: 'sha256:b',
  differences: [],
  admits: [],
  countersignatures: [],
}
const founding: Founding = {
  version: 1,
  status: 'proposed',
  founders: ['per_a', 'per_b'],
  needed: 2,
  policy: 'sha256:p',
  accepted: [],
  clockConfirmedBy: [],
}
const verdict = { person: 'per_rae', independent: true, conflicts: [], additionalCountersigners: 0 }
const stamp = { at, by: 'per_rae' }
const changeEvents: { readonly [Type in ChangeEvent['type']]: Extract<ChangeEvent, { type: Type }> } = {
  ChangeProposed: {
    ...stamp,
    type: 'ChangeProposed',
    reason: 'x',
    base: 'b',
    proposed: 'p',
    differences: [],
    admits: ['per_x'],
  },
  ChangeCountersigned: { ...stamp, type: 'ChangeCountersigned', verdict, complete: true, effectiveAt: at },
  ChangeDenied: { ...stamp, type: 'ChangeDenied', reason: 'x', verdict },
  ChangeWithdrawn: { ...stamp, type: 'ChangeWithdrawn', reason: 'x' },
  ChangeTookEffect: { ...stamp, type: 'ChangeTookEffect' },
  ChangeSuperseded: { ...stamp, type: 'ChangeSuperseded' },
  AttemptRefused: { ...stamp, type: 'AttemptRefused', command: 'countersign', code: 'too-late', message: 'x' },
}
const foundingEvents: { readonly [Type in FoundingEvent['type']]: Extract<FoundingEvent, { type: Type }> } = {
  FoundingProposed: { ...stamp, type: 'FoundingProposed', founders: ['per_a', 'per_b'], needed: 2, policy: 'sha256:p' },
  FoundingAccepted: { ...stamp, type: 'FoundingAccepted' },
  Founded: { ...stamp, type: 'Founded' },
  ClockConfirmed: { ...stamp, type: 'ClockConfirmed', complete: true },
  AttemptRefused: { ...stamp, type: 'AttemptRefused', command: 'accept', code: 'too-late', message: 'x' },
}

const lost = { gone: 3, of: 4 }
const word: HeldWord = {
  snapshot: 'sha256:s',
  revision: 'r',
  at,
  gone: { people: lost, teams: lost, memberships: lost },
}
const hold: Hold = { source: 'hr', version: 1, status: 'held', since: at, words: [word] }
const holdEvents: { readonly [Type in HoldEvent['type']]: Extract<HoldEvent, { type: Type }> } = {
  SourceHeld: { ...stamp, type: 'SourceHeld', source: 'hr', word },
  SourceReleased: { ...stamp, type: 'SourceReleased' },
  SourceConfirmed: { ...stamp, type: 'SourceConfirmed', snapshot: 's', reason: 'x', verdict },
  SourceRejected: { ...stamp, type: 'SourceRejected', snapshot: 's', reason: 'x', verdict },
  AttemptRefused: { ...stamp, type: 'AttemptRefused', command: 'confirm', code: 'too-late', message: 'x' },
}

const assertion: Assertion = {
  id: 'lnk_01',
  version: 1,
  said: { kind: 'link', from: 'acc_github:ann', relation: 'belongs-to', to: 'per_ann' },
  status: 'proposed',
  author: 'per_author',
  at,
  evidence: 'x',
}
const assertionEvents: { readonly [Type in AssertionEvent['type']]: Extract<AssertionEvent, { type: Type }> } = {
  AssertionProposed: { ...stamp, type: 'AssertionProposed', said: assertion.said, evidence: 'x' },
  AssertionConfirmed: { ...stamp, type: 'AssertionConfirmed', note: 'x', verdict },
  AssertionRejected: { ...stamp, type: 'AssertionRejected', reason: 'x', verdict },
  AssertionWithdrawn: { ...stamp, type: 'AssertionWithdrawn', reason: 'x' },
  AssertionEnded: { ...stamp, type: 'AssertionEnded', reason: 'x' },
  AttemptRefused: { ...stamp, type: 'AttemptRefused', command: 'confirm', code: 'too-late', message: 'x' },
}

const passkeys: Passkeys = { person: 'per_ann', version: 1, refusalsCount: 0, passkeys: [] }
const passkeyEvents: { readonly [Type in PasskeysEvent['type']]: Extract<PasskeysEvent, { type: Type }> } = {
  PasskeyEnrolled: {
    ...stamp,
    person: 'per_ann',
    type: 'PasskeyEnrolled',
    passkey: {
      id: 'psk_01',
      name: 'x',
      credential: 'x',
      publicKey: 'x',
      algorithm: 'ES256',
      model: 'x',
      synced: false,
      transports: [],
      digest: 'sha256:x',
    },
    bytes: { attestation: 'x', clientData: 'x' },
    confirmBy: at,
    replaces: true,
  },
  PasskeyConfirmed: {
    ...stamp,
    person: 'per_ann',
    type: 'PasskeyConfirmed',
    passkey: 'psk_01',
    digest: 'sha256:x',
    verdict,
    complete: true,
    effectiveAt: at,
    asFounder: true,
  },
  PasskeyRemoved: { ...stamp, person: 'per_ann', type: 'PasskeyRemoved', passkey: 'psk_01', reason: 'x' },
  AttemptRefused: {
    ...stamp,
    person: 'per_ann',
    type: 'AttemptRefused',
    command: 'confirm',
    code: 'too-late',
    message: 'x',
  },
}

test('[B02] of a key that speaks for somebody from now on its owner hears at once, and whoever can object', () => {
  const about: Subject = { of: 'passkeys', it: passkeys }
  const notice = noticeFor(stored(passkeyEvents.PasskeyConfirmed, 'pks_per_ann'), about, people, publicUrl)
  expect(notice).toMatchObject({
    urgency: 'immediate',
    data: {
      person: 'per_ann',
      passkey: 'psk_01',
      effectiveAt: at,
      asFounder: true,
      to: ['per_ann', 'pool_watch', 'per_founder'],
      url: 'https://countersign.example.org/passkeys',
    },
  })
})

test('[drift/found] drift is told at once to whoever looks after security and owns the target, without a name anybody typed', () => {
  const drift = {
    kind: 'access-without-waiver',
    system: 'sys_ledger',
    entitlement: 'ledger-write',
    account: 'ann_db',
    holder: 'per_ann',
    waivers: [],
    ways: ['member of writers'],
  } as const
  const it: DriftFinding = { id: 'drf_01', version: 1, status: 'open', drift, since: at, timesCount: 1 }
  const event = { ...stamp, type: 'DriftFound', drift }
  const notice = noticeFor(stored(event, 'drf_01'), { of: 'drift', it }, people, publicUrl)
  expect(notice).toMatchObject({
    urgency: 'immediate',
    data: { drift: 'drf_01', system: 'sys_ledger', to: ['target-owners', 'pool_watch', 'per_ann'] },
  })
  expect(JSON.stringify(notice)).not.toMatch(/ann_db|writers/)
})

test('[B02] whoever a link names hears of it, and whoever may confirm it', () => {
  const about: Subject = { of: 'assertion', it: assertion }
  const notice = noticeFor(stored(assertionEvents.AssertionProposed, 'lnk_01'), about, people, publicUrl)
  expect(notice?.data).toMatchObject({ subject: 'per_ann', to: ['per_author', 'per_ann', 'pool_rules', 'pool_watch'] })
})

test('[fail/closed] a source that is held is told at once, to whoever may confirm it', () => {
  const notice = noticeFor(stored(holdEvents.SourceHeld, 'hold_hr'), { of: 'hold', it: hold }, people, publicUrl)
  expect(notice).toMatchObject({
    urgency: 'immediate',
    data: { source: 'hr', peopleGone: 3, to: ['pool_rules', 'pool_watch', 'per_founder'] },
  })
})

test('a change to the rules is told to its author, to who decides rules, and to the founders', () => {
  const about: Subject = { of: 'change', it: change }
  const told = Object.values(changeEvents).flatMap(
    (event) => noticeFor(stored(event, 'chg_01'), about, people, publicUrl) ?? [],
  )
  expect(told.map(({ type }) => type)).toEqual(Object.keys(changeNotices).filter((type) => type !== 'AttemptRefused'))
  for (const { data } of told) {
    expect(data).toMatchObject({ change: 'chg_01', url: 'https://countersign.example.org/changes/chg_01' })
    expect(data.to).toEqual(expect.arrayContaining(['pool_rules', 'per_founder']))
  }
  expect(told[1]?.data).toMatchObject({
    to: ['per_author', 'pool_rules', 'per_founder'],
    complete: true,
    effectiveAt: at,
  })
})

test('the founding is told to the founders', () => {
  const about: Subject = { of: 'founding', it: founding }
  const told = Object.values(foundingEvents).flatMap(
    (event) => noticeFor(stored(event, 'founding'), about, people, publicUrl) ?? [],
  )
  expect(told.map(({ type }) => type)).toEqual(Object.keys(foundingNotices).filter((type) => type !== 'AttemptRefused'))
  for (const { data } of told)
    expect(data).toMatchObject({ to: ['per_a', 'per_b'], url: 'https://countersign.example.org/' })
})

test('nobody is told of what has no entry, whatever it is called', () => {
  const it = lifeAt('active').waiver
  if (it === undefined) throw new Error('the fixture has no waiver')
  const strange = ['DirectoryChanged', 'constructor', '__proto__', 'toString', '']
  for (const type of strange) {
    for (const stream of ['wvr_01', 'chg_01', 'founding', 'directory']) {
      expect(concerns({ type, stream })).toBeUndefined()
      expect(
        noticeFor(stored({ type, at, by: 'per_x' }, stream), { of: 'waiver', it }, people, publicUrl),
      ).toBeUndefined()
    }
  }
})

test('of an event whose body was erased, what is known without it is told', () => {
  for (const moment of moments) {
    const whole = noticeOf(moment)
    const { body: _, ...erased } = stored(moment.event, 'wvr_01', moment.version)
    const notice = noticeFor(erased, { of: 'waiver', it: moment.waiver }, people, publicUrl)
    expect(notice?.type).toBe(whole?.type)
    if (notice === undefined) continue
    expect(notice.data).toMatchObject({ waiver: 'wvr_01', by: moment.event.by, to: expect.any(Array) })
    expect(JSON.stringify(notice)).not.toContain('undefined')
  }
})

/**
 * Everything else in an event or a waiver counts as text that somebody may have typed. Whoever lets a notice carry
 * one more field has to write it down here.
 */
const idsAndCodes = new Set([
  ...['type', 'at', 'by', 'id', 'of', 'kind', 'cause', 'finding', 'complete', 'status', 'state', 'steps'],
  ...['decideBy', 'activateBy', 'end', 'dueAt', 'nextDueAt', 'effectiveAt', 'start'],
  ...[
    'requester',
    'beneficiary',
    'chain',
    'author',
    'founders',
    'owner',
    'person',
    'relation',
    'from',
    'to',
    'source',
    'waiver',
    'continues',
    'control',
    'passkey',
    'confirmBy',
  ],
  ...['system', 'entitlement', 'tier', 'pools', 'endorsePools'],
])
const mark = '\u2620'

function tainted<Value>(value: Value, text: string, key = ''): Value {
  if (typeof value === 'string') return (idsAndCodes.has(key) ? value : `${mark}${text}`) as Value
  if (Array.isArray(value)) return value.map((item) => tainted(item, text, key)) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, tainted(inner, text, name)])) as Value
}

/** An id, a code, an instant, or the one address. */
const plain =
  /^(?:[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|https:\/\/countersign\.example\.org\/[a-z0-9_/]*)$/

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

describe('[B17] what people wrote stays behind the sign-in', () => {
  const subjects: readonly (readonly [string, StoredEvent, Subject])[] = [
    ...moments.map(
      ({ event, waiver, version }) =>
        [event.type, stored(event, 'wvr_01', version), { of: 'waiver', it: waiver } as const] as const,
    ),
    ...Object.values(changeEvents).map(
      (event) => [event.type, stored(event, 'chg_01'), { of: 'change', it: change } as const] as const,
    ),
    ...Object.values(holdEvents).map(
      (event) => [event.type, stored(event, 'hold_hr'), { of: 'hold', it: hold } as const] as const,
    ),
    ...Object.values(assertionEvents).map(
      (event) => [event.type, stored(event, 'lnk_01'), { of: 'assertion', it: assertion } as const] as const,
    ),
    ...Object.values(passkeyEvents).map(
      (event) => [event.type, stored(event, 'pks_per_ann'), { of: 'passkeys', it: passkeys } as const] as const,
    ),
    ...Object.values(foundingEvents).map(
      (event) => [event.type, stored(event, 'founding'), { of: 'founding', it: founding } as const] as const,
    ),
  ]

  test('whatever was written in whichever field of an event or of what it happened to', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    const which = fc.constantFrom(...subjects)
    const holds = fc.property(which, text, ([, event, subject], written) => {
      const body = tainted(event.body, written)
      const it = tainted(subject.it, written)
      const notice = noticeFor({ ...event, body }, { ...subject, it } as Subject, people, publicUrl)
      expect(JSON.stringify(notice ?? '')).not.toContain(mark)
    })
    fc.assert(holds, { numRuns: 2_000 })
  })

  test('and nothing in a notice looks as if anybody had typed it', () => {
    for (const [type, event, subject] of subjects) {
      const notice = noticeFor(event, subject, people, publicUrl)
      for (const word of strings(notice?.data ?? {}))
        expect(`${type}: ${word}`).toMatch(new RegExp(`^${type}: ${plain.source.slice(1)}`))
    }
  })
})
