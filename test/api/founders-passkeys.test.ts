// The first passkey of whoever looks after security has nobody to confirm it but the founders: over HTTP, on a real installation.
import { beforeAll, describe, expect, test } from 'vitest'
import type { PasskeyView } from '../../src/client/index.ts'
import { policyFor } from '../support/life.ts'
import { testRelyingParty } from '../support/signing.ts'
import { openSurface, refreshDirectory, type Surface, yes } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface({ policy: policyFor({ passkey: true }) })
})

const origin = testRelyingParty.origins[0] ?? ''

/** Only `per_watch` looks after security there. */
async function enrol(person: string, name: string): Promise<PasskeyView> {
  const client = surface.client(person)
  const { challenge, publicKey } = yes(await client.beginEnrolment())
  const { id, ...made } = surface.world.signers
    .authenticatorOf(person)
    .create({ challenge: publicKey.challenge, relyingParty: publicKey.rp.id, origin })
  return yes(await client.enrolPasskey({ challenge, name, credential: id, ...made, transports: [] })).passkey
}

/** With a sign-in alone, as somebody does who has no passkey. */
async function confirm(token: string, { id, digest }: PasskeyView) {
  const { status, body } = await surface.post(token, `/v1/passkeys/${id}/confirmation`, { digest })
  return status < 300 ? body.passkey.state : body.code
}

async function confirmSigned(person: string, { id, digest }: PasskeyView): Promise<PasskeyView['state'] | undefined> {
  const client = surface.client(person)
  const challenge = yes(await client.showConfirmation(id, { digest }))
  const answer = surface.world.signers.answer(person, challenge.publicKey)
  return yes(await client.sign(challenge.id, answer)).passkey?.state
}

describe('[rules/maker-checker] where nobody else who looks after security is there', () => {
  test('[B03] founders confirm the first passkey together, one sign-in each, and from then on it confirms others', async () => {
    const first = await enrol('per_watch', 'blue key')
    expect(yes(await surface.client('per_rae').passkey(first.id)).mayConfirm).toBe(true)
    expect(await confirm('per_nobody', first)).toBe('approver-not-in-pool')
    expect(await confirm('per_watch', first)).toBe('approver-is-requester')
    expect(await confirm('per_rae stale', first)).toBe('sign-in-not-fresh')
    expect(await confirm('per_rae device', first)).toBe('sign-in-not-fresh')
    expect(await confirm('per_rae', first)).toBe('waiting')
    expect(await confirm('per_rae', first)).toBe('one-person-counts-once')
    const sams = await enrol('per_sam', 'green key')
    expect(await confirm('per_watch', sams)).not.toBe('passkey-needed')
    const another = await enrol('per_ops', 'red key')
    expect(await confirm('per_ops', first)).toBe('in-force')
    const { passkey } = yes(await surface.client('per_watch').passkey(first.id))
    expect(passkey.confirmations.map(({ by }) => by)).toEqual(['per_rae', 'per_ops'])

    // With a key of their own, a sign-in is not enough any more; and while they can, no founder stands in.
    expect(await confirm('per_watch', another)).toBe('passkey-needed')
    expect(await confirm('per_rae', another)).toBe('approver-not-in-pool')
    expect(await confirmSigned('per_watch', another)).toBe('in-force')
  })

  test('[B09] what replaces it signs nothing for a day, loudly, and a founder who has a passkey confirms with it', async () => {
    const watch = surface.client('per_watch')
    const [old] = yes(await watch.passkeys()).passkeys
    yes(await watch.removePasskey(old?.id ?? '', { reason: 'lost on the train' }))
    const second = await enrol('per_watch', 'new key')
    expect(second.replaces).toBe(true)
    expect(await confirm('per_rae', second)).toBe('waiting')
    expect(await confirm('per_ops', second)).toBe('passkey-needed')
    expect(await confirmSigned('per_ops', second)).toBe('not-yet-in-force')
    const { passkey } = yes(await watch.passkey(second.id))
    expect(Date.parse(passkey.effectiveAt ?? '') - Date.parse(surface.world.now)).toBe(86_400_000)

    const sues = await enrol('per_sue', 'grey key')
    const tooEarly = await watch.showConfirmation(sues.id, { digest: sues.digest })
    expect(tooEarly.ok || tooEarly.problem.code).toBe('passkey-not-in-force')
    await surface.world.after(86_400)
    await refreshDirectory(surface)
    expect(await confirmSigned('per_watch', sues)).toBe('in-force')
  })
})
