/**
 * Did the requesting side choose its own judge: could it have put this person into the pool, or did they join only just
 * now? A person listed by name in the pool was put there by the policy, which no team maintainer can change.
 */
import type { PathStep } from '../../conflict.ts'
import type { PoolId } from '../../policy.ts'
import { type Finding, named, type Rule, recordStep, stepsOf } from '../finding.ts'
import { unknownSince } from '../graph.ts'
import { kindSet } from '../kinds.ts'
import { dayMillis, eachIn, idOf, numberOf } from '../moment.ts'
import { mayBe } from '../nodes.ts'
import { once } from '../once.ts'
import { type Entry, entriesInto, membershipsOf, sinceInTeams } from '../pools.ts'
import type { PreparedMatter, Subject } from '../prepare.ts'
import { type Hop, meet } from '../reach.ts'
import { selvesOf } from '../side.ts'

const maintains = kindSet('maintains')

/** Holds when every way into the pools is one the requesting side could have made. */
export const canChangeApproverPool: Rule = (prepared, subject) => {
  const { memberships, node, entries } = subject
  const first = entries[0]
  if (first === undefined || node === undefined) return undefined
  const isFree = ({ pool }: Entry) => openedBy(prepared, pool) === undefined
  const isListedByName = entries.some((entry) => entry.node === node && isFree(entry))
  if (isListedByName || waysUntouched(prepared, node).some(isFree)) return undefined
  return openedPool(prepared, subject, first) ?? touchedTeam(prepared, subject, memberships().out(first.node))
}

/** The longest-standing way into any of the pools counts; a founder needs none. */
export const joinedPoolTooRecently: Rule = (prepared, { id, node, memberships, entries }) => {
  const { policy, moment } = prepared
  const { poolTenureDays } = policy.independence
  if (node === undefined || entries.length === 0 || policy.founders.includes(id) || poolTenureDays <= 0)
    return undefined
  const best = longestStanding(prepared, entries, node)
  if (best === undefined) return undefined
  moment.validity?.changesAt(best.joined + poolTenureDays * dayMillis)
  if (best.joined + poolTenureDays * dayMillis <= moment.now) return undefined
  const listed = recordStep(idOf(moment, best.node), 'in-pool', best.pool)
  return {
    path: [...stepsOf(moment, memberships().out(best.node)), listed],
    because: `${id} has been in ${best.pool} ${told(best)}; ${poolTenureDays} days are needed`,
  }
}

/** Ways into the pools through teams in which the requesting side has no say. */
function waysUntouched(prepared: PreparedMatter, person: number): Entry[] {
  const { moment, policy, matter } = prepared
  const memberships = membershipsOf(moment, person, (relation, team) => !isTouched(prepared, relation, team))
  return entriesInto(moment, policy, memberships, matter.pools)
}

function longestStanding(prepared: PreparedMatter, entries: readonly Entry[], person: number): Tenure | undefined {
  const since = once(() => sinceInTeams(prepared.moment, person))
  const sinceWhen = (entry: Entry) =>
    entry.node === person ? Number.NEGATIVE_INFINITY : (since().get(entry.node) as number)
  const tenures = entries.map(
    (entry): Tenure => ({ ...entry, joined: Math.max(tenureOf(prepared, entry), sinceWhen(entry)) }),
  )
  return tenures.reduce((a: Tenure | undefined, b) => (a === undefined || b.joined < a.joined ? b : a), undefined)
}

interface Tenure extends Entry {
  /** Milliseconds, or `unknownSince`. */
  readonly joined: number
}

function told({ joined }: Tenure): string {
  return joined === unknownSince ? 'since nobody knows when' : `since ${new Date(joined).toISOString().slice(0, 10)}`
}

function tenureOf({ index, moment }: PreparedMatter, { pool, node }: Entry): number {
  return index.tenureOf(pool, idOf(moment, node)) ?? unknownSince
}

/** True when somebody on the requesting side decides who is in the team, or runs the system that says so. */
function isTouched(prepared: PreparedMatter, relation: number, team: number): boolean {
  const source = prepared.moment.directory.graph.source[relation] as number
  return maintainerOnSide(prepared, team) !== undefined || prepared.sideRunsSource(source)
}

function maintainerOnSide({ moment, everybody, sideStanding }: PreparedMatter, team: number): Hop | undefined {
  let found: Hop | undefined
  eachIn(moment, maintains, team, (relation, maintainer) => {
    const isOnSide =
      everybody.has(maintainer) || (mayBe(moment.directory.nodes, maintainer, 'team') && sideStanding().has(maintainer))
    if (isOnSide) found ??= { from: team, relation, to: maintainer }
  })
  return found
}

/** A change to the pool by somebody on the requesting side, and how its author belongs there. */
function openedBy({ history, moment, everybody }: PreparedMatter, pool: PoolId) {
  for (const { author, loosened, event } of history.ruleChanges) {
    const node = loosened.includes(pool) ? numberOf(moment, author) : undefined
    const way = node === undefined ? undefined : meet(selvesOf(moment, node), everybody)
    if (way !== undefined) return { author, event, way }
  }
  return undefined
}

function openedPool(prepared: PreparedMatter, { id }: Subject, { pool }: Entry): Finding | undefined {
  const change = openedBy(prepared, pool)
  if (change === undefined) return undefined
  const { author, event, way } = change
  const changed: PathStep = { ...recordStep(pool, 'changed-rules', author, event), against: true }
  return {
    path: [recordStep(id, 'in-pool', pool), changed, ...stepsOf(prepared.moment, way.path)],
    because: `${author} opened ${pool} to ${id} and is behind the request`,
  }
}

function touchedTeam(prepared: PreparedMatter, { id }: Subject, route: readonly Hop[]): Finding | undefined {
  const { moment, sideStanding } = prepared
  const place = route.findIndex(({ relation, to }) => isTouched(prepared, relation, to))
  const touched = route[place]
  if (touched === undefined) return undefined
  const maintainer = maintainerOnSide(prepared, touched.to)
  const hops = maintainer === undefined ? [] : [maintainer, ...sideStanding().back(maintainer.to)]
  const team = idOf(moment, touched.to)
  return {
    path: stepsOf(moment, [...route.slice(0, place + 1), ...hops]),
    because:
      maintainer === undefined
        ? `somebody behind the request runs the system that says ${id} is in ${team}`
        : `${named(prepared, idOf(moment, hops.at(-1)?.to as number))} could have put ${id} into ${team}`,
  }
}
