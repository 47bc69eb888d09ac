/**
 * Would countersigning close a ring: you for me, I for you, or around three or four? Counts who countersigned for whom
 * within the policy's window, being by being under all their names. It forbids nothing, it asks for one more.
 */
import type { PathStep } from '../../conflict.ts'
import type { PersonId } from '../../directory.ts'
import { type Finding, named, ownRecords, type Rule, stepsOf } from '../finding.ts'
import type { Countersigned } from '../history.ts'
import { dayMillis, idOf, type Moment, numberOf } from '../moment.ts'
import type { PreparedMatter } from '../prepare.ts'
import type { Reach } from '../reach.ts'
import { selvesOf } from '../side.ts'

/** One human being, as met on the way around. */
interface Being {
  /** The name under which it was met, and all its names. */
  readonly name: PersonId
  readonly names: readonly PersonId[]
  readonly node: number | undefined
  readonly selves: Reach | undefined
}

interface Link {
  readonly being: Being
  /** From the subject to the name under which the being was met. */
  readonly path: readonly PathStep[]
}

interface Approvals {
  readonly countersigner: Being
  readonly asker: PersonId
  readonly first: Countersigned
  readonly events: Set<string>
}

export const reciprocal: Rule = (prepared, subject) => {
  if (prepared.policy.independence.reciprocal.mode === 'ignore') return undefined
  const { ringMax } = boundsOf(prepared)
  const start = beingOf(prepared.moment, subject.id)
  const seen = new Set(start.names)
  let ring: Link[] = [{ being: start, path: [] }]
  for (let length = 2; length <= ringMax; length++) {
    ring = ring.flatMap((link) => linksTo(prepared, link)).filter(({ being }) => isNew(being, seen))
    const closing = ring.find(({ being }) => being.node !== undefined && prepared.everybody.has(being.node))
    if (closing !== undefined) return closed(prepared, subject.id, closing, length)
  }
  return undefined
}

/** Whoever countersigned often enough for this being. */
function linksTo(prepared: PreparedMatter, { being, path }: Link): Link[] {
  const { from } = boundsOf(prepared)
  return approvalsFor(prepared, being)
    .filter((approvals) => approvals.events.size >= from)
    .map((approvals) => ({
      being: approvals.countersigner,
      path: [...path, ...toName(prepared.moment, being, approvals.asker), approvalStep(approvals)],
    }))
}

/** By countersigning being, so that approving under two names counts as approving twice. */
function approvalsFor(prepared: PreparedMatter, being: Being): Approvals[] {
  const { moment, index } = prepared
  const { since } = boundsOf(prepared)
  const byBeing = new Map<PersonId, Approvals>()
  for (const asker of being.names) {
    for (const act of index.byAsker.get(asker) ?? []) {
      if (act.at <= since) continue
      const known = byBeing.get(act.countersigner)
      if (known === undefined)
        addApprovals(byBeing, {
          countersigner: beingOf(moment, act.countersigner),
          asker,
          first: act,
          events: new Set([act.event]),
        })
      else known.events.add(act.event)
    }
  }
  return [...new Set(byBeing.values())]
}

function addApprovals(byBeing: Map<PersonId, Approvals>, approvals: Approvals): void {
  for (const name of approvals.countersigner.names) byBeing.set(name, approvals)
  byBeing.set(approvals.countersigner.name, approvals)
}

/** Remembers the being, so that two ways to it are one. */
function isNew({ name, names }: Being, seen: Set<PersonId>): boolean {
  if (seen.has(name)) return false
  for (const other of names) seen.add(other)
  return true
}

function approvalStep({ asker, first }: Approvals): PathStep {
  return {
    from: asker,
    relation: 'countersigned',
    to: first.countersigner,
    against: true,
    source: ownRecords,
    revision: first.event,
  }
}

function closed(prepared: PreparedMatter, id: PersonId, closing: Link, length: number): Finding {
  const { moment } = prepared
  const hops = prepared.everybody.back(closing.being.node as number)
  const end = stepsOf(moment, hops).at(-1)?.to ?? closing.being.name
  return {
    path: [...closing.path, ...stepsOf(moment, hops)],
    because: `${id} and ${named(prepared, end)} approve each other around a ring of ${length}`,
  }
}

function beingOf(moment: Moment, name: PersonId): Being {
  const node = numberOf(moment, name)
  if (node === undefined) return { name, names: [name], node, selves: undefined }
  const selves = selvesOf(moment, node)
  return { name, names: selves.nodes.map((self) => idOf(moment, self)), node, selves }
}

function toName(moment: Moment, being: Being, name: PersonId): PathStep[] {
  const node = numberOf(moment, name)
  return node === undefined || being.selves === undefined ? [] : stepsOf(moment, being.selves.out(node))
}

/** Where the policy's numbers make no sense the strictest reading holds. */
function boundsOf({ policy, moment }: Pick<PreparedMatter, 'policy' | 'moment'>) {
  const { overDays, from, ringMax } = policy.independence.reciprocal
  const since = moment.now - overDays * dayMillis
  return {
    /** Milliseconds; decisions up to then no longer count. */
    since: Number.isNaN(since) ? Number.NEGATIVE_INFINITY : since,
    from: Number.isNaN(from) ? 1 : from,
    ringMax: Number.isNaN(ringMax) ? 4 : Math.min(4, Math.max(2, ringMax)),
  }
}
