/**
 * Directory files as one source's snapshot: facts, and the turns of duty around a moment. Pure: the text and the moment
 * come in, the same text and day give the same snapshot.
 */
import type { SourceId, SourceSnapshot } from '../../core/directory.ts'
import { type Instant, instantOf, millisOf, type Window } from '../../core/time.ts'
import { type DirectoryContent, readDirectory } from '../../files/directory.ts'
import { withPrefix } from '../../files/reference.ts'
import { capped, type FileText, type Read } from '../../files/yaml.ts'
import { factsOf } from './facts.ts'
import { type Rotation, turnsOf } from './rotation.ts'

export interface SnapshotOptions {
  readonly source: SourceId
  /** The revision of the text: a content hash, a commit. The day of `now` is added, because turns depend on it. */
  readonly revision: string
  readonly now: Instant
  /** Days of turns computed from the day of `now` on. Default 35. */
  readonly horizonDays?: number
  /** Overrides `staleAfter` of the files. */
  readonly staleAfterSeconds?: number
}

const dayMillis = 86_400_000
const horizonDaysDefault = 35

export function snapshotOf(files: readonly FileText[], options: SnapshotOptions): Read<SourceSnapshot> {
  const read = readDirectory(files)
  if ('problems' in read) return read
  const content = read.value
  const facts = factsOf(content)
  if (facts.problems.length > 0) return { problems: capped(facts.problems) }
  const source = {
    id: options.source,
    revision: `${options.revision}@${options.now.slice(0, 10)}`,
    observedAt: options.now,
    staleAfterSeconds: options.staleAfterSeconds ?? content.staleAfterSeconds,
  }
  const { nodes, relations, absences } = facts
  return {
    value: {
      source,
      nodes,
      relations,
      shifts: shiftsOf(content, horizon(options)),
      ...(absences.length === 0 ? {} : { absences }),
    },
  }
}

/** From the beginning of yesterday, so that whoever is on duty at midnight is found, to the end of the horizon. */
function horizon({ now, horizonDays = horizonDaysDefault }: SnapshotOptions): Window {
  const today = Math.floor(millisOf(now) / dayMillis) * dayMillis
  return { start: instantOf(today - dayMillis), end: instantOf(today + horizonDays * dayMillis) }
}

function shiftsOf(content: DirectoryContent, within: Window): SourceSnapshot['shifts'] {
  const person = (name: string) => withPrefix('per', name)
  return [...content.rotas].flatMap(([rota, { value }]) => [
    ...value.rotations.flatMap((rotation) =>
      turnsOf(rotationOf(rotation), within).map(({ member, start, end }) => ({
        rota,
        person: person(member),
        start,
        end,
      })),
    ),
    ...value.shifts.map((shift) => ({ rota, person: person(shift.person), start: shift.start, end: shift.end })),
  ])
}

type Written =
  DirectoryContent['rotas'] extends ReadonlyMap<string, { value: { rotations: (infer Item)[] } }> ? Item : never

function rotationOf({ members, start, every, daily }: Written): Rotation {
  return { members, start, everySeconds: every, ...(daily === undefined ? {} : { daily }) }
}
