/** Decisions signed by passkey, on a real PostgreSQL: what a signature binds, and everything that makes it worthless. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { policyFor, termsFor } from '../../test/support/life.ts'
import { testRelyingParty } from '../../test/support/signing.ts'
import { openWorld, type World } from '../../test/support/world.ts'
import type { SignableCommand } from '../core/decide/signed.ts'
import type { Assertion } from '../core/signed.ts'
import { plusSeconds } from '../core/time.ts'
import type { Command, Waiver, WaiverEvent } from '../core/waiver.ts'
import { softwareAuthenticator } from '../demo/authenticator.ts'
import { decodeBase64url, encodeBase64url, verifyEvidence } from '../signature/index.ts'
import { challengeSeconds, type Opened, openDecision } from './challenges.ts'
import { type Handled, handle } from './handle.ts'
import { handlePasskeys } from './passkeys/confirm.ts'
import { passkeysOf } from './passkeys/locked.ts'
import type { SignedOrder } from './signing.ts'
import { why } from './why.ts'

let world: World & { close(): Promise<void> }
let waiver: Waiver
beforeAll(async () => {
  world = await openWorld({ policy: policyFor({ passkey: true }) })
  world.signers.authenticatorOf('per_sam', true)
  await world.signers.enrol('per_sam')
  await world.signers.enrol('per_sue')
})
afterAll(() => world.close())
beforeEach(async () => {
  waiver = await world.must('per_asker', { type: 'request', terms: termsFor({ window: window() }) })
  return async () => {
    const now = await world.waiver(waiver.id)
    if (now.status === 'requested') await world.must('per_asker', { type: 'withdraw', reason: 'over' }, waiver.id)
    else if (now.status !== 'ended') await world.must('per_asker', { type: 'revoke', reason: 'over' }, waiver.id)
    await world.settle()
  }
})

function window() {
  return { start: world.now, end: plusSeconds(world.now, 600) }
}

/** Asked for by somebody else, for themselves. */
function another(): Promise<Waiver> {
  const access = { ...waiver.terms.access, account: 'oncall_db' }
  const terms = termsFor({ beneficiary: 'per_oncall', window: window(), access })
  return world.must('per_oncall', { type: 'request', terms })
}

function countersign(parts: Partial<Extract<Command, { type: 'countersign' }>> = {}): SignableCommand {
  const acknowledges = waiver.denialsBefore.map((denial) => denial.waiver)
  return { type: 'countersign', digest: waiver.proposal?.digest ?? '', acknowledges, ...parts }
}

async function opened(actor = 'per_sam', command = countersign()): Promise<Opened> {
  const answer = await openDecision(world.app.machinery, { waiver: waiver.id, command, actor: world.person(actor) })
  if (answer.outcome !== 'opened') throw new Error(JSON.stringify(answer))
  return answer
}

function send(signed: SignedOrder, command: Command = countersign(), actor = 'per_sam'): Promise<Handled> {
  return handle(world.app.machinery, { waiver: waiver.id, command, actor: world.person(actor), signed })
}

function told(handled: Handled): string {
  return handled.outcome === 'accepted' ? 'accepted' : `${handled.refusal.code}: ${handled.refusal.message}`
}

const code = (handled: Handled) => (handled.outcome === 'accepted' ? 'accepted' : handled.refusal.code)

describe('a decision that is signed', () => {
  test('[terms/digest] stands in the record with everything it takes to verify it again, and follows from its facts', async () => {
    const handled = await send(world.signers.sign('per_sam', await opened()))
    expect(told(handled)).toBe('accepted')
    const [stored] = (await world.store.waivers.events(waiver.id)).filter(({ type }) => type === 'WaiverCountersigned')
    const event = stored?.body as WaiverEvent
    expect(event.passkey).toMatchObject({ relyingParty: 'countersign.test', origin: 'https://countersign.test' })
    expect(event.passkey?.statement).toMatchObject({ decision: 'countersign', by: 'per_sam', about: waiver.id })
    expect(await verifyEvidence(event.passkey as NonNullable<typeof event.passkey>)).toMatchObject({ holds: true })
    const after = await world.waiver(waiver.id)
    expect(after.approvals[0]?.passkey).toBe(event.passkey?.passkey)
    expect((await why(world.app.machinery, waiver.id))?.acts.filter(({ follows }) => follows !== 'yes')).toEqual([])
  })

  test('[terms/deny-or-narrow] may be narrower than what was shown, and names both', async () => {
    const narrowed = termsFor({
      window: { start: window().start, end: plusSeconds(world.now, 300) },
      contains: waiver.terms.contains,
    })
    const command = countersign({ narrowed })
    const shown = await opened('per_sam', command)
    const { statement } = shown.content
    expect(statement.signed).not.toBe(statement.shown)
    expect(told(await send(world.signers.sign('per_sam', shown), command))).toBe('accepted')
    expect((await world.waiver(waiver.id)).digest).toBe(statement.signed)
    expect((await why(world.app.machinery, waiver.id))?.acts.filter(({ follows }) => follows !== 'yes')).toEqual([])
  })

  test('[fail/closed] is refused without a signature where the tier asks for one', async () => {
    const order = { waiver: waiver.id, command: countersign(), actor: world.person('per_sam') }
    expect(code(await handle(world.app.machinery, order))).toBe('passkey-needed')
    const deny = { type: 'deny', digest: waiver.digest, reason: 'no' } as const
    expect(code(await handle(world.app.machinery, { ...order, command: deny }))).toBe('passkey-needed')
  })

  test('[challenge/real] a denial is signed with its reason, and with no other', async () => {
    const deny = { type: 'deny', digest: waiver.digest, reason: 'use the batch tool' } as const
    const first = world.signers.sign('per_sam', await opened('per_sam', deny))
    expect(told(await send(first, { ...deny, reason: 'use the back door' }))).toContain('signature-invalid')
    const second = world.signers.sign('per_sam', await opened('per_sam', deny))
    expect(told(await send(second, deny))).toBe('accepted')
  })

  test('whoever may not decide is refused when they ask to sign, on the record like any other attempt', async () => {
    const before = (await world.waiver(waiver.id)).refusalsCount
    const asked = await openDecision(world.app.machinery, {
      waiver: waiver.id,
      command: countersign(),
      actor: world.person('per_mate'),
    })
    expect(asked).toMatchObject({ outcome: 'refused', refusal: { code: 'approver-not-independent' } })
    expect((await world.waiver(waiver.id)).refusalsCount).toBe(before + 1)
  })

  test('somebody else’s attempts in vain do not spoil it', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    await openDecision(world.app.machinery, {
      waiver: waiver.id,
      command: countersign(),
      actor: world.person('per_asker'),
    })
    expect(told(await send(signed))).toBe('accepted')
  })
})

describe('[B10] [B17] a signature is worthless', () => {
  test('a second time', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    expect(told(await send(signed))).toBe('accepted')
    expect(code(await send(signed))).not.toBe('accepted')
    const twice = await opened('per_sue', countersign()).catch((error: Error) => error.message)
    expect(twice).toContain('nothing-to-decide')
  })

  test('a second time, also when both come at once', async () => {
    const command = { type: 'deny', digest: waiver.digest, reason: 'no' } as const
    const signed = world.signers.sign('per_sam', await opened('per_sam', command))
    const both = await Promise.all([send(signed, command), send(signed, command)])
    expect(both.map(code).filter((one) => one === 'accepted')).toHaveLength(1)
  })

  test('after its challenge was used in vain', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    expect(told(await send(spoiled(signed, 'signature', 20)))).toContain('signature-invalid')
    expect(told(await send(signed))).toContain('challenge-spent')
  })

  test('when it comes too late', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    const began = world.now
    await world.after(challengeSeconds)
    expect(told(await send(signed))).toContain('challenge-spent')
    await world.at(plusSeconds(began, challengeSeconds + 1))
  })

  test('for another waiver', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    const other = await another()
    const command = { type: 'countersign', digest: other.digest, acknowledges: [] } as const
    const actor = world.person('per_sam')
    const handled = await handle(world.app.machinery, { waiver: other.id, command, actor, signed })
    expect(told(handled)).toContain('signature-invalid')
    await world.must('per_oncall', { type: 'withdraw', reason: 'over' }, other.id)
  })

  test('in somebody else’s hands', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    expect(told(await send(signed, countersign(), 'per_sue'))).toContain('challenge-spent')
    const own = await opened('per_sue')
    const foreign = world.signers.sign('per_sam', { ...own, passkeys: (await opened()).passkeys })
    expect(told(await send(foreign, countersign(), 'per_sue'))).toContain('passkey-not-in-force')
  })

  test('for another decision than the one that was shown', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    const deny = { type: 'deny', digest: waiver.digest, reason: 'no' } as const
    expect(told(await send(signed, deny))).toContain('signature-invalid')
  })

  test('from a page or for a site that is not this one', async () => {
    const authenticator = world.signers.authenticatorOf('per_sam')
    const from = async (origin: string, relyingParty: string) => {
      const { id, challenge, passkeys } = await opened()
      const credentials = passkeys.map(({ credential }) => credential)
      return send({ challenge: id, assertion: authenticator.get({ challenge, origin, relyingParty, credentials }) })
    }
    expect(told(await from('https://countersign.test.evil.example', 'countersign.test'))).toContain('signature-invalid')
    expect(told(await from('https://sub.countersign.test', 'countersign.test'))).toContain('origin-differs')
    expect(told(await from('https://countersign.test', 'evil.example'))).toContain('relying-party-differs')
  })

  test('of an authenticator that recognised nobody, or whose counter goes back', async () => {
    const { id, challenge, passkeys } = await opened()
    const signed = world.signers.sign('per_sam', { id, challenge, passkeys })
    const data = decodeBase64url(signed.assertion.authenticatorData) ?? new Uint8Array()
    data[32] = 0x01
    const unverified = { ...signed, assertion: { ...signed.assertion, authenticatorData: encodeBase64url(data) } }
    expect(told(await send(unverified))).toContain('nobody-verified')
  })

  test('when its counter goes back: somebody has a copy of the key', async () => {
    const other = await another()
    const deny = { type: 'deny', digest: other.digest, reason: 'no' } as const
    const actor = world.person('per_sam')
    const about = await openDecision(world.app.machinery, { waiver: other.id, command: deny, actor })
    if (about.outcome !== 'opened') throw new Error('not opened')
    const earlier = world.signers.sign('per_sam', await opened())
    const later = world.signers.sign('per_sam', about)
    const order = { waiver: other.id, command: deny, actor, signed: later }
    expect(told(await handle(world.app.machinery, order))).toBe('accepted')
    expect(told(await send(earlier))).toContain('counter-went-back')
  })
})

describe('[B17] what was shown has changed', () => {
  test('[context/at-request-time] a new waiver of the same people, and the answer says so', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    const other = await world.must('per_asker', {
      type: 'request',
      terms: termsFor({ window: { start: plusSeconds(world.now, 900), end: plusSeconds(world.now, 1_200) } }),
    })
    const handled = await send(signed)
    expect(handled).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'context-changed', changed: [{ what: 'earlier', change: `waiver \`${other.id}\` is new` }] },
    })
    expect((await why(world.app.machinery, waiver.id))?.acts.filter(({ follows }) => follows !== 'yes')).toEqual([])
    await world.must('per_asker', { type: 'withdraw', reason: 'over' }, other.id)
  })

  test('a question and its answer', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    await world.must('per_sue', { type: 'ask-back', text: 'which rows?' }, waiver.id)
    expect(told(await send(signed))).toContain('context-changed')
  })

  test('what the entitlement contains', async () => {
    const signed = world.signers.sign('per_sam', await opened())
    world.target.contents = 'more than before'
    const handled = await send(signed)
    world.target.contents = 'as it was'
    expect(code(handled)).toBe('contents-changed')
  })
})

describe('[B16] a passkey signs nothing', () => {
  test('before somebody independent has confirmed it, and after it was removed, at once', async () => {
    const unconfirmed = await world.signers.enrolUnconfirmed('per_sid')
    const asked = await openDecision(world.app.machinery, {
      waiver: waiver.id,
      command: countersign(),
      actor: world.person('per_sid'),
    })
    expect(asked).toMatchObject({ outcome: 'refused', refusal: { code: 'passkey-not-in-force' } })
    await world.signers.confirm('per_watch', unconfirmed, 'per_sid')
    const signed = world.signers.sign('per_sid', await opened('per_sid'))
    const remove = { type: 'remove', passkey: unconfirmed.id, reason: 'lost' } as const
    expect(await handlePasskeys(world.app.machinery, 'per_sid', remove, world.person('per_watch'))).toMatchObject({
      outcome: 'accepted',
    })
    expect(told(await send(signed, countersign(), 'per_sid'))).toContain('passkey-not-in-force')
  })

  test('when it was made by the sample’s own authenticator', async () => {
    const { machinery } = world.app
    const sample = softwareAuthenticator()
    const { enrolPasskey, openEnrolment } = await import('./passkeys/enrol.ts')
    const enrolling = await openEnrolment(machinery, world.person('per_rae'))
    const registration = sample.create({
      challenge: enrolling.challenge,
      relyingParty: testRelyingParty.id,
      origin: testRelyingParty.origins[0] ?? '',
    })
    const handled = await enrolPasskey(machinery, world.person('per_rae'), {
      challenge: enrolling.id,
      name: 'x',
      registration,
    })
    expect(handled).toMatchObject({ outcome: 'refused', refusal: { code: 'enrolment-invalid' } })
    expect(await passkeysOf(machinery, 'per_rae')).toMatchObject({ passkeys: [] })
  })
})

function spoiled({ challenge, assertion }: SignedOrder, member: keyof Assertion, at: number): SignedOrder {
  const bytes = decodeBase64url(assertion[member]) ?? new Uint8Array()
  bytes[at] = (bytes[at] ?? 0) ^ 0x01
  return { challenge, assertion: { ...assertion, [member]: encodeBase64url(bytes) } }
}
