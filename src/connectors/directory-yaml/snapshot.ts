/**
 * Directory files as one source's snapshot: facts, and the turns of duty around a moment. Pure: the text and the moment
 * come in, the same text and day give the same snapshot.
 */
import type { NodeId, SourceId, SourceSnapshot } from '../../core/directory.ts'
import type { Instant, Window } from '../../core/time.ts'
import { type DirectoryContent, readDirectory } from '../../files/directory.ts'
import { withPrefix } from '../../files/reference.ts'
import { capped, type FileText, type Read } from '../../files/yaml.ts'
import { type Hours, horizonAt, type Rotation, revisionWithWeek, turnsOf } from '../rota.ts'
import { type Facts, factsOf } from './facts.ts'

export interface SnapshotOptions {
  readonly source: SourceId
  /** The revision of the text: a content hash, a commit. The week of `now` is added, because turns depend on it. */
  readonly revision: string
  readonly now: Instant
  /** Overrides `staleAfter` of the files. */
  readonly staleAfterSeconds?: number
}

export function snapshotOf(files: readonly FileText[], options: SnapshotOptions): Read<SourceSnapshot> {
  const read = readDirectory(files)
  if ('problems' in read) return read
  const content = read.value
  const facts = factsOf(content)
  if (facts.problems.length > 0) return { problems: capped(facts.problems) }
  const within = horizonAt(options.now)
  const source = {
    id: options.source,
    revision: revisionWithWeek(options.revision, options.now),
    observedAt: options.now,
    staleAfterSeconds: options.staleAfterSeconds ?? content.staleAfterSeconds,
  }
  const { nodes, relations, absences, access } = facts
  const shifts = shiftsOf(content, absences, within)
  return {
    value: {
      source,
      nodes,
      relations,
      shifts,
      ...(access.length === 0 ? {} : { access }),
      ...(absences.length === 0 ? {} : { absences }),
    },
  }
}

function shiftsOf(content: DirectoryContent, absences: Facts['absences'], within: Window): SourceSnapshot['shifts'] {
  const leave = absences
    .filter(({ start, end }) => start < within.end && end > within.start)
    .map(({ person: member, start, end }) => ({ member, start, end }))
  return [...content.rotas].flatMap(([rota, { value }]) => {
    const exceptions = value.overrides.map(({ person: by, instead, start, end }) => ({
      member: person(by),
      start,
      end,
      ...(instead === undefined ? {} : { instead: person(instead) }),
    }))
    const rules = {
      rotations: value.rotations.map(rotationOf),
      layers: value.layers.map(rotationOf),
      exceptions,
      leave,
    }
    const turns = turnsOf(rules, within).map(({ member, start, end }) => ({ rota, person: member, start, end }))
    return [...turns, ...value.shifts.map(({ person: by, start, end }) => ({ rota, person: person(by), start, end }))]
  })
}

type Written =
  DirectoryContent['rotas'] extends ReadonlyMap<string, { value: { rotations: (infer Item)[] } }> ? Item : never

function rotationOf({ members, start, until, every, timeZone, daily, days }: Written): Rotation {
  return {
    members: members.map(person),
    start,
    everySeconds: every,
    zone: timeZone,
    ...(until === undefined ? {} : { until }),
    ...(daily === undefined && days === undefined
      ? {}
      : { hours: hoursOf(daily, days), keepsHours: daily !== undefined }),
  }
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const daySeconds = 86_400

function hoursOf(daily: Written['daily'], days: Written['days']): readonly Hours[] {
  const [from, to] = [secondsOfClock(daily?.from ?? '00:00'), secondsOfClock(daily?.to ?? '24:00')]
  const span = { startSeconds: from, lengthSeconds: to > from ? to - from : to + daySeconds - from }
  return days === undefined ? [span] : days.map((day) => ({ ...span, weekday: weekdays.indexOf(day) }))
}

function secondsOfClock(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes) * 60
}

function person(name: string): NodeId {
  return withPrefix('per', name)
}
