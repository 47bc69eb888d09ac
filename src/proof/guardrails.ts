/**
 * Would the guardrails that were in force let these uses pass again? What was allowed is recorded with the rules and the
 * directory it was judged by; what guardrails heard of arguments and bytes is not kept, and of such a use nothing is said.
 */
import { guarded } from '../core/runtime.ts'
import type { UseLine, Waiver, WaiverEvent } from '../core/waiver.ts'
import type { RecordedFacts } from './recompute.ts'

export interface GuardrailDoubt {
  readonly follows: 'no' | 'unknown'
  readonly detail: string
}

/** @param waiver as it was before the event. @returns what stands against the event; undefined when nothing does. */
export async function guardrailDoubt(
  facts: RecordedFacts,
  waiver: Waiver,
  event: WaiverEvent,
): Promise<GuardrailDoubt | undefined> {
  const lines = event.type === 'AccessUsed' ? (event.recorded?.lines ?? []) : []
  let open: GuardrailDoubt | undefined
  for (const line of lines) {
    const doubt = await lineDoubt(facts, waiver, line)
    if (doubt?.follows === 'no') return doubt
    open ??= doubt
  }
  return open
}

async function lineDoubt(facts: RecordedFacts, waiver: Waiver, line: UseLine): Promise<GuardrailDoubt | undefined> {
  const { judged } = line
  if (judged === undefined) return undefined
  if (!facts.inForce.has(judged.policy)) return no('a use was judged by rules that were never put into force')
  const [policy, directory] = [await facts.policy(judged.policy), await facts.directory(judged.directory, {})]
  if (policy === undefined || directory === undefined)
    return unknown('what the guardrails were asked about is not here')
  if (judged.unkept) return undefined
  if (facts.guardrails === undefined) return unknown('nobody is here to evaluate the guardrails again')
  // The first and the last of those that were alike; whatever lies between lies between.
  for (const now of new Set([line.from, line.to])) {
    const answer = guarded(repeated(waiver, line), waiverIn(waiver), {
      now,
      directory,
      policy,
      clock: 'steady',
      guardrails: facts.guardrails,
    })
    if (!answer.allowed) return no(`the guardrails would not let a use of ${now} pass: ${answer.reason}`)
  }
  return undefined
}

function repeated(waiver: Waiver, { action, resource, tool, chain }: UseLine) {
  const { kind, beneficiary, access } = waiver.terms
  const actor = kind === 'break-glass' ? (waiver.activation?.by ?? beneficiary) : beneficiary
  return { actor, chain, system: access.system, action, resource, ...(tool === undefined ? {} : { tool }) }
}

function waiverIn({ terms, activation }: Waiver) {
  const { system, entitlement } = terms.access
  return { kind: terms.kind, system, entitlement, end: activation?.end ?? terms.window.end }
}

function no(detail: string): GuardrailDoubt {
  return { follows: 'no', detail }
}

function unknown(detail: string): GuardrailDoubt {
  return { follows: 'unknown', detail }
}
