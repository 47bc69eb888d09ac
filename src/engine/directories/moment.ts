/**
 * The moment at which something about the directory is decided: the facts in force, who acts, and what the rules say. All
 * of it is read after the lock of the directory was taken, so that two such decisions never pass each other.
 */

import type { CheckFacts } from '../../core/checker.ts'
import type { CompiledDirectory } from '../../core/compile.ts'
import type { NodeId } from '../../core/directory.ts'
import type { Policy } from '../../core/policy.ts'
import { plusSeconds } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import type { Transaction } from '../../store/contract.ts'
import { requestingPersons } from '../circumstances.ts'
import type { Machinery } from '../handle.ts'
import { directoryRecord, type Moment } from './enforce.ts'

/** @returns the facts in force as they were last seen: a source that was read again without a change is as fresh as that. */
export async function lockDirectory({ knowledge }: Pick<Machinery, 'knowledge'>, tx: Transaction): Promise<Moment> {
  await tx.takesLong()
  const locked = await tx.lockRecord(directoryRecord)
  const facts = await knowledge.facts(locked.heads.directory)
  const sources = facts.sources.map((source) => {
    const readAt = locked.heads.freshness[source.id]
    return readAt === undefined || readAt < source.observedAt ? source : { ...source, observedAt: readAt }
  })
  return { locked, before: { ...facts, sources } }
}

/**
 * @param asking whose approvals are looked at for rings: everybody on the asking side.
 * @returns nothing before there are rules.
 */
export async function checkFacts(
  { knowledge }: Pick<Machinery, 'knowledge'>,
  tx: Transaction,
  { locked }: Pick<Moment, 'locked'>,
  actor: Actor,
  asking: (directory: CompiledDirectory, policy: Policy) => readonly NodeId[],
): Promise<CheckFacts | undefined> {
  const { now, heads } = locked
  if (heads.policy === undefined || heads.directory === undefined) return undefined
  const [directory, policy, rules] = await Promise.all([
    knowledge.directory(heads.directory, heads.freshness),
    knowledge.policy(heads.policy),
    knowledge.rules(heads.policySince ?? ''),
  ])
  const { overDays, ringMax } = policy.independence.reciprocal
  const persons = requestingPersons(directory, asking(directory, policy), now, policy)
  const decisions = await tx.decisions(persons, plusSeconds(now, -overDays * 86_400), ringMax)
  return { now, actor, directory, policy, history: { decisions, ...rules }, clock: heads.clock }
}
