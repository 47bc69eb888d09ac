/**
 * What are the guardrails of the organisation asked about one use, and what may they answer? Everything they hear is
 * stated here, from the same facts as the rest of the check; whoever evaluates them is handed in, and decides by nothing
 * else. Where a policy has guardrails and nobody can evaluate them, the answer is no.
 */
import { describe, personsControlling } from '../compile.ts'
import type { NodeId, PersonId, TeamId } from '../directory.ts'
import { entitlementOf, type Policy } from '../policy.ts'
import type { RuntimeFacts, Use } from '../runtime.ts'
import { teamsOf } from '../standing.ts'
import type { WaiverKind } from '../terms.ts'
import { type Instant, secondsBetween } from '../time.ts'
import type { JudgedBy } from '../waiver.ts'
import type { LiveWaiver } from './live.ts'

export interface GuardrailQuestion {
  readonly principal: GuardrailSubject
  /** Everybody else who stands behind the use, outermost first. */
  readonly chain: readonly GuardrailSubject[]
  readonly action: string
  readonly system: string
  readonly resource: string
  readonly at: Instant
  readonly tool?: string
  readonly bytes?: number
  readonly arguments?: Readonly<Record<string, unknown>>
  readonly waiver: {
    readonly kind: WaiverKind
    readonly entitlement: string
    readonly tier: string
    readonly secondsLeft: number
  }
}

export interface GuardrailSubject {
  readonly id: NodeId
  readonly kind: 'person' | 'workload'
  readonly agent: boolean
  readonly external: boolean
  /** Teams they are in; of a workload those that own or operate it. Only what holds right now. */
  readonly teams: readonly TeamId[]
  /** Who stands behind a workload; the person themselves for a person. */
  readonly controllers: readonly PersonId[]
}

export type GuardrailReason = 'guardrail-failed' | 'no-guardrail-permits' | 'guardrail-forbids'

export type GuardrailAnswer =
  | { readonly allowed: true }
  | {
      readonly allowed: false
      readonly reason: GuardrailReason
      /** Ids of those that forbid it, or that could not be evaluated. */
      readonly guardrails: readonly string[]
    }

/** Evaluates them. Must answer at once, must not throw, and must say no to whatever it cannot evaluate in full. */
export type JudgeGuardrails = (policy: Policy, question: GuardrailQuestion) => GuardrailAnswer

/** What of a waiver guardrails are told. */
export type GuardrailWaiver = Pick<LiveWaiver, 'kind' | 'system' | 'entitlement' | 'end'>

const failed: GuardrailAnswer = { allowed: false, reason: 'guardrail-failed', guardrails: [] }

export function guarded(use: Use, waiver: GuardrailWaiver, facts: RuntimeFacts): GuardrailAnswer {
  if (facts.policy.guardrails === undefined) return { allowed: true }
  const { mentions } = facts.policy.guardrails
  // A team that is gone would be a `forbid` that forbids nobody.
  if (mentions.some((id) => describe(facts.directory, id, facts.now) === undefined)) return failed
  const question = guardrailQuestion(use, waiver, facts)
  // INVARIANT: somebody the directory does not know, or nobody to evaluate, is a no.
  if (question === undefined || facts.guardrails === undefined) return failed
  return facts.guardrails(facts.policy, question)
}

/** @returns what has to be recorded with a use that they let pass; nothing where there are none. */
export function judgedBy(
  { action, arguments: given, bytes }: Pick<Use, 'action' | 'arguments' | 'bytes'>,
  { policy: { guardrails }, revisions }: Pick<RuntimeFacts, 'policy' | 'revisions'>,
): JudgedBy | undefined {
  if (guardrails === undefined || revisions === undefined) return undefined
  const heard = bytes !== undefined || (given !== undefined && Object.hasOwn(guardrails.arguments, action))
  return { ...revisions, ...(heard ? { unkept: true } : {}) }
}

/** @returns `undefined` when somebody in it is neither a person nor a workload of the directory. */
function guardrailQuestion(use: Use, waiver: GuardrailWaiver, facts: RuntimeFacts): GuardrailQuestion | undefined {
  const [principal, ...chain] = [use.actor, ...use.chain].map((node) => subjectOf(node, facts))
  const tier = entitlementOf(facts.policy, waiver)?.tier
  if (principal === undefined || chain.includes(undefined) || tier === undefined) return undefined
  const { tool, bytes, arguments: given } = use
  return {
    principal,
    chain: chain as GuardrailSubject[],
    action: use.action,
    system: use.system,
    resource: use.resource,
    at: facts.now,
    ...(tool === undefined ? {} : { tool }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(given === undefined ? {} : { arguments: given }),
    waiver: {
      kind: waiver.kind,
      entitlement: waiver.entitlement,
      tier,
      secondsLeft: Math.floor(secondsBetween(facts.now, waiver.end)),
    },
  }
}

function subjectOf(node: NodeId, { directory, policy, now }: RuntimeFacts): GuardrailSubject | undefined {
  const described = describe(directory, node, now)
  if (described?.kind !== 'person' && described?.kind !== 'workload') return undefined
  const { kind, agent, external } = described
  const controllers = kind === 'person' ? [node] : personsControlling(directory, node, now, policy)
  return { id: node, kind, agent, external, teams: teamsOf(directory, node, now), controllers }
}
