/**
 * Was this approval given by somebody independent? The same engine that decides about today's requests is asked about
 * every decision of a history, on the directory of that time. It may find against people on little; it finds for them
 * only when nothing is missing.
 */

import { describe, personsControlling } from '../../core/compile.ts'
import type { ConflictCode } from '../../core/conflict.ts'
import { kindOf, type NodeId } from '../../core/directory.ts'
import { type IndependenceHistory, type PreparedMatter, prepareMatter, verdictOf } from '../../core/independence.ts'
import type { Policy } from '../../core/policy.ts'
import type { Act } from '../history.ts'
import { approvalsBefore } from './earlier.ts'
import { idFor } from './names.ts'
import { type Parties, partiesOf } from './parties.ts'
import { type AuditDirectory, directoryThrough, namesOnly, type ThenDirectory } from './then.ts'
import { type ApproverJudgement, concluded, type Doubt, doubtOf, type Judgement } from './verdict.ts'

/** A decision as it was prepared for the engine. */
export interface Case {
  readonly act: Act
  readonly parties: Parties
  readonly then: ThenDirectory
  readonly earlier: IndependenceHistory
  readonly judgement: Judgement
}

export interface Judging {
  readonly directory: AuditDirectory | undefined
  readonly policy: Policy
}

/** @returns the cases of those acts that somebody had to approve, in their order. */
export function judgeAll(decisions: readonly Act[], { directory, policy }: Judging): Case[] {
  const through = directoryThrough(directory ?? namesIn(decisions))
  const prepared = decisions.map((act) => {
    const then = through(act.at)
    return { act, then, parties: partiesOf(act, then, directory) }
  })
  const before = approvalsBefore(byChange(prepared), policy.independence.reciprocal.overDays)
  return prepared.map(({ act, then, parties }) => {
    const earlier = before(act.at, act.change)
    const matter = prepareMatter(parties.matter, then.compiled, earlier, policy, act.at)
    const doubts = [...parties.doubts, ...nothingKnown(sideOf(parties, then, act, policy), then, act, directory)]
    const approvers = parties.approvers.map((approver) => judgeApprover(matter, approver, then, act, directory))
    const nobodyApproved = act.approvedBy?.length === 0
    return {
      act,
      then,
      parties,
      earlier,
      judgement: { approvers, doubts, nobodyApproved, ...concluded(approvers, doubts) },
    }
  })
}

function judgeApprover(
  matter: PreparedMatter,
  { id, name, doubt }: Parties['approvers'][number],
  then: ThenDirectory,
  act: Act,
  directory: AuditDirectory | undefined,
): ApproverJudgement {
  const verdict = verdictOf(matter, id)
  const against = verdict.conflicts.filter(({ code }) => isAgainst(code))
  const doubts: Doubt[] = [
    ...(doubt === undefined ? [] : [{ code: doubt, about: name }]),
    ...(directory === undefined ? [] : doubtsIn(verdict.conflicts)),
    ...nothingKnown([id], then, act, directory),
  ]
  // Without a directory the request itself is in doubt already; the approver needs no doubt of their own.
  const isOpen = doubts.length > 0 || directory === undefined
  return {
    name,
    id,
    conclusion: against.length > 0 ? 'not-independent' : isOpen ? 'unknown' : 'independent',
    conflicts: verdict.conflicts.filter(({ code }) => isAgainst(code) || code === 'reciprocal'),
    doubts,
    needsSecond: verdict.additionalCountersigners > 0,
  }
}

/** Found against somebody: neither a doubt, nor the wish for one more approval. */
function isAgainst(code: ConflictCode): boolean {
  return doubtOf(code) === undefined && code !== 'reciprocal'
}

function doubtsIn(conflicts: readonly { readonly code: ConflictCode; readonly because: string }[]): Doubt[] {
  return conflicts.flatMap(({ code, because }) => {
    const doubt = doubtOf(code)
    return doubt === undefined ? [] : [{ code: doubt, about: because }]
  })
}

/** Everybody the request is about, and whoever stands behind those of them that are workloads. */
function sideOf({ matter }: Parties, { compiled }: ThenDirectory, { at }: Act, policy: Policy): NodeId[] {
  return [matter.requester, ...matter.chain, matter.beneficiary].flatMap((id) =>
    kindOf(id) === 'workload' ? personsControlling(compiled, id, at, policy) : [id],
  )
}

function nothingKnown(
  people: readonly NodeId[],
  { isPlaced, compiled }: ThenDirectory,
  { at }: Act,
  directory: AuditDirectory | undefined,
): Doubt[] {
  if (directory === undefined) return []
  return [...new Set(people)]
    .filter((id) => describe(compiled, id, at)?.kind === 'person' && !isPlaced(id, at))
    .map((id) => ({ code: 'nothing-known', about: id }))
}

function byChange(prepared: readonly { readonly act: Act; readonly parties: Parties }[]) {
  const first = new Map(prepared.map(({ act, parties }) => [act.change, { act, parties }]))
  return [...first].map(([change, { act, parties }]) => ({
    change,
    at: act.at,
    approvers: [...new Set(parties.approvers.map(({ id }) => id))],
    askers: [...new Set(parties.askers)],
  }))
}

function namesIn(decisions: readonly Act[]): AuditDirectory {
  const people = new Set<string>()
  const workloads = new Set<string>()
  for (const { askedBy = [], approvedBy = [], beneficiary, machines } of decisions) {
    for (const name of [...askedBy, ...approvedBy, ...(beneficiary === undefined ? [] : [beneficiary])]) {
      const isMachine = machines.includes(name)
      const ids = isMachine ? workloads : people
      ids.add(idFor(name, isMachine))
    }
  }
  return namesOnly(people, workloads)
}
