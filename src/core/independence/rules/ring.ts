/**
 * Would countersigning close a ring: you for me, I for you, or around three or four? Counts who countersigned for whom
 * within the policy's window, being by being under all their names. It forbids nothing, it asks for one more.
 */
import type { PathStep } from '../../conflict.ts'
import type { PersonId } from '../../directory.ts'
import { type Finding, named, type Rule, recordStep, stepsOf } from '../finding.ts'
import type { Countersigned } from '../history.ts'
import { dayMillis, idOf, numberOf } from '../moment.ts'
import { isAccount } from '../nodes.ts'
import type { PreparedMatter } from '../prepare.ts'
import { Reach } from '../reach.ts'
import { selvesOf } from '../side.ts'

/** One human being, as met on the way around. */
interface Being {
  /** The name under which it was met. */
  readonly name: PersonId
  /** All its names; empty for a name the directory never heard of. */
  readonly selves: Reach
  /** From the subject to the name under which the being was met. */
  readonly path: readonly PathStep[]
}

/** What one being countersigned for another, and the names under which they did so first. */
interface Approvals {
  readonly countersigner: PersonId
  readonly asker: PersonId
  readonly events: readonly string[]
}

export const reciprocal: Rule = (prepared, subject) => {
  if (prepared.policy.independence.reciprocal.mode === 'ignore') return undefined
  const { ringMax } = boundsOf(prepared)
  const own = namesOf(prepared, { name: subject.id, selves: subject.selves })
  // Most never asked for anything in that time: then no ring begins with them.
  if (!own.some((name) => prepared.index.byAsker.has(name))) return undefined
  const start: Being = { name: subject.id, selves: subject.selves, path: [] }
  const seen = new Set(own)
  let ring = [start]
  for (let length = 2; length <= ringMax && ring.length > 0; length++) {
    ring = ring.flatMap((being) => countersignersFor(prepared, being)).filter((being) => isNew(prepared, being, seen))
    const closing = ring.find(({ selves }) => selves.nodes.some((self) => prepared.everybody.has(self)))
    if (closing !== undefined) return closed(prepared, subject.id, closing, length)
  }
  return undefined
}

/** Whoever countersigned often enough for this being, under whichever names. */
function countersignersFor(prepared: PreparedMatter, being: Being): Being[] {
  const { from } = boundsOf(prepared)
  const often = approvalsFor(prepared, being).filter(({ events }) => count(events) >= from)
  return often.map((approvals) => ({
    name: approvals.countersigner,
    selves: selvesNamed(prepared, approvals.countersigner),
    path: [...being.path, ...toName(prepared, being, approvals.asker), approvalStep(approvals)],
  }))
}

/** One entry for each being, so that approving twice under two names is approving twice. */
function approvalsFor(prepared: PreparedMatter, being: Being): Approvals[] {
  const byBeing = new Map<PersonId, Approvals>()
  const names = namesOf(prepared, being)
  const { from } = boundsOf(prepared)
  for (const asker of names) {
    for (const countersigned of prepared.index.byAsker.get(asker) ?? []) {
      if (names.length > 1 || mayBeOften(prepared, countersigned, from)) add(prepared, byBeing, asker, countersigned)
    }
  }
  return [...byBeing.values()]
}

/** False for most: too few under this name, and no other name under which there could be more. */
function mayBeOften(prepared: PreparedMatter, { countersigner, acts }: Countersigned, from: number): boolean {
  if (acts.length >= from) return true
  return prepared.moment.directory.withOtherNames.has(countersigner)
}

function add(
  prepared: PreparedMatter,
  byBeing: Map<PersonId, Approvals>,
  asker: PersonId,
  { countersigner, acts }: Countersigned,
): void {
  const { since } = boundsOf(prepared)
  const counting = acts.filter(({ at }) => !(at <= since))
  for (const { at } of counting) prepared.moment.validity?.changesAt(at + prepared.moment.now - since)
  const recent = counting.map(({ event }) => event)
  if (recent.length === 0) return
  const key = mainName(prepared, countersigner)
  const known = byBeing.get(key) ?? { countersigner, asker, events: [] }
  byBeing.set(key, { ...known, events: [...known.events, ...recent] })
}

/** A decision that stands in the records twice is still one. */
function count(events: readonly string[]): number {
  return events.length < 2 ? events.length : new Set(events).size
}

/** The same for all names of one being. */
function mainName({ moment }: PreparedMatter, name: PersonId): PersonId {
  const node = numberOf(moment, name)
  if (node === undefined || !moment.directory.withOtherNames.has(name)) return name
  return idOf(moment, Math.min(...selvesOf(moment, node).nodes))
}

/** Names under which somebody can have asked: accounts do not stand in the records. */
function namesOf({ moment }: PreparedMatter, { name, selves }: Pick<Being, 'name' | 'selves'>): PersonId[] {
  const people = selves.nodes.filter((self) => !isAccount(moment.directory.nodes, self))
  return people.length === 0 ? [name] : people.map((self) => idOf(moment, self))
}

function selvesNamed({ moment }: PreparedMatter, name: PersonId): Reach {
  const node = numberOf(moment, name)
  return node === undefined ? new Reach() : selvesOf(moment, node)
}

/** Remembers the being, so that two ways to it are one. */
function isNew(prepared: PreparedMatter, being: Being, seen: Set<PersonId>): boolean {
  if (seen.has(being.name)) return false
  for (const name of namesOf(prepared, being)) seen.add(name)
  return true
}

function toName({ moment }: PreparedMatter, { selves }: Being, name: PersonId): PathStep[] {
  const node = numberOf(moment, name)
  return node === undefined || !selves.has(node) ? [] : stepsOf(moment, selves.out(node))
}

function approvalStep({ asker, countersigner, events }: Approvals): PathStep {
  return { ...recordStep(asker, 'countersigned', countersigner, events[0]), against: true }
}

function closed(prepared: PreparedMatter, id: PersonId, { name, selves, path }: Being, length: number): Finding {
  const { moment, everybody } = prepared
  const self = selves.nodes.find((one) => everybody.has(one)) as number
  const hops = [...selves.out(self), ...everybody.back(self)]
  const steps = stepsOf(moment, hops)
  return {
    path: [...path, ...steps],
    because: `${id} and ${named(prepared, steps.at(-1)?.to ?? name)} approve each other around a ring of ${length}`,
  }
}

/** Where the policy's numbers make no sense the strictest reading holds. */
function boundsOf({ policy, moment }: PreparedMatter) {
  const { overDays, from, ringMax } = policy.independence.reciprocal
  const since = moment.now - overDays * dayMillis
  return {
    /** Milliseconds; decisions up to then no longer count. */
    since: Number.isNaN(since) ? Number.NEGATIVE_INFINITY : since,
    from: Number.isNaN(from) ? 1 : from,
    ringMax: Number.isNaN(ringMax) ? 4 : Math.min(4, Math.max(2, ringMax)),
  }
}
