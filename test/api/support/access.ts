/** What decision points send, about the agent's use of the ledger. */
import type { Conditions } from '../../../src/core/terms.ts'
import { liveWaiver } from '../../support/gated.ts'
import type { Answer, Surface } from './surface.ts'

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
export async function liveWaiverOf(
  surface: Surface,
  conditions: Conditions = {},
  approver = 'per_sam',
): Promise<string> {
  const id = await liveWaiver(surface.world, approver, conditions)
  await surface.world.app.runtime.refresh()
  return id
}
