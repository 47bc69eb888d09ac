/**
 * Evidence that a compensating control over a held conflict was kept. Only whoever answers for the control gives it, only
 * while the mitigation runs, and it is evidence for that mitigation as it stands: a changed one begins anew. Pure.
 */
import type { CompiledDirectory } from './compile.ts'
import type { NodeId } from './directory.ts'
import type { Mitigation } from './duties.ts'
import type { MitigationRule } from './policy.ts'
import { type Refusal, refusal } from './refusal.ts'
import { isActive, nodeKindOf } from './standing.ts'
import type { Digest } from './terms.ts'
import type { Instant } from './time.ts'
import type { Actor } from './waiver.ts'

/** What was said for one mitigation, newest last. */
export interface MitigationRecord {
  readonly id: string
  readonly version: number
  readonly evidence: readonly {
    readonly at: Instant
    readonly by: NodeId
    readonly note: string
    /** Digest of the mitigation as it stood then. */
    readonly of: Digest
  }[]
}

export type MitigationEvent = { readonly at: Instant; readonly by: NodeId } & (
  | { readonly type: 'MitigationEvidenced'; readonly mitigation: string; readonly of: Digest; readonly note: string }
  | { readonly type: 'AttemptRefused'; readonly command: 'evidence'; readonly code: string; readonly message: string }
)

export interface EvidenceFacts {
  readonly now: Instant
  readonly actor: Actor
  readonly directory: CompiledDirectory
  readonly clock: 'steady' | 'went-backwards'
  readonly mitigation: MitigationRule
  readonly digest: Digest
}

export type EvidenceDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly MitigationEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly MitigationEvent[] }

/** Enough to see the rhythm by; all of it is in the events. */
const evidenceKept = 50

export function decideEvidence(note: string, facts: EvidenceFacts): EvidenceDecision {
  const { now: at, actor, mitigation, digest } = facts
  const stamp = { at, by: actor.id }
  const no = against(facts)
  if (no !== undefined) {
    const { code, message } = no
    return {
      outcome: 'refused',
      refusal: no,
      events: [{ ...stamp, type: 'AttemptRefused', command: 'evidence', code, message }],
    }
  }
  return {
    outcome: 'accepted',
    events: [{ ...stamp, type: 'MitigationEvidenced', mitigation: mitigation.id, of: digest, note }],
  }
}

export function evolveMitigation(
  record: MitigationRecord | undefined,
  id: string,
  event: MitigationEvent,
): MitigationRecord {
  const before = record ?? { id, version: 0, evidence: [] }
  const version = before.version + 1
  if (event.type === 'AttemptRefused') return { ...before, version }
  const { at, by, note, of } = event
  return { ...before, version, evidence: [...before.evidence, { at, by, note, of }].slice(-evidenceKept) }
}

/** @returns the mitigation with the last evidence that is about it as it stands. */
export function withEvidence(rule: MitigationRule, digest: Digest, record: MitigationRecord | undefined): Mitigation {
  const last = record?.evidence.findLast(({ of }) => of === digest)
  return last === undefined ? rule : { ...rule, evidencedAt: last.at }
}

function against({ now, actor, directory, clock, mitigation }: EvidenceFacts): Refusal | undefined {
  if (nodeKindOf(directory, actor.id) !== 'person' || actor.chain.length > 0) return refusal('only-people-decide')
  if (!isActive(directory, actor.id, now)) return refusal('not-active-in-directory')
  if (actor.id !== mitigation.owner)
    return refusal('not-permitted', `\`${mitigation.owner}\` answers for this control and gives its evidence`)
  if (clock !== 'steady') return refusal('clock-went-backwards')
  if (now < mitigation.from) return refusal('too-early')
  return now >= mitigation.until ? refusal('window-over') : undefined
}
