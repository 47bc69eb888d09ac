/** Workloads for people: who answers for each, and loudly where nobody does. What no source says is said to be unknown. */
import type { WorkloadDetail, WorkloadPage, WorkloadView } from '../../client/index.ts'
import { assertionLines } from './assertion-lines.ts'
import { fields } from './fields.ts'
import { instantSeen } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { table } from './table.ts'
import { quoted, visible } from './visible.ts'

export function workloadTable(page: Page, { workloads, next, names }: WorkloadPage): readonly string[] {
  if (workloads.length === 0 && next === undefined) return ['no workloads']
  const columns = [
    { title: 'Workload', cell: ({ id }: WorkloadView) => named(id, names) },
    { title: 'Kind', cell: ({ kind }: WorkloadView) => kind ?? '' },
    {
      title: 'Owned by',
      cell: (one: WorkloadView) => ownedBy(one, names),
      paint: (text: string, { orphaned }: WorkloadView) => (orphaned ? page.paint.bad(text) : text),
    },
    { title: 'Runs on', cell: ({ runsOn }: WorkloadView) => runsOn.map(visible).join(', ') },
  ]
  return [
    ...table(page, columns, workloads),
    ...(next === undefined ? [] : [`there are more: --after ${visible(next)}`]),
  ]
}

function ownedBy({ orphaned, owners, active }: WorkloadView, names: Names): string {
  const gone = active ? '' : ' (deactivated)'
  return `${orphaned ? 'NOBODY' : owners.map(({ node }) => named(node, names)).join(', ')}${gone}`
}

export function workloadLines(page: Page, { workload, usage, claims, names }: WorkloadDetail): readonly string[] {
  const { id, kind, active, orphaned, owners, operators, creators, credentialHolders, changers } = workload
  const people = (all: typeof owners) =>
    all.map(
      ({ node, since }) =>
        `${named(node, names)}${since === undefined ? '' : `, known since ${instantSeen(since, page)}`}`,
    )
  const orphan = { text: 'NOBODY: it gets no override until somebody takes ownership', brush: page.paint.bad }
  return [
    page.paint.strong(named(id, names)),
    ...fields(page, [
      ['Kind', kind === undefined ? 'not stated' : kind],
      ['Active', active ? 'yes' : [{ text: 'no', brush: page.paint.bad }]],
      ['Owned by', orphaned ? [orphan, ...people(owners)] : people(owners)],
      ['Operated by', people(operators)],
      ['Created by', people(creators)],
      ['Credential', people(credentialHolders)],
      ['Changed by', people(changers)],
      ['Hands on to', people(workload.delegatesTo)],
      ['Acts for', people(workload.delegatedBy)],
      ['Runs on', workload.runsOn.map(visible)],
      ['Signs in as', credentials(page, workload)],
      ['Overrides', usage === undefined ? [] : usage.waivers.map(visible)],
      ['Last asked', usage?.lastAskedAt === undefined ? [] : instantSeen(usage.lastAskedAt, page)],
      [
        'Last used',
        usage === undefined
          ? []
          : usage.lastUsedAt === undefined
            ? 'no use was seen'
            : instantSeen(usage.lastUsedAt, page),
      ],
    ]),
    ...claims.flatMap((claim) => ['', ...assertionLines(page, claim, names)]),
  ]
}

function credentials(
  page: Page,
  { credentials: all, credentialsCount }: WorkloadDetail['workload'],
): readonly string[] {
  if (all.length === 0) return credentialsCount === 0 ? [] : [`${credentialsCount}, shown to those who control it`]
  return all.map(({ login, on, account, since }) => {
    const where = login === undefined ? visible(account) : `${quoted(login)} on ${visible(on ?? '')}`
    return `${where}, ${since === undefined ? 'nobody says since when' : `known since ${instantSeen(since, page)}`}`
  })
}
