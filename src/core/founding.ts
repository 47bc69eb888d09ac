/**
 * The beginning. The operator names the founders and the first rules; nothing is in force before enough of the founders,
 * one of them from outside the platform team, have accepted exactly those rules. Founders never grant access.
 */
import type { CompiledDirectory } from './compile.ts'
import { freshSignIn } from './decide/checks.ts'
import { countersignSystem, type NodeId, type PersonId } from './directory.ts'
import { idOf, momentOf, numberOf } from './independence/moment.ts'
import { selvesOf } from './independence/side.ts'
import type { Policy } from './policy.ts'
import type { Refusal } from './refusal.ts'
import { refusal } from './refusal.ts'
import { hasHandsOn, isActive, nodeKindOf } from './standing.ts'
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
  /** How often it had gone backwards when they did. */
  readonly clockJumps?: number
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
  /** `jumps`: the word is about the time since the clock went backwards for so many times. */
  | { readonly type: 'ClockConfirmed'; readonly complete: boolean; readonly jumps?: number }
  | {
      readonly type: 'AttemptRefused'
      readonly command: FoundingCommand['type']
      readonly code: string
      readonly message: string
    }
)

export interface FoundingFacts {
  readonly now: Instant
  readonly actor: Actor
  readonly directory: CompiledDirectory
  /** The rules proposed, or in force once founded: how long relations that have ended still tell of one person. */
  readonly policy: Policy
  readonly clock: 'steady' | 'went-backwards'
  /** How often it has gone backwards so far. */
  readonly clockJumps: number
}

export type FoundingDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly FoundingEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly FoundingEvent[] }

export function decideFounding(
  founding: Founding | undefined,
  command: FoundingCommand,
  facts: FoundingFacts,
): FoundingDecision {
  const stamp = { at: facts.now, by: facts.actor.id }
  const accept = (...events: FoundingEvent[]): FoundingDecision => ({ outcome: 'accepted', events })
  const refuse = (no: Refusal): FoundingDecision => ({
    outcome: 'refused',
    refusal: no,
    events: [{ ...stamp, type: 'AttemptRefused', command: command.type, code: no.code, message: no.message }],
  })
  switch (command.type) {
    case 'propose': {
      if (founding?.status === 'founded')
        return refuse(refusal('not-in-this-state', 'this installation has been founded'))
      const no = unfitFounders(command, facts)
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
      const earlier = founding.accepted.map(({ by }) => by)
      if (isAmong(earlier, facts)) return refuse(refusal('one-person-counts-once'))
      const all = humansAmong([...earlier, facts.actor.id], facts)
      const complete = all.length >= founding.needed && all.some((person) => isOutsidePlatform(person, facts))
      const accepted: FoundingEvent = { ...stamp, type: 'FoundingAccepted' }
      return complete ? accept(accepted, { ...stamp, type: 'Founded' }) : accept(accepted)
    }
    case 'confirm-clock': {
      const no = mayAct(founding, facts)
      if (no !== undefined || founding === undefined) return refuse(no ?? refusal('not-initialised'))
      if (facts.clock === 'steady') return refuse(refusal('not-in-this-state', 'the clock is steady'))
      const earlier = clockWords(founding, facts.clockJumps)
      if (isAmong(earlier, facts)) return refuse(refusal('one-person-counts-once'))
      const complete = humansAmong([...earlier, facts.actor.id], facts).length >= founding.needed
      return accept({ ...stamp, type: 'ClockConfirmed', complete, jumps: facts.clockJumps })
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
    case 'AttemptRefused':
      return next
    case 'ClockConfirmed':
      return {
        ...next,
        clockConfirmedBy: event.complete ? [] : [...clockWords(founding, event.jumps), event.by],
        ...(event.jumps === undefined ? {} : { clockJumps: event.jumps }),
      }
    default:
      return event satisfies never
  }
}

/** Whoever confirmed the time before it jumped once more said nothing about the time since. */
export function clockWords(founding: Founding, clockJumps: number | undefined): readonly PersonId[] {
  return founding.clockJumps === clockJumps ? founding.clockConfirmedBy : []
}

function unfitFounders(
  { founders, needed }: Extract<FoundingCommand, { type: 'propose' }>,
  facts: FoundingFacts,
): Refusal | undefined {
  const stranger = founders.find((person) => nodeKindOf(facts.directory, person) !== 'person')
  if (stranger !== undefined) return refusal('unknown-person', `\`${stranger}\``)
  const isTwice = founders.some((person, index) => isOneOf(founders.slice(0, index), person, facts))
  if (isTwice) return refusal('terms-malformed', 'a founder is named twice')
  if (needed < 2 || needed > founders.length)
    return refusal('terms-malformed', 'name at least two founders, and need at least two and at most all of them')
  return undefined
}

function mayAct(founding: Founding | undefined, facts: FoundingFacts): Refusal | undefined {
  if (founding === undefined) return refusal('not-initialised')
  if (!founding.founders.includes(facts.actor.id)) return refusal('not-permitted', 'only a founder')
  if (!isActive(facts.directory, facts.actor.id, facts.now))
    return refusal('not-active-in-directory', `\`${facts.actor.id}\``)
  return freshSignIn(facts)
}

function isAmong(earlier: readonly PersonId[], facts: FoundingFacts): boolean {
  return isOneOf(earlier, facts.actor.id, facts)
}

/** Whether this human being stands there already, under whatever name. */
function isOneOf(earlier: readonly PersonId[], person: PersonId, facts: FoundingFacts): boolean {
  const names = namesOf(person, facts)
  return earlier.some((one) => names.has(one))
}

/** One name for each human being who is still here; who left after accepting no longer carries anything. */
function humansAmong(people: readonly PersonId[], facts: FoundingFacts): readonly PersonId[] {
  const active = people.filter((person) => isActive(facts.directory, person, facts.now))
  return active.filter((person, index) => !isOneOf(active.slice(0, index), person, facts))
}

function isOutsidePlatform(person: PersonId, facts: FoundingFacts): boolean {
  return [...namesOf(person, facts)].every((name) => !hasHandsOn(facts.directory, name, countersignSystem, facts.now))
}

/** Everything this human being goes by, by any link that counts against somebody, confirmed or not. */
function namesOf(person: PersonId, { directory, policy, now }: FoundingFacts): ReadonlySet<NodeId> {
  const moment = momentOf(directory, policy, now)
  const node = numberOf(moment, person)
  const others = node === undefined ? [] : selvesOf(moment, node).nodes.map((one) => idOf(moment, one))
  return new Set([person, ...others])
}
