/** What a submission asks for, in the words of the house. Who asks is never among it. */
import { ownMembers, type Submission } from '../../access-request/index.ts'
import type { NamedActor } from '../../core/runtime.ts'
import type { Wanted } from '../../engine/access-requests/submit.ts'
import { actorsMax, questionOf } from './question.ts'

/** @returns what is wanted, or what is wrong with the question in it. */
export function wantedOf(submission: Submission, key: string | undefined): Wanted | string {
  const { subject, resource, action, context, requested_access: access, denial, callback } = submission
  const claimed = claimedIn(submission)
  if (typeof claimed === 'string') return claimed
  const question = questionOf({ subject: withActors(subject, claimed), resource, action, context })
  if (typeof question === 'string') return question
  const account = access[ownMembers.account]
  const reference = access[ownMembers.reference]
  return {
    question,
    evaluated: { subject, resource, action, context },
    denial: {
      ...(denial.binding_token === undefined ? {} : { token: denial.binding_token }),
      ...(denial.evaluation_id === undefined ? {} : { evaluation: denial.evaluation_id }),
      expiresAt: denial.expires_at,
    },
    claimed,
    reason: context.business_justification,
    until: access.requested_until,
    usesMax: access[ownMembers.usesMax] ?? 1,
    controls: access[ownMembers.controls] ?? [],
    ...(account === undefined ? {} : { account }),
    ...(reference === undefined ? {} : { reference }),
    ...(callback === undefined ? {} : { callback }),
    ...(key === undefined ? {} : { key }),
    body: submission,
  }
}

/** `client.actor`, and whoever stands in its `act`, from the current actor outwards. */
function claimedIn({ client }: Submission): readonly NamedActor[] | string {
  const actor = client?.actor
  if (actor === undefined) return []
  const claimed: NamedActor[] = [named(actor.id, actor.issuer)]
  for (let next: unknown = actor.act; next !== undefined; next = (next as { act?: unknown }).act) {
    const { sub, iss } = (typeof next === 'object' && next !== null ? next : {}) as { sub?: unknown; iss?: unknown }
    if (typeof sub !== 'string' || (iss !== undefined && typeof iss !== 'string') || claimed.length === actorsMax)
      return '`client.actor.act` needs a `sub` in every step, and `iss` is text'
    claimed.push(named(sub, iss))
  }
  return claimed
}

function named(sub: string, iss: string | undefined): NamedActor {
  return iss === undefined ? { sub } : { iss, sub }
}

/** A submission may name who acts in either place. */
function withActors(subject: Submission['subject'], claimed: readonly NamedActor[]): Submission['subject'] {
  const { properties } = subject as { properties?: Readonly<Record<string, unknown>> }
  const [first] = claimed
  if (properties?.act !== undefined || first === undefined || first.sub === subject.id) return subject
  const act = claimed.reduceRight<object | undefined>(
    (inner, one) => (inner === undefined ? { ...one } : { ...one, act: inner }),
    undefined,
  )
  return { ...subject, properties: { ...properties, act } }
}
