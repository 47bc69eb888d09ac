/** Who says what about somebody, and what reading the sources now would change. Neither writes anything. */
import { accessWithPaths } from '../../core/compile.ts'
import { countersignSystem, type DirectoryNode } from '../../core/directory.ts'
import type { StandingFacts } from '../../core/merge.ts'
import { refusal } from '../../core/refusal.ts'
import { hasHandsOn } from '../../core/standing.ts'
import { instantOf, millisOf } from '../../core/time.ts'
import { previewImport } from '../../engine/directories/preview.ts'
import { reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, problem } from '../problem.ts'
import { nodePath } from '../schema/directory.ts'
import {
  type DirectoryDiffView,
  diffBody,
  directoryDiff,
  type ProvenanceView,
  provenance,
} from '../schema/provenance.ts'
import { namesIn, readsEverything, type Sight, seesSettings, sightFor } from '../sight.ts'

export function provenanceRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'provenance',
    tags: ['directory'],
    summary: 'Who says what about somebody or something, and where sources disagree',
    description: 'For those who decide, review or look after the rules, and for the person it is about.',
    ok: provenance,
  })
  scope.get('/v1/directory/nodes/:node/sources', { schema: { ...about, params: nodePath } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { node } = request.params
    if (!readsEverything(sight) && !seesSettings(sight) && sight.caller.id !== node) {
      const no = refusal('not-permitted', 'who says what is for those who decide or review, and for whom it is about')
      return parts.send(reply, refusalProblem(sight, no, undefined))
    }
    if (sight.index.node(node) === undefined)
      return parts.send(reply, problem('unknown-node', `the directory has no \`${node}\``))
    return provenanceView(sight, node)
  })
  diff(scope, parts)
}

async function provenanceView({ index, directory, now }: Sight, id: string): Promise<ProvenanceView> {
  const { descriptions, relations, access, absences, disagreements } = await index.provenanceOf(id, now)
  const uses = accessWithPaths(directory, [id], now).map(({ system, entitlement, holder, source, path }) => ({
    system,
    entitlement,
    holder,
    source,
    path: path.map(({ from, relation, to, source: by }) => ({ from, relation, to, source: by })),
  }))
  const cited = new Set([
    ...[...descriptions, ...absences].map(({ source }) => source),
    ...[...relations, ...access].flatMap(({ said }) => said.map(({ source }) => source)),
    ...relations.flatMap(({ silent }) => silent),
    ...uses.flatMap(({ source, path }) => [source, ...path.map((step) => step.source)]),
  ])
  const sources = directory.sources
    .filter((source) => cited.has(source.id))
    .map(({ id: source, revision, observedAt, freshUntil }) => ({
      id: source,
      revision,
      observedAt: Number.isNaN(observedAt) ? null : instantOf(observedAt),
      stale: !(millisOf(now) < freshUntil),
    }))
  const view = {
    id,
    sources,
    descriptions: descriptions.map(nodeView),
    relations,
    access,
    uses,
    absences: absences.map(({ start, end, source }) => ({ start, end, source })),
    disagreements,
  }
  return { ...view, names: namesIn(index, view) }
}

/** Of each list; the counts say how many there are. */
const shownMax = 1_000

function diff(scope: Scope, parts: Parts): void {
  // One reading serves everybody who asks while it runs.
  let running: ReturnType<typeof previewImport> | undefined
  const about = writes({
    operationId: 'diffDirectory',
    tags: ['directory'],
    summary: 'What reading the configured sources now would change',
    description: 'Reads them and writes nothing. For those who may have them read.',
    ok: directoryDiff,
  })
  scope.post('/v1/directory/diff', { schema: { ...about, body: diffBody } }, async (request, reply) => {
    const caller = callerOf(request)
    const sight = await sightFor(parts, caller)
    if (isProblem(sight)) return parts.send(reply, sight)
    if (!seesSettings(sight) && !hasHandsOn(sight.directory, caller.id, countersignSystem, sight.now)) {
      const no = refusal('not-permitted', 'reading the sources is for those who operate this installation')
      return parts.send(reply, refusalProblem(sight, no, undefined))
    }
    running ??= previewImport(parts.machinery, parts.options.sources).finally(() => {
      running = undefined
    })
    return diffView(sight, await running)
  })
}

function diffView(
  { index }: Sight,
  { sources, difference }: Awaited<ReturnType<typeof previewImport>>,
): DirectoryDiffView {
  const { added, removed, changed, turns } = difference
  const countOf = ({ nodes, relations, access }: StandingFacts) => nodes.length + relations.length + access.length
  const view = {
    sources,
    added: firstOf(added),
    removed: firstOf(removed),
    changed: changed
      .slice(0, shownMax)
      .map(({ before, after }) => ({ before: nodeView(before), after: nodeView(after) })),
    counts: {
      added: countOf(added),
      removed: countOf(removed),
      changed: changed.length,
      turnsAdded: turns.addedCount,
      turnsRemoved: turns.removedCount,
    },
    complete: sources.every(({ outcome }) => outcome !== 'unreadable' && outcome !== 'hold'),
  }
  const fresh = Object.fromEntries(view.added.nodes.map(({ id, name }) => [id, name]))
  return { ...view, names: { ...fresh, ...namesIn(index, view) } }
}

function firstOf({ nodes, relations, access }: StandingFacts) {
  return {
    nodes: nodes.slice(0, shownMax).map(nodeView),
    relations: relations.slice(0, shownMax).map(({ from, relation, to, source }) => ({ from, relation, to, source })),
    access: access
      .slice(0, shownMax)
      .map(({ holder, system, entitlement, source }) => ({ holder, system, entitlement, source })),
  }
}

function nodeView({ id, source, kind, name, external, workloadKind, on, login, until }: DirectoryNode) {
  return { id, source, kind, name, external, workloadKind, on, login, until }
}
