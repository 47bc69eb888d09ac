// A decision from the command line: shown whole, signed for by its own sign-in, and exactly what was shown.
import { describe, expect, test } from 'vitest'
import type { Terms } from '../../src/core/terms.ts'
import { termsDigest } from '../../src/proof/terms-digest.ts'
import { type Heard, heard, problem, signedIn, type World } from './support/context.ts'
import { answersFor, detailAt, id, me, written } from './support/fixtures.ts'

/** Rules that ask for no passkey: then a sign-in of its own decides. */
const detail = detailAt('requested', {
  change: (waiver) => ({ ...waiver, obligations: { ...waiver.obligations, passkey: false } }),
})
const { proposal } = detail.waiver
const answers = answersFor(detail)

function decisionsIn({ sent }: Heard) {
  return sent.filter(({ method }) => method === 'POST')
}

test('[terms/digest] the digest that was on the screen is the one that is sent, with the token of the fresh sign-in', async () => {
  const ran = await heard(['countersign', id], { answers })
  expect(ran).toMatchObject({ exit: 0, signIns: 1 })
  expect(ran.out).toContain(`Digest        ${proposal?.digest}`)
  expect(decisionsIn(ran)).toEqual([
    {
      method: 'POST',
      path: `/v1/waivers/${id}/countersignature`,
      token: 'fresh',
      body: { digest: proposal?.digest, acknowledges: [] },
    },
  ])
})

test('[B17] [terms/digest] a server that shows other terms than those of the digest is found out before anybody signs in', async () => {
  const shown = {
    ...detail,
    waiver: { ...detail.waiver, proposal: { ...proposal, terms: { ...proposal?.terms, reason: 'a nicer reason' } } },
  }
  const ran = await heard(['countersign', id], { answers: { ...answers, [`/v1/waivers/${id}`]: shown } })
  expect(ran).toMatchObject({ exit: 3, signIns: 0, out: '' })
  expect(ran.err).toContain('nothing was decided')
  expect(decisionsIn(ran)).toEqual([])
})

test('[terms/digest] a server that records something else than was signed is found out afterwards', async () => {
  const other = { ...detail.waiver, digest: `sha256:${'1'.repeat(64)}`, proposal: undefined }
  const ran = await heard(['countersign', id], {
    answers: { ...answers, [`/v1/waivers/${id}/countersignature`]: { ...written(detail.waiver), waiver: other } },
  })
  expect(ran.exit).toBe(1)
  expect(ran.err).toContain(`end it with \`countersign revoke ${id}\``)
})

test('[terms/deny-or-narrow] a narrowing is shown beside what was asked, and only its differences are sent', async () => {
  const asked = proposal?.terms as Terms
  const narrowed: Terms = {
    ...asked,
    access: { ...asked.access, resources: ['ledger.entries'] },
    conditions: { usesMax: 3 },
  }
  const after = { ...detail.waiver, digest: termsDigest(narrowed), proposal: undefined }
  const ran = await heard(['countersign', id, '--narrow-resource', 'ledger.entries', '--narrow-uses', '3'], {
    answers: { ...answers, [`/v1/waivers/${id}/countersignature`]: { ...written(detail.waiver), waiver: after } },
  })
  expect(ran.exit).toBe(0)
  expect(ran.out).toContain(`Digest        ${termsDigest(narrowed)}`)
  expect(ran.out).toMatch(/~ Uses +- not counted\n~ +\+ at most 3/)
  expect(decisionsIn(ran)[0]?.body).toEqual({
    digest: proposal?.digest,
    acknowledges: [],
    narrow: { resources: ['ledger.entries'], usesMax: 3 },
  })
})

describe('at a terminal', () => {
  const kept: World['kept'] = {
    default: { state: 'signed-in', signedIn: signedIn('reading') },
    'default@decide': { state: 'signed-in', signedIn: signedIn('kept') },
  }
  const fresh = { ...answers, '/v1/me as kept': me('per_reader', '2026-11-22T13:58:00.000Z') }

  test.each(['', 'y', 'yes', 'Countersign', 'deny'])('[B16] typing %j decides nothing', async (types) => {
    const ran = await heard(['countersign', id], { answers, types })
    expect(ran).toMatchObject({ exit: 2, signIns: 0 })
    expect(decisionsIn(ran)).toEqual([])
  })

  test('the word itself, and then the sign-in', async () => {
    const ran = await heard(['countersign', id], { answers, types: 'countersign' })
    expect(ran).toMatchObject({ exit: 0, signIns: 1 })
  })

  test('a sign-in of `login --to-decide` suffices for five minutes', async () => {
    const ran = await heard(['countersign', id], { answers: fresh, types: 'countersign', kept })
    expect(ran).toMatchObject({ exit: 0, signIns: 0 })
    expect(decisionsIn(ran)[0]?.token).toBe('kept')
  })

  test.each([
    ['older than that', { ...answers, '/v1/me as kept': me('per_reader', '2026-11-22T13:55:00.000Z') }],
    ['of somebody else', { ...answers, '/v1/me as kept': me('per_other', '2026-11-22T13:59:00.000Z') }],
    ['that never was interactive', { ...answers, '/v1/me as kept': me('per_reader') }],
  ])('but not one %s', async (_, given) => {
    const ran = await heard(['countersign', id], { answers: given, types: 'countersign', kept })
    expect(ran).toMatchObject({ exit: 0, signIns: 1 })
    expect(decisionsIn(ran)[0]?.token).toBe('fresh')
  })

  test('[B22] and never without a person at the terminal', async () => {
    const ran = await heard(['countersign', id], { answers: fresh, kept })
    expect(ran.signIns).toBe(1)
    expect(decisionsIn(ran)[0]?.token).toBe('fresh')
  })
})

test('[B22] a token from the environment reads, and does not decide', async () => {
  const ran = await heard(['countersign', id], { answers, kept: {}, environment: { COUNTERSIGN_TOKEN: 'pipeline' } })
  expect(
    ran.sent
      .filter(({ method }) => method === 'GET')
      .every(({ token, path }) => token === 'pipeline' || token === 'fresh' || path === '/v1/sign-in'),
  ).toBe(true)
  expect(decisionsIn(ran).map(({ token }) => token)).toEqual(['fresh'])
})

test('[B01] whoever signs in has to be the one to whom it was shown', async () => {
  const ran = await heard(['deny', id, '--reason', 'no'], {
    answers: { ...answers, '/v1/me as fresh': me('per_other') },
  })
  expect(ran).toMatchObject({ exit: 4 })
  expect(decisionsIn(ran)).toEqual([])
})

test('[challenge/real] a denial before is shown, and nothing is sent before it is acknowledged by its name', async () => {
  const before = 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2c'
  const denialsBefore = [
    { waiver: before, by: 'per_strict', at: '2026-11-20T10:00:00.000Z', reason: 'use the report instead' },
  ]
  const denied = { ...detail, waiver: { ...detail.waiver, denialsBefore } }
  const given = { ...answers, [`/v1/waivers/${id}`]: denied }
  const unread = await heard(['countersign', id], { answers: given })
  expect(unread).toMatchObject({ exit: 3, signIns: 0 })
  expect(unread.out).toContain('use the report instead')
  const wrong = await heard(['countersign', id, '--acknowledge-denial', id], { answers: given })
  expect(wrong).toMatchObject({ exit: 2, signIns: 0 })
  const read = await heard(['countersign', id, '--acknowledge-denial', before], { answers: given })
  expect(decisionsIn(read)[0]?.body).toMatchObject({ acknowledges: [before] })
})

test('nothing to decide is said before anybody signs in', async () => {
  const ran = await heard(['countersign', id], { answers: answersFor(detailAt('active')) })
  expect(ran).toMatchObject({ exit: 3, signIns: 0 })
  expect(ran.err).toContain('nothing is waiting for a decision')
})

test('[B04] [B20] whoever may not read it and tries to decide leaves an attempt, and hears why; nobody signs in for it', async () => {
  const gone = { ...answers, [`/v1/waivers/${id}`]: problem('unknown-waiver', 404), '/v1/waivers': { waivers: [] } }
  const no = problem('approver-not-independent', 403)
  for (const [verb, noun, more] of [
    ['countersign', 'countersignature', []],
    ['deny', 'denial', ['--reason', 'no']],
    ['endorse', 'endorsement', []],
  ] as const) {
    const ran = await heard([verb, id, ...more], { answers: { ...gone, [`/v1/waivers/${id}/${noun}`]: no } })
    expect(ran, verb).toMatchObject({ exit: 3, signIns: 0 })
    expect(ran.err).toContain('what approver-not-independent says')
    const [sent, another] = decisionsIn(ran)
    expect(sent).toMatchObject({ token: 'reading', body: { digest: `sha256:${'0'.repeat(64)}` } })
    expect(another).toBeUndefined()
  }
  const nothing = await heard(['countersign', id], {
    answers: { ...gone, [`/v1/waivers/${id}/countersignature`]: problem('unknown-waiver', 404) },
  })
  expect(nothing).toMatchObject({ exit: 5, signIns: 0 })
})

test('with --json the page is on standard error, and standard output is one document', async () => {
  const ran = await heard(['countersign', id, '--json'], { answers })
  expect(JSON.parse(ran.out)).toMatchObject({ waiver: { id }, replayed: false })
  expect(ran.err).toContain('Exactly this:')
})

test('a refusal of the decision is one document for a program', async () => {
  const no = problem('approver-decided-before', 403)
  const ran = await heard(['countersign', id, '--json'], {
    answers: { ...answers, [`/v1/waivers/${id}/countersignature`]: no },
  })
  expect(ran.exit).toBe(3)
  expect(JSON.parse(ran.out)).toMatchObject({
    error: { kind: 'refusal', code: 'approver-decided-before', exit: 3, next: expect.stringContaining(id) },
  })
})

describe('where the rules ask for a passkey', () => {
  const asks = detailAt('requested')
  const challenge = {
    id: 'chl_01k9m2v7c0q3xw8r5t6y4z1a2b',
    url: 'https://countersign.test/sign/chl_01k9m2v7c0q3xw8r5t6y4z1a2b',
    state: 'answered',
    outcome: { outcome: 'accepted', events: ['evt_1'] },
  }
  const handedOver = (state: object) => ({
    ...answersFor(asks),
    [`/v1/waivers/${id}/challenges`]: challenge,
    [`/v1/challenges/${challenge.id}`]: { ...challenge, ...state },
  })

  test('[B22] exactly what was shown is handed to the browser, and nothing at the terminal signs', async () => {
    const ran = await heard(['deny', id, '--reason', 'not now', '--json'], { answers: handedOver({}) })
    expect(ran).toMatchObject({ exit: 0, signIns: 0 })
    expect(decisionsIn(ran)).toEqual([
      {
        method: 'POST',
        path: `/v1/waivers/${id}/challenges`,
        token: 'reading',
        body: { decision: 'deny', digest: asks.waiver.proposal?.digest, reason: 'not now' },
      },
    ])
    expect(ran.err).toContain(challenge.url)
    expect(JSON.parse(ran.out)).toMatchObject({ waiver: { id }, events: ['evt_1'] })
  })

  test('[B17] what the browser is told is not what was shown here: found out afterwards', async () => {
    const ran = await heard(['countersign', id, '--narrow-uses', '3'], { answers: handedOver({}) })
    expect(ran.exit).toBe(1)
    expect(ran.err).toContain(`end it with \`countersign revoke ${id}\``)
  })

  test.each([
    [
      'refused',
      { outcome: { outcome: 'refused', code: 'context-changed', message: 'a rule changed' } },
      'context-changed',
    ],
    ['nobody signed in time', { state: 'over', outcome: undefined }, 'challenge-spent'],
  ])('%s: says so, with the code for a program', async (_, state, code) => {
    const ran = await heard(['endorse', id, '--json'], { answers: handedOver(state) })
    expect(ran.exit).toBe(3)
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code, exit: 3 } })
  })

  test('rules that became stricter since it was asked for are met as well', async () => {
    const answers = {
      ...handedOver({}),
      [`/v1/waivers/${id}`]: detail,
      [`/v1/waivers/${id}/denial`]: problem('passkey-needed', 403),
    }
    const ran = await heard(['deny', id, '--reason', 'not now'], { answers })
    expect(ran).toMatchObject({ exit: 0, signIns: 1 })
    expect(decisionsIn(ran).at(-1)?.path).toBe(`/v1/waivers/${id}/challenges`)
  })
})
