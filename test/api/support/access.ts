/** An organisation with an agent, a gateway in front of the ledger, and what decision points send. */
import type { Policy } from '../../../src/core/policy.ts'
import type { Conditions } from '../../../src/core/terms.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { organisation, policyFor, termsFor } from '../../support/life.ts'
import type { Answer, Surface } from './surface.ts'

export const withGateway = `${organisation}
  wl_gate agent
  per_dba owns wl_gate
`

export function gatedPolicy(more: Partial<Policy> = {}): Policy {
  const policy = policyFor()
  const ledger = policy.systems.sys_ledger as NonNullable<Policy['systems'][string]>
  return { ...policy, systems: { sys_ledger: { ...ledger, enforcers: ['wl_gate'] } }, ...more }
}

export interface Asked {
  readonly subject?: unknown
  readonly action?: unknown
  readonly resource?: unknown
  readonly context?: unknown
}

export const question = {
  subject: { type: 'agent', id: 'wl_agent' },
  action: { name: 'update' },
  resource: { type: 'sys_ledger', id: 'ledger.entries' },
} as const

/** Asks as the gateway, unless the test says who. */
export function evaluate(surface: Surface, parts: Asked = {}, caller = 'wl_gate'): Promise<Answer> {
  return surface.post(caller, '/access/v1/evaluation', { ...question, ...parts })
}

/** A waiver of the agent that is live on the target, and known to the checks. */
export async function liveWaiverOf(surface: Surface, conditions: Conditions = {}, parts: object = {}): Promise<string> {
  const { world } = surface
  const terms = termsFor({
    beneficiary: 'wl_agent',
    access: { ...termsFor().access, account: 'agent_db', resources: ['ledger.entries', 'ledger.accounts'] },
    window: { start: world.now, end: plusSeconds(world.now, 3_600) },
    conditions,
    ...parts,
  })
  const { id } = await world.must('per_asker', { type: 'request', terms })
  await world.countersign('per_sam', id)
  await world.must('per_asker', { type: 'activate' }, id)
  await world.settle()
  await world.app.runtime.refresh()
  return id
}
