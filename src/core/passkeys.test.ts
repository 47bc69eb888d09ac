/** Whose key is it? Enrolled by its owner, confirmed by somebody independent, removed at once. */
import { describe, expect, test } from 'vitest'
import { directoryOf, noon } from '../../test/support/directories.ts'
import { organisation, policyFor } from '../../test/support/life.ts'
import { compileDirectory, refreshed } from './compile.ts'
import { confirmsByKey } from './passkeys/confirmation.ts'
import { decidePasskeys } from './passkeys/decide.ts'
import {
  evolvePasskeys,
  isInForce,
  type NewPasskey,
  type Passkeys,
  type PasskeysCommand,
  type PasskeysFacts,
} from './passkeys.ts'
import type { Policy } from './policy.ts'
import { plusSeconds } from './time.ts'

const directory = compileDirectory(directoryOf(organisation))
const founders = ['per_rae', 'per_kim', 'per_ops']

function passkey(id: string): NewPasskey {
  return {
    id,
    name: 'blue key',
    credential: `credential of ${id}`,
    publicKey: 'key',
    algorithm: 'ES256',
    model: '',
    synced: false,
    transports: [],
    digest: `sha256:${id}`,
  }
}

class Keys {
  state: Passkeys | undefined
  now = noon
  readonly person: string
  readonly policy: Policy

  constructor(person: string, policy: Partial<Policy> = {}) {
    this.person = person
    this.policy = { ...policyFor(), founders, ...policy }
  }

  do(actor: string, command: PasskeysCommand, facts: Partial<PasskeysFacts> = {}): string {
    const { person, policy, now } = this
    const decision = decidePasskeys(this.state, command, {
      now,
      actor: { id: actor, chain: [], signedInAt: plusSeconds(now, -30) },
      person,
      directory: refreshed(directory, { hr: plusSeconds(now, -60) }),
      policy,
      policyDigest: 'sha256:policy',
      history: { decisions: [], ruleChanges: [], tenures: [] },
      clock: 'steady',
      foundersNeeded: 2,
      known: false,
      signs: false,
      ...facts,
    })
    for (const event of decision.events) this.state = evolvePasskeys(this.state, event)
    return decision.outcome === 'accepted' ? 'accepted' : decision.refusal.code
  }

  enrol(id = 'psk_1', actor = this.person, facts: Partial<PasskeysFacts> = {}): string {
    const bytes = { attestation: '', clientData: '' }
    return this.do(
      actor,
      { type: 'enrol', made: { outcome: 'holds', passkey: passkey(id), signCount: 0, bytes } },
      facts,
    )
  }

  confirm(actor: string, id = 'psk_1', facts: Partial<PasskeysFacts> = {}): string {
    return this.do(actor, { type: 'confirm', passkey: id, digest: `sha256:${id}` }, facts)
  }

  remove(actor: string, id = 'psk_1'): string {
    return this.do(actor, { type: 'remove', passkey: id, reason: 'lost' })
  }

  inForce(id = 'psk_1'): boolean {
    const one = this.state?.passkeys.find((each) => each.id === id)
    return one !== undefined && isInForce(one, this.now)
  }
}

function enrolled(person = 'per_sam', policy: Partial<Policy> = {}): Keys {
  const keys = new Keys(person, policy)
  expect(keys.enrol()).toBe('accepted')
  return keys
}

describe('enrolling', () => {
  test('is for oneself, by somebody who has just signed in', () => {
    expect(new Keys('per_sam').enrol('psk_1', 'per_sue')).toBe('not-permitted')
    const stale = { actor: { id: 'per_sam', chain: [], signedInAt: plusSeconds(noon, -301) } }
    expect(new Keys('per_sam').enrol('psk_1', 'per_sam', stale)).toBe('sign-in-not-fresh')
    const agent = { actor: { id: 'per_sam', chain: ['wl_agent'], signedInAt: noon } }
    expect(new Keys('per_sam').enrol('psk_1', 'per_sam', agent)).toBe('only-people-decide')
    expect(new Keys('per_gone').enrol()).toBe('not-active-in-directory')
  })

  test('[fail/closed] does not take what the authenticator did not make, or what somebody has already', () => {
    const keys = new Keys('per_sam')
    const made = { outcome: 'fails', code: 'enrolment-invalid', detail: 'no' } as const
    expect(keys.do('per_sam', { type: 'enrol', made })).toBe('enrolment-invalid')
    expect(keys.enrol('psk_1', 'per_sam', { known: true })).toBe('passkey-enrolled-before')
    expect(keys.state?.passkeys).toEqual([])
    expect(keys.state?.refusalsCount).toBe(2)
  })

  test('makes several, up to ten that count', () => {
    const keys = new Keys('per_sam')
    for (let count = 1; count <= 10; count++) expect(keys.enrol(`psk_${count}`)).toBe('accepted')
    expect(keys.enrol('psk_11')).toBe('passkeys-too-many')
    expect(keys.remove('per_sam', 'psk_3')).toBe('accepted')
    expect(keys.enrol('psk_11')).toBe('accepted')
  })

  test('makes a key that signs nothing yet', () => {
    expect(enrolled().inForce()).toBe(false)
  })
})

describe('[independence/outside-requesting-path] confirming', () => {
  test('is by somebody independent who looks after security', () => {
    const keys = enrolled()
    expect(keys.confirm('per_watch')).toBe('accepted')
    expect(keys.inForce()).toBe(true)
  })

  test('[B01] [B04] never by its owner, never by a colleague, never by who looks after nothing', () => {
    const security = {
      pools: {
        ...policyFor().pools,
        pool_watch: { ...policyFor().pools.pool_watch, members: ['per_sam', 'per_sue', 'per_watch'] },
      },
    } as Partial<Policy>
    const keys = enrolled('per_sam', security)
    expect(keys.confirm('per_sam')).toBe('approver-is-requester')
    expect(keys.confirm('per_sue')).toBe('approver-not-independent')
    expect(keys.confirm('per_nobody')).toBe('approver-not-in-pool')
    expect(keys.confirm('per_rae')).toBe('approver-not-in-pool')
    expect(keys.inForce()).toBe(false)
  })

  test('names the key that was shown', () => {
    const keys = enrolled()
    expect(keys.do('per_watch', { type: 'confirm', passkey: 'psk_1', digest: 'sha256:other' })).toBe('terms-changed')
    expect(keys.confirm('per_watch', 'psk_2')).toBe('unknown-passkey')
  })

  test('[B11] comes in time, once, and not under a clock in doubt', () => {
    const keys = enrolled()
    expect(keys.confirm('per_watch', 'psk_1', { clock: 'went-backwards' })).toBe('clock-went-backwards')
    keys.now = plusSeconds(noon, 7 * 86_400)
    expect(keys.confirm('per_watch')).toBe('too-late')
    const other = enrolled()
    expect(other.confirm('per_watch')).toBe('accepted')
    expect(other.confirm('per_watch')).toBe('not-in-this-state')
  })

  test('[two-step/distinct-people] is signed by whoever has a passkey of their own', () => {
    const keys = enrolled()
    expect(keys.confirm('per_watch', 'psk_1', { signs: true })).toBe('passkey-needed')
    const signed = { outcome: 'fails', code: 'signature-invalid', detail: 'no' } as const
    expect(keys.confirm('per_watch', 'psk_1', { signs: true, signed })).toBe('signature-invalid')
    expect(keys.inForce()).toBe(false)
  })
})

test('[B22] [two-step/distinct-people] whoever had a passkey does not confirm by a sign-in because it was taken away', () => {
  const theirs = enrolled('per_watch')
  const byKey = () => confirmsByKey(theirs.state?.passkeys ?? [], theirs.policy, theirs.now)
  expect(byKey()).toBe(false)
  for (const founder of ['per_rae', 'per_ops']) expect(theirs.confirm(founder)).toBe('accepted')
  expect(byKey()).toBe(true)
  expect(theirs.remove('per_watch')).toBe('accepted')
  expect(byKey()).toBe(true)
  theirs.now = plusSeconds(noon, Math.max(theirs.policy.changeDelaySeconds, 86_400))
  expect(byKey()).toBe(false)
  // What never signed anything was no key.
  const waiting = enrolled('per_watch')
  expect(waiting.remove('per_watch')).toBe('accepted')
  expect(confirmsByKey(waiting.state?.passkeys ?? [], waiting.policy, noon)).toBe(false)
})

describe('when nobody who looks after security is independent', () => {
  test('the founders confirm together, each independent of the owner', () => {
    const keys = enrolled('per_watch')
    expect(keys.confirm('per_nobody')).toBe('approver-not-in-pool')
    expect(keys.confirm('per_rae')).toBe('accepted')
    expect(keys.inForce()).toBe(false)
    expect(keys.confirm('per_rae')).toBe('one-person-counts-once')
    // A colleague of the first founder took no part in asking, and is somebody else.
    expect(keys.confirm('per_ops')).toBe('accepted')
    expect(keys.inForce()).toBe(true)
  })

  test('founders do not stand in while somebody else can', () => {
    expect(enrolled('per_sam').confirm('per_ops')).toBe('approver-not-in-pool')
  })

  test('[rules/maker-checker] what they replace takes effect after a day, in which anybody who watches may object', () => {
    const keys = enrolled('per_watch')
    for (const founder of ['per_rae', 'per_ops']) expect(keys.confirm(founder)).toBe('accepted')
    expect(keys.remove('per_watch')).toBe('accepted')
    expect(keys.enrol('psk_2')).toBe('accepted')
    for (const founder of ['per_rae', 'per_ops']) expect(keys.confirm(founder, 'psk_2')).toBe('accepted')
    expect(keys.inForce('psk_2')).toBe(false)
    keys.now = plusSeconds(noon, 86_400)
    expect(keys.inForce('psk_2')).toBe(true)
  })
})

describe('removing', () => {
  test('is at once, by the owner, who looks after security, or a founder, and by nobody else', () => {
    for (const who of ['per_sam', 'per_watch', 'per_rae']) {
      const keys = enrolled()
      expect(keys.confirm('per_watch')).toBe('accepted')
      expect(keys.remove(who)).toBe('accepted')
      expect(keys.inForce()).toBe(false)
      expect(keys.remove(who)).toBe('not-in-this-state')
      expect(keys.confirm('per_watch')).toBe('not-in-this-state')
    }
    for (const who of ['per_sue', 'per_mate', 'wl_agent']) expect(enrolled().remove(who)).toBe('not-permitted')
    expect(enrolled().remove('per_gone')).toBe('not-active-in-directory')
  })
})
