/** The life of a waiver as people live it: through the client, over HTTP, on a real database. */
import { beforeAll, describe, expect, test } from 'vitest'
import { digestOf } from '../../src/lib/digest.ts'
import { organisation } from '../support/life.ts'
import { asked, no, openSurface, refreshDirectory, type Surface, yes } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface()
})

describe('a waiver from asking to review', () => {
  test('[four-acts/four-records] [terms/digest] asked, countersigned, started, revoked, verified, reviewed', async () => {
    const { world, client } = surface
    const [asker, sam, rae] = [client('per_asker'), client('per_sam'), client('per_rae')]

    const { waiver, events, names } = yes(await asker.ask({ terms: asked(world.now) }))
    expect(waiver).toMatchObject({ status: 'requested', requester: 'per_asker', version: 1 })
    expect(events).toEqual([expect.stringMatching(/^evt_[0-9a-z]{26}\.1$/)])
    expect(names).toMatchObject({ per_asker: 'per_asker', sys_ledger: 'sys_ledger' })
    const id = waiver.id
    // What is shown is exactly what is hashed: no member more, none less.
    expect(digestOf({ countersign: 'terms/v1', terms: waiver.terms })).toBe(waiver.digest)

    const digest = yes(await sam.waiver(id)).waiver.proposal?.digest ?? ''
    expect(yes(await sam.countersign(id, { digest })).waiver.status).toBe('countersigned')
    expect(yes(await asker.activate(id)).waiver.activation?.account).toBe('asker_db')
    await world.settle()

    const active = yes(await asker.waiver(id))
    expect(active.waiver.status).toBe('active')
    expect(active.grant).toMatchObject({
      wanted: 'present',
      settled: true,
      account: 'asker_db',
      observed: { present: true },
    })
    expect(active.nature?.sessionOutlivesRevokeSeconds).toBeNull()
    expect(active.worstCaseEnd).toBe(new Date(Date.parse(waiver.terms.window.end) + 1_000).toISOString())

    yes(await asker.revoke(id, { reason: 'done' }))
    const ended = yes(await asker.waiver(id))
    expect(ended.waiver).toMatchObject({
      status: 'ended',
      end: { cause: 'revoked', by: 'per_asker' },
      removal: { state: 'open' },
    })
    expect(no(await rae.review(id, { finding: 'justified', note: 'too early' }))).toBe('removal-not-verified')
    await world.settle()
    expect(yes(await asker.waiver(id)).waiver.removal.state).toBe('verified')

    const [due] = yes(await rae.reviews()).reviews
    expect(due).toMatchObject({ waiver: id, overdue: false, removal: 'verified', mayReview: true })
    const approval = ended.waiver.records.find(({ act }) => act === 'approval')
    yes(await rae.reviewEvent(id, approval?.event ?? '', { finding: 'justified', note: 'looked at the ticket' }))
    expect(yes(await rae.review(id, { finding: 'justified', note: 'bookings corrected' })).waiver.status).toBe(
      'reviewed',
    )

    const record = yes(await asker.events(id)).events.map(({ type }) => type)
    expect(record).toEqual([
      'WaiverRequested',
      'WaiverCountersigned',
      'ActivationStarted',
      'AccessActivated',
      'AccessRevoked',
      'ReviewOpened',
      'AttemptRefused',
      'RemovalVerified',
      'EventReviewed',
      'ReviewClosed',
    ])
    expect(yes(await rae.why(id)).follows).toBe(true)
  })

  test('[terms/deny-or-narrow] narrowed by the countersigner, to what the schema can say and no further', async () => {
    const { world, client } = surface
    const { waiver } = yes(
      await client('per_asker').ask({
        terms: asked(world.now, { access: { ...asked(world.now).access, resources: ['ledger.accounts'] } }),
      }),
    )
    const digest = waiver.proposal?.digest ?? ''
    const sam = client('per_sam')
    expect(no(await sam.countersign(waiver.id, { digest, narrow: { actions: ['select', 'update', 'insert'] } }))).toBe(
      'terms-widened',
    )
    const narrow = {
      actions: ['select'],
      window: { end: new Date(Date.parse(world.now) + 3_600_000).toISOString() },
      usesMax: 3,
    }
    const key = 'narrowing-once-0001'
    const shown = yes(await sam.showDecision(waiver.id, { decision: 'countersign', digest, narrow }))
    const signature = world.signers.answer('per_sam', shown.publicKey)
    const signed = must(yes(await sam.sign(shown.id, signature, { idempotencyKey: key })).waiver)
    expect(signed.terms).toMatchObject({
      access: { actions: ['select'] },
      conditions: { usesMax: 3 },
      window: { end: narrow.window.end },
    })
    expect(signed.digest).not.toBe(digest)
    // The very same request again says the same again, although nothing waits any more.
    expect(yes(await sam.sign(shown.id, signature, { idempotencyKey: key }))).toMatchObject({
      replayed: true,
      waiver: { digest: signed.digest },
    })
  })

  test('[challenge/real] asked back, answered, denied with a reason; the next decider has to have seen it', async () => {
    const { world, client } = surface
    const terms = asked(world.now, { beneficiary: 'wl_bot', access: { ...asked(world.now).access, account: 'bot_db' } })
    const { waiver } = yes(await client('per_asker').ask({ terms }))
    yes(await client('per_sam').askBack(waiver.id, { text: 'Why not by batch?' }))
    const waiting = yes(await client('per_asker').waivers({ waitsForMe: true })).waivers.map(({ id }) => id)
    expect(waiting).toContain(waiver.id)
    yes(await client('per_asker').answer(waiver.id, { text: 'The batch is what broke.' }))
    const digest = waiver.proposal?.digest ?? ''
    const denied = yes(await client('per_sam').deny(waiver.id, { digest, reason: 'fix the batch first' }))
    expect(denied.waiver).toMatchObject({ status: 'ended', end: { cause: 'denied', reason: 'fix the batch first' } })

    const again = yes(await client('per_asker').ask({ terms })).waiver
    expect(again.denialsBefore).toMatchObject([{ waiver: waiver.id, by: 'per_sam' }])
    const seen = again.proposal?.digest ?? ''
    expect(no(await client('per_sue').countersign(again.id, { digest: seen }))).toBe('denial-not-acknowledged')
    yes(await client('per_sue').countersign(again.id, { digest: seen, acknowledges: [waiver.id] }))
    const context = yes(await client('per_sue').context(again.id))
    expect(context.contains).toEqual({ state: 'same', summary: ['as it was'] })
    expect(context.earlier.map((one) => one.waiver)).toContain(waiver.id)
  })

  test('[extension/new-approval] more time is asked for and countersigned by somebody else', async () => {
    const { world, client } = surface
    const { waiver } = yes(
      await client('per_oncall').ask({
        terms: asked(world.now, {
          beneficiary: 'per_oncall',
          access: { ...asked(world.now).access, account: 'oncall_db' },
        }),
      }),
    )
    const digest = waiver.proposal?.digest ?? ''
    yes(await client('per_sam').countersign(waiver.id, { digest }))
    yes(await client('per_oncall').activate(waiver.id))
    await world.settle()
    const end = new Date(Date.parse(waiver.terms.window.end) + 3_600_000).toISOString()
    const extended = yes(await client('per_oncall').requestExtension(waiver.id, { end, reason: 'not done yet' })).waiver
    expect(extended.proposal).toMatchObject({ of: 'extension', terms: { window: { end } } })
    const next = extended.proposal?.digest ?? ''
    expect(no(await client('per_sam').countersign(waiver.id, { digest: next }))).toBe('approver-decided-before')
    expect(yes(await client('per_sue').countersign(waiver.id, { digest: next })).waiver.activation?.end).toBe(end)
    yes(await client('per_watch').suspend(waiver.id, { reason: 'looks odd' }))
    await world.settle()
    expect(yes(await client('per_oncall').waiver(waiver.id)).grant).toMatchObject({ wanted: 'absent', settled: true })
    yes(await client('per_oncall').requestResumption(waiver.id, { reason: 'explained it' }))
    expect(no(await client('per_oncall').giveEvidence(waiver.id, { control: 'none-such', text: 'x' }))).toBe(
      'unknown-control',
    )
    expect(no(await client('per_oncall').use(waiver.id, { detail: 'one booking' }))).toBe('not-in-this-state')
  })

  test('every refusal says what it would take, with the names it mentions', async () => {
    const { world, get, post } = surface
    const wrong = asked(world.now, { access: { ...asked(world.now).access, system: 'sys_ledgr' } })
    const { status, body, headers } = await post('per_asker', '/v1/waivers', { terms: wrong })
    expect(status).toBe(422)
    expect(headers['content-type']).toBe('application/problem+json')
    expect(body).toMatchObject({
      type: 'https://countersign.test/problems/unknown-system',
      title: 'no such system in the policy',
      status: 422,
      code: 'unknown-system',
      at: 'terms.access.system',
      nearest: ['sys_ledger'],
    })
    // Refused attempts are on the record, for whoever tried and for reviewers, and for nobody else.
    expect((await get('per_asker', body.instance)).body.events).toMatchObject([
      { type: 'AttemptRefused', by: 'per_asker' },
    ])
    expect((await get('per_rae', body.instance)).status).toBe(200)
    expect((await get('per_nobody', body.instance)).body.code).toBe('unknown-waiver')
    expect(
      (await post('per_asker', '/v1/waivers', { terms: asked(world.now, { beneficiary: 'wl_bott' }) })).body.nearest,
    ).toEqual(['wl_bot'])
  })

  test('lists page by page, filtered, and only what the caller may read', async () => {
    const { client } = surface
    const all = yes(await client('per_rae').waivers()).waivers.map(({ id }) => id)
    expect(all.length).toBeGreaterThanOrEqual(5)
    const first = yes(await client('per_rae').waivers({ limit: 2 }))
    const second = yes(
      await client('per_rae').waivers({ limit: 2, ...(first.next === undefined ? {} : { after: first.next }) }),
    )
    expect([...first.waivers, ...second.waivers].map(({ id }) => id)).toEqual(all.slice(0, 4))
    const own = yes(
      await client('per_oncall').waivers({ beneficiary: 'per_oncall', status: ['suspended', 'active'], open: true }),
    ).waivers
    expect(own.every(({ terms }) => terms.beneficiary === 'per_oncall')).toBe(true)
    expect(own).toHaveLength(1)
    expect(yes(await client('per_nobody').waivers()).waivers).toEqual([])
    expect(yes(await client('per_nobody').grants()).grants).toEqual([])
    expect(yes(await client('per_rae').grants({ settled: true, limit: 1 })).grants).toHaveLength(1)
  })

  test('who could decide, before and after asking', async () => {
    const { world, client } = surface
    await refreshDirectory(surface)
    const before = yes(await client('per_asker').preview({ terms: asked(world.now) }))
    expect(before).toMatchObject({
      accounts: ['asker_db'],
      contains: ['as it was'],
      problems: [],
      obligations: { tier: 'high' },
    })
    expect(before.eligible.map(({ person }) => person)).toEqual(expect.arrayContaining(['per_sam', 'per_sid']))
    const codes = Object.fromEntries(
      before.excluded.map(({ person, conflicts }) => [person, conflicts.map(({ code }) => code)]),
    )
    expect(codes).toMatchObject({ per_mate: ['on-requesting-team'], per_dba: ['on-granting-team'] })
    // One's own path one sees, the others' not.
    const withPath = before.excluded.filter(({ conflicts }) =>
      conflicts.some((one) => one.path !== undefined || one.because !== undefined || one.reads !== undefined),
    )
    expect(withPath.map(({ person }) => person)).toEqual(['per_asker'])
    expect(yes(await client('per_rae').preview({ terms: asked(world.now) })).accounts).toEqual([])
  })
})

describe('an envelope', () => {
  test('[break-glass/activator-is-not-approver] whoever opens it and has several accounts says which one gets the access', async () => {
    const { world, client } = surface
    await world.changeDirectory(
      `${organisation}\nacc_admin on sys_ledger login a_dba\nacc_admin belongs-to per_oncall confirmed`,
    )
    const { account: _, ...access } = asked(world.now).access
    const parts = { kind: 'break-glass', beneficiary: 'rota_payments', openFor: 'PT30M', access } as const
    const { waiver } = yes(await client('per_chief').ask({ terms: { ...asked(world.now), ...parts } }))
    yes(await client('per_sid').countersign(waiver.id, { digest: waiver.digest }))
    const oncall = client('per_oncall')
    const silent = await oncall.activate(waiver.id)
    expect(silent).toMatchObject({ problem: { code: 'account-needed', status: 422, nearest: ['a_dba', 'oncall_db'] } })
    expect(no(await oncall.activate(waiver.id, {}, { account: 'asker_db' }))).toBe('unknown-account')
    const opened = yes(await oncall.activate(waiver.id, {}, { account: 'oncall_db' })).waiver
    expect(opened.activation).toMatchObject({ by: 'per_oncall', account: 'oncall_db' })
    yes(await client('per_watch').revoke(waiver.id, { reason: 'done' }))
    await world.settle()
  })
})

describe('open reviews', () => {
  test('[review/after] come with what is due first, say when there are more, and are gone once closed', async () => {
    const { world, client } = surface
    const rae = client('per_rae')
    for (const _ of [1, 2]) {
      await world.after(3 * 86_400)
      await refreshDirectory(surface)
      const { waiver } = yes(await client('per_asker').ask({ terms: asked(world.now) }))
      const acknowledges = waiver.denialsBefore.map((denial) => denial.waiver)
      yes(await client('per_sam').countersign(waiver.id, { digest: waiver.digest, acknowledges }))
      yes(await client('per_asker').activate(waiver.id))
      yes(await client('per_asker').revoke(waiver.id, { reason: 'done' }))
    }
    await world.settle()
    const all = yes(await rae.reviews())
    expect(all.complete).toBe(true)
    expect(all.reviews.length).toBeGreaterThan(1)
    const dues = all.reviews.map(({ dueAt }) => dueAt)
    expect(dues).toEqual([...dues].sort())
    const first = yes(await rae.reviews({ limit: 1 }))
    expect(first.reviews.map(({ waiver }) => waiver)).toEqual([all.reviews[0]?.waiver])
    expect(first.complete).toBe(false)
    expect(yes(await client('per_nobody').reviews())).toMatchObject({ reviews: [], complete: true })
    const id = first.reviews[0]?.waiver ?? ''
    yes(await rae.review(id, { finding: 'justified', note: 'fine' }))
    const rest = yes(await rae.reviews()).reviews.map(({ waiver }) => waiver)
    expect(rest).toEqual(all.reviews.slice(1).map(({ waiver }) => waiver))
  })
})

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('it is not there')
  return value
}
