/**
 * What an iCalendar text says (RFC 5545), as events with their places. The library reads the lines; values that are not
 * understood are problems here rather than guesses. Nothing is computed from rules.
 */
import ICAL from 'ical.js'
import type { FileText, Problem, Read } from '../../files/yaml.ts'

/** A component or property as jCal (RFC 7265) has it. */
export interface Component {
  readonly name: string
  readonly properties: readonly Property[]
  readonly components: readonly Component[]
}

export interface Property {
  readonly name: string
  readonly parameters: Readonly<Record<string, string | readonly string[]>>
  readonly type: string
  readonly values: readonly unknown[]
}

export interface Event extends Component {
  /** The line its component begins on: `rota.ics:17:1`. */
  readonly where: string
}

export interface Calendar {
  readonly name: string
  readonly properties: readonly Property[]
  readonly zones: readonly Component[]
  readonly events: readonly Event[]
}

const charactersMax = 16 * 1024 * 1024

export function calendarsOf({ name, text }: FileText): Read<readonly Calendar[]> {
  if (text.length > charactersMax) return problem(`${name}:1:1`, `is longer than ${charactersMax} characters`)
  const read = jcalOf(text)
  if (typeof read === 'string') return problem(`${name}:1:1`, `is no calendar: ${read}`)
  const components = (isJcal(read) ? [read] : read).map(componentOf)
  if (components.length === 0 || components.some((component) => component.name !== 'vcalendar'))
    return problem(`${name}:1:1`, 'is no calendar: it holds no `BEGIN:VCALENDAR`')
  const lines = beginningsOf(text)
  return {
    value: components.map((component) => {
      const own = (wanted: string) => component.components.filter((each) => each.name === wanted)
      const events = own('vevent').map((event) => ({ ...event, where: `${name}:${lines.shift() ?? 1}:1` }))
      return { name, properties: component.properties, zones: own('vtimezone'), events }
    }),
  }
}

export function first({ properties }: Pick<Component, 'properties'>, name: string): Property | undefined {
  return properties.find((each) => each.name === name)
}

export function all({ properties }: Pick<Component, 'properties'>, name: string): readonly Property[] {
  return properties.filter((each) => each.name === name)
}

/** The one text of a property; what has several is not one text. */
export function textOf(component: Pick<Component, 'properties'>, name: string): string | undefined {
  const values = first(component, name)?.values ?? []
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : undefined
}

export function parameterOf({ parameters }: Property, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' ? value : undefined
}

type Jcal = readonly [string, readonly unknown[], readonly Jcal[]]

/** @returns what the library says is wrong. It throws errors of several kinds for texts that are no calendars. */
function jcalOf(text: string): Jcal | readonly Jcal[] | string {
  try {
    return ICAL.parse(text) as unknown as Jcal | readonly Jcal[]
  } catch (error) {
    const message =
      error instanceof Error && error.name !== 'TypeError' ? error.message : 'something stands outside of it'
    return message.replaceAll(/"([^"]*)"/g, '`$1`').slice(0, 200)
  }
}

function isJcal(read: Jcal | readonly Jcal[]): read is Jcal {
  return typeof read[0] === 'string'
}

function componentOf([name, properties, components]: Jcal): Component {
  return { name, properties: properties.map(propertyOf), components: components.map(componentOf) }
}

function propertyOf(jcal: unknown): Property {
  const [name, parameters, type, ...values] = jcal as [string, Property['parameters'], string, ...unknown[]]
  return { name, parameters, type, values }
}

/** Lines on which events begin; a folded line begins with a space and is none. */
function beginningsOf(text: string): number[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => (/^BEGIN:VEVENT\s*$/i.test(line) ? [index + 1] : []))
}

function problem(where: string, message: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ where, message }] }
}
