/**
 * Where do people stand: in which teams, on which rotas, below whom, with a hand on what? Each walk continues from a
 * set of people (one person's names, or a whole side) and can be met with the same walk of others.
 */
import type { SystemId } from '../directory.ts'
import type { Policy } from '../policy.ts'
import { appliedTo } from './applied.ts'
import { type KindSet, kindSet } from './kinds.ts'
import { type Moment, numberOf } from './moment.ts'
import { mayBe } from './nodes.ts'
import { Reach } from './reach.ts'
import { type Walk, walkFrom, walkOn } from './walk.ts'

const belonging = kindSet('member-of', 'maintains')
const partOf = kindSet('part-of')
const throughTeams = kindSet('member-of', 'maintains', 'part-of')
const onRota = kindSet('on-rota')
const reportsTo = kindSet('reports-to')
const sponsors = kindSet('sponsors')
const canChange = kindSet('can-change')
/** How a workload, a system or its credential comes into somebody's hands. */
const control = kindSet('owns', 'operates', 'created', 'holds-credential-of', 'delegates-to')

/**
 * Teams that make colleagues: those somebody is in or maintains, and the teams these are part of. An all-staff group
 * makes no colleagues. A boundary makes colleagues only of those directly in it, and nobody climbs past it.
 */
export function sharedTeams(moment: Moment, policy: Policy, people: Reach): Reach {
  const { nodes } = moment.directory
  const { marks } = appliedTo(nodes, policy)
  const makesColleagues = (team: number) => marks.get(team) !== 'all-staff'
  const isOperational = (team: number) => !marks.has(team)
  return walkOn(moment, people, {
    keeps: (node) => mayBe(nodes, node, 'team') && makesColleagues(node),
    first: { along: belonging, comesTo: makesColleagues },
    further: { along: partOf, goesOnFrom: isOperational, comesTo: isOperational },
  })
}

/** The people themselves and every team through which they act: what a team may do, everybody in or over it may do. */
export function standing(moment: Moment, people: Reach): Reach {
  return walkOn(moment, people, { keeps: () => true, further: { along: throughTeams } })
}

/** Rotas that people are on, and those that are among them. */
export function rotasOf(moment: Moment, people: Reach): Reach {
  const { nodes } = moment.directory
  return walkOn(moment, people, { keeps: (node) => mayBe(nodes, node, 'rota'), first: { along: onRota } })
}

/** Everybody above these people, all the way up. An outsider's sponsor is above the outsider. */
export function chiefsOf(moment: Moment, people: Reach): Reach {
  const upwards = { along: reportsTo, against: sponsors }
  return walkOn(moment, people, { first: upwards, further: upwards })
}

/** False for people below whom there is nobody. */
export function mayBeAbove({ kindsOut, kindsIn }: Reach): boolean {
  return ((kindsIn & reportsTo) | (kindsOut & sponsors)) !== 0
}

/** People and teams with such a relation to the system, directly or through a workload that has it. */
export function handsOn(moment: Moment, system: SystemId | undefined, kinds: KindSet): Reach {
  const node = system === undefined ? undefined : numberOf(moment, system)
  if (node === undefined) return new Reach()
  const begin = walkFrom(moment, [node], {})
  return walkOn(moment, begin, { first: { against: kinds }, further: throughTools(moment, control) })
}

/** People and teams that can change the code, prompt or pipeline of a workload among these nodes. */
export function changersOf(moment: Moment, nodes: Reach): Reach {
  return walkOn(moment, nodes, { first: { against: canChange }, further: throughTools(moment, canChange | control) })
}

/** From things that act for whoever controls them to those people and teams, and no further. */
function throughTools(moment: Moment, against: KindSet): Walk {
  const { nodes } = moment.directory
  const isTool = (node: number) =>
    !mayBe(nodes, node, 'person') && !mayBe(nodes, node, 'team') && !mayBe(nodes, node, 'account')
  return { against, goesOnFrom: isTool }
}
