/**
 * The rules of independence once more, as plainly as they can be written and as slowly as they please: maps and loops
 * over the facts, nothing compiled, nothing shared with the engine but the types. It answers with every code that
 * holds and how long its shortest proof is, so that the engine can be held against it.
 */
import type { ConflictCode } from '../../src/core/conflict.ts'
import { type DirectoryFacts, kindOf, type NodeId, type Relation, type RelationKind } from '../../src/core/directory.ts'
import type { IndependenceHistory, Matter } from '../../src/core/independence.ts'
import type { Policy } from '../../src/core/policy.ts'

/** Nodes and how many relations away they are. */
type Distances = Map<NodeId, number>
/** Length of the shortest proof; `undefined` where the proof is not a chain of relations alone. */
type Answer = Map<ConflictCode, number | undefined>

interface Edge {
  readonly from: NodeId
  readonly relation: RelationKind
  readonly to: NodeId
  readonly source: string
}

const day = 86_400_000
const names: RelationKind[] = ['same-as', 'belongs-to']
const holds: RelationKind[] = ['owns', 'operates', 'created', 'holds-credential-of', 'delegates-to']
const inControl: RelationKind[] = [...holds, 'member-of', 'part-of']
const grants: RelationKind[] = ['administers', 'holds-credential-of', 'operates', 'owns']

export function naiveIndependence(
  matter: Matter,
  person: NodeId,
  facts: DirectoryFacts,
  history: IndependenceHistory,
  policy: Policy,
  now: string,
): Answer {
  const world = worldOf(facts, policy, now)
  const answer = involvement(world, matter, person, history, policy)
  const add = (code: ConflictCode, length: number | undefined) => {
    if (length !== undefined) answer.set(code, length < 0 ? undefined : length)
  }
  add('delegate-of-conflicted', delegates(world, matter, person, history, policy))
  add('can-change-approver-pool', pools(world, matter, person, history, policy).couldHaveChosen)
  add(
    'not-a-person',
    isPerson(world, person) || (!world.kinds.has(person) && kindOf(person) === 'person') ? undefined : -1,
  )
  add('unresolved-identity', unresolved(world, matter, person, policy) ? -1 : undefined)
  add('directory-too-old', tooOld(facts, world.now) ? -1 : undefined)
  add('in-reporting-line', reportingLine(world, matter, person, policy))
  add('reciprocal', ring(world, matter, person, history, policy) ? -1 : undefined)
  add('joined-pool-too-recently', pools(world, matter, person, history, policy).tooRecent)
  return answer
}

interface World {
  readonly facts: DirectoryFacts
  readonly now: number
  readonly edges: readonly Edge[]
  readonly kinds: ReadonlyMap<NodeId, ReadonlySet<string>>
}

function worldOf(facts: DirectoryFacts, policy: Policy, now: string): World {
  const at = Date.parse(now)
  const after = at - Math.max(30, policy.independence.lingerDays) * day
  const counts = (until: string | undefined) => until === undefined || !(Date.parse(until) <= after)
  const onRota = facts.shifts.map(({ person, rota, end, source }) => ({
    from: person,
    relation: 'on-rota' as const,
    to: rota,
    source,
    until: end,
  }))
  const kinds = new Map<NodeId, Set<string>>([['sys_countersign', new Set(['system'])]])
  for (const { id, kind } of facts.nodes) kinds.set(id, (kinds.get(id) ?? new Set()).add(kind))
  for (const [id, said] of kinds) if (kindOf(id)) said.add(kindOf(id) as string)
  return { facts, now: at, edges: [...facts.relations, ...onRota].filter(({ until }) => counts(until)), kinds }
}

function isPerson({ kinds }: World, id: NodeId): boolean {
  const said = kinds.get(id)
  return said !== undefined && said.size === 1 && said.has('person')
}

function mayBe({ kinds }: World, id: NodeId, kind: string): boolean {
  return kinds.get(id)?.has(kind) === true || kindOf(id) === kind
}

/** Relaxes until nothing changes: the distances are the shortest there are. */
function settle(begin: Distances, next: (id: NodeId) => Iterable<NodeId>): Distances {
  const distances = new Map(begin)
  for (let changed = true; changed; ) {
    changed = false
    for (const [id, distance] of [...distances]) {
      for (const other of next(id)) {
        if ((distances.get(other) ?? Infinity) > distance + 1) {
          distances.set(other, distance + 1)
          changed = true
        }
      }
    }
  }
  return distances
}

function forward({ edges }: World, kinds: readonly RelationKind[], id: NodeId): NodeId[] {
  return edges.filter((edge) => edge.from === id && kinds.includes(edge.relation)).map(({ to }) => to)
}

function backward({ edges }: World, kinds: readonly RelationKind[], id: NodeId): NodeId[] {
  return edges.filter((edge) => edge.to === id && kinds.includes(edge.relation)).map(({ from }) => from)
}

function selves(world: World, id: NodeId): Distances {
  return settle(new Map([[id, 0]]), (one) => [...forward(world, names, one), ...backward(world, names, one)])
}

function behind(world: World, ids: readonly NodeId[], kinds: readonly RelationKind[]): Distances {
  return settle(new Map(ids.map((id) => [id, 0])), (one) => [
    ...forward(world, names, one),
    ...backward(world, [...names, ...kinds], one),
  ])
}

/** An id that no fact mentions has nobody behind it; it is unresolved, and that is said elsewhere. */
function side(world: World, ids: readonly NodeId[]): Distances {
  const known = ids.filter((id) => mentioned(world, id))
  return behind(world, known, [...inControl, 'on-rota', 'sponsors'])
}

/** One step against these relations into the side. */
function stepsInto(world: World, into: Distances, kinds: readonly RelationKind[]): Distances {
  const found: Distances = new Map()
  for (const { from, relation, to } of world.edges) {
    const distance = into.get(to)
    if (kinds.includes(relation) && distance !== undefined)
      found.set(from, Math.min(found.get(from) ?? Infinity, distance + 1))
  }
  return found
}

function shortest(a: Distances, b: Distances): number | undefined {
  const sums = [...a].filter(([id]) => b.has(id)).map(([id, distance]) => distance + (b.get(id) as number))
  return sums.length === 0 ? undefined : Math.min(...sums)
}

function least(...lengths: (number | undefined)[]): number | undefined {
  const known = lengths.filter((length) => length !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

function only(distances: Distances, keep: (id: NodeId) => boolean): Distances {
  return new Map([...distances].filter(([id]) => keep(id)))
}

function involvement(
  world: World,
  matter: Matter,
  person: NodeId,
  history: IndependenceHistory,
  policy: Policy,
): Answer {
  const { requester, beneficiary, chain, system } = matter
  const parties = [requester, beneficiary, ...chain]
  const all = side(world, parties)
  const own: Distances = new Map([[person, 0]])
  const mine = selves(world, person)
  const others = only(mine, (id) => id !== person)
  const zero = (ids: readonly NodeId[]): Distances => new Map(ids.map((id) => [id, 0]))
  const answer: Answer = new Map()
  const add = (code: ConflictCode, length: number | undefined) => {
    if (length !== undefined) answer.set(code, length < 0 ? undefined : length)
  }

  const [asks, gets, passes] = [side(world, [requester]), side(world, [beneficiary]), side(world, chain)]
  const sponsoring = stepsInto(world, all, ['sponsors'])
  add(
    'is-requester',
    person === requester
      ? -1
      : least(shortest(own, stepsInto(world, asks, [...inControl, 'on-rota'])), shortest(own, sponsoring)),
  )
  add('is-beneficiary', person === beneficiary ? -1 : shortest(own, stepsInto(world, gets, ['on-rota'])))
  add(
    'same-person-other-account',
    least(
      shortest(others, zero(parties)),
      shortest(others, stepsInto(world, all, [...inControl, 'on-rota', 'sponsors'])),
    ),
  )
  add('controls-beneficiary', shortest(mine, stepsInto(world, gets, inControl)))
  add(
    'in-delegation-chain',
    chain.includes(person)
      ? -1
      : least(
          shortest(mine, zero(chain)),
          shortest(mine, stepsInto(world, passes, [...inControl, 'on-rota'])),
          shortest(mine, stepsInto(world, all, ['delegates-to'])),
        ),
  )
  add('on-requesting-team', shortest(teams(world, policy, mine), teams(world, policy, all)))
  add(
    'on-granting-team',
    system === undefined ? undefined : shortest(acting(world, mine), hands(world, system, grants)),
  )
  add('took-part-already', took(world, matter, person))
  add('on-requesting-rota', shortest(rotas(world, mine), rotas(world, all)))
  add('can-change-beneficiary', shortest(acting(world, mine), changers(world, all)))
  add(
    'loosened-the-rules',
    least(
      ...history.ruleChanges
        .filter(({ loosened }) => loosened.some((rule) => matter.rules.includes(rule)))
        .map(({ author }) => mine.get(author))
        .map((distance) => (distance === undefined ? undefined : distance + 1)),
    ),
  )
  add(
    'operates-countersign',
    system === undefined
      ? undefined
      : shortest(
          acting(world, mine),
          hands(world, 'sys_countersign', ['operates', 'administers', 'holds-credential-of']),
        ),
  )
  return answer
}

function took(world: World, matter: Matter, person: NodeId): number | undefined {
  const actors = matter.took.map((act) => act.person)
  const length = shortest(selves(world, person), behind(world, actors, inControl))
  return length === undefined ? undefined : length + 1
}

function teams(world: World, policy: Policy, people: Distances): Distances {
  const mark = (team: NodeId) =>
    Object.hasOwn(policy.independence.teams, team) ? policy.independence.teams[team] : 'operational'
  const direct: Distances = new Map()
  const reach = (team: NodeId, distance: number) => {
    if (mark(team) !== 'all-staff') direct.set(team, Math.min(direct.get(team) ?? Infinity, distance))
  }
  for (const [id, distance] of people) {
    if (mayBe(world, id, 'team')) reach(id, distance)
    for (const team of forward(world, ['member-of', 'maintains'], id)) reach(team, distance + 1)
  }
  return settle(direct, (team) =>
    mark(team) === 'operational'
      ? forward(world, ['part-of'], team).filter((parent) => mark(parent) === 'operational')
      : [],
  )
}

/** Everybody and every team in whose name somebody may act. */
function acting(world: World, people: Distances): Distances {
  return settle(people, (id) => forward(world, ['member-of', 'maintains', 'part-of'], id))
}

function isTool(world: World, id: NodeId): boolean {
  return !mayBe(world, id, 'person') && !mayBe(world, id, 'team') && !mayBe(world, id, 'account')
}

function hands(world: World, system: NodeId, kinds: readonly RelationKind[]): Distances {
  const direct = stepsInto(world, new Map([[system, 0]]), kinds)
  return settle(direct, (id) => (isTool(world, id) ? backward(world, holds, id) : []))
}

function changers(world: World, people: Distances): Distances {
  const direct = stepsInto(world, people, ['can-change'])
  return settle(direct, (id) => (isTool(world, id) ? backward(world, [...holds, 'can-change'], id) : []))
}

function rotas(world: World, people: Distances): Distances {
  const found = only(people, (id) => mayBe(world, id, 'rota'))
  for (const [id, distance] of people) {
    for (const rota of forward(world, ['on-rota'], id))
      found.set(rota, Math.min(found.get(rota) ?? Infinity, distance + 1))
  }
  return found
}

function above(world: World, people: Distances): Distances {
  const chiefs = (id: NodeId) => [...forward(world, ['reports-to'], id), ...backward(world, ['sponsors'], id)]
  const direct: Distances = new Map()
  for (const [id, distance] of people) {
    for (const chief of chiefs(id)) direct.set(chief, Math.min(direct.get(chief) ?? Infinity, distance + 1))
  }
  return settle(direct, chiefs)
}

function reportingLine(world: World, matter: Matter, person: NodeId, policy: Policy): number | undefined {
  if (policy.independence.reportingLine === 'ignore') return undefined
  const all = side(world, [matter.requester, matter.beneficiary, ...matter.chain])
  const mine = selves(world, person)
  return least(shortest(mine, above(world, all)), shortest(above(world, mine), all))
}

function delegates(
  world: World,
  matter: Matter,
  person: NodeId,
  history: IndependenceHistory,
  policy: Policy,
): number | undefined {
  const mine = selves(world, person)
  const others = [...mine.keys()].flatMap((self) => [
    ...forward(world, ['delegate-of'], self),
    ...backward(world, ['delegate-of'], self),
  ])
  const conflicted = others.filter((other) => involvement(world, matter, other, history, policy).size > 0)
  return conflicted.length > 0 ? -1 : undefined
}

function unresolved(world: World, matter: Matter, person: NodeId, policy: Policy): boolean {
  const { facts, kinds, edges, now } = world
  const parties = [matter.requester, matter.beneficiary, ...matter.chain]
  const all = side(world, parties)
  const isUnknown = (id: NodeId) => !kinds.has(id)
  const dangles = (id: NodeId) =>
    edges.some(({ from, to }) => (from === id && isUnknown(to)) || (to === id && isUnknown(from)))
  const ended = facts.nodes.some(({ id, until }) => id === person && until !== undefined && !(Date.parse(until) > now))
  const around = (people: Distances) =>
    [...people.keys()].some((id) => !mayBe(world, id, 'team') && dangles(id)) ||
    [...teams(world, policy, people).keys()].some(isUnknown)
  const granting = matter.system === undefined ? [] : [...hands(world, matter.system, grants).keys(), matter.system]
  return (
    isUnknown(person) ||
    ended ||
    around(selves(world, person)) ||
    around(all) ||
    [...parties, ...all.keys(), ...granting].some(isUnknown) ||
    parties.some((party) => ![...side(world, [party]).keys()].some((id) => isPerson(world, id)))
  )
}

function tooOld({ sources, nodes, relations, shifts }: DirectoryFacts, now: number): boolean {
  const cited = [...nodes, ...relations, ...shifts].map(({ source }) => source)
  const isFresh = (source: DirectoryFacts['sources'][number]) => {
    const observed = Date.parse(source.observedAt)
    return observed <= now + 60_000 && now <= observed + source.staleAfterSeconds * 1000
  }
  return (
    sources.length === 0 || !sources.every(isFresh) || cited.some((id) => !sources.some((source) => source.id === id))
  )
}

function ring(world: World, matter: Matter, person: NodeId, history: IndependenceHistory, policy: Policy): boolean {
  const { mode, overDays, from, ringMax } = policy.independence.reciprocal
  if (mode === 'ignore') return false
  const all = side(world, [matter.requester, matter.beneficiary, ...matter.chain])
  const recent = history.decisions.filter(({ at }) => !(Date.parse(at) <= world.now - overDays * day))
  const people = [...new Set([person, ...recent.flatMap(({ countersigner, askedBy }) => [countersigner, ...askedBy])])]
  const same = (a: NodeId, b: NodeId) => a === b || selves(world, a).has(b)
  const approved = (by: NodeId, asker: NodeId) =>
    new Set(
      recent
        .filter((one) => same(one.countersigner, by) && one.askedBy.some((id) => same(id, asker)))
        .map(({ event }) => event),
    ).size >= from
  let now = [person]
  const seen = [person]
  for (let length = 2; length <= Math.min(4, Math.max(2, ringMax)); length++) {
    now = people.filter((by) => !seen.some((id) => same(id, by)) && now.some((asker) => approved(by, asker)))
    seen.push(...now)
    if (now.some((id) => all.has(id))) return true
  }
  return false
}

function pools(world: World, matter: Matter, person: NodeId, history: IndependenceHistory, policy: Policy) {
  const routes = routesOf(world, matter, person, policy)
  const all = side(world, [matter.requester, matter.beneficiary, ...matter.chain])
  const handsOfAll = acting(world, all)
  const runs = (source: string) => {
    const system = mentioned(world, source) ? source : `sys_${source}`
    return shortest(handsOfAll, hands(world, system, grants)) !== undefined
  }
  const maintained = (team: NodeId) =>
    world.edges.some(
      (edge) =>
        edge.relation === 'maintains' &&
        edge.to === team &&
        (all.has(edge.from) || (mayBe(world, edge.from, 'team') && handsOfAll.has(edge.from))),
    )
  const opened = (pool: string) =>
    history.ruleChanges.some(({ author, loosened }) => loosened.includes(pool) && all.has(author))
  const touched = routes.map(
    (route) => opened(route.pool) || route.steps.some((step) => maintained(step.to) || runs(step.source)),
  )
  const since = routes.map(({ pool, entry, steps }) => {
    const tenures = history.tenures.filter((tenure) => tenure.pool === pool && tenure.member === entry)
    const begins = [...steps.map((step) => step.since), ...tenures.map((tenure) => tenure.since)]
    const known = tenures.length > 0 && begins.every((begin) => begin !== undefined && !Number.isNaN(Date.parse(begin)))
    return known ? Math.max(...begins.map((begin) => Date.parse(begin as string))) : Infinity
  })
  const { poolTenureDays } = policy.independence
  const isExempt = policy.founders.includes(person) || poolTenureDays <= 0
  const joined = Math.min(...since)
  return {
    couldHaveChosen: routes.length > 0 && touched.every(Boolean) ? -1 : undefined,
    tooRecent: routes.length > 0 && !isExempt && !(joined + poolTenureDays * day <= world.now) ? -1 : undefined,
  }
}

function mentioned({ facts }: World, id: NodeId): boolean {
  return (
    id === 'sys_countersign' ||
    facts.nodes.some((node) => node.id === id) ||
    facts.relations.some(({ from, to }) => from === id || to === id) ||
    facts.shifts.some(({ rota, person }) => rota === id || person === id)
  )
}

/** Every way without a loop from the person into a pool, through teams that hold right now. */
function routesOf(world: World, matter: Matter, person: NodeId, policy: Policy) {
  const { facts, kinds, now } = world
  const routes: { pool: string; entry: NodeId; steps: Relation[] }[] = []
  const alive = (id: NodeId) =>
    kinds.has(id) &&
    !facts.nodes.some((node) => node.id === id && node.until !== undefined && !(Date.parse(node.until) > now))
  const current = ({ since, until }: Relation) =>
    (until === undefined || Date.parse(until) > now) && !(since !== undefined && Date.parse(since) > now)
  const visit = (id: NodeId, steps: Relation[]) => {
    for (const pool of matter.pools) {
      if (Object.hasOwn(policy.pools, pool) && policy.pools[pool]?.members.includes(id))
        routes.push({ pool, entry: id, steps })
    }
    for (const step of facts.relations) {
      const isStep = step.from === id && step.relation === (steps.length === 0 ? 'member-of' : 'part-of')
      const isLoop = step.to === person || steps.some(({ to }) => to === step.to)
      if (isStep && !isLoop && current(step) && alive(step.to)) visit(step.to, [...steps, step])
    }
  }
  if (alive(person)) visit(person, [])
  return routes
}
