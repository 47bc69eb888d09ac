/** A whole installation with an agent and a gateway in front of the ledger, and as many processes as a test wants. */
import type { Policy } from '../../src/core/policy.ts'
import type { Conditions, Terms } from '../../src/core/terms.ts'
import { plusSeconds } from '../../src/core/time.ts'
import { silent } from '../../src/engine/logger.ts'
import { type Answer, check, type Question } from '../../src/engine/runtime/check.ts'
import { type Runtime, runtimeOn } from '../../src/engine/runtime/runtime.ts'
import { guardrailsJudge } from '../../src/guardrails/index.ts'
import { organisation, policyFor, termsFor } from './life.ts'
import type { World } from './world.ts'

export const withGateway = `${organisation}
  wl_gate agent
  per_dba owns wl_gate
`

export function gatedPolicy(more: Partial<Policy> = {}): Policy {
  const policy = policyFor()
  const ledger = policy.systems.sys_ledger as NonNullable<Policy['systems'][string]>
  return { ...policy, systems: { sys_ledger: { ...ledger, enforcers: ['wl_gate'] } }, ...more }
}

/** A waiver of the agent that is live on its target. Filing again takes somebody else to countersign. */
export async function liveWaiver(
  world: World,
  approver: string,
  conditions: Conditions = {},
  parts: Partial<Terms> = {},
): Promise<string> {
  const terms = termsFor({
    beneficiary: 'wl_agent',
    access: { ...termsFor().access, account: 'agent_db' },
    window: { start: world.now, end: plusSeconds(world.now, 3_600) },
    conditions,
    ...parts,
  })
  const { id } = await world.must('per_asker', { type: 'request', terms })
  const signed = await world.countersign(approver, id)
  if (signed.outcome === 'refused') throw new Error(signed.refusal.message)
  await world.must('per_asker', { type: 'activate' }, id)
  await world.settle()
  return id
}

/** Another process of the same installation, with a clock of its own that the test turns. */
export interface Process {
  readonly runtime: Runtime
  /** As the gateway asks, about the agent's use of the ledger. */
  use(parts?: Partial<Question>): Promise<Answer>
  pass(millis: number): void
}

export function anotherProcess({ store, app }: World): Process {
  let millis = 0
  const { knowledge } = app.machinery
  const runtime = runtimeOn({
    store,
    knowledge,
    log: silent,
    guardrails: guardrailsJudge(() => 0),
    monotonic: () => millis,
  })
  const question: Question = {
    subject: { type: 'agent', id: 'wl_agent', actors: [] },
    system: 'sys_ledger',
    resource: 'ledger.entries',
    action: 'update',
  }
  return {
    runtime,
    use: async (parts = {}) => check(runtime, { id: 'wl_gate', chain: [] }, { ...question, ...parts }),
    pass(more) {
      millis += more
    },
  }
}
