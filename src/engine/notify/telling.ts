/** The words of one entry in the tables of what is told: how urgently, when, to whom, and with which codes. */
import type { Notice } from '../../connectors/notice.ts'
import type { PersonId } from '../../core/directory.ts'
import type { PoolId } from '../../core/policy.ts'

/** Whom the policy in force names, whatever the event is about. */
export interface People {
  readonly review: readonly PoolId[]
  readonly security: readonly PoolId[]
  readonly rules: readonly PoolId[]
  readonly founders: readonly PersonId[]
}

export interface Telling<Subject, Event> {
  /** Type of the notice where it is not the event's. */
  readonly as?: string
  readonly urgency: Notice['urgency']
  /** Absent: always. */
  when?(subject: Subject): boolean
  /** People and pools, in any order and with repeats. The event is missing when its body was erased. */
  to(subject: Subject, people: People, event: Event | undefined): readonly (string | undefined)[]
  /** Ids, codes, instants and numbers from the event. INVARIANT: nothing that anybody typed. */
  codes?(event: Event): Readonly<Record<string, unknown>>
}

/** `undefined`: nobody is told. */
export type Tellings<Subject, Event> = Readonly<Record<string, Telling<Subject, Event> | undefined>>
