/** Exchanges the token that says who one is for one that says what one may do. It speaks OAuth, so it stands apart. */
import type { ClientProblem } from './send.ts'

export interface ExchangeOptions {
  /** `https://countersign.example`, without a path. */
  readonly baseUrl: string
  readonly subjectToken: string
  readonly audience?: string
  readonly waiver?: string
  /** DPoP proof for the token endpoint; the token is bound to its key. */
  readonly proof?: string
  readonly fetch?: typeof globalThis.fetch
}

export interface ExchangedToken {
  readonly access_token: string
  readonly token_type: 'Bearer' | 'DPoP'
  readonly expires_in: number
  readonly authorization_details: readonly Readonly<Record<string, unknown>>[]
}

export const tokenPath = '/oauth/token'

export async function exchangeToken(
  options: ExchangeOptions,
): Promise<
  { readonly ok: true; readonly value: ExchangedToken } | { readonly ok: false; readonly problem: ClientProblem }
> {
  const { baseUrl, fetch = globalThis.fetch, proof } = options
  const details = [{ type: 'countersign_waiver', identifier: options.waiver }]
  const fields = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token: options.subjectToken,
    ...(options.audience === undefined ? {} : { audience: options.audience }),
    ...(options.waiver === undefined ? {} : { authorization_details: JSON.stringify(details) }),
  }
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${tokenPath}`, {
      method: 'POST',
      redirect: 'error',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(proof === undefined ? {} : { dpop: proof }),
      },
      body: new URLSearchParams(fields).toString(),
    })
    const answer: unknown = await response.json()
    if (response.ok) return { ok: true, value: answer as ExchangedToken }
    const { error = 'not-understood', error_description: detail = 'no token was given' } = answer as Record<
      string,
      string
    >
    return { ok: false, problem: problem(error, detail, response.status) }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    return {
      ok: false,
      problem: problem('unreachable', `no answer came from \`${new URL(baseUrl).host}\`: ${cause}`, 0),
    }
  }
}

function problem(code: string, detail: string, status: number): ClientProblem {
  return { type: 'about:blank', title: 'No token', status, detail, code }
}
