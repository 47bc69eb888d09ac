/** An agent that was told no, and takes up what the no offers; in the words of the draft, as any client of it would. */
import type { Answer, Surface } from './surface.ts'

export const denied = {
  subject: { type: 'agent', id: 'wl_agent' },
  action: { name: 'update' },
  resource: { type: 'sys_ledger', id: 'ledger.entries' },
  context: { tool: { name: 'book' }, arguments: { amount: 100, entry: { id: 'e-7' } } },
} as const

export interface Denial {
  readonly evaluation_id: string
  readonly evaluated_at: string
  readonly reason: string
  readonly access_request: {
    readonly endpoint: string
    readonly template: string
    readonly expires_at: string
    readonly binding_token: string
    readonly request_schema_url: string
  }
}

/** @returns the context of the denial, with its offer. */
export async function denialOf(surface: Surface, question: object = denied, caller = 'wl_agent'): Promise<Denial> {
  await surface.world.app.runtime.refresh()
  const { body } = await surface.post(caller, '/access/v1/evaluation', question)
  if (body.decision !== false || body.context.access_request === undefined)
    throw new Error(`no offer: ${JSON.stringify(body)}`)
  return body.context
}

export function submissionOf(denial: Denial, until: string, parts: object = {}) {
  const { evaluation_id, evaluated_at, reason, access_request: offer } = denial
  return {
    ...denied,
    context: { ...denied.context, business_justification: 'The entry was booked twice.' },
    requested_access: { requested_until: until },
    denial: {
      evaluation_id,
      evaluated_at,
      reason,
      expires_at: offer.expires_at,
      binding_token: offer.binding_token,
      template: offer.template,
    },
    ...parts,
  }
}

export function submit(surface: Surface, body: object, caller = 'wl_agent', key?: string): Promise<Answer> {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  return surface.post(caller, '/access/v1/requests', body, { headers })
}

export const problemUrn = (word: string) => `urn:openid:authzen:access-request:error:${word}`
