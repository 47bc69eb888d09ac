/**
 * One question, answered: a no that could be asked about carries an offer, and an approval that comes with a question is
 * held against it before anything else. Whatever is offered or approved elsewhere, the check alone says yes.
 */
import { type NextAction, reevaluationReasons } from '../../access-request/index.ts'
import { askableAs } from '../../core/runtime.ts'
import type { Actor } from '../../core/waiver.ts'
import { applies, reevaluationReason, type ShownApproval } from '../../engine/access-requests/applies.ts'
import type { AccessRequestDesk } from '../../engine/access-requests/desk.ts'
import { offerOf } from '../../engine/access-requests/offers.ts'
import { type Answer, ask, check, type Question } from '../../engine/runtime/check.ts'
import type { Parts } from '../parts.ts'
import { type Problem, problem } from '../problem.ts'
import type { DecisionView, Evaluation } from '../schema/access.ts'
import { decisionOf, evaluationId } from './answer.ts'
import { questionOf } from './question.ts'
import { accessRequestMember } from './told.ts'

/** After this long it may be different: access is being given, or something else has its turn. */
const retrySeconds = 2

/** Answers at once where nothing has to be asked for: most checks do, and there are thousands a second. */
export function decide(
  parts: Parts,
  caller: Actor,
  asked: Evaluation,
  only?: 'ask',
): DecisionView | Problem | Promise<DecisionView | Problem> {
  const question = questionOf(asked)
  if (typeof question === 'string') return problem('malformed-request', question)
  const desk = parts.options.accessRequests
  const shown = approvalIn(asked.context?.approval)
  if (typeof shown === 'string') return problem('malformed-request', shown)
  if (shown !== undefined && desk !== undefined)
    return underApproval({ parts, desk, caller, asked, question, only }, shown)
  const told = (answer: Answer) => (answer.allowed || desk === undefined ? decisionOf(answer) : denied(desk, answer))
  const denied = async (desk: AccessRequestDesk, answer: Answer) => {
    const evaluation = evaluationId()
    return decisionOf(answer, evaluation, await offered(desk, asked, question, answer, evaluation))
  }
  const answer = answerTo(parts, caller, question, only)
  return answer instanceof Promise ? answer.then(told) : told(answer)
}

function answerTo(
  { options: { runtime } }: Parts,
  caller: Actor,
  question: Question,
  only?: 'ask',
): Answer | Promise<Answer> {
  if (runtime === undefined) return { allowed: false, reason: 'state-not-current', purpose: 'ask' }
  return only === 'ask' ? ask(runtime, caller, question) : check(runtime, caller, question)
}

/** @returns what has to be added to the denial; nothing where asking would lead nowhere. */
async function offered(
  desk: AccessRequestDesk,
  asked: Evaluation,
  question: Question,
  { subject, reason }: Answer,
  evaluation: string,
): Promise<Readonly<Record<string, unknown>>> {
  const facts = desk.runtime.facts()
  const rules = desk.runtime.rules()
  if (typeof facts === 'string' || rules === undefined || subject === undefined) return {}
  const use = { ...question, ...subject }
  const askable = askableAs(use, reason, desk.runtime.live.of(subject.actor, use.system), facts)
  if (askable === undefined) return {}
  const parties = [subject.actor, ...subject.chain]
  const offer = await offerOf(desk, { evaluation, evaluated: evaluatedOf(asked), parties, rules, now: facts.now })
  return {
    access_request: accessRequestMember(desk.issuer, offer, {
      system: question.system,
      entitlement: askable.entitlement,
      subject: subject.actor,
    }),
  }
}

export function evaluatedOf({ subject, resource, action, context }: Evaluation) {
  return { subject, resource, action, ...(context === undefined ? {} : { context }) }
}

function approvalIn(approval: unknown): ShownApproval | string | undefined {
  if (approval === undefined) return undefined
  const { id, state } = typeof approval === 'object' && approval !== null ? (approval as Record<string, unknown>) : {}
  if (typeof id !== 'string' || (state !== undefined && typeof state !== 'string'))
    return '`context.approval` is not an approval: it has an `id`, and perhaps a `state`'
  return { id, ...(state === undefined ? {} : { state }) }
}

interface Reevaluated {
  readonly parts: Parts
  readonly desk: AccessRequestDesk
  readonly caller: Actor
  readonly asked: Evaluation
  readonly question: Question
  readonly only?: 'ask' | undefined
}

async function underApproval(about: Reevaluated, shown: ShownApproval): Promise<DecisionView> {
  const { parts, desk, caller, asked, question, only } = about
  const facts = desk.runtime.facts()
  if (typeof facts === 'string') return refusedAnew(about, await answerTo(parts, caller, question, 'ask'), 'retry')
  const applied = await applies(desk, shown, evaluatedOf(asked), facts.now)
  const elsewhere = 'waiver' in applied && question.waiver !== undefined && question.waiver !== applied.waiver
  if ('no' in applied || elsewhere) {
    const reason = 'no' in applied ? applied.no : 'out_of_scope'
    // INVARIANT: an approval that does not apply never becomes a yes, whatever else would cover the question.
    const answer = await answerTo(parts, caller, question, 'ask')
    const no: Answer = answer.allowed ? { ...answer, allowed: false, reason: 'no-waiver' } : answer
    const { waiver: _, left: __, ...plain } = no
    return refusedAnew(about, plain, reevaluationReasons[reason], reason, answer.allowed)
  }
  const answer = await answerTo(parts, caller, { ...question, waiver: applied.waiver }, only)
  if (answer.allowed)
    return decisionOf(answer, evaluationId(), {
      approval: { id: shown.id, approved_until: answer.waiver?.end },
    })
  if (answer.reason === 'caller-may-not-ask') return decisionOf(answer)
  const reason = await reevaluationReason(desk, applied.waiver, answer.reason)
  return reason === 'transient'
    ? refusedAnew(about, answer, 'retry')
    : refusedAnew(about, answer, reevaluationReasons[reason], reason)
}

/** Says what to do next; to ask again is said only together with a fresh offer. */
async function refusedAnew(
  { desk, asked, question }: Reevaluated,
  answer: Answer,
  next: NextAction,
  reason?: string,
  isCovered = false,
): Promise<DecisionView> {
  const evaluation = evaluationId()
  const offer =
    next === 'request' && !isCovered
      ? await offered(desk, asked, question, { ...answer, reason: 'no-waiver' }, evaluation)
      : {}
  const action = next === 'request' && Object.keys(offer).length === 0 ? 'none' : next
  return decisionOf(answer, evaluation, {
    ...(reason === undefined ? {} : { reason, why: answer.reason }),
    next_action: action,
    ...(action === 'retry' ? { retry_after: retrySeconds } : {}),
    ...offer,
  })
}
