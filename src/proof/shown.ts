/** Adds what is shown now to the facts of a decision, with the digests that a signature has to name. */
import { shownContext } from '../core/decide/context.ts'
import type { SignableCommand } from '../core/decide/signed.ts'
import type { Facts } from '../core/facts.ts'
import type { ShownContext } from '../core/signed.ts'
import type { Digest } from '../core/terms.ts'
import type { Command, Waiver } from '../core/waiver.ts'
import { digestOf } from '../lib/digest.ts'

/** Of a command that nobody can sign nothing is shown, and a signature on it does not hold. */
export function withShown(facts: Facts, waiver: Waiver | undefined, command: Command): Facts {
  if (waiver === undefined || !isSignable(command)) return facts
  const context = shownContext(waiver, command, facts)
  return { ...facts, shown: { context, contextDigest: contextDigest(context), commandDigest: commandDigest(command) } }
}

const signable: Readonly<Record<SignableCommand['type'], true>> = {
  endorse: true,
  countersign: true,
  deny: true,
  activate: true,
  review: true,
  'review-event': true,
}

export function isSignable(command: Command): command is SignableCommand {
  return Object.hasOwn(signable, command.type)
}

export function contextDigest(context: ShownContext): Digest {
  return digestOf({ countersign: 'context/v1', context })
}

export function commandDigest(command: object): Digest {
  return digestOf({ countersign: 'command/v1', command })
}
