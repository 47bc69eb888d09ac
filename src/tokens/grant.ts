/**
 * What a token that was given for a waiver says: an access token of RFC 9068 whose scope is the terms. Written by whoever
 * gives it, read by whoever guards a resource; both by the names of this file.
 */
import type { JWTPayload } from 'jose'

export const grantTokenType = 'at+jwt'
export const grantDetailsType = 'countersign_waiver'

/** RFC 9396: what the token allows. */
export interface GrantDetails {
  readonly type: typeof grantDetailsType
  /** The waiver. */
  readonly identifier: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** As in the terms; read by whoever understands them, and a no for whoever does not. */
  readonly conditions: Readonly<Record<string, unknown>>
  /** Digest of the terms. */
  readonly terms: string
  /** The account on the target. */
  readonly account: string
  readonly check: 'each-use' | 'by-token'
}

export interface GrantClaims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly client_id: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly authorization_details: readonly [GrantDetails]
  readonly status: { readonly status_list: { readonly idx: number; readonly uri: string } }
  readonly act?: NestedActor
  readonly cnf?: { readonly jkt: string }
}

/** RFC 8693: who acts for the subject; the current actor is the outermost. */
export interface NestedActor {
  readonly sub: string
  readonly act?: NestedActor
}

/** @param chain outermost first: in whose name it all happens, then the actors from the first to the last but one */
export function asSubject(
  actor: string,
  chain: readonly string[],
): { readonly sub: string; readonly act?: NestedActor } {
  const [sub, ...before] = [...chain, actor]
  const act = before.reduce<NestedActor | undefined>(
    (inner, one) => (inner === undefined ? { sub: one } : { sub: one, act: inner }),
    undefined,
  )
  return { sub: sub as string, ...(act === undefined ? {} : { act }) }
}

/** @returns who acts, and through whom; undefined when it is not said in a way that is understood. */
export function fromSubject({
  sub,
  act,
}: JWTPayload): { readonly actor: string; readonly chain: string[] } | undefined {
  if (typeof sub !== 'string' || sub === '') return undefined
  const inner: string[] = []
  for (let next: unknown = act; next !== undefined; next = next.act) {
    if (!isRecord(next) || typeof next.sub !== 'string' || next.sub === '' || inner.length > 16) return undefined
    inner.push(next.sub)
  }
  // From the first actor to the current one.
  const all = [sub, ...inner.reverse()]
  const actor = all.pop() as string
  return { actor, chain: all }
}

/** @returns the only thing it allows; undefined when it does not say so in a way that is understood. */
export function grantDetailsIn(claims: JWTPayload): GrantDetails | undefined {
  const details: unknown = claims.authorization_details
  const [only, ...others] = Array.isArray(details) ? (details as unknown[]) : []
  if (others.length > 0 || !isRecord(only) || only.type !== grantDetailsType) return undefined
  const { identifier, actions, resources, conditions, terms, account, check } = only
  const texts = [identifier, terms, account].every((text) => typeof text === 'string' && text !== '')
  if (!texts || !areTexts(actions) || !areTexts(resources) || !isRecord(conditions)) return undefined
  return check === 'each-use' || check === 'by-token' ? (only as unknown as GrantDetails) : undefined
}

export interface StatusReference {
  readonly idx: number
  readonly uri: string
}

export function statusReferenceIn({ status }: JWTPayload): StatusReference | undefined {
  const list = isRecord(status) ? status.status_list : undefined
  if (!isRecord(list) || typeof list.uri !== 'string') return undefined
  const { idx, uri } = list
  return typeof idx === 'number' && Number.isSafeInteger(idx) && idx >= 0 ? { idx, uri } : undefined
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
