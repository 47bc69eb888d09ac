/**
 * One question of a decision point, answered from memory: who asks, about whom, for what. Whoever asks hears a yes only
 * about themselves, about what they control, or about a system they stand in front of.
 */
import type { SystemId } from '../../core/directory.ts'
import {
  enforces,
  judgedBy,
  judgeUse,
  type LiveWaiver,
  type NamedSubject,
  type ResolvedSubject,
  type RuntimeFacts,
  type RuntimeReason,
  resolveSubject,
  type Use,
} from '../../core/runtime.ts'
import { answersFor, isActive, isControllerOf } from '../../core/standing.ts'
import type { Digest } from '../../core/terms.ts'
import type { Instant } from '../../core/time.ts'
import type { Actor, WaiverId } from '../../core/waiver.ts'
import { StoreFault } from '../../store/fault.ts'
import { fromSubject } from '../../tokens/index.ts'
import type { Runtime } from './runtime.ts'
import type { NewUse } from './tally.ts'

export interface Question {
  readonly subject: NamedSubject
  readonly system: SystemId
  readonly resource: string
  readonly action: string
  /** Through which tool, and the digest of its description and schema as they are now. */
  readonly tool?: string
  readonly toolDigest?: Digest
  readonly arguments?: Readonly<Record<string, unknown>>
  readonly bytes?: number
  /** `ask`: only to know. `use`: a yes is taken as done; only whoever enforces the system can say so. */
  readonly purpose?: 'ask' | 'use'
  /** Only under this waiver; absent: under whichever covers it. */
  readonly waiver?: WaiverId
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
  /** Guardrails that said no, or could not be evaluated; only for whoever enforces the system. */
  readonly guardrails?: readonly string[]
  /** What is left of its budget, at most; absent: not limited. */
  readonly left?: { readonly uses?: number; readonly bytes?: number }
}

/** Answers at once unless a budget has to be asked for. A yes to a use counts it. */
export function check(runtime: Runtime, caller: Actor, question: Question): Answer | Promise<Answer> {
  const judged = judge(runtime, caller, question)
  if (!('covering' in judged)) return judged
  const { covering, use, facts, ...answer } = judged
  const [first] = covering
  if (answer.purpose === 'ask') return { ...answer, waiver: first, left: runtime.uses.left(first) }
  // A budget that is spent or held elsewhere is no reason to say no while another waiver covers the same.
  const told = takeFrom(runtime, covering, newUse(use, caller, answer.at, facts), facts, answer)
  return told instanceof Promise ? told.then(saidNow(runtime, caller, question), unknown(answer)) : told
}

/**
 * INVARIANT: whoever had to wait for the store is judged again at the moment of the answer. Meanwhile the waiver may have
 * been ended, and everybody been told that nobody is let through any more; then what was taken counts and helps nobody.
 */
function saidNow(runtime: Runtime, caller: Actor, question: Question) {
  return (answer: Answer): Answer => {
    if (!answer.allowed) return answer
    const again = judge(runtime, caller, question)
    if (!('covering' in again)) return again
    const holds = again.purpose === 'use' && again.covering.some(({ id }) => id === answer.waiver?.id)
    const { waiver: _, left: __, ...plain } = answer
    return holds ? answer : { ...plain, allowed: false, reason: 'no-waiver' }
  }
}

function newUse(use: Use, { id }: Actor, now: Instant, facts: RuntimeFacts): NewUse {
  const judged = judgedBy(use, facts)
  return { use, enforcer: id, now, ...(judged === undefined ? {} : { judged }) }
}

/** Only to know, whatever the caller is: nothing is counted. */
export function ask(runtime: Runtime, caller: Actor, question: Question): Answer {
  const judged = judge(runtime, caller, { ...question, purpose: 'ask' })
  if (!('covering' in judged)) return judged
  const { covering, use: _, facts: __, ...answer } = judged
  return { ...answer, waiver: covering[0], left: runtime.uses.left(covering[0]) }
}

type Covered = Omit<Answer, 'waiver' | 'left'> & {
  readonly at: Instant
  readonly covering: readonly [LiveWaiver, ...LiveWaiver[]]
  readonly use: Use
  readonly facts: RuntimeFacts
}

function judge(runtime: Runtime, caller: Actor, question: Question): Answer | Covered {
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
  const { subject: _, purpose: __, waiver: only, ...what } = question
  const use = { ...what, ...subject }
  const live = runtime.live.of(subject.actor, question.system)
  const judged = judgeUse(use, only === undefined ? live : live.filter(({ id }) => id === only), facts)
  if (judged.allowed)
    return { ...asking, allowed: true, reason: 'covered', subject, covering: judged.waivers, use, facts }
  const { reason, waiver, guardrails } = judged
  return {
    ...asking,
    allowed: false,
    reason,
    subject,
    ...(waiver === undefined ? {} : { waiver }),
    ...(guardrails === undefined || !enforcing ? {} : { guardrails }),
  }
}

function takeFrom(
  runtime: Runtime,
  [first, ...others]: Covered['covering'],
  use: NewUse,
  facts: RuntimeFacts,
  answer: Omit<Answer, 'waiver' | 'left'>,
): Answer | Promise<Answer> {
  const told = (taken: true | RuntimeReason): Answer | Promise<Answer> => {
    if (taken === true) return allowedBy(runtime, first, answer)
    const [next, ...rest] = others
    return next === undefined
      ? { ...answer, allowed: false, reason: taken, waiver: first, left: runtime.uses.left(first) }
      : takeFrom(runtime, [next, ...rest], use, facts, answer)
  }
  const may = runtime.duties.mayExercise(first, use.use, facts)
  const taken =
    may === true
      ? runtime.uses.take(first, use)
      : may.then((answered) => (answered === true ? runtime.uses.take(first, use) : answered))
  return taken instanceof Promise ? taken.then(told) : told(taken)
}

/** What is done with a broken envelope is on the record before it is done. */
function allowedBy(
  runtime: Runtime,
  waiver: LiveWaiver,
  answer: Omit<Answer, 'waiver' | 'left'>,
): Answer | Promise<Answer> {
  const allowed = () => ({ ...answer, waiver, left: runtime.uses.left(waiver) })
  return waiver.kind === 'break-glass' ? runtime.uses.record(waiver.id).then(allowed) : allowed()
}

/** A store that does not answer has not said yes. */
function unknown(answer: Omit<Answer, 'waiver' | 'left'>) {
  return (error: unknown): Answer => {
    if (error instanceof StoreFault) return { ...answer, allowed: false, reason: 'state-not-current' }
    throw error
  }
}

/** Whether this caller may hear what a token says: whoever enforces its system, its subject, and whoever controls that. */
export function mayLookAt(runtime: Runtime, caller: Actor, token: Parameters<typeof fromSubject>[0], system: SystemId) {
  const facts = runtime.facts()
  const who = fromSubject(token)
  if (typeof facts === 'string' || who === undefined) return false
  const enforcing = enforces(facts.policy, caller.id, system) && isActive(facts.directory, caller.id, facts.now)
  return enforcing || mayAskAbout(caller, who, facts)
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
