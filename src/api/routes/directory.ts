/** The directory: how fresh it is, who is in it, and reading its sources again. Nothing is ever written by hand. */
import type { DirectoryNode, Shift } from '../../core/directory.ts'
import { countersignSystem } from '../../core/directory.ts'
import { refusal } from '../../core/refusal.ts'
import { directoryAgeSeconds, hasHandsOn, holdsAccount } from '../../core/standing.ts'
import { instantOf, millisOf } from '../../core/time.ts'
import { importDirectory, type SourceReport } from '../../engine/directories.ts'
import { reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { keyOf, refusalProblem } from '../perform.ts'
import { isProblem, problem } from '../problem.ts'
import { answerOnce } from '../repeat.ts'
import {
  type DirectoryView,
  directory,
  importBody,
  imported,
  type NodeDetail,
  type NodeView,
  nodeDetail,
  nodePath,
  nodeQuery,
  nodes,
} from '../schema/directory.ts'
import { namesIn, readsEverything, type Sight, seesAccountsOf, seesSettings, sightFor } from '../sight.ts'

interface Counts {
  readonly nodes: number
  readonly relations: number
  readonly shifts: number
}

export function directoryRoutes(scope: Scope, parts: Parts): void {
  freshness(scope, parts)
  reading(scope, parts)
  people(scope, parts)
}

function freshness(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'directory',
    tags: ['directory'],
    summary: 'Which directory is in force and how old it is',
    ok: directory,
  })
  scope.get('/v1/directory', { schema: about }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const record = (await parts.machinery.store.records.find('directory')) as { readonly counts: Counts } | undefined
    return directoryView(sight, record?.counts ?? { nodes: 0, relations: 0, shifts: 0 })
  })
}

function directoryView({ directory: compiled, known, now }: Sight, counts: Counts): DirectoryView {
  const millis = millisOf(now)
  const sources = compiled.sources.map(({ id, revision, observedAt, freshUntil }) => {
    const readable = !Number.isNaN(observedAt)
    return {
      id,
      revision,
      observedAt: readable ? instantOf(observedAt) : null,
      ageSeconds: readable ? (millis - observedAt) / 1000 : null,
      staleAt: Number.isNaN(freshUntil) ? null : instantOf(freshUntil),
      // A source nobody can date is stale, not fresh.
      stale: !(millis < freshUntil),
    }
  })
  const age = directoryAgeSeconds(compiled, now)
  return {
    revision: known.directoryDigest,
    ageSeconds: Number.isFinite(age) ? age : null,
    fresh: sources.length > 0 && sources.every(({ stale }) => !stale),
    sources,
    counts,
  }
}

function reading(scope: Scope, parts: Parts): void {
  // One reading serves everybody who asks while it runs.
  let running: Promise<readonly SourceReport[]> | undefined
  const importOnce = () => {
    running ??= importDirectory(parts.machinery, parts.options.sources).finally(() => {
      running = undefined
    })
    return running
  }
  const about = writes({
    operationId: 'importDirectory',
    tags: ['directory'],
    summary: 'Reads the configured sources now',
    description:
      'For those who operate this installation, and for the pools that decide the rules, review, or end anything.',
    ok: imported,
  })
  scope.post('/v1/directory/import', { schema: { ...about, body: importBody } }, async (request, reply) => {
    const caller = callerOf(request)
    const sight = await sightFor(parts, caller)
    if (isProblem(sight)) return parts.send(reply, sight)
    const may = seesSettings(sight) || hasHandsOn(sight.directory, caller.id, countersignSystem, sight.now)
    if (!may)
      return parts.send(
        reply,
        refusalProblem(
          sight,
          refusal('not-permitted', 'reading the sources is for those who operate this installation'),
          undefined,
        ),
      )
    const asked = { actor: caller, key: keyOf(request), request: { imports: true } }
    const answer = await answerOnce(parts.machinery, asked, async () => ({ accepted: await importOnce() }))
    if ('refused' in answer)
      return parts.send(reply, refusalProblem(sight, answer.refused, undefined, { replayed: answer.replayed }))
    const reports = answer.accepted
    return {
      reports,
      complete: reports.every(({ outcome }) => outcome !== 'unreadable' && outcome !== 'held'),
      replayed: answer.replayed,
    }
  })
}

function people(scope: Scope, parts: Parts): void {
  const searchAbout = reads({
    operationId: 'nodes',
    tags: ['directory'],
    summary: 'Finds people, workloads, teams, systems and rotas by name',
    ok: nodes,
  })
  scope.get('/v1/directory/nodes', { schema: { ...searchAbout, querystring: nodeQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { search, kind, limit } = request.query
    const found = sight.index.search(search, kind, Number(limit))
    return { nodes: found.nodes.map(nodeView), more: found.more }
  })

  const oneAbout = reads({
    operationId: 'node',
    tags: ['directory'],
    summary: 'Somebody or something in the directory',
    ok: nodeDetail,
  })
  scope.get('/v1/directory/nodes/:node', { schema: { ...oneAbout, params: nodePath } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const detail = await nodeWith(sight, request.params.node)
    return detail ?? parts.send(reply, problem('unknown-node', `the directory has no \`${request.params.node}\``))
  })
}

async function nodeWith(sight: Sight, id: string): Promise<NodeDetail | undefined> {
  const { caller, directory: compiled, index, now } = sight
  const node = index.node(id)
  if (node === undefined) return undefined
  const touching = await index.relationsOf(id)
  const sees = readsEverything(sight) || seesSettings(sight) || caller.id === id
  const accounts = (sees || seesAccountsOf(sight, id) ? touching : [])
    .filter(({ relation, to }) => relation === 'belongs-to' && to === id)
    .map(({ from }) => index.node(from))
    .filter(
      (account) => account !== undefined && holdsAccount(compiled, id, account.on ?? '', account.login ?? '', now),
    )
    .map((account) => nodeView(account as DirectoryNode))
  const relations = touching.map(({ from, relation, to, source, since, until, confirmed }) => ({
    from,
    relation,
    to,
    source,
    since,
    until,
    confirmed,
  }))
  const turns = sees ? (await index.turnsOf(id, now, turnsMax)).map(turnView) : []
  return {
    node: nodeView(node),
    accounts: distinct(accounts),
    ...(sees ? { relations, turns } : {}),
    names: namesIn(index, id, sees ? [relations, turns] : []),
  }
}

function nodeView({ id, kind, name, external, workloadKind, on, login, until }: DirectoryNode): NodeView {
  return { id, kind, name, external, workloadKind, on, login, until }
}

const turnsMax = 30

function turnView({ rota, person, start, end, source }: Shift) {
  return { rota, person, start, end, source }
}

/** Several sources may state the same link. */
function distinct(accounts: readonly NodeView[]): NodeView[] {
  return [...new Map(accounts.map((account) => [account.id, account])).values()]
}
