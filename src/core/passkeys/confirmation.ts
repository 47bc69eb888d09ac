/**
 * Whoever has a passkey confirms those of others with it: otherwise whoever runs the sign-in could be two people at once
 * and bring in a key of their own. The first ones of an installation are confirmed by a sign-in, since there is no other.
 */

import type { Verdict } from '../conflict.ts'
import { changesIn } from '../context-changes.ts'
import { independence, type Matter, poolsOf } from '../independence.ts'
import { poolsThat } from '../obligations.ts'
import type { Passkey, Passkeys, PasskeysFacts } from '../passkeys.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { route } from '../route.ts'
import type { ShownContext, Statement } from '../signed.ts'
import type { Digest } from '../terms.ts'

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

export function confirmationSigned(passkeys: Passkeys, passkey: Passkey, facts: PasskeysFacts): Refusal | undefined {
  const { signed, shown, signs } = facts
  if (signed === undefined) return signs ? refusal('passkey-needed', 'whoever has one confirms with it') : undefined
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
