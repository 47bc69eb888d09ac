/** A decision as decision points hear it: yes or no, why in one word and in a sentence, and under which waiver. */
import { randomBytes } from 'node:crypto'
import { runtimeReasons } from '../../core/runtime.ts'
import type { Answer } from '../../engine/runtime/check.ts'
import type { DecisionView } from '../schema/access.ts'

/** @param more what else is said of it; the id is the evaluation's, so that an offer can name it */
export function decisionOf(
  { allowed, reason, purpose, at, waiver, guardrails, left }: Answer,
  evaluation = evaluationId(),
  more: Readonly<Record<string, unknown>> = {},
): DecisionView {
  return {
    decision: allowed,
    context: {
      evaluation_id: evaluation,
      ...(at === undefined ? {} : { evaluated_at: at }),
      reason,
      reason_user: { en: runtimeReasons[reason] },
      purpose,
      ...(waiver === undefined ? {} : { waiver: waiver.id }),
      ...(waiver === undefined || !allowed ? {} : { until: waiver.end, terms: waiver.digest }),
      ...(guardrails === undefined || guardrails.length === 0 ? {} : { guardrails: [...guardrails] }),
      ...(left === undefined || Object.keys(left).length === 0 ? {} : { left }),
      ...more,
    },
  }
}

/** A question that could not be read, among others that could. */
export function unreadable(message: string): DecisionView {
  return { decision: false, context: { reason: 'malformed-question', error: { status: 400, message } } }
}

const process = randomBytes(8).toString('hex')
let count = 0

/** Unique, and nothing more: it authorises nothing, so it need not be hard to guess. */
export function evaluationId(): string {
  count += 1
  return `eval_${process}${count.toString(36)}`
}
