/** Tokens for what is live, over the API: asked for, and shown with the key they are bound to. */
import { exportJWK, generateKeyPair } from 'jose'
import type { Policy } from '../../../src/core/policy.ts'
import type { Conditions } from '../../../src/core/terms.ts'
import { type ProofKey, proofFor } from '../../../src/tokens/index.ts'
import { gatedPolicy, liveWaiver } from '../../support/gated.ts'
import { termsFor } from '../../support/life.ts'
import { type Answer, publicUrl, type Surface } from './surface.ts'

export const exchange = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
} as const

export function form(surface: Surface, url: string, fields: Record<string, string>, headers = {}): Promise<Answer> {
  const payload = new URLSearchParams(fields).toString()
  return surface.get('', url, {
    method: 'POST',
    payload,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
}

/** A token of whoever this is, for the only waiver they have on the ledger unless the fields name another. */
export function tokenOf(
  surface: Surface,
  subject: string,
  fields: Record<string, string> = { audience: 'sys_ledger' },
  headers = {},
): Promise<Answer> {
  return form(surface, '/oauth/token', { ...exchange, subject_token: subject, ...fields }, headers)
}

export async function proofKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { privateKey, publicJwk: await exportJWK(publicKey), algorithm: 'ES256' }
}

export async function boundTo(surface: Surface, key: ProofKey): Promise<{ dpop: string }> {
  const nowSeconds = Date.parse(surface.world.now) / 1000
  return { dpop: await proofFor(key, { method: 'POST', url: `${publicUrl}/oauth/token`, nowSeconds }) }
}

/** People may ask again and again, and tokens of their only tier go without asking. */
export function tokenPolicy(): Policy {
  const policy = gatedPolicy()
  const tier = policy.tiers.high as NonNullable<Policy['tiers'][string]>
  const extension = { ...tier.extension, countMax: 50, cumulativeSecondsMax: 1e6, distinctCountersigner: false }
  return { ...policy, tiers: { high: { ...tier, extension, offlineTokens: true } } }
}

/** Live for the service, which is no agent; each of several tables, so that nothing overlaps. */
export async function liveOfBot(surface: Surface, conditions: Conditions = {}, approver = 'per_sam'): Promise<string> {
  const access = { ...termsFor().access, account: 'bot_db', resources: ['ledger.accounts'] }
  const id = await liveWaiver(surface.world, approver, conditions, { beneficiary: 'wl_bot', access })
  await surface.world.app.runtime.refresh()
  return id
}

export async function liveOfAgent(
  surface: Surface,
  conditions: Conditions = {},
  approver = 'per_sue',
): Promise<string> {
  const access = { ...termsFor().access, account: 'agent_db', resources: ['ledger.entries'] }
  const id = await liveWaiver(surface.world, approver, conditions, { access })
  await surface.world.app.runtime.refresh()
  return id
}
