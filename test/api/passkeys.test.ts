/** Passkeys over HTTP: enrolled, confirmed, signed with; and what others see of them. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { ChallengeView, PasskeyView } from '../../src/client/index.ts'
import { plusSeconds } from '../../src/core/time.ts'
import { organisation, policyFor } from '../support/life.ts'
import { testRelyingParty } from '../support/signing.ts'
import { asked, no, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface({ policy: policyFor({ passkey: true }) })
})

const origin = testRelyingParty.origins[0] ?? ''

async function enrol(person: string, name = 'blue key'): Promise<PasskeyView> {
  const client = surface.client(person)
  const { challenge, publicKey } = yes(await client.beginEnrolment())
  const { id, ...made } = surface.world.signers
    .authenticatorOf(person)
    .create({ challenge: publicKey.challenge, relyingParty: publicKey.rp.id, origin })
  return yes(await client.enrolPasskey({ challenge, name, credential: id, ...made, transports: ['internal'] })).passkey
}

function signatureOf(person: string, { publicKey }: ChallengeView) {
  return surface.world.signers.answer(person, publicKey)
}

let asksCount = 0

/** Windows far from each other, so that each is a request of its own and none goes on from another. */
async function waiverId(): Promise<string> {
  const start = plusSeconds(surface.world.now, 2 * 86_400 * asksCount++)
  const terms = asked(surface.world.now, { window: { start, end: plusSeconds(start, 600) } })
  return yes(await surface.client('per_asker').ask({ terms })).waiver.id
}

describe('a passkey', () => {
  test('is enrolled, read aloud, confirmed by somebody independent, and signs', async () => {
    const passkey = await enrol('per_sam')
    expect(passkey).toMatchObject({ state: 'waiting', person: 'per_sam', name: 'blue key', sample: false })
    expect(passkey.fingerprint).toMatch(/^(?:[0-9a-f]{4} ){4}[0-9a-f]{4}$/)
    const watch = surface.client('per_watch')
    const { passkeys } = yes(await watch.passkeys({ waiting: true }))
    expect(passkeys).toEqual([passkey])
    expect(yes(await watch.passkey(passkey.id))).toMatchObject({ mayConfirm: true })
    expect(yes(await watch.confirmPasskey(passkey.id, { digest: passkey.digest })).passkey.state).toBe('in-force')
    expect(yes(await watch.passkeys({ waiting: true })).passkeys).toEqual([])

    const id = await waiverId()
    const sam = surface.client('per_sam')
    const { proposal } = yes(await sam.waiver(id)).waiver
    const digest = proposal?.digest ?? ''
    const unsigned = await surface.post('per_sam', `/v1/waivers/${id}/countersignature`, { digest })
    expect([unsigned.status, unsigned.body.code]).toEqual([403, 'passkey-needed'])
    const challenge = yes(await sam.showDecision(id, { decision: 'countersign', digest, acknowledges: [] }))
    expect(challenge).toMatchObject({
      state: 'waiting',
      statement: { decision: 'countersign', by: 'per_sam', about: id, shown: digest, signed: digest },
      context: { verdicts: [{ person: 'per_sam', independent: true }] },
      terms: { beneficiary: 'per_asker' },
      publicKey: { rpId: 'countersign.test', userVerification: 'required' },
    })
    const signed = yes(await sam.sign(challenge.id, signatureOf('per_sam', challenge)))
    expect(signed.waiver?.approvals).toMatchObject([{ by: 'per_sam', passkey: passkey.id }])
    expect(yes(await sam.challenge(challenge.id))).toMatchObject({
      state: 'answered',
      outcome: { outcome: 'accepted', events: signed.events },
    })
    expect(yes(await sam.why(id)).follows).toBe(true)
  })

  test('[B10] the same answer again is told again under its key, and is spent without it', async () => {
    const id = await waiverId()
    const sam = surface.client('per_sam')
    const digest = yes(await sam.waiver(id)).waiver.proposal?.digest ?? ''
    const challenge = yes(await sam.showDecision(id, { decision: 'deny', digest, reason: 'no' }))
    const signature = signatureOf('per_sam', challenge)
    const key = { idempotencyKey: 'the-same-again' }
    expect(yes(await sam.sign(challenge.id, signature, key)).replayed).toBe(false)
    expect(yes(await sam.sign(challenge.id, signature, key)).replayed).toBe(true)
    expect(no(await sam.sign(challenge.id, signature))).not.toBe('accepted')
  })

  test('is confirmed with a passkey by whoever has one', async () => {
    await enrolled('per_watch')
    const passkey = await enrol('per_sid')
    const watch = surface.client('per_watch')
    expect(no(await watch.confirmPasskey(passkey.id, { digest: passkey.digest }))).toBe('passkey-needed')
    const challenge = yes(await watch.showConfirmation(passkey.id, { digest: passkey.digest }))
    expect(challenge).toMatchObject({
      statement: { decision: 'confirm', about: 'per_sid' },
      passkey: { id: passkey.id },
    })
    const [signature, key] = [signatureOf('per_watch', challenge), { idempotencyKey: 'confirmed-once' }]
    const signed = yes(await watch.sign(challenge.id, signature, key))
    expect(signed).toMatchObject({ passkey: { id: passkey.id, state: 'in-force' }, replayed: false })
    expect(yes(await watch.sign(challenge.id, signature, key))).toMatchObject({
      passkey: { id: passkey.id, state: 'in-force', confirmations: [{ by: 'per_watch' }] },
      replayed: true,
    })
    expect(no(await watch.sign(challenge.id, signatureOf('per_watch', challenge)))).toBe('not-in-this-state')
  })

  test('is removed at once, by whoever looks after security too', async () => {
    const passkey = await enrolled('per_sue')
    const id = await waiverId()
    const sue = surface.client('per_sue')
    const digest = yes(await sue.waiver(id)).waiver.proposal?.digest ?? ''
    const challenge = yes(await sue.showDecision(id, { decision: 'deny', digest, reason: 'no' }))
    const removed = yes(await surface.client('per_watch').removePasskey(passkey.id, { reason: 'lost' }))
    expect(removed.passkey).toMatchObject({ state: 'removed', removed: { by: 'per_watch', reason: 'lost' } })
    expect(no(await sue.sign(challenge.id, signatureOf('per_sue', challenge)))).toBe('passkey-not-in-force')
    expect(no(await sue.showDecision(id, { decision: 'deny', digest, reason: 'no' }))).toBe('passkey-not-in-force')
  })
})

test('[B02] whoever runs the sign-in takes the key of another away, and still confirms none of theirs by a sign-in', async () => {
  const theirs = await enrol('per_sue', 'a key of whoever runs the sign-in')
  const watch = surface.client('per_watch')
  const digest = { digest: theirs.digest }
  const { passkeys } = yes(await watch.passkeys())
  for (const { id, state } of passkeys)
    if (state === 'in-force') yes(await watch.removePasskey(id, { reason: 'so that a sign-in is enough' }))
  expect(no(await watch.confirmPasskey(theirs.id, digest))).toBe('passkey-needed')
  expect(no(await watch.showConfirmation(theirs.id, digest))).toBe('passkey-not-in-force')
  await surface.world.after(86_400)
  await surface.world.changeDirectory(organisation)
  expect(yes(await watch.confirmPasskey(theirs.id, digest)).passkey.state).toBe('in-force')
})

describe('others', () => {
  test('see neither what waits to be signed nor which keys somebody has', async () => {
    const id = await waiverId()
    const sam = surface.client('per_sam')
    const digest = yes(await sam.waiver(id)).waiver.proposal?.digest ?? ''
    const challenge = yes(await sam.showDecision(id, { decision: 'deny', digest, reason: 'no' }))
    const sid = surface.client('per_sid')
    expect(no(await sid.challenge(challenge.id))).toBe('unknown-challenge')
    expect(no(await sid.sign(challenge.id, signatureOf('per_sam', challenge)))).toBe('unknown-challenge')
    const [own] = yes(await sam.passkeys()).passkeys
    expect(no(await surface.client('per_nobody').passkey(own?.id ?? ''))).toBe('unknown-passkey')
    expect(yes(await surface.client('per_nobody').passkeys({ of: 'per_sam' })).passkeys).toEqual([])
    await surface.world.settle()
    const streams = yes(await surface.client('per_nobody').feed({ limit: 500 })).records.map(({ stream }) => stream)
    expect(streams.filter((stream) => stream.startsWith('pks_'))).toEqual([])
    const all = yes(await surface.client('per_watch').feed({ limit: 500 })).records.map(({ stream }) => stream)
    expect(all).toContain('pks_per_sam')
  })

  test('[B22] agents and workloads neither enrol nor sign', async () => {
    expect(no(await surface.client('wl_agent').beginEnrolment())).toBe('only-people-decide')
    expect(no(await surface.client('per_sam via wl_agent').beginEnrolment())).toBe('only-people-decide')
    const id = await waiverId()
    const body = { decision: 'countersign' as const, digest: 'sha256:'.padEnd(71, '0') }
    expect(no(await surface.client('wl_agent').showDecision(id, body))).toBe('only-people-decide')
  })
})

test('[context/at-request-time] what has changed since it was shown stands in the answer', async () => {
  const id = await waiverId()
  const sam = surface.client('per_sam')
  const { waiver } = yes(await sam.waiver(id))
  const deny = { decision: 'deny', digest: waiver.proposal?.digest ?? '', reason: 'no' } as const
  const challenge = yes(await sam.showDecision(id, deny))
  const other = await waiverId()
  const answer = await surface.post(
    'per_sam',
    `/v1/challenges/${challenge.id}/signature`,
    signatureOf('per_sam', challenge),
  )
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'context-changed', changed: [{ what: 'earlier', change: `waiver \`${other}\` is new` }] },
  })
  const again = yes(await sam.showDecision(id, deny))
  expect(yes(await sam.sign(again.id, signatureOf('per_sam', again))).waiver?.status).toBe('ended')
})

test('[B14] an unknown member beside the signature is refused, and so is any other form', async () => {
  const url = '/v1/challenges/chl_01k9m2v7c0q3xw8r5t6y4z1a2b/signature'
  const body = { credential: 'AAAA', authenticatorData: 'AAAA', clientData: 'AAAA', signature: 'AAAA' }
  expect((await surface.post('per_sam', url, { ...body, by: 'per_sue' })).status).toBe(400)
  expect((await surface.post('per_sam', url, { ...body, signature: 'AA==' })).status).toBe(400)
  expect((await surface.post('per_sam', url, body)).body.code).toBe('unknown-challenge')
})

async function enrolled(person: string): Promise<PasskeyView> {
  return surface.world.signers
    .enrol(person)
    .then(async ({ id }) => yes(await surface.client(person).passkey(id)).passkey)
}
