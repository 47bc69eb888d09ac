/**
 * The beginning. The operator names the founders and the first rules; nothing is in force before enough of the founders,
 * one of them from outside the platform team, have accepted exactly those rules. Founders never grant access.
 */
import type { CompiledDirectory } from './compile.ts'
import { freshSignIn } from './decide/checks.ts'
import { countersignSystem, type NodeId, type PersonId } from './directory.ts'
import type { Refusal } from './refusal.ts'
import { refusal } from './refusal.ts'
import { hasHandsOn, nodeKindOf } from './standing.ts'
import type { Digest } from './terms.ts'
import type { Instant } from './time.ts'
import type { Actor } from './waiver.ts'

export interface Founding {
  readonly version: number
  readonly status: 'proposed' | 'founded'
  readonly founders: readonly PersonId[]
  /** How many of them must accept; at least two. */
  readonly needed: number
  readonly policy: Digest
  readonly accepted: readonly { readonly by: PersonId; readonly at: Instant }[]
  /** After the clock went backwards: who confirmed the time since. */
  readonly clockConfirmedBy: readonly PersonId[]
}

export type FoundingCommand =
  | {
      readonly type: 'propose'
      readonly founders: readonly PersonId[]
      readonly needed: number
      readonly policy: Digest
    }
  | { readonly type: 'accept'; readonly policy: Digest }
  | { readonly type: 'confirm-clock' }

export type FoundingEvent = { readonly at: Instant; readonly by: NodeId } & (
  | {
      readonly type: 'FoundingProposed'
      readonly founders: readonly PersonId[]
      readonly needed: number
      readonly policy: Digest
    }
  | { readonly type: 'FoundingAccepted' }
  | { readonly type: 'Founded' }
  | { readonly type: 'ClockConfirmed'; readonly complete: boolean }
)

export interface FoundingFacts {
  readonly now: Instant
  readonly actor: Actor
  readonly directory: CompiledDirectory
  readonly clock: 'steady' | 'went-backwards'
}

export type FoundingDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly FoundingEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

export function decideFounding(
  founding: Founding | undefined,
  command: FoundingCommand,
  facts: FoundingFacts,
): FoundingDecision {
  const stamp = { at: facts.now, by: facts.actor.id }
  const accept = (...events: FoundingEvent[]): FoundingDecision => ({ outcome: 'accepted', events })
  const refuse = (no: Refusal): FoundingDecision => ({ outcome: 'refused', refusal: no })
  switch (command.type) {
    case 'propose': {
      if (founding?.status === 'founded')
        return refuse(refusal('not-in-this-state', 'this installation has been founded'))
      const no = unfitFounders(command, facts.directory)
      return no === undefined
        ? accept({
            ...stamp,
            type: 'FoundingProposed',
            founders: command.founders,
            needed: command.needed,
            policy: command.policy,
          })
        : refuse(no)
    }
    case 'accept': {
      const no = mayAct(founding, facts)
      if (no !== undefined || founding === undefined) return refuse(no ?? refusal('not-initialised'))
      if (founding.status === 'founded')
        return refuse(refusal('not-in-this-state', 'this installation has been founded'))
      if (command.policy !== founding.policy) return refuse(refusal('terms-changed'))
      if (founding.accepted.some(({ by }) => by === facts.actor.id)) return refuse(refusal('one-person-counts-once'))
      const all = [...founding.accepted.map(({ by }) => by), facts.actor.id]
      const complete =
        all.length >= founding.needed &&
        all.some((person) => !hasHandsOn(facts.directory, person, countersignSystem, facts.now))
      const accepted: FoundingEvent = { ...stamp, type: 'FoundingAccepted' }
      return complete ? accept(accepted, { ...stamp, type: 'Founded' }) : accept(accepted)
    }
    case 'confirm-clock': {
      const no = mayAct(founding, facts)
      if (no !== undefined || founding === undefined) return refuse(no ?? refusal('not-initialised'))
      if (facts.clock === 'steady') return refuse(refusal('not-in-this-state', 'the clock is steady'))
      if (founding.clockConfirmedBy.includes(facts.actor.id)) return refuse(refusal('one-person-counts-once'))
      return accept({
        ...stamp,
        type: 'ClockConfirmed',
        complete: founding.clockConfirmedBy.length + 1 >= founding.needed,
      })
    }
    default:
      return command satisfies never
  }
}

export function evolveFounding(founding: Founding | undefined, event: FoundingEvent): Founding {
  if (event.type === 'FoundingProposed') {
    const { founders, needed, policy } = event
    return {
      version: (founding?.version ?? 0) + 1,
      status: 'proposed',
      founders,
      needed,
      policy,
      accepted: [],
      clockConfirmedBy: [],
    }
  }
  if (founding === undefined) throw new Error(`bug: \`${event.type}\` before anything was proposed`)
  const next = { ...founding, version: founding.version + 1 }
  switch (event.type) {
    case 'FoundingAccepted':
      return { ...next, accepted: [...founding.accepted, { by: event.by, at: event.at }] }
    case 'Founded':
      return { ...next, status: 'founded' }
    case 'ClockConfirmed':
      return { ...next, clockConfirmedBy: event.complete ? [] : [...founding.clockConfirmedBy, event.by] }
    default:
      return event satisfies never
  }
}

function unfitFounders(
  { founders, needed }: Extract<FoundingCommand, { type: 'propose' }>,
  directory: CompiledDirectory,
): Refusal | undefined {
  const stranger = founders.find((person) => nodeKindOf(directory, person) !== 'person')
  if (stranger !== undefined) return refusal('unknown-person', `\`${stranger}\``)
  if (new Set(founders).size !== founders.length) return refusal('terms-malformed', 'a founder is named twice')
  if (needed < 2 || needed > founders.length)
    return refusal('terms-malformed', 'name at least two founders, and need at least two and at most all of them')
  return undefined
}

function mayAct(founding: Founding | undefined, facts: FoundingFacts): Refusal | undefined {
  if (founding === undefined) return refusal('not-initialised')
  if (!founding.founders.includes(facts.actor.id)) return refusal('not-permitted', 'only a founder')
  return freshSignIn(facts)
}
