/**
 * One question of a decision point, answered from memory: who asks, about whom, for what. Whoever asks hears a yes only
 * about themselves, about what they control, or about a system they stand in front of.
 */
import type { SystemId } from '../../core/directory.ts'
import {
  enforces,
  judgeUse,
  type LiveWaiver,
  type NamedSubject,
  type ResolvedSubject,
  type RuntimeFacts,
  type RuntimeReason,
  resolveSubject,
} from '../../core/runtime.ts'
import { answersFor, isActive, isControllerOf } from '../../core/standing.ts'
import type { Digest } from '../../core/terms.ts'
import type { Instant } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import type { Runtime } from './runtime.ts'

export interface Question {
  readonly subject: NamedSubject
  readonly system: SystemId
  readonly resource: string
  readonly action: string
  /** Through which tool, and the digest of its description and schema as they are now. */
  readonly tool?: string
  readonly toolDigest?: Digest
  readonly arguments?: Readonly<Record<string, unknown>>
  /** `ask`: only to know. `use`: a yes is taken as done; only whoever enforces the system can say so. */
  readonly purpose?: 'ask' | 'use'
}

export interface Answer {
  readonly allowed: boolean
  readonly reason: RuntimeReason
  /** What was taken for the purpose: a yes to `ask` allows nothing by itself. */
  readonly purpose: 'ask' | 'use'
  readonly at?: Instant
  /** Whom the question was about, once that was found out. */
  readonly subject?: ResolvedSubject
  /** The waiver that covers it, or that came closest. */
  readonly waiver?: LiveWaiver
}

export function check(runtime: Runtime, caller: Actor, question: Question): Answer {
  const facts = runtime.facts()
  if (typeof facts === 'string') return { allowed: false, reason: facts, purpose: 'ask' }
  const at = facts.now
  const subject = resolveSubject(question.subject, facts.directory, at)
  const enforcing = enforces(facts.policy, caller.id, question.system) && isActive(facts.directory, caller.id, at)
  const asking = { at, purpose: enforcing ? (question.purpose ?? 'use') : ('ask' as const) }
  if (typeof subject === 'string') {
    // Only whoever may ask about everybody hears who is known.
    return { ...asking, allowed: false, reason: enforcing ? subject : 'caller-may-not-ask' }
  }
  if (!enforcing && !mayAskAbout(caller, subject, facts))
    return { ...asking, allowed: false, reason: 'caller-may-not-ask' }
  const { subject: _, purpose: __, ...use } = question
  const judged = judgeUse({ ...use, ...subject }, runtime.live.of(subject.actor, question.system), facts)
  const waiver = judged.waiver === undefined ? {} : { waiver: judged.waiver }
  return { ...asking, allowed: judged.allowed, reason: judged.allowed ? 'covered' : judged.reason, subject, ...waiver }
}

function mayAskAbout({ id }: Actor, { actor, chain }: ResolvedSubject, { directory, now }: RuntimeFacts): boolean {
  if (!isActive(directory, id, now)) return false
  return (
    id === actor ||
    chain.includes(id) ||
    isControllerOf(directory, id, actor, now) ||
    answersFor(directory, id, actor, now)
  )
}
