/**
 * On-call schedules kept as Terraform, as a source of rotas: reads the folder and computes the turns. PagerDuty itself is
 * never asked: the files are what was agreed to. Turns that somebody took over by hand there are not in them.
 */
import { basename } from 'node:path'
import { z } from 'zod'
import type { NodeId, SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { readFilesOf } from '../../files/folder.ts'
import { capped } from '../../files/yaml.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { FactsDraft, revisionOfTexts, type SourceOptions, stateOf } from '../facts-draft.ts'
import { horizonAt, type Rotation, revisionWithWeek, turnsOf } from '../rota.ts'
import { namespace, nobodies, peopleByName } from '../settings.ts'
import { type Block, blocksOf } from './blocks.ts'
import { type Layer, type Schedule, schedulesIn, type User } from './schedules.ts'

export const pagerdutyTerraformSettings = {
  path: z.string().min(1).describe('a `.tf` file or a folder of them, from this file'),
  namespace: namespace.default('pagerduty').describe('a schedule is `rota_<namespace>.<resource>`'),
  people: peopleByName.describe('who is meant: a reference such as `local.maria`, or an address, to a person'),
  nobody: nobodies.describe('references that are no person, such as a shared inbox'),
}

export interface DirectoryPagerdutyTerraformOptions extends SourceOptions {
  readonly path: string
  readonly namespace: string
  readonly people: Readonly<Record<string, NodeId>>
  readonly nobody: readonly string[]
}

/** @throws {SourceError} from `read`, with every problem as `file:line:column`. */
export function directoryPagerdutyTerraform(options: DirectoryPagerdutyTerraformOptions): DirectorySource {
  return {
    kind: 'directory-pagerduty-terraform',
    async read(now: Instant): Promise<SourceSnapshot> {
      const files = await readFilesOf(options.path, ['.tf'])
      if ('problems' in files) throw new SourceError(files.problems)
      const blocks: Block[] = []
      for (const { name, text } of files.value) {
        const read = blocksOf(name, text)
        if ('problems' in read) throw new SourceError(read.problems)
        blocks.push(...read.value)
      }
      const { schedules, problems } = schedulesIn(blocks)
      if (problems.length > 0) throw new SourceError(capped(problems))
      const draft = draftOf(schedules, options, now)
      if (schedules.length === 0) draft.report(`${options.path}:1:1`, 'holds no `pagerduty_schedule`')
      const revision = revisionOfTexts(files.value.map(({ name, text }) => `${basename(name)}\n${text}`))
      return draft.snapshot(stateOf(options, revisionWithWeek(revision, now), now))
    },
  }
}

function draftOf(
  schedules: readonly Schedule[],
  options: DirectoryPagerdutyTerraformOptions,
  now: Instant,
): FactsDraft {
  const draft = new FactsDraft()
  for (const { key, name, zone, layers, where } of schedules) {
    const id = draft.idFor(`rota_${options.namespace}.${key.toLowerCase()}`, key, () => where)
    draft.describe({ id, kind: 'rota', name }, () => where)
    const rotations = layers.map((layer) => rotationOf(layer, zone, (user) => personFor(user, options, draft)))
    for (const person of new Set(rotations.flatMap(({ members }) => members)))
      if (person !== undefined) draft.relate(person, 'on-rota', id)
    const rules = { rotations: [], layers: rotations, exceptions: [], leave: [] }
    for (const { member, start, end } of turnsOf(rules, horizonAt(now)))
      draft.shifts.push({ rota: id, person: member, start, end })
  }
  return draft
}

function rotationOf(layer: Layer, zone: string, person: (user: User) => NodeId | undefined): Rotation {
  const { users, start, end, countedFrom, turnSeconds, hours } = layer
  return {
    members: users.map(person),
    start: countedFrom,
    from: start,
    ...(end === undefined ? {} : { until: end }),
    everySeconds: turnSeconds,
    zone,
    ...(hours.length === 0 ? {} : { hours }),
  }
}

/** Nobody is guessed: a user of whom the settings say nothing makes the source unreadable. */
function personFor(
  { names, where }: User,
  { people, nobody }: DirectoryPagerdutyTerraformOptions,
  draft: FactsDraft,
): NodeId | undefined {
  if (names.length === 0) return undefined
  const found = [...new Set(names.flatMap((name) => (Object.hasOwn(people, name) ? [people[name] as NodeId] : [])))]
  const isNobody = names.some((name) => nobody.includes(name))
  const [person] = found
  const shown = names.map((name) => `\`${name}\``).join(', which is ')
  if (found.length > 1) return draft.report(where, `${shown} would be ${found.map((id) => `\`${id}\``).join(' and ')}`)
  if (person !== undefined && isNobody) return draft.report(where, `${shown} is said to be \`${person}\` and nobody`)
  if (person === undefined && !isNobody)
    return draft.report(where, `who is ${shown}? name them in \`people\` of this source, or in \`nobody\``)
  return person
}
