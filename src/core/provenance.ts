/**
 * Who says what about somebody? Every fact with each source that states it, side by side, and where sources disagree. It
 * shows and decides nothing: what the engine makes of a disagreement is always the stricter reading.
 */
import type { Absence, DirectoryFacts, DirectoryNode, NodeId, Relation, SourceId, StandingAccess } from './directory.ts'
import { type Instant, millisOf } from './time.ts'

/** What one source says of one fact. */
export interface Saying {
  readonly source: SourceId
  readonly since?: Instant
  readonly until?: Instant
  readonly confirmed?: boolean
}

export interface RelationSaid extends Pick<Relation, 'from' | 'relation' | 'to'> {
  readonly said: readonly Saying[]
  /** Sources that know both ends and state such relations there, and not this one. */
  readonly silent: readonly SourceId[]
}

export interface AccessSaid extends Pick<StandingAccess, 'holder' | 'system' | 'entitlement'> {
  readonly said: readonly Saying[]
}

export interface Disagreement {
  readonly about:
    | 'kind'
    | 'name'
    | 'external'
    | 'presence'
    | 'workload-kind'
    | 'account'
    | 'relation'
    | 'manager'
    | 'owner'
  readonly sentence: string
}

export interface Provenance {
  readonly id: NodeId
  /** In the order in which names are taken: the first one's is shown. */
  readonly descriptions: readonly DirectoryNode[]
  readonly relations: readonly RelationSaid[]
  readonly access: readonly AccessSaid[]
  readonly absences: readonly Absence[]
  readonly disagreements: readonly Disagreement[]
}

export function provenanceOf(facts: DirectoryFacts, id: NodeId, now: Instant): Provenance {
  const order = precedenceOf(facts)
  const descriptions = facts.nodes.filter((node) => node.id === id).sort((a, b) => order(a.source) - order(b.source))
  const relations = relationsAbout(facts, id)
  const access = grouped(
    (facts.access ?? []).filter(({ holder, system }) => holder === id || system === id),
    ({ holder, system, entitlement }) => ({ holder, system, entitlement }),
  )
  return {
    id,
    descriptions,
    relations,
    access,
    absences: (facts.absences ?? []).filter(({ person }) => person === id),
    disagreements: [...aboutNode(descriptions, now), ...aboutRelations(relations, id, now)],
  }
}

/** Whose word counts for names: sources in the order of the configuration, those of unknown place last. */
export function precedenceOf({ sources }: Pick<DirectoryFacts, 'sources'>): (source: SourceId) => number {
  const places = new Map(sources.map(({ id, precedence }) => [id, precedence ?? Number.POSITIVE_INFINITY]))
  return (source) => Math.min(places.get(source) ?? Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER)
}

function relationsAbout(facts: DirectoryFacts, id: NodeId): readonly RelationSaid[] {
  const own = facts.relations.filter(({ from, to }) => from === id || to === id)
  const described = describers(facts, new Set(own.flatMap(({ from, to }) => [from, to])))
  const groups = grouped(own, ({ from, relation, to }) => ({ from, relation, to }))
  return groups.map((group) => ({ ...group, silent: silentAbout(group, own, described) }))
}

/** By node, which sources describe it; only of nodes that are asked about. */
function describers(
  { nodes }: DirectoryFacts,
  wanted: ReadonlySet<NodeId>,
): ReadonlyMap<NodeId, ReadonlySet<SourceId>> {
  const found = new Map<NodeId, Set<SourceId>>()
  for (const { id, source } of nodes) if (wanted.has(id)) found.set(id, (found.get(id) ?? new Set()).add(source))
  return found
}

function silentAbout(
  { from, relation, to, said }: Pick<RelationSaid, 'from' | 'relation' | 'to' | 'said'>,
  own: readonly Relation[],
  described: ReadonlyMap<NodeId, ReadonlySet<SourceId>>,
): readonly SourceId[] {
  const both = [...(described.get(from) ?? [])].filter((source) => described.get(to)?.has(source) === true)
  const speaks = (source: SourceId) =>
    own.some(
      (other) => other.source === source && other.relation === relation && (other.from === from || other.to === to),
    )
  return both.filter((source) => !said.some((saying) => saying.source === source) && speaks(source)).sort()
}

function grouped<Fact extends Saying, Key extends object>(
  facts: readonly Fact[],
  keyOf: (fact: Fact) => Key,
): readonly (Key & { readonly said: readonly Saying[] })[] {
  const groups = new Map<string, { key: Key; said: Saying[] }>()
  for (const fact of facts) {
    const key = keyOf(fact)
    const text = JSON.stringify(Object.values(key))
    const group = groups.get(text) ?? { key, said: [] }
    group.said.push(sayingOf(fact))
    groups.set(text, group)
  }
  return [...groups.values()].map(({ key, said }) => ({ ...key, said }))
}

function sayingOf({ source, since, until, confirmed }: Saying): Saying {
  return {
    source,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(confirmed === undefined ? {} : { confirmed }),
  }
}

function aboutNode(nodes: readonly DirectoryNode[], now: Instant): readonly Disagreement[] {
  const [first] = nodes
  if (first === undefined || nodes.length === 1) return []
  const differ = (about: Disagreement['about'], say: (node: DirectoryNode) => string, more = ''): Disagreement[] => {
    const words = Map.groupBy(nodes, say)
    if (words.size < 2) return []
    const sides = [...words].map(([word, own]) => `\`${own.map(({ source }) => source).join('`, `')}\` says ${word}`)
    return [{ about, sentence: `${sides.join('; ')}${more}` }]
  }
  const gone = (node: DirectoryNode) => (hasEnded(node, now) ? 'gone' : 'present')
  return [
    ...differ('kind', ({ kind }) => kind, '; so it is taken for no person'),
    ...differ('presence', gone, '; so it is taken for gone'),
    ...differ(
      'external',
      ({ external }) => (external === true ? 'external' : 'employed here'),
      '; so it is taken for external',
    ),
    ...differ('workload-kind', ({ workloadKind }) => workloadKind ?? 'nothing of what it is'),
    ...differ(
      'account',
      ({ on, login }) => `\`${login ?? ''}\` on \`${on ?? ''}\``,
      '; so it has no name that can be asked for',
    ),
    ...differ('name', ({ name }) => `\`${name}\``, `; \`${first.name}\` is shown`),
  ]
}

function aboutRelations(relations: readonly RelationSaid[], id: NodeId, now: Instant): readonly Disagreement[] {
  const ended = relations.flatMap(({ from, relation, to, said }): Disagreement[] => {
    const [over, holds] = [said.filter((one) => hasEnded(one, now)), said.filter((one) => !hasEnded(one, now))]
    if (over.length === 0 || holds.length === 0) return []
    const words = `${spoken({ from, relation, to })}: over by ${listed(over)}, holds by ${listed(holds)}; so it counts`
    return [{ about: 'relation', sentence: words }]
  })
  const single = (relation: Relation['relation'], about: 'manager' | 'owner', noun: string): Disagreement[] => {
    const current = relations.filter(
      (one) => one.relation === relation && one.from === id && one.said.some((saying) => !hasEnded(saying, now)),
    )
    if (current.length < 2) return []
    const sides = current.map(({ to, said }) => `\`${to}\` by ${listed(said)}`)
    return [{ about, sentence: `${noun}: ${sides.join(', ')}; all of them count` }]
  }
  const silent = relations
    .filter(({ silent: sources }) => sources.length > 0)
    .map(
      ({ from, relation, to, said, silent: sources }): Disagreement => ({
        about: 'relation',
        sentence: `${spoken({ from, relation, to })}: said by ${listed(said)}, and not by \`${sources.join('`, `')}\`, which knows both; so it counts`,
      }),
    )
  return [
    ...ended,
    ...single('reports-to', 'manager', 'several managers'),
    ...single('belongs-to', 'owner', 'several owners'),
    ...silent,
  ]
}

function spoken({ from, relation, to }: Pick<Relation, 'from' | 'relation' | 'to'>): string {
  return `${from} —${relation.replaceAll('-', ' ')}→ ${to}`
}

function listed(said: readonly Saying[]): string {
  return said.map(({ source }) => `\`${source}\``).join(', ')
}

function hasEnded({ until }: { readonly until?: Instant }, now: Instant): boolean {
  return until !== undefined && millisOf(until) <= millisOf(now)
}
