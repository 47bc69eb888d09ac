/**
 * What a decision rested on, in the form in which it is written down beside it, and the facts that follow from that form.
 * Deciding and deciding again read the same form, so that neither can look at something the other does not.
 */
import type { CompiledDirectory } from '../core/compile.ts'
import type { Facts } from '../core/facts.ts'
import type { Policy } from '../core/policy.ts'
import type { Digest } from '../core/terms.ts'
import type { Command, FactsReference } from '../core/waiver.ts'

/** Everything in `Facts` that is neither the directory nor a policy. */
export type Circumstances = Pick<
  Facts,
  | 'actor'
  | 'history'
  | 'earlier'
  | 'held'
  | 'clock'
  | 'sampled'
  | 'contains'
  | 'silence'
  | 'leased'
  | 'digest'
  | 'signed'
> & {
  /** What was to be decided. */
  readonly command: Command
  /** When each source of the directory was last read. */
  readonly freshness: Readonly<Record<string, string>>
}

export interface Known {
  readonly directory: CompiledDirectory
  readonly asked: Policy
  readonly today: Policy
  readonly todayDigest: Digest
  readonly directoryDigest: Digest
  readonly rules: Pick<Facts['history'], 'ruleChanges' | 'tenures'>
}

export function factsFrom(
  circumstances: Omit<Circumstances, 'freshness' | 'command'>,
  now: string,
  known: Known,
  reference: FactsReference,
): Facts {
  const { directory, asked, today, todayDigest } = known
  const { actor, history, earlier, held, clock, sampled, contains, silence, leased, digest, signed } = circumstances
  const optional = {
    ...(contains === undefined ? {} : { contains }),
    ...(leased === undefined ? {} : { leased }),
    ...(silence === undefined ? {} : { silence }),
    ...(digest === undefined ? {} : { digest }),
    ...(signed === undefined ? {} : { signed }),
  }
  return {
    actor,
    history,
    earlier,
    held,
    clock,
    sampled,
    ...optional,
    now,
    directory,
    policies: { asked, today, todayDigest },
    reference,
  }
}
