/**
 * What needs to be known about a matter, and about a person, before the rules are asked? Everything here is computed
 * once per matter or once per person and decides nothing; routing prepares a matter once for all its candidates.
 */
import type { CompiledDirectory, CompiledSource } from '../compile.ts'
import type { NodeId, PersonId } from '../directory.ts'
import { countersignSystem } from '../directory.ts'
import type { IndependenceHistory, Matter } from '../independence.ts'
import type { Policy } from '../policy.ts'
import type { Instant } from '../time.ts'
import type { Finding } from './finding.ts'
import { type HistoryIndex, indexOf } from './history.ts'
import { kindSet } from './kinds.ts'
import { type Moment, momentOf, numberOf, type Validity } from './moment.ts'
import { once, remembered } from './once.ts'
import { type Entry, entriesInto, mayBeListed, membershipsOf } from './pools.ts'
import { meet, Reach } from './reach.ts'
import { controllersOf, everybodyBehind, type Side, selvesOf, sideOf } from './side.ts'
import { unknownBehind } from './unknown.ts'
import { changersOf, chiefsOf, handsOn, rotasOf, sharedTeams, standing } from './walks.ts'

/** Relations to a system that put somebody on the side that grants. */
export const grantingKinds = kindSet('administers', 'holds-credential-of', 'operates', 'owns')

/** Answering for this installation on paper is not reaching its credentials, so `owns` is not among them. */
const operatingKinds = kindSet('operates', 'administers', 'holds-credential-of')

export type Role = 'requester' | 'chain' | 'beneficiary' | 'any'

export interface PreparedMatter {
  readonly matter: Matter
  readonly policy: Policy
  readonly history: IndependenceHistory
  readonly index: HistoryIndex
  readonly moment: Moment
  /** What nobody knows about the request or its target; then nobody is independent. */
  readonly unknownToAll: Finding | undefined
  /** Everybody behind the request, whatever their part in it, under all their names. */
  readonly everybody: Reach
  readonly sideTeams: Reach
  readonly granting: Reach
  // What follows is computed when first asked for: many verdicts need none of it.
  /** Those behind one part of the request, or all of it. */
  readonly sideOf: (role: Role) => Side
  readonly sideRotas: () => Reach
  readonly sideChiefs: () => Reach
  /** People and teams on the requesting side. */
  readonly sideStanding: () => Reach
  readonly changers: () => Reach
  readonly operators: () => Reach
  /** Those who took part earlier, and whoever controls those of them that are workloads. */
  readonly tookPart: () => Reach
  /** Whether somebody on the requesting side runs the system that a source of the directory is read from. */
  readonly sideRunsSource: (source: number) => boolean
}

/** The person a verdict is about. */
export interface Subject {
  readonly id: PersonId
  /** `undefined` when the directory never heard of this id; then every reach is empty. */
  readonly node: number | undefined
  /** This very node and no other name. */
  readonly itself: Reach
  readonly selves: Reach
  readonly standing: Reach
  /** Their ways into the pools of the matter. */
  readonly entries: readonly Entry[]
  /** Whether they are on the requesting side, under any name. */
  readonly isBehind: boolean
  // What follows is computed when first asked for.
  /** Teams that make them colleagues of others. */
  readonly teams: () => Reach
  readonly rotas: () => Reach
  /** Everybody above them. */
  readonly chiefs: () => Reach
  /** The person and the teams they are in at this moment; empty for somebody who is not there. */
  readonly memberships: () => Reach
}

export function prepareMatter(
  matter: Matter,
  directory: CompiledDirectory,
  history: IndependenceHistory,
  policy: Policy,
  now: Instant,
  validity?: Validity,
): PreparedMatter {
  const moment = momentOf(directory, policy, now, validity)
  const parties = partiesOf(moment, matter, 'any')
  const everybody = everybodyBehind(moment, parties)
  const sideTeams = sharedTeams(moment, policy, everybody)
  const granting = handsOn(moment, matter.system, grantingKinds)
  const sideStanding = once(() => standing(moment, everybody))
  return {
    matter,
    policy,
    history,
    index: indexOf(history),
    moment,
    unknownToAll: unknownBehind(moment, matter, { everybody, teams: sideTeams, granting }),
    everybody,
    sideTeams,
    granting,
    sideRotas: once(() => rotasOf(moment, everybody)),
    sideChiefs: once(() => chiefsOf(moment, everybody)),
    changers: once(() => changersOf(moment, everybody)),
    operators: once(() => handsOn(moment, countersignSystem, operatingKinds)),
    tookPart: once(() => controllersOf(moment, numbersOf(moment, personsWhoTookPart(matter)))),
    sideOf: remembered((role) => {
      const own = partiesOf(moment, matter, role)
      const isWhole = own.length === parties.length
      return sideOf(moment, isWhole ? everybody : everybodyBehind(moment, own), own)
    }),
    sideStanding,
    sideRunsSource: remembered((source) => {
      const hands = handsOn(moment, systemOfSource(moment, source), grantingKinds)
      return hands.nodes.length > 0 && meet(sideStanding(), hands) !== undefined
    }),
  }
}

export function subjectOf({ moment, policy, matter, everybody }: PreparedMatter, id: PersonId): Subject {
  const node = numberOf(moment, id)
  const selves = node === undefined ? new Reach() : selvesOf(moment, node)
  const memberships = once(() => (node === undefined ? new Reach() : membershipsOf(moment, node)))
  const allTeams = standing(moment, selves)
  return {
    id,
    node,
    itself: alone(node),
    selves,
    standing: allTeams,
    entries: mayBeListed(moment, policy, allTeams) ? entriesInto(moment, policy, memberships(), matter.pools) : [],
    isBehind: selves.nodes.some((self) => everybody.has(self)),
    teams: once(() => sharedTeams(moment, policy, selves)),
    rotas: once(() => rotasOf(moment, selves)),
    chiefs: once(() => chiefsOf(moment, selves)),
    memberships,
  }
}

/** Those named in the matter, for one part of it or for all; each once, as far as the directory knows them. */
function partiesOf(moment: Moment, matter: Matter, role: Role): number[] {
  return [...new Set(numbersOf(moment, namedFor(matter, role)))]
}

function namedFor(matter: Matter, role: Role): readonly NodeId[] {
  switch (role) {
    case 'requester':
      return [matter.requester]
    case 'chain':
      return matter.chain
    case 'beneficiary':
      return [matter.beneficiary]
    case 'any':
      return [matter.requester, matter.beneficiary, ...matter.chain]
    default:
      return role satisfies never
  }
}

/** A source is read from the system of the same id, or of that name: facts of `github` come from `sys_github`. */
function systemOfSource(moment: Moment, source: number): NodeId {
  const { id } = moment.directory.sources[source] as CompiledSource
  return numberOf(moment, id) === undefined ? `sys_${id}` : id
}

function personsWhoTookPart({ took }: Matter): NodeId[] {
  return took.map(({ person }) => person)
}

function alone(node: number | undefined): Reach {
  const reach = new Reach()
  if (node !== undefined) reach.begin(node)
  return reach
}

function numbersOf(moment: Moment, ids: readonly NodeId[]): number[] {
  return ids.map((id) => numberOf(moment, id)).filter((node) => node !== undefined)
}
