/**
 * How much of a source has gone lately? Counted over a stretch of time rather than from one reading to the next, so that a
 * source cannot dwindle in small steps. It only counts; what follows from it is decided elsewhere.
 */
import type { DirectoryFacts, DirectoryNode, NodeId, Relation, SourceId } from '../directory.ts'
import { type Instant, millisOf } from '../time.ts'
import { hasEnded } from './lasting.ts'

export interface Share {
  readonly gone: number
  /** What there was: what is there still and what has gone. */
  readonly of: number
}

export interface Shrinkage {
  readonly people: Share
  readonly teams: Share
  readonly memberships: Share
}

export interface ShrinkLimits {
  /** From 0 to 1: more than that of the people, the teams or the memberships is too much at once. */
  readonly share: number
  /** Fewer than so many are never too much: in a small organisation two people are a large share. */
  readonly atLeast: number
  readonly withinSeconds: number
}

export const usualLimits: ShrinkLimits = { share: 0.2, atLeast: 5, withinSeconds: 86_400 }

export interface Comparison {
  /** The facts in force, and what they would become. */
  readonly before: DirectoryFacts
  readonly after: DirectoryFacts
  readonly source: SourceId
  /** What had gone by then is not counted. */
  readonly since: Instant
  readonly now: Instant
}

export interface Gone {
  readonly shrinkage: Shrinkage
  readonly people: readonly NodeId[]
  readonly teams: readonly NodeId[]
  /** Everybody and everything of which the source has stopped saying something. */
  readonly concerned: ReadonlySet<NodeId>
}

export function goneLately(comparison: Comparison): Gone {
  const people = lost(comparison, nodesOf('person'))
  const teams = lost(comparison, nodesOf('team'))
  const memberships = lost(comparison, relationsThat(isMembership))
  const others = lost(
    comparison,
    relationsThat((one) => !isMembership(one)),
  )
  const ends = [...memberships.gone, ...others.gone].flatMap(({ from, to }) => [from, to])
  return {
    shrinkage: { people: shareOf(people), teams: shareOf(teams), memberships: shareOf(memberships) },
    people: people.gone.map(({ id }) => id),
    teams: teams.gone.map(({ id }) => id),
    concerned: new Set([...[...people.gone, ...teams.gone].map(({ id }) => id), ...ends]),
  }
}

export function isSudden({ people, teams, memberships }: Shrinkage, { share, atLeast }: ShrinkLimits): boolean {
  return [people, teams, memberships].some(({ gone, of }) => gone >= atLeast && gone > share * of)
}

interface Kind<Fact> {
  readonly of: (facts: DirectoryFacts) => readonly Fact[]
  readonly name: (fact: Fact) => string
}

function nodesOf(kind: DirectoryNode['kind']): Kind<DirectoryNode> {
  return { of: ({ nodes }) => nodes.filter((node) => node.kind === kind), name: ({ id }) => id }
}

function relationsThat(are: (relation: Relation) => boolean): Kind<Relation> {
  return { of: ({ relations }) => relations.filter(are), name: ({ from, relation, to }) => `${from} ${relation} ${to}` }
}

const isMembership = ({ relation }: Relation) => relation === 'member-of'

interface Lost<Fact> {
  readonly gone: readonly Fact[]
  readonly standing: number
}

/** An end may be dated back, so what stood a moment ago has gone now, whatever the source says of when. */
function lost<Fact extends { readonly source: SourceId; readonly until?: Instant }>(
  { before, after, source, since, now }: Comparison,
  { of, name }: Kind<Fact>,
): Lost<Fact> {
  const [from, to] = [millisOf(since), millisOf(now)]
  const isOver: Fact[] = []
  let standing = 0
  for (const fact of of(after)) {
    if (fact.source !== source) continue
    if (hasEnded(fact, to)) isOver.push(fact)
    else standing++
  }
  // Few have ended, so only of them it is asked whether they stood.
  const early = new Set(isOver.filter((fact) => hasEnded(fact, from)).map(name))
  const stood = new Set<string>()
  if (early.size > 0)
    for (const fact of of(before)) {
      if (fact.source !== source || hasEnded(fact, to)) continue
      const own = name(fact)
      if (early.has(own)) stood.add(own)
    }
  return { gone: isOver.filter((fact) => !hasEnded(fact, from) || stood.has(name(fact))), standing }
}

function shareOf({ gone, standing }: Lost<unknown>): Share {
  return { gone: gone.length, of: gone.length + standing }
}
