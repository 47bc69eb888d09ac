/**
 * The schedules of a folder of Terraform files, as rules for turns. Later layers lie over earlier ones, restrictions are
 * in the zone of the schedule, and turns are as long on its wall clock as they say. What is not understood, and might
 * change who is on duty, is a problem; other resources are passed over.
 */
import { type Instant, parseInstant } from '../../core/time.ts'
import type { Problem } from '../../files/yaml.ts'
import { isZone } from '../../lib/zone.ts'
import type { Hours } from '../rota.ts'
import type { Attribute, Block, Expression } from './blocks.ts'
import { Fields } from './fields.ts'

export interface Schedule {
  /** Name of the resource, by which other files refer to it. */
  readonly key: string
  readonly name: string
  readonly zone: string
  /** Lowest first. */
  readonly layers: readonly Layer[]
  readonly where: string
}

export interface Layer {
  readonly users: readonly User[]
  readonly start: Instant
  readonly end?: Instant
  readonly countedFrom: Instant
  readonly turnSeconds: number
  readonly hours: readonly Hours[]
}

export interface User {
  /** Every name by which the files know this user: the reference as it stands, what it leads to, an address. */
  readonly names: readonly string[]
  readonly where: string
}

const scheduleType = 'pagerduty_schedule'

export function schedulesIn(blocks: readonly Block[]): {
  schedules: readonly Schedule[]
  problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const users = usersIn(blocks)
  const schedules = blocks.flatMap((block) => {
    const [type = '', key = ''] = block.labels
    if (block.type !== 'resource' || !type.startsWith(scheduleType)) return []
    if (type !== scheduleType) {
      problems.push({ where: block.where, message: `resources of the type \`${type}\` are not understood` })
      return []
    }
    return scheduleOf(new Fields(block, problems), key, users) ?? []
  })
  return { schedules, problems }
}

function scheduleOf(
  fields: Fields,
  key: string,
  users: (reference: Expression) => readonly string[],
): Schedule | undefined {
  const name = fields.text('name')
  const zone = fields.text('time_zone')
  const layers = fields.blocks('layer').map((layer) => layerOf(layer, users))
  fields.passOver(['description', 'overflow', 'teams', 'depends_on', 'provider'], ['lifecycle', 'timeouts'])
  fields.done()
  if (zone !== undefined && !isZone(zone.value)) fields.report(zone.where, `\`${zone.value}\` is no time zone`)
  if (layers.length === 0) fields.report(fields.where, 'a schedule needs a layer')
  const whole = layers.flatMap((layer) => layer ?? [])
  if (zone === undefined || whole.length < layers.length) return undefined
  return { key, name: name?.value ?? key, zone: zone.value, layers: whole, where: fields.where }
}

function layerOf(fields: Fields, users: (reference: Expression) => readonly string[]): Layer | undefined {
  const start = instantAt(fields, 'start', true)
  const end = instantAt(fields, 'end', false)
  const countedFrom = instantAt(fields, 'rotation_virtual_start', true)
  const turn = fields.number('rotation_turn_length_seconds')
  const list = fields.list('users')
  const hours = fields.blocks('restriction').map(hoursOf)
  fields.passOver(['name'], [])
  fields.done()
  if (turn !== undefined && !(Number.isInteger(turn.value) && turn.value >= 3_600 && turn.value <= 365 * 86_400))
    fields.report(turn.where, 'expected whole seconds, at least an hour and at most a year')
  if (list?.length === 0) fields.report(fields.where, 'a layer without users puts nobody on duty')
  const isComplete = start !== undefined && countedFrom !== undefined && turn !== undefined && list !== undefined
  if (!isComplete || hours.includes(undefined)) return undefined
  return {
    start,
    countedFrom,
    ...(end === undefined ? {} : { end }),
    turnSeconds: turn.value,
    users: list.map((user) => ({ names: namesOf(user, fields, users), where: user.where })),
    hours: hours.flatMap((each) => each ?? []),
  }
}

function hoursOf(fields: Fields): Hours | undefined {
  const type = fields.text('type')
  const clock = fields.text('start_time_of_day')
  const length = fields.number('duration_seconds')
  const weekly = type?.value === 'weekly_restriction'
  const day = weekly ? fields.number('start_day_of_week') : undefined
  fields.done()
  if (type !== undefined && !weekly && type.value !== 'daily_restriction')
    fields.report(type.where, `expected \`daily_restriction\` or \`weekly_restriction\`, got \`${type.value}\``)
  const time = clock === undefined ? null : /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(clock.value)
  if (clock !== undefined && time === null)
    fields.report(clock.where, `expected a time such as \`08:00:00\`, got \`${clock.value}\``)
  const lengthMax = (weekly ? 7 : 1) * 86_400
  if (length !== undefined && !(Number.isInteger(length.value) && length.value >= 1 && length.value <= lengthMax))
    fields.report(length.where, `expected 1 to ${lengthMax} seconds`)
  if (day !== undefined && ![1, 2, 3, 4, 5, 6, 7].includes(day.value))
    fields.report(day.where, 'expected a day from 1, which is Monday, to 7')
  if (time === null || length === undefined || (weekly && day === undefined)) return undefined
  const [hours, minutes, seconds] = [1, 2, 3].map((place) => Number(time[place] ?? 0)) as [number, number, number]
  return {
    startSeconds: hours * 3_600 + minutes * 60 + seconds,
    lengthSeconds: length.value,
    ...(day === undefined ? {} : { weekday: day.value - 1 }),
  }
}

function instantAt(fields: Fields, name: string, needed: boolean): Instant | undefined {
  const text = fields.text(name, needed)
  if (text === undefined) return undefined
  const instant = parseInstant(text.value)
  if (instant === undefined)
    fields.report(text.where, `expected a moment such as \`2026-11-23T09:00:00Z\`, got \`${text.value}\``)
  return instant
}

function namesOf(
  user: Expression,
  fields: Fields,
  users: (reference: Expression) => readonly string[],
): readonly string[] {
  if (user.kind === 'reference' || user.kind === 'text') return users(user)
  fields.report(
    user.where,
    'expected a reference to a user, such as `pagerduty_user.maria.id`; what is computed is not understood',
  )
  return []
}

const referencesMax = 16

/** Follows `local.…` to what it stands for, and a user of the same files to its address. */
function usersIn(blocks: readonly Block[]): (reference: Expression) => readonly string[] {
  const locals = new Map<string, Attribute>()
  const addresses = new Map<string, string>()
  for (const { type, labels, attributes } of blocks) {
    if (type === 'locals') for (const attribute of attributes) locals.set(`local.${attribute.name}`, attribute)
    const [kind, key] = labels
    const address = attributes.find(({ name }) => name === 'email')?.value
    if (kind !== 'pagerduty_user' || address?.kind !== 'text') continue
    addresses.set(`${type === 'data' ? 'data.' : ''}pagerduty_user.${key}.id`, address.value.toLowerCase())
  }
  return (reference) => {
    const names: string[] = []
    let current: Expression | undefined = reference
    // A local may stand for itself in a broken file.
    while (names.length < referencesMax && (current?.kind === 'reference' || current?.kind === 'text')) {
      names.push(current.value)
      current = locals.get(current.value)?.value
    }
    const address = addresses.get(names.at(-1) ?? '')
    return address === undefined ? names : [...names, address]
  }
}
