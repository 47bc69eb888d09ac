/** A use that guardrails are asked about, and the agent it is of. */
import type { GuardrailQuestion, GuardrailSubject } from '../../src/core/runtime.ts'

export const agent: GuardrailSubject = {
  id: 'wl_agent',
  kind: 'workload',
  agent: true,
  external: false,
  teams: ['team_payments'],
  controllers: ['per_owner'],
}
export const question: GuardrailQuestion = {
  principal: agent,
  chain: [],
  action: 'update',
  system: 'sys_ledger',
  resource: 'ledger.entries',
  at: '2026-11-25T12:00:00.000Z',
  waiver: { kind: 'access-override', entitlement: 'ledger-write', tier: 'high', secondsLeft: 600 },
}
