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
import { hasOtherNames, selvesOf } from '../side.ts'

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
  readonly events: ReadonlySet<string>
}

export const reciprocal: Rule = (prepared, subject) => {
  if (prepared.policy.independence.reciprocal.mode === 'ignore') return undefined
  const { ringMax } = boundsOf(prepared)
  const start: Being = { name: subject.id, selves: subject.selves, path: [] }
  const seen = new Set(namesOf(prepared, start))
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
  const often = approvalsFor(prepared, being).filter(({ events }) => events.size >= from)
  return often.map((approvals) => ({
    name: approvals.countersigner,
    selves: selvesNamed(prepared, approvals.countersigner),
    path: [...being.path, ...toName(prepared, being, approvals.asker), approvalStep(approvals)],
  }))
}

/** One entry for each being, so that approving twice under two names is approving twice. */
function approvalsFor(prepared: PreparedMatter, being: Being): Approvals[] {
  const byBeing = new Map<PersonId, Approvals>()
  for (const asker of namesOf(prepared, being)) {
    for (const [countersigner, acts] of prepared.index.byAsker.get(asker) ?? []) {
      add(prepared, byBeing, { asker, countersigner, events: eventsThatCount(prepared, acts) })
    }
  }
  return [...byBeing.values()]
}

function add(prepared: PreparedMatter, byBeing: Map<PersonId, Approvals>, approvals: Approvals): void {
  if (approvals.events.size === 0) return
  const key = mainName(prepared, approvals.countersigner)
  const known = byBeing.get(key)
  const events = known === undefined ? approvals.events : new Set([...known.events, ...approvals.events])
  byBeing.set(key, { ...approvals, ...known, events })
}

function eventsThatCount(prepared: PreparedMatter, acts: readonly Countersigned[]): Set<string> {
  const { since } = boundsOf(prepared)
  const events = new Set<string>()
  for (const { at, event } of acts) if (!(at <= since)) events.add(event)
  return events
}

/** The same for all names of one being. */
function mainName({ moment }: PreparedMatter, name: PersonId): PersonId {
  const node = numberOf(moment, name)
  if (node === undefined || !hasOtherNames(moment, node)) return name
  return idOf(moment, Math.min(...selvesOf(moment, node).nodes))
}

/** Names under which somebody can have asked: accounts do not stand in the records. */
function namesOf({ moment }: PreparedMatter, { name, selves }: Being): PersonId[] {
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
  const [first] = events
  return { ...recordStep(asker, 'countersigned', countersigner, first), against: true }
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
