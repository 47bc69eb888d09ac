/** Why are these two not independent of each other? As text, as a document, or as a picture of the paths. */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { ExplanationView, VerdictView } from '../../../client/index.ts'
import { type DrawnPath, pathsSvg } from '../../../report/paths.ts'
import { conflictLines } from '../../output/conflicts.ts'
import { named } from '../../output/names.ts'
import type { Names, Page } from '../../output/page.ts'
import { abbreviated, quoted, visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options {
  readonly system?: string
  readonly svg?: string
}

export function addExplain(parent: Command, registry: Registry): void {
  parent
    .command('explain')
    .summary('why are these two not independent?')
    .description(
      'Whether the second could decide what the first asks for, and the other way round, with every conflict and the path that proves it, from the engine that decides. Deciders and reviewers see the paths.',
    )
    .argument('<asker>', 'who would ask, such as `per_maria`')
    .argument('<decider>', 'who would decide, such as `per_tom`')
    .option('--system <id>', 'the target, where it matters who runs it')
    .option('--svg <file>', 'write a picture of the paths')
    .action(
      performs<Options, [string, string]>(registry, async (call, { system, svg }, asker, decider) => {
        const { client } = await sessionOf(call)
        const explanation = answered(
          await client.explain({ asker, decider, ...(system === undefined ? {} : { system }) }),
        )
        if (svg !== undefined) await writeFile(svg, pictureOf(explanation))
        return {
          document: svg === undefined ? explanation : { ...explanation, picture: svg },
          lines: [
            ...verdictLines(call.page, explanation.verdict, asker, explanation.names),
            '',
            ...verdictLines(call.page, explanation.otherWay, decider, explanation.names),
            ...(svg === undefined ? [] : ['', `the picture is in ${quoted(svg)}`]),
          ],
        }
      }),
    )
}

function verdictLines(page: Page, verdict: VerdictView, asker: string, names: Names): readonly string[] {
  const { independent, conflicts, person } = verdict
  const heading = headingOf(verdict, asker, (id) => named(id, names))
  return [
    independent ? page.paint.good(heading) : page.paint.bad(heading),
    ...conflictLines(page, conflicts, { ...names, [person]: names[person] ?? person }),
  ]
}

function headingOf(
  { person, independent, additionalCountersigners }: VerdictView,
  asker: string,
  nameOf: (id: string) => string,
): string {
  const could = independent ? 'could decide' : 'cannot decide'
  const more = independent && additionalCountersigners > 0 ? ', with one countersigner more' : ''
  return `${nameOf(person)} ${could} what ${nameOf(asker)} asks for${more}`
}

/** What is not shown to whoever asks is not in the picture either. */
export function pictureOf({
  asker,
  decider,
  system,
  verdict,
  otherWay,
  directory,
  nowAt,
  names,
}: ExplanationView): string {
  const nameOf = (id: string) => names[id] ?? id
  const both = verdict.independent && otherWay.independent
  const target = system === undefined ? '' : `, on ${nameOf(system)}`
  const section = (one: VerdictView, from: string) => ({
    heading: headingOf(one, from, nameOf),
    good: one.independent,
    paths: one.conflicts.map((conflict) => drawn(conflict, nameOf)),
  })
  return pathsSvg({
    title: `${nameOf(decider)} and ${nameOf(asker)} are ${both ? '' : 'not '}independent of each other${target}`,
    subtitle: `by the directory of ${nowAt.slice(0, 16).replace('T', ' ')} UTC, revision ${abbreviated(directory)}`,
    sections: [section(verdict, asker), section(otherWay, decider)],
  })
}

/** As they stand in our own sentences. */
const ids = /\b(?:per|acc|team|wl|sys|rota)_[A-Za-z0-9][A-Za-z0-9._:@+-]*[A-Za-z0-9]/g

function drawn(
  { code, because = '', path = [] }: VerdictView['conflicts'][number],
  nameOf: (id: string) => string,
): DrawnPath {
  const node = (id: string) => ({ id, name: nameOf(id) })
  const [first] = path
  return {
    code,
    because: because === '' ? 'the path is not shown to you' : because.replaceAll(ids, nameOf),
    nodes: first === undefined ? [] : [node(first.from), ...path.map(({ to }) => node(to))],
    links: path.map(({ relation, against, source, revision, until }) => ({
      label: visible(relation).replaceAll('-', ' '),
      against: against === true,
      said: source === 'countersign' ? `record ${revision}` : `says ${source}`,
      ...(until === undefined ? {} : { until }),
    })),
  }
}
