/**
 * What becomes of the facts when one source has been read again? Its new word replaces its old one and touches no other
 * source. What it no longer says has ended, and is kept long enough to go on counting: nobody is cleared by a source
 * falling silent, by a backdated end, or by leaving and coming back.
 */
import type {
  Absence,
  DirectoryFacts,
  DirectoryNode,
  Relation,
  Shift,
  SourceChanges,
  SourceId,
  SourceSnapshot,
  StandingAccess,
} from './directory.ts'
import { earliestEnd, hasEnded, type Lasting, latest, latestEnd, readable, withEnd } from './merge/lasting.ts'
import {
  absenceOrder,
  accessOrder,
  compare,
  interleaved,
  nodeOrder,
  type Order,
  partOf,
  relationOrder,
  type Said,
  settled,
  shiftOrder,
  sorted,
} from './merge/order.ts'
import { isSameFact, saysNothingNew } from './merge/same.ts'
import { atOnce, factsInStep, type Steps } from './steps.ts'
import { type Instant, instantOf, millisOf } from './time.ts'

export { departedSince } from './merge/departed.ts'
export { type DirectoryDifference, diffDirectories, type StandingFacts } from './merge/difference.ts'
export { areSameFacts, saysTheSame } from './merge/same.ts'
export { type Gone, goneLately, isSudden, type Shrinkage, type ShrinkLimits, usualLimits } from './merge/shrinkage.ts'

const dayMillis = 86_400_000

/** Ended facts are needed at least as long as they linger, so no caller can ask for less. */
const keepDaysMin = 30

interface Reading {
  readonly source: SourceId
  readonly now: number
  /** Milliseconds; what ended before is forgotten. */
  readonly forgetBefore: number
  /** Milliseconds; when the source was read before, `-Infinity` when it never was. */
  readonly readBefore: number
}

/**
 * @param keepDays how long ended facts are kept; at least 30.
 * @returns the facts in one fixed order, whatever the order of the arguments, so that equal facts have equal digests.
 */
export function applySource(
  previous: DirectoryFacts,
  snapshot: SourceSnapshot,
  now: Instant,
  keepDays: number,
): DirectoryFacts {
  return atOnce(applySteps(previous, snapshot, now, keepDays))
}

/** The same, step by step. */
export function* applySteps(
  previous: DirectoryFacts,
  snapshot: SourceSnapshot,
  now: Instant,
  keepDays: number,
): Steps<DirectoryFacts> {
  const source = snapshot.source.id
  const reading = readingOf(previous, source, now, keepDays)
  const own = <Fact>(fact: Fact) => ({ ...fact, source })
  const access = yield* merged(previous.access ?? [], snapshot.access ?? [], accessOrder, accessRules(reading))
  const absences = mergedAbsences(previous.absences ?? [], (snapshot.absences ?? []).map(own), reading)
  return {
    nodes: yield* merged(previous.nodes, snapshot.nodes, nodeOrder, nodeRules(reading)),
    relations: yield* merged(previous.relations, snapshot.relations, relationOrder, relationRules(reading)),
    shifts: mergedShifts(previous.shifts, snapshot.shifts.map(own), reading),
    // Left out where nobody states any, so that a directory without it has the digest it always had.
    ...(access.length === 0 ? {} : { access }),
    ...(absences.length === 0 ? {} : { absences }),
    sources: [...previous.sources.filter(({ id }) => id !== source), snapshot.source].sort((a, b) =>
      compare(a.id, b.id),
    ),
  }
}

/**
 * The same for a source that says what has changed, and nothing of what has not. The answer is that of `applySource`, but
 * that nothing is forgotten: that waits for the next whole reading.
 */
export function applyChanges(
  previous: DirectoryFacts,
  { source: state, said, gone }: SourceChanges,
  now: Instant,
  keepDays: number,
): DirectoryFacts {
  const reading = readingOf(previous, state.id, now, keepDays)
  const nodes = [...said.nodes, ...gone.nodes].map(({ id }) => id)
  const relations = [...said.relations, ...gone.relations]
  const isNode = among([...said.nodes, ...gone.nodes], ({ id, kind }) => `${kind} ${id}`)
  const isRelation = among(relations, ({ from, relation, to }) => `${from} ${relation} ${to}`)
  const [about, from] = [new Set(nodes), new Set(relations.map((one) => one.from))]
  return {
    ...previous,
    nodes: changed(
      previous.nodes,
      said.nodes,
      (one) => about.has(one.id) && isNode(one),
      nodeOrder,
      nodeRules(reading),
    ),
    relations: changed(
      previous.relations,
      said.relations,
      (one) => from.has(one.from) && isRelation(one),
      relationOrder,
      relationRules(reading),
    ),
    sources: [...previous.sources.filter(({ id }) => id !== state.id), state].sort((a, b) => compare(a.id, b.id)),
  }
}

function among<One>(all: readonly One[], nameOf: (one: One) => string): (one: One) => boolean {
  const names = new Set(all.map(nameOf))
  return (one) => names.has(nameOf(one))
}

/** @param isTouched whether something was said of this, whoever said it before. */
function changed<Fact extends Lasting>(
  previous: readonly Fact[],
  said: readonly Said<Fact>[],
  isTouched: (fact: Fact) => boolean,
  order: Order<Fact>,
  rules: Rules<Fact>,
): readonly Fact[] {
  const inForce = settled(previous, order)
  const isOurs = (fact: Fact) => fact.source === rules.reading.source && isTouched(fact)
  const mine = inForce.filter(isOurs)
  const own = atOnce(walked(mine, said, order, rules))
  if (own.length === mine.length && own.every((fact, at) => fact === mine[at])) return inForce
  return interleaved(mine.length === 0 ? inForce : partOf(inForce, (fact) => !isOurs(fact)), own, order)
}

/** Relations and access: they begin, too. */
interface Spanned extends Lasting {
  readonly since?: Instant
}

/** What becomes of one fact of the source. */
interface Rules<Fact extends Lasting> {
  readonly reading: Reading
  /** Never said before, or long forgotten. */
  readonly begins: (said: Fact) => Fact
  readonly goesOn: (before: Fact, said: Fact) => Fact
  /** One fact of two that say the same of the same source. */
  readonly joins: (a: Fact, b: Fact) => Fact
}

function nodeRules(reading: Reading): Rules<DirectoryNode> {
  return {
    reading,
    begins: (said) => said,
    goesOn: (_, said) => said,
    joins: (a, b) => withEnd(a, earliestEnd(a, b)),
  }
}

function relationRules(reading: Reading): Rules<Relation> {
  return {
    reading,
    begins: (said) => withSince(said, beginning(said, reading)),
    goesOn: (before, said) => continued(before, said, reading),
    joins: (a, b) => ({
      ...withEnd(withSince(a, latest(readable(a.since), readable(b.since))), latestEnd(a, b)),
      ...(a.confirmed === undefined ? {} : { confirmed: a.confirmed && b.confirmed === true }),
    }),
  }
}

/**
 * A source that was read before did not say it then, so it cannot have begun earlier: whoever can write to a source would
 * otherwise be in a pool for years from the first minute. What it says on its first reading is taken as it says it.
 */
function beginning(said: Relation, reading: Reading): Instant | undefined {
  const since = readable(said.since)
  if (hasEnded(said, reading.now)) return since
  if (since === undefined) return instantOf(reading.now)
  return Number.isFinite(reading.readBefore) ? latest(since, instantOf(reading.readBefore)) : since
}

/** Nobody gains by having held something for long, so a beginning that no source states is not made up. */
function accessRules(reading: Reading): Rules<StandingAccess> {
  return {
    reading,
    begins: (said) => withSince(said, readable(said.since)),
    goesOn: (before, said) => continued(before, said, reading),
    joins: (a, b) => withEnd(withSince(a, latest(readable(a.since), readable(b.since))), latestEnd(a, b)),
  }
}

/**
 * The later beginning counts, so that no source can lend tenure afterwards; who came back begins anew. An end cannot
 * lie before the last time the source was read and still said so.
 */
function continued<Fact extends Spanned>(before: Fact, said: Fact, reading: Reading): Fact {
  if (hasEnded(said, reading.now)) {
    const sinceThen = withSince(said, latest(readable(before.since), readable(said.since)))
    return { ...sinceThen, until: instantOf(Math.max(millisOf(said.until as Instant), lastSeen(before, reading))) }
  }
  const back = hasEnded(before, reading.now) ? instantOf(reading.now) : undefined
  return withSince(said, latest(back, readable(before.since), readable(said.since)))
}

function lastSeen({ until }: Lasting, { readBefore }: Reading): number {
  const end = until === undefined ? Number.NaN : millisOf(until)
  return Number.isNaN(end) ? readBefore : Math.min(end, readBefore)
}

function ended<Fact extends Lasting>(fact: Fact, { now }: Reading): Fact {
  return hasEnded(fact, now) ? fact : { ...fact, until: instantOf(now) }
}

function isForgotten({ until }: Lasting, { forgetBefore }: Reading): boolean {
  return until !== undefined && millisOf(until) < forgetBefore
}

function withSince<Fact extends Spanned>(fact: Fact, since: Instant | undefined): Fact {
  const { since: _, ...rest } = fact
  return (since === undefined ? rest : { ...rest, since }) as Fact
}

/** Both lists are walked once, in the order of the facts. What has not changed stays the very same fact, and list. */
function* merged<Fact extends Lasting>(
  previous: readonly Fact[],
  said: readonly Said<Fact>[],
  order: Order<Fact>,
  rules: Rules<Fact>,
): Steps<readonly Fact[]> {
  const { reading } = rules
  const inForce = settled(previous, order)
  const isOurs = ({ source }: Fact) => source === reading.source
  const mine = partOf(inForce, isOurs)
  yield
  const own = partOf(yield* walked(mine, said, order, rules), (fact) => !isForgotten(fact, reading))
  yield
  if (own.length === mine.length && own.every((fact, at) => fact === mine[at])) return inForce
  return interleaved(mine.length === inForce.length ? [] : partOf(inForce, (fact) => !isOurs(fact)), own, order)
}

/** @returns what becomes of the source's own facts, one for each key and in order. */
function* walked<Fact extends Lasting>(
  mine: readonly Fact[],
  said: readonly Said<Fact>[],
  order: Order<Fact>,
  rules: Rules<Fact>,
): Steps<readonly Fact[]> {
  const { reading } = rules
  const withSource = (one: Said<Fact>) => ({ ...one, source: reading.source }) as Fact
  const before = joined(mine, order, rules.joins)
  const after = joined(said, order as unknown as JoinOrder<Said<Fact>>, (a, b) =>
    rules.joins(withSource(a), withSource(b)),
  )
  yield
  const own: Fact[] = []
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [old, young] = [before[i], after[j]]
    const which = old === undefined ? 1 : young === undefined ? -1 : order.about(old, young)
    if (which < 0) own.push(ended(old as Fact, reading))
    else if (which > 0) own.push(rules.begins(withSource(young as Said<Fact>)))
    else own.push(goesOn(old as Fact, young as Said<Fact>))
    if (which <= 0) i++
    if (which >= 0) j++
    if (own.length % factsInStep === 0) yield
  }
  return own

  function goesOn(old: Fact, young: Said<Fact>): Fact {
    if (old.until === undefined && saysNothingNew(old, young)) return old
    const next = rules.goesOn(old, withSource(young))
    return isSameFact(next, old) ? old : next
  }
}

interface JoinOrder<Fact> {
  readonly about: (a: Fact, b: Fact) => number
  readonly full: (a: Fact, b: Fact) => number
  readonly first: (fact: Fact) => string
}

/** One fact for each key. */
function joined<Fact extends object>(
  facts: readonly Fact[],
  order: JoinOrder<Fact>,
  joins: (a: Fact, b: Fact) => Fact,
): readonly Fact[] {
  const all = sorted(facts, order)
  if (all.every((fact, at) => at === 0 || order.about(all[at - 1] as Fact, fact) !== 0)) return all
  const unique: Fact[] = []
  for (const fact of all) {
    const last = unique.at(-1)
    if (last !== undefined && order.about(last, fact) === 0) unique[unique.length - 1] = joins(last, fact)
    else unique.push(fact)
  }
  return unique
}

/** A turn that is over is history and stays; one that is no longer planned ended now, and it lingers like a relation. */
function mergedShifts(previous: readonly Shift[], said: readonly Shift[], reading: Reading): readonly Shift[] {
  const planned = new Set(said.map(shiftOrder.name))
  const kept = previous.map((shift) =>
    shift.source !== reading.source || planned.has(shiftOrder.name(shift)) ? shift : cutShort(shift, reading),
  )
  const unique = new Map([...kept, ...said].map((shift) => [shiftOrder.name(shift), shift]))
  const isOurs = ({ source }: Shift) => source === reading.source
  return sorted(
    [...unique.values()].filter((shift) => !isOurs(shift) || !(millisOf(shift.end) < reading.forgetBefore)),
    shiftOrder,
  )
}

/** Only the last word of a source counts: who comes back early is back, and nobody is cleared or held by having been away. */
function mergedAbsences(previous: readonly Absence[], said: readonly Absence[], reading: Reading): readonly Absence[] {
  const others = previous.filter(({ source }) => source !== reading.source)
  const current = said.filter(({ end }) => !(millisOf(end) < reading.forgetBefore))
  const all = sorted([...others, ...current], absenceOrder)
  return all.filter((absence, i) => i === 0 || absenceOrder.key(all[i - 1] as Absence, absence) !== 0)
}

function cutShort(shift: Shift, { now }: Reading): Shift {
  if (millisOf(shift.end) <= now) return shift
  const end = instantOf(now)
  return { ...shift, start: millisOf(shift.start) < now ? shift.start : end, end }
}

function readingOf(previous: DirectoryFacts, source: SourceId, now: Instant, keepDays: number): Reading {
  const at = millisOf(now)
  const read = previous.sources.filter(({ id }) => id === source).map(({ observedAt }) => millisOf(observedAt))
  const forgetBefore = at - Math.max(keepDaysMin, keepDays) * dayMillis
  return {
    source,
    now: at,
    forgetBefore: Number.isNaN(forgetBefore) ? Number.NEGATIVE_INFINITY : forgetBefore,
    readBefore: Math.min(at, Math.max(Number.NEGATIVE_INFINITY, ...read.filter((one) => !Number.isNaN(one)))),
  }
}
