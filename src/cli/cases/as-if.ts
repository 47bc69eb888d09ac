/**
 * The directory as a case wants it: read at the moment of the case, with the relations that also hold and without those
 * that do not. A name that leads nowhere makes the case wrong, because a misspelled colleague is independent of everybody.
 */
import type { DirectoryFacts, NodeId, Relation } from '../../core/directory.ts'
import { plusSeconds } from '../../core/time.ts'
import type { PolicyCase } from '../../files/cases.ts'
import { didYouMean } from '../../lib/nearest.ts'

const caseSource = 'case'
const daySeconds = 86_400

/** @returns the facts of the case. Everything counts as just read: how old a file is says nothing about the rules. */
export function factsAsIf(facts: DirectoryFacts, { at, directory }: PolicyCase): DirectoryFacts {
  const { add, remove, onDuty } = directory
  const removed = new Set(remove.map(keyOf))
  const duties = Object.entries(onDuty).flatMap(([rota, people]) =>
    people.map((person) => ({ rota, person, start: at, end: plusSeconds(at, daySeconds), source: caseSource })),
  )
  return {
    nodes: facts.nodes,
    relations: [
      ...facts.relations.filter((relation) => !removed.has(keyOf(relation))),
      ...add.map((relation) => ({ ...relation, source: caseSource })),
    ],
    shifts: [...facts.shifts.filter(({ rota }) => !Object.hasOwn(onDuty, rota)), ...duties],
    sources: [
      ...facts.sources,
      { id: caseSource, revision: caseSource, observedAt: at, staleAfterSeconds: daySeconds },
    ].map((source) => ({ ...source, observedAt: at })),
  }
}

/** @returns what is wrong with the case itself: names nobody knows, relations that were never there. */
export function mistakesIn(one: PolicyCase, facts: DirectoryFacts): readonly string[] {
  const known = new Set(facts.nodes.map(({ id }) => id))
  const strangers = [...new Set(mentioned(one))].filter((id) => !known.has(id))
  const stated = new Set(facts.relations.map(keyOf))
  const absent = one.directory.remove.filter((relation) => !stated.has(keyOf(relation)))
  return [
    ...strangers.map((id) => `the directory knows no \`${id}\`${didYouMean(id, known)}`),
    ...absent.map((relation) => `\`${keyOf(relation)}\` does not hold anyway; nothing to remove`),
  ]
}

function mentioned({
  asks,
  through,
  beneficiary,
  system,
  directory,
  took,
  decisions,
  expect,
}: PolicyCase): readonly NodeId[] {
  return [
    asks,
    ...through,
    beneficiary,
    system,
    ...[...directory.add, ...directory.remove].flatMap(({ from, to }) => [from, to]),
    ...Object.entries(directory.onDuty).flatMap(([rota, people]) => [rota, ...people]),
    ...took.map(({ person }) => person),
    ...decisions.flatMap(({ countersigner, askedBy }) => [countersigner, ...askedBy]),
    ...expect.mayDecide,
    ...expect.mayNotDecide.map(({ person }) => person),
    ...(expect.onlyDeciders ?? []),
    ...(expect.firstAsked === undefined ? [] : [expect.firstAsked]),
  ]
}

function keyOf({ from, relation, to }: Pick<Relation, 'from' | 'relation' | 'to'>): string {
  return `${from} ${relation} ${to}`
}
