/**
 * Why are these two not independent? The question without a waiver: one would ask for something of their own, the other
 * would decide. Answered by the very engine that decides, in both directions, and by nothing else.
 */
import type { CompiledDirectory } from './compile.ts'
import type { Verdict } from './conflict.ts'
import type { NodeId, SystemId } from './directory.ts'
import { type IndependenceHistory, independence, type Matter } from './independence.ts'
import type { Policy } from './policy.ts'
import type { Instant } from './time.ts'

export interface Pair {
  readonly asker: NodeId
  readonly decider: NodeId
  /** The target, where it matters who runs it. */
  readonly system?: SystemId
}

export interface Explanation {
  /** `decider` decides about what `asker` asks for. */
  readonly verdict: Verdict
  /** The other way round. */
  readonly otherWay: Verdict
}

export function explainPair(
  { asker, decider, system }: Pair,
  directory: CompiledDirectory,
  history: IndependenceHistory,
  policy: Policy,
  now: Instant,
): Explanation {
  const judge = (from: NodeId, person: NodeId) =>
    independence(pairMatter(from, system), person, directory, history, policy, now)
  return { verdict: judge(asker, decider), otherWay: judge(decider, asker) }
}

/** What would be decided about: something of the asker's own. */
export function pairMatter(asker: NodeId, system: SystemId | undefined): Matter {
  const about = { requester: asker, chain: [], beneficiary: asker, took: [], pools: [], rules: [] }
  return system === undefined ? about : { ...about, system }
}
