/**
 * Was exactly this decision signed? Compares what the passkey signed, member by member, with what is being decided on the
 * facts of this moment. The bytes were checked before; here nothing is taken on anybody's word.
 */
import { changesIn } from '../context-changes.ts'
import type { Facts } from '../facts.ts'
import { type Refusal, refusal } from '../refusal.ts'
import type { ContextChange, SignedCommand, Statement } from '../signed.ts'
import type { Digest } from '../terms.ts'
import { actsCount, type Command, type Waiver } from '../waiver.ts'

export type SignableCommand = Extract<Command, { type: SignedCommand }>

/**
 * @param asks whether the rules ask for a signature here. One that was given without being asked for must hold as well:
 *   what stands in the record as signed was signed.
 */
export function signedByPasskey(
  waiver: Waiver,
  command: SignableCommand,
  asks: boolean,
  facts: Facts,
): Refusal | undefined {
  const { signed, shown } = facts
  if (signed === undefined) return asks ? refusal('passkey-needed') : undefined
  if (signed.outcome === 'fails') return refusal(signed.code, signed.detail)
  if (shown === undefined) return refusal('signature-invalid', 'what was shown could not be put together again')
  const { statement } = signed.evidence
  const { contextDigest, commandDigest } = shown
  const now = statementOf(waiver, command, { ...facts, context: contextDigest, command: commandDigest })
  const other = othersThan(statement, now)
  if (other !== undefined) return refusal('signature-invalid', other)
  if (statement.shown !== now.shown) return refusal('terms-changed')
  const sinceShown = sinceThen(statement, now)
  if (statement.context === now.context && sinceShown.length === 0) return undefined
  const changed = [...sinceShown, ...changesIn(signed.shown, shown.context)]
  const told = changed.map(({ change }) => change)
  return refusal('context-changed', told.length === 0 ? undefined : told.join('; '), { changed })
}

/** What a passkey has to sign for this decision. */
export function statementOf(
  waiver: Waiver,
  command: SignableCommand,
  about: Pick<Facts, 'actor' | 'policies' | 'digest'> & { readonly context: Digest; readonly command: Digest },
): Statement {
  const { proposal } = waiver
  const decides = command.type === 'endorse' || command.type === 'countersign' || command.type === 'deny'
  const shown = decides ? (proposal?.digest ?? waiver.digest) : waiver.digest
  return {
    decision: command.type,
    of: decides ? (proposal?.of ?? 'waiver') : 'waiver',
    by: about.actor.id,
    about: waiver.id,
    version: actsCount(waiver),
    shown,
    signed: about.digest ?? shown,
    context: about.context,
    policy: about.policies.todayDigest,
    command: about.command,
  }
}

/** Somebody else's signature, or one for something else, whatever has happened since. */
function othersThan(statement: Statement, now: Statement): string | undefined {
  if (statement.by !== now.by) return `it was given by \`${statement.by}\``
  if (statement.about !== now.about) return `it was given for \`${statement.about}\``
  if (statement.decision !== now.decision || statement.of !== now.of)
    return `it was given to ${statement.decision} the ${statement.of}`
  if (statement.signed !== now.signed && statement.shown === now.shown) return 'it was given for other terms'
  return statement.command === now.command ? undefined : 'it was given for another command'
}

function sinceThen(statement: Statement, now: Statement): readonly ContextChange[] {
  const changes: ContextChange[] = []
  if (statement.version !== now.version) {
    const count = now.version - statement.version
    changes.push({ what: 'version', change: `${count} more ${count === 1 ? 'act' : 'acts'} on this waiver` })
  }
  if (statement.policy !== now.policy) changes.push({ what: 'policy', change: 'other rules are in force' })
  return changes
}
