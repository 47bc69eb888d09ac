/**
 * Whoever has a passkey confirms those of others with it: otherwise whoever runs the sign-in could be two people at once
 * and bring in a key of their own. The first ones of an installation are confirmed by a sign-in, since there is no other.
 */

import type { Verdict } from '../conflict.ts'
import { changesIn } from '../context-changes.ts'
import { independence, type Matter, poolsOf } from '../independence.ts'
import { poolsThat } from '../obligations.ts'
import { isInForce, type Passkey, type Passkeys, type PasskeysFacts } from '../passkeys.ts'
import type { Policy } from '../policy.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { route } from '../route.ts'
import type { ShownContext, Statement } from '../signed.ts'
import type { Digest } from '../terms.ts'
import { type Instant, plusSeconds } from '../time.ts'

/** When somebody gets a new key, or confirms, without the key there was before, everybody gets a day to object. */
export const lostKeyDelaySecondsMin = 86_400

export function lostKeyDelaySeconds({ changeDelaySeconds }: Pick<Policy, 'changeDelaySeconds'>): number {
  return Math.max(changeDelaySeconds, lostKeyDelaySecondsMin)
}

/**
 * Whether somebody with these passkeys confirms with one. Taking a key away takes no more than a sign-in, so it does not
 * make a sign-in enough at once: everybody has heard of the removal by then, and the owner could say that it was not they.
 */
export function confirmsByKey(own: readonly Passkey[], policy: Policy, now: Instant): boolean {
  const wasInForce = ({ effectiveAt, removed }: Passkey) =>
    effectiveAt !== undefined && removed !== undefined && effectiveAt <= removed.at
  return own.some(
    (one) =>
      isInForce(one, now) ||
      (wasInForce(one) && now < plusSeconds(one.removed?.at ?? now, lostKeyDelaySeconds(policy))),
  )
}

/** What is signed to say: this key is that person's. */
export function confirmationStatement(
  passkeys: Passkeys,
  passkey: Passkey,
  facts: Pick<PasskeysFacts, 'actor' | 'policyDigest'> & { readonly context: Digest; readonly command: Digest },
): Statement {
  return {
    decision: 'confirm',
    of: 'passkey',
    by: facts.actor.id,
    about: passkeys.person,
    version: passkeys.version - passkeys.refusalsCount,
    shown: passkey.digest,
    signed: passkey.digest,
    context: facts.context,
    policy: facts.policyDigest,
    command: facts.command,
  }
}

/** How whoever confirms stands to the owner. */
export function confirmationShown(passkey: Passkey, facts: PasskeysFacts): ShownContext {
  const { person, independent, conflicts, additionalCountersigners } = verdictOn(
    confirmationMatter(passkey, facts),
    facts,
  )
  const codes = conflicts.map(({ code }) => code)
  return {
    verdicts: [{ person, independent, conflicts: codes, additionalCountersigners }],
    countersignersNeeded: 1,
    held: [],
    access: [],
    breaks: [],
    earlier: [],
    denials: [],
  }
}

const byKey = 'whoever has one confirms with it, and for a while also whoever had one'

export function confirmationSigned(passkeys: Passkeys, passkey: Passkey, facts: PasskeysFacts): Refusal | undefined {
  const { signed, shown, signs } = facts
  if (signed === undefined) return signs ? refusal('passkey-needed', byKey) : undefined
  if (signed.outcome === 'fails') return refusal(signed.code, signed.detail)
  if (shown === undefined) return refusal('signature-invalid', 'what was shown could not be put together again')
  const { statement } = signed.evidence
  const { contextDigest: context, commandDigest: command } = shown
  const now = confirmationStatement(passkeys, passkey, { ...facts, context, command })
  const members = ['decision', 'of', 'by', 'about', 'shown', 'signed', 'command'] as const
  if (members.some((member) => statement[member] !== now[member]))
    return refusal('signature-invalid', 'it was given for something else')
  if (statement.context === now.context && statement.version === now.version && statement.policy === now.policy)
    return undefined
  const changed = changesIn(signed.shown, shown.context)
  return refusal('context-changed', undefined, { changed })
}

/** Whose key is it really? The owner asks and benefits; those who look after security decide. */
export function confirmationMatter(
  passkey: Passkey,
  { person, policy }: Pick<PasskeysFacts, 'person' | 'policy'>,
): Matter {
  const pools = poolsThat(policy, 'security')
  return {
    requester: person,
    chain: [],
    beneficiary: person,
    took: passkey.confirmations.map(({ by }) => ({ person: by, part: 'countersigned', event: passkey.id })),
    pools,
    rules: ['independence', ...pools],
  }
}

export function verdictOn(matter: Matter, { actor, directory, history, policy, now }: PasskeysFacts): Verdict {
  return independence(matter, actor.id, directory, history, policy, now)
}

/** Founders stand in only while nobody who looks after security is independent. */
export function standingIn(
  matter: Matter,
  { actor, directory, history, policy, now }: PasskeysFacts,
): 'pool' | 'founder' | 'neither' {
  if (poolsOf(actor.id, matter.pools, directory, policy, now).length > 0) return 'pool'
  if (!policy.founders.includes(actor.id)) return 'neither'
  const whole = { ...matter, took: [] }
  return route(whole, directory, history, policy, now).eligible.length === 0 ? 'founder' : 'neither'
}
