/** Who says what about somebody: every fact with its sources beside it, disagreements last, where one looks. */
import type { ProvenanceView } from '../../client/index.ts'
import { instantIn } from './moments.ts'
import { named } from './names.ts'
import type { Page } from './page.ts'
import { table } from './table.ts'
import { abbreviated, quoted, visible } from './visible.ts'

type Saying = ProvenanceView['relations'][number]['said'][number]

export function provenanceLines(page: Page, view: ProvenanceView): readonly string[] {
  const { id, descriptions, disagreements, names } = view
  const { paint } = page
  const title = descriptions[0] === undefined ? id : named(id, { ...names, [id]: descriptions[0].name })
  return [
    paint.strong(title),
    ...block('Described by', table(page, describing(page, view), descriptions)),
    ...block('Relations', table(page, relating(page, view), [...view.relations])),
    ...block('Standing access, as stated', table(page, stating(page, view), [...view.access])),
    ...block(
      'Can use, by other means than waivers',
      view.uses.map((use) => useLine(use, view)),
    ),
    ...block(
      'Away',
      view.absences.map(
        ({ start, end, source }) => `${when(page, start)} to ${when(page, end)}, says ${visible(source)}`,
      ),
    ),
    ...(disagreements.length === 0
      ? ['', paint.good('no two sources disagree')]
      : block(
          'Sources disagree',
          disagreements.map(({ sentence }) => paint.bad(visible(sentence))),
        )),
  ]
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
}

function describing(page: Page, { sources }: ProvenanceView) {
  type Node = ProvenanceView['descriptions'][number]
  const of = new Map(sources.map((source) => [source.id, source]))
  return [
    { title: 'Source', cell: ({ source }: Node) => visible(source) },
    {
      title: 'Kind',
      cell: ({ kind, workloadKind, external }: Node) =>
        [kind, workloadKind, external === true ? 'external' : undefined]
          .filter((word) => word !== undefined)
          .map(visible)
          .join(', '),
    },
    { title: 'Name', cell: ({ name }: Node) => visible(name) },
    {
      title: 'Account',
      cell: ({ on, login }: Node) => (login === undefined ? '' : `${quoted(login)} on ${visible(on ?? '?')}`),
    },
    { title: 'Gone since', cell: ({ until }: Node) => (until === undefined ? '' : when(page, until)) },
    {
      title: 'Revision',
      cell: ({ source }: Node) => {
        const own = of.get(source)
        return own === undefined ? '' : `${abbreviated(own.revision)}${own.stale ? ', TOO OLD' : ''}`
      },
    },
  ]
}

function relating(page: Page, { names }: ProvenanceView) {
  type Relation = ProvenanceView['relations'][number]
  return [
    { title: 'From', cell: ({ from }: Relation) => named(from, names) },
    { title: '', cell: ({ relation }: Relation) => visible(relation.replaceAll('-', ' ')) },
    { title: 'To', cell: ({ to }: Relation) => named(to, names) },
    { title: 'Says', cell: ({ said }: Relation) => sayings(page, said) },
    { title: 'Does not say', cell: ({ silent }: Relation) => silent.map(visible).join(', ') },
  ]
}

function stating(page: Page, { names }: ProvenanceView) {
  type Access = ProvenanceView['access'][number]
  return [
    { title: 'Holder', cell: ({ holder }: Access) => named(holder, names) },
    { title: 'Entitlement', cell: ({ entitlement }: Access) => visible(entitlement) },
    { title: 'System', cell: ({ system }: Access) => named(system, names) },
    { title: 'Says', cell: ({ said }: Access) => sayings(page, said) },
  ]
}

function useLine(
  { system, entitlement, holder, source, path }: ProvenanceView['uses'][number],
  { id, names }: ProvenanceView,
): string {
  const way =
    holder === id ? '' : `, through ${[...path.map(({ to }) => to)].map((to) => named(to, names)).join(' → ')}`
  return `${visible(entitlement)} on ${named(system, names)}${way}, says ${visible(source)}`
}

function sayings(page: Page, said: readonly Saying[]): string {
  return said
    .map(({ source, since, until, confirmed }) =>
      [
        visible(source),
        since === undefined ? '' : ` since ${when(page, since)}`,
        until === undefined ? '' : ` until ${when(page, until)}`,
        confirmed === undefined ? '' : confirmed ? ', confirmed' : ', not confirmed',
      ].join(''),
    )
    .join('; ')
}

function when({ timeZone }: Page, instant: string): string {
  return instantIn(instant, timeZone)
}
