/**
 * Evaluates guardrails with Cedar, in memory. Cedar skips a `forbid` that fails and goes on with the others; here any
 * failure at all is a no: of one guardrail, of the question, of Cedar itself, or of the time it takes.
 */
import type { Policy } from '../core/policy.ts'
import type { GuardrailAnswer, GuardrailQuestion, JudgeGuardrails } from '../core/runtime.ts'
import { callFor } from './call.ts'
import { cedar } from './cedar.ts'
import { actionsOf, schemaOf } from './schema.ts'

/** An answer that took longer is none: what it rests on is no longer known to be so. Cedar cannot be interrupted. */
const millisMax = 1_000

/** Cedar keeps what is prepared under a name for ever, so a few names are used again and again, by all of this process. */
const slotsCount = 8
const slots: (Policy | undefined)[] = Array.from({ length: slotsCount })
let nextSlot = 0

/** @param monotonic milliseconds that never go back; replaced by tests */
export function guardrailsJudge(monotonic = () => performance.now()): JudgeGuardrails {
  const unusable = new WeakSet<Policy>()
  return (policy, question) => {
    try {
      if (policy.guardrails === undefined || unusable.has(policy)) return failed([])
      const slot = prepared(policy)
      if (slot === undefined) unusable.add(policy)
      if (slot === undefined) return failed([])
      const startedAt = monotonic()
      const answer = evaluated(policy, question, slot)
      return monotonic() - startedAt <= millisMax ? answer : failed([])
    } catch {
      // INVARIANT: whatever goes wrong in there, nothing is allowed by it.
      return failed([])
    }
  }
}

/** @returns the name under which Cedar has it; `undefined` when Cedar does not take it. */
function prepared(policy: Policy): string | undefined {
  const known = slots.indexOf(policy)
  if (known >= 0) return nameOf(known)
  const { permit, forbid } = policy.guardrails as NonNullable<Policy['guardrails']>
  const slot = nextSlot
  nextSlot = (nextSlot + 1) % slotsCount
  // Until both are there it is nobody's, whatever is thrown.
  slots[slot] = undefined
  const schema = cedar().preparseSchema(
    nameOf(slot),
    schemaOf(actionsOf(policy), policy.guardrails as NonNullable<Policy['guardrails']>),
  )
  const policies = cedar().preparsePolicySet(nameOf(slot), {
    staticPolicies: { ...prefixed('permit', permit), ...prefixed('forbid', forbid) },
  })
  if (schema.type !== 'success' || policies.type !== 'success') return undefined
  slots[slot] = policy
  return nameOf(slot)
}

function nameOf(slot: number): string {
  return `guardrails-${slot}`
}

/** By their effect, so that what is called `__proto__` is still one of them. */
function prefixed(effect: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [`${effect}:${id}`, text]))
}

function idOf(policyId: string): string {
  return policyId.slice(policyId.indexOf(':') + 1)
}

function evaluated({ guardrails }: Policy, question: GuardrailQuestion, slot: string): GuardrailAnswer {
  const call = callFor(question, Object.hasOwn(guardrails?.arguments ?? {}, question.action))
  if (call === undefined) return failed([])
  const answer = cedar().statefulIsAuthorized({
    ...call,
    preparsedPolicySetId: slot,
    preparsedSchemaName: slot,
    validateRequest: true,
  })
  if (answer.type !== 'success') return failed([])
  const { decision, diagnostics } = answer.response
  if (diagnostics.errors.length > 0) return failed(diagnostics.errors.map(({ policyId }) => idOf(policyId)))
  if (decision === 'allow') return { allowed: true }
  const forbidding = diagnostics.reason.map(idOf).sort()
  const reason = forbidding.length > 0 ? 'guardrail-forbids' : 'no-guardrail-permits'
  return { allowed: false, reason, guardrails: forbidding }
}

function failed(guardrails: readonly string[]): GuardrailAnswer {
  return { allowed: false, reason: 'guardrail-failed', guardrails: [...guardrails].sort() }
}
