/**
 * Who is on duty by an event? Those invited to it, by their address, or whoever its title names; never by what a name looks
 * like. Whoever declined is not there.
 */
import type { NodeId } from '../../core/directory.ts'
import { inert } from '../../files/validate.ts'
import { idPattern } from '../../files/values.ts'
import { all, type Event, parameterOf, textOf } from './calendar.ts'

export interface PeopleOptions {
  /** What says who is on duty: the invited, or the title of the event. */
  readonly by: 'attendee' | 'title'
  /** Addresses, or titles, to people. Addresses in whatever letter case. */
  readonly people: Readonly<Record<string, NodeId>>
  /** Addresses under it name people by what stands before the `@`. */
  readonly domain?: string
  /** Addresses, or titles, that put nobody on duty. */
  readonly nobody: readonly string[]
}

/** @returns the people, or what nobody knows about them. */
export function peopleOf(event: Event, options: PeopleOptions): readonly NodeId[] | string {
  return options.by === 'title' ? byTitle(event, options) : byAttendees(event, options)
}

function byTitle(event: Event, { people, nobody }: PeopleOptions): readonly NodeId[] | string {
  const title = textOf(event, 'summary')?.trim()
  if (title === undefined || title === '') return 'it has no title that would say who is on duty'
  const person = Object.hasOwn(people, title) ? people[title] : undefined
  if (person !== undefined) return [person]
  if (nobody.includes(title)) return []
  return `who is \`${inert(title)}\`? name them in \`people\` of this source, or in \`nobody\``
}

/** Rooms and other things are invited too. */
const human = new Set(['INDIVIDUAL', 'UNKNOWN'])

function byAttendees(event: Event, options: PeopleOptions): readonly NodeId[] | string {
  const invited = all(event, 'attendee').filter((each) =>
    human.has((parameterOf(each, 'cutype') ?? 'INDIVIDUAL').toUpperCase()),
  )
  if (invited.length === 0) return 'nobody is invited to it, so nobody knows who is on duty'
  const found: NodeId[] = []
  for (const attendee of invited) {
    const address = String(attendee.values[0] ?? '').toLowerCase()
    const person = personAt(address.replace(/^mailto:/, ''), options)
    if (person === undefined)
      return `who is \`${inert(address)}\`? name them in \`people\` of this source, or in \`nobody\``
    if (person !== null && parameterOf(attendee, 'partstat')?.toUpperCase() !== 'DECLINED') found.push(person)
  }
  return [...new Set(found)]
}

/** `null` for nobody, `undefined` for whom nothing is known. */
function personAt(address: string, { people, domain, nobody }: PeopleOptions): NodeId | null | undefined {
  const named = Object.entries(people).find(([key]) => key.toLowerCase() === address)?.[1]
  if (named !== undefined) return named
  if (nobody.some((each) => each.toLowerCase() === address)) return null
  const [local = '', host, ...more] = address.split('@')
  if (host === undefined || more.length > 0 || host !== domain?.toLowerCase()) return undefined
  return idPattern.test(local) ? `per_${local}` : undefined
}
