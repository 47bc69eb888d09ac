/**
 * Evaluates guardrails with Cedar, in memory. Cedar skips a `forbid` that fails and goes on with the others; here any
 * failure at all is a no: of one guardrail, of the question, of Cedar itself, or of the time it takes.
 */
import type { Policy } from '../core/policy.ts'
import type { GuardrailAnswer, GuardrailQuestion, JudgeGuardrails } from '../core/runtime.ts'
import { callFor } from './call.ts'
import { type Cedar, cedar } from './cedar.ts'
import { type ClockMember, clockMembersIn, sightOf } from './clock.ts'
import { actionsOf, schemaOf } from './schema.ts'

/** An answer that took longer is none: what it rests on is no longer known to be so. Cedar cannot be interrupted. */
const millisMax = 1_000

/** Cedar keeps what is prepared under a name for ever, so a few names are used again and again, by all of this process. */
const slotsCount = 8
const slots: (Prepared | undefined)[] = Array.from({ length: slotsCount })
let nextSlot = 0

interface Prepared {
  /** Under which Cedar has it. */
  readonly name: string
  readonly policy: Policy
  readonly looks: ReadonlySet<ClockMember>
  /** What was answered under this very policy, by all that can make a difference to it. */
  readonly answers: Map<string, GuardrailAnswer>
}

/** Beyond so many the answers are forgotten, and found again one by one. */
const answersMax = 10_000

/** @param monotonic milliseconds that never go back; replaced by tests */
export function guardrailsJudge(monotonic = () => performance.now()): JudgeGuardrails {
  const unusable = new WeakSet<Policy>()
  return (policy, question) => {
    try {
      if (policy.guardrails === undefined || unusable.has(policy)) return failed([])
      const known = slots.find((slot) => slot?.policy === policy) ?? prepared(policy)
      if (known === undefined) unusable.add(policy)
      return known === undefined ? failed([]) : answered(known, question, monotonic)
    } catch {
      // INVARIANT: whatever goes wrong in there, nothing is allowed by it.
      return failed([])
    }
  }
}

/**
 * Cedar takes a tenth of a millisecond or two, and is asked the same all day. Whatever the directory says of those in it
 * is part of the question, so nothing is remembered of a directory, and of a policy nothing beyond its own life.
 */
function answered(known: Prepared, question: GuardrailQuestion, monotonic: () => number): GuardrailAnswer {
  const { policy, answers, looks } = known
  const takesArguments = Object.hasOwn(policy.guardrails?.arguments ?? {}, question.action)
  // Arguments are hardly ever the same twice, and may be larger than what is worth keeping.
  const sight = takesArguments ? undefined : sightOf(question, looks)
  const before = sight === undefined ? undefined : answers.get(sight)
  if (before !== undefined) return before
  const startedAt = monotonic()
  const answer = evaluated(question, takesArguments, known.name)
  if (monotonic() - startedAt > millisMax) return failed([])
  // What failed once may be asked again.
  if (sight === undefined || (!answer.allowed && answer.reason === 'guardrail-failed')) return answer
  if (answers.size >= answersMax) answers.clear()
  answers.set(sight, answer)
  return answer
}

/** @returns `undefined` when Cedar does not take it. */
function prepared(policy: Policy): Prepared | undefined {
  const { permit, forbid } = policy.guardrails as NonNullable<Policy['guardrails']>
  const slot = nextSlot
  const name = nameOf(slot)
  nextSlot = (nextSlot + 1) % slotsCount
  // Until both are there it is nobody's, whatever is thrown.
  slots[slot] = undefined
  const schema = cedar().preparseSchema(
    name,
    schemaOf(actionsOf(policy), policy.guardrails as NonNullable<Policy['guardrails']>),
  )
  const policies = cedar().preparsePolicySet(name, {
    staticPolicies: { ...prefixed('permit', permit), ...prefixed('forbid', forbid) },
  })
  if (schema.type !== 'success' || policies.type !== 'success') return undefined
  const looks = clockMembersIn([...Object.values(permit), ...Object.values(forbid)].map(jsonOf))
  const made: Prepared = { name, policy, looks, answers: new Map() }
  slots[slot] = made
  return made
}

function jsonOf(text: string): Cedar.PolicyJson {
  const read = cedar().policyToJson(text)
  if (read.type === 'failure') throw new TypeError(read.errors[0]?.message ?? 'a guardrail cannot be read')
  return read.json
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

function evaluated(question: GuardrailQuestion, takesArguments: boolean, name: string): GuardrailAnswer {
  const call = callFor(question, takesArguments)
  if (call === undefined) return failed([])
  const answer = cedar().statefulIsAuthorized({
    ...call,
    preparsedPolicySetId: name,
    preparsedSchemaName: name,
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
