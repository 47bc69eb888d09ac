/**
 * A calendar as a source of one rota: reads it from a file, a folder or an address, and computes who is on duty when.
 */
import { basename } from 'node:path'
import { z } from 'zod'
import type { NodeId, SourceSnapshot } from '../../core/directory.ts'
import { type Instant, instantOf, millisOf } from '../../core/time.ts'
import { readFilesOf } from '../../files/folder.ts'
import { exactText, idText, nameText } from '../../files/values.ts'
import { capped, type FileText } from '../../files/yaml.ts'
import { isZone } from '../../lib/zone.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { FactsDraft, revisionOfTexts, type SourceOptions, stateOf } from '../facts-draft.ts'
import { horizonAt, revisionWithWeek } from '../rota.ts'
import { nobodies, peopleByName } from '../settings.ts'
import { type Calendar, calendarsOf, textOf } from './calendar.ts'
import { fetchText } from './fetch.ts'
import { occurrencesIn } from './occurrences.ts'
import { type PeopleOptions, peopleOf } from './people.ts'
import { ianaZone } from './zones.ts'

export const icalendarSettings = {
  calendar: z
    .string()
    .min(1)
    .describe(
      'an `.ics` file or a folder of them, an `https:` address, or a reference to one: `env:NAME`, `file:/path`',
    ),
  rota: idText.describe('the rota that this calendar is: `payments-primary` is `rota_payments-primary`'),
  name: nameText.exactOptional().describe('shown to people; default: as the calendar calls itself'),
  by: z.enum(['attendee', 'title']).default('attendee').describe('what says who is on duty'),
  people: peopleByName.describe('addresses, or titles of events, to people'),
  domain: exactText.exactOptional().describe('addresses under it name people by what stands before the `@`'),
  nobody: nobodies.describe('addresses, or titles, that put nobody on duty'),
  timeZone: z
    .string()
    .refine(isZone, { error: 'expected a time zone such as `Europe/London`' })
    .exactOptional()
    .describe('of times that do not say theirs; default: as the calendar says'),
}

export interface DirectoryIcalendarOptions extends SourceOptions, PeopleOptions {
  /** A path, or an address. */
  readonly calendar: string
  readonly rota: string
  readonly name?: string
  readonly timeZone?: string
}

/** @throws {SourceError} from `read`, with every problem at the line of its event. */
export function directoryIcalendar(options: DirectoryIcalendarOptions): DirectorySource {
  return {
    kind: 'directory-icalendar',
    async read(now: Instant): Promise<SourceSnapshot> {
      const texts = await textsOf(options.calendar)
      const calendars = texts.flatMap((text) => {
        const read = calendarsOf(text)
        if ('problems' in read) throw new SourceError(read.problems)
        return read.value
      })
      const revision = revisionOfTexts(texts.map(({ name, text }) => `${basename(name)}\n${withoutStamps(text)}`))
      return draftOf(calendars, options, now).snapshot(stateOf(options, revisionWithWeek(revision, now), now))
    },
  }
}

async function textsOf(calendar: string): Promise<readonly FileText[]> {
  if (/^https?:/i.test(calendar)) return [await fetchText(calendar)]
  const files = await readFilesOf(calendar, ['.ics'])
  if ('problems' in files) throw new SourceError(files.problems)
  return files.value
}

/** Many servers write the moment of the answer into every event. */
function withoutStamps(text: string): string {
  return text.replaceAll(/^(?:DTSTAMP|LAST-MODIFIED)[:;][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim, '')
}

function draftOf(calendars: readonly Calendar[], options: DirectoryIcalendarOptions, now: Instant): FactsDraft {
  const draft = new FactsDraft()
  const id = `rota_${options.rota}`
  const own = calendars.map((calendar) => textOf(calendar, 'x-wr-calname')).find((name) => name !== undefined)
  draft.describe({ id, kind: 'rota', name: options.name ?? visible(own) ?? options.rota }, () => options.calendar)
  for (const calendar of calendars) addTurns(draft, id, calendar, options, now)
  return draft
}

/** The library leaves it as it is written. A name that hides something is not shown. */
function visible(name: string | undefined): string | undefined {
  return nameText.safeParse(name?.replaceAll(/\\([,;\\])/g, '$1')).data
}

function addTurns(
  draft: FactsDraft,
  rota: NodeId,
  calendar: Calendar,
  options: DirectoryIcalendarOptions,
  now: Instant,
): void {
  const horizon = horizonAt(now)
  const within = { start: millisOf(horizon.start), end: millisOf(horizon.end) }
  const fallback = ianaZone(options.timeZone ?? textOf(calendar, 'x-wr-timezone') ?? '')
  const { occurrences, problems } = occurrencesIn(calendar, within, fallback)
  for (const { where, message } of capped(problems)) draft.report(where, message)
  const people = new Map<unknown, readonly NodeId[]>()
  for (const { event, start, end } of occurrences) {
    if (!people.has(event)) {
      const found = peopleOf(event, options)
      if (typeof found === 'string') draft.report(event.where, found)
      people.set(event, typeof found === 'string' ? [] : found)
    }
    for (const person of people.get(event) ?? [])
      draft.shifts.push({ rota, person, start: instantOf(start), end: instantOf(end) })
  }
}
