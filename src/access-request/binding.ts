/**
 * Is this the question that was denied? Its subject, resource, action and the part of its context that counts, in one form,
 * compared as a digest or member by member. Who acts for the subject is left out: it may be said elsewhere, and is judged
 * by the token of whoever asks.
 */
import { canonicalJson, digestOf } from '../lib/digest.ts'

export interface Evaluated {
  readonly subject: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly action: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>> | undefined
}

/** What of a signed denial says which question it was about. */
export interface BindingClaims {
  readonly binding_hash?: unknown
  readonly binding_context_members?: unknown
  readonly subject?: unknown
  readonly resource?: unknown
  readonly action?: unknown
  readonly context?: unknown
}

/** @param members names in the context that count; what is not there is not the same as null */
export function bound({ subject, resource, action, context = {} }: Evaluated, members: readonly string[]): object {
  const present = members.filter((name) => Object.hasOwn(context, name))
  return {
    subject: withoutActors(subject),
    resource,
    action,
    context: Object.fromEntries(present.map((name) => [name, context[name]])),
  }
}

/** SHA-256 over canonical JSON (RFC 8785), base64url without padding. */
export function bindingHash(evaluated: Evaluated, members: readonly string[]): string {
  return Buffer.from(digestOf(bound(evaluated, members)).slice('sha256:'.length), 'hex').toString('base64url')
}

/** @returns whether these claims are about exactly this question. What says nothing of it is about none. */
export function isBound(claims: BindingClaims, evaluated: Evaluated): boolean {
  const members = membersOf(claims)
  if (members === undefined) return false
  if (claims.binding_hash !== undefined) return claims.binding_hash === bindingHash(evaluated, members)
  const { subject, resource, action, context } = claims
  if (!isRecord(subject) || !isRecord(resource) || !isRecord(action)) return false
  if (context !== undefined && !isRecord(context)) return false
  const denied = { subject, resource, action, ...(context === undefined ? {} : { context }) }
  return canonicalJson(bound(denied, members)) === canonicalJson(bound(evaluated, members))
}

/** Absent: only subject, resource and action count. */
function membersOf({ binding_context_members: members = [] }: BindingClaims): readonly string[] | undefined {
  return Array.isArray(members) && members.every((name) => typeof name === 'string') ? members : undefined
}

function withoutActors(subject: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { properties } = subject
  if (!isRecord(properties)) return subject
  const { act: _, ...rest } = properties
  return { ...subject, properties: rest }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
