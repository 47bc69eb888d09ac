/** Passkeys as their owners, and those who may confirm them, see them. */
import { createHash } from 'node:crypto'
import type { PersonId } from '../core/directory.ts'
import { isInForce, type Passkey } from '../core/passkeys.ts'
import type { Instant } from '../core/time.ts'
import type { PasskeyChecks } from '../engine/passkey-checks.ts'
import type { Enrolling } from '../engine/passkeys/enrol.ts'
import { coseAlgorithms } from '../signature/index.ts'
import type { Enrolling as EnrollingView, PasskeyView } from './schema/passkey.ts'

/** Time for a browser to ask for a finger; the challenge itself is good for a little longer. */
const browserMillis = 240_000

export function shownPasskey(person: PersonId, passkey: Passkey, now: Instant): PasskeyView {
  const { id, name, digest, algorithm, model, synced, enrolledAt, confirmBy, replaces, confirmations } = passkey
  const { effectiveAt, removed } = passkey
  return {
    id,
    person,
    name,
    state: stateOf(passkey, now),
    digest,
    fingerprint: fingerprintOf(digest),
    algorithm,
    model,
    synced,
    sample: passkey.sample === true,
    enrolledAt,
    confirmBy,
    replaces,
    confirmations,
    ...(effectiveAt === undefined ? {} : { effectiveAt }),
    ...(removed === undefined ? {} : { removed }),
  }
}

function stateOf(passkey: Passkey, now: Instant): PasskeyView['state'] {
  switch (passkey.status) {
    case 'removed':
      return 'removed'
    case 'confirmed':
      return isInForce(passkey, now) ? 'in-force' : 'not-yet-in-force'
    case 'waiting':
      return now < passkey.confirmBy ? 'waiting' : 'not-confirmed-in-time'
    default:
      return passkey.status satisfies never
  }
}

/** Long enough that nobody makes a second key with the same, short enough to be read aloud. */
function fingerprintOf(digest: string): string {
  const hexadecimal = digest.slice(digest.indexOf(':') + 1)
  return (hexadecimal.slice(0, 20).match(/.{4}/g) ?? []).join(' ')
}

/** What `navigator.credentials.create` takes, as JSON. */
export function creationOptions(
  { relyingParty }: PasskeyChecks,
  person: PersonId,
  name: string,
  { challenge, passkeys }: Enrolling,
): EnrollingView['publicKey'] {
  const { id, name: rpName } = relyingParty
  return {
    challenge,
    rp: { id, name: rpName },
    user: { id: handleOf(person), name: person, displayName: name },
    pubKeyCredParams: Object.values(coseAlgorithms).map((alg) => ({ type: 'public-key' as const, alg })),
    excludeCredentials: passkeys.map(descriptor),
    authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    attestation: 'none',
    timeout: browserMillis,
  }
}

/** What `navigator.credentials.get` takes, as JSON. */
export function requestOptions({ relyingParty }: PasskeyChecks, challenge: string, passkeys: readonly Passkey[]) {
  return {
    challenge,
    rpId: relyingParty.id,
    allowCredentials: passkeys.map(descriptor),
    userVerification: 'required' as const,
    timeout: browserMillis,
  }
}

function descriptor({ credential, transports }: Passkey) {
  return { id: credential, type: 'public-key' as const, transports }
}

/** Authenticators keep it, so it says nothing about the person. */
function handleOf(person: PersonId): string {
  return createHash('sha256').update(`countersign user v1\n${person}`).digest('base64url')
}
