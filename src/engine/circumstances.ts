/**
 * Gathers what a decision may look at, inside the deciding transaction, and writes it down in the form in which it can
 * be looked at again: `why` reads the same circumstances back and decides once more.
 */
import type { CompiledDirectory } from '../core/compile.ts'
import { accessOf, describe, type EntitlementName, personsControlling } from '../core/compile.ts'
import type { NodeId, PersonId } from '../core/directory.ts'
import type { EarlierWaiver, Facts } from '../core/facts.ts'
import { noHistory } from '../core/independence.ts'
import { entitlementOf, type Policy } from '../core/policy.ts'
import { isSampled } from '../core/sampling.ts'
import type { Signed } from '../core/signed.ts'
import type { Digest, Terms } from '../core/terms.ts'
import { plusSeconds } from '../core/time.ts'
import type { Actor, Command, FactsReference, Waiver, WaiverId } from '../core/waiver.ts'
import { isOpen, systemActor } from '../core/waiver.ts'
import { canonicalJson, digestOfText } from '../lib/digest.ts'
import { type Circumstances, factsFrom, type Known } from '../proof/circumstances.ts'
import type { Locked, Revision, Transaction } from '../store/contract.ts'

export interface Gathered {
  readonly facts: Facts
  /** To be stored with the events that refer to it. */
  readonly revision: Revision
  /** Everybody on the requesting side, as persons. */
  readonly askedBy: readonly PersonId[]
}

export interface Question {
  readonly id: WaiverId
  readonly waiver: Waiver | undefined
  readonly command: Command
  readonly actor: Actor
  /** The terms the question is about: those asked for, or those of the waiver. */
  readonly terms: Terms
  readonly digest: Digest | undefined
  readonly contains: Digest | undefined
  readonly silence?: string | undefined
  /** What became of a signature that came along. */
  readonly signed?: Signed | undefined
}

/** Commands that weigh earlier waivers and approvals; the others need none of it. */
const weighing: ReadonlySet<Command['type']> = new Set([
  'request',
  'endorse',
  'countersign',
  'deny',
  'activate',
  'recheck',
  'request-extension',
  'request-resumption',
  'review',
  'review-event',
  'tick',
])

export async function gather(tx: Transaction, locked: Locked, known: Known, question: Question): Promise<Gathered> {
  const { now, heads } = locked
  const { actor, command, id, terms, waiver } = question
  const askedBy = requestingPersons(
    known.directory,
    [
      waiver?.requester ?? actor.id,
      ...(waiver?.chain ?? actor.chain),
      ...askedLater(waiver),
      ...openers(waiver, question),
      terms.beneficiary,
    ],
    now,
    known.today,
  )
  const weighs = weighing.has(command.type)
  const { overDays, ringMax } = known.today.independence.reciprocal
  const [decisions, others] = weighs
    ? await Promise.all([
        tx.decisions(askedBy, plusSeconds(now, -overDays * 86_400), ringMax),
        tx.earlier(askedBy, id, plusSeconds(now, -earlierSeconds(known)), rotaOf(terms)),
      ])
    : [[], []]
  const circumstances: Circumstances = {
    command,
    actor,
    history: weighs ? { decisions, ...known.rules } : noHistory,
    earlier: others.map(asEarlier),
    held: weighs ? heldBeside(known, question, now) : [],
    clock: heads.clock,
    freshness: heads.freshness,
    sampled: isSampled(digestOfText(id)),
    ...(locked.leased === undefined ? {} : { leased: locked.leased }),
    ...(question.contains === undefined ? {} : { contains: question.contains }),
    ...(question.silence === undefined ? {} : { silence: question.silence }),
    ...(question.digest === undefined ? {} : { digest: question.digest }),
    ...(question.signed === undefined ? {} : { signed: question.signed }),
  }
  return { ...withReference(circumstances, now, known), askedBy }
}

/**
 * What those who could use the access hold already: the beneficiary and whoever controls it, and whoever asks for something
 * that is not a person. Only entitlements of which some rules say a duty: the others decide nothing.
 */
function heldBeside(
  { directory, asked, today }: Known,
  { waiver, actor, terms: { beneficiary } }: Question,
  now: string,
): readonly EntitlementName[] {
  const behind = personsControlling(directory, beneficiary, now, today)
  const askers = [waiver?.requester ?? actor.id, ...(waiver?.chain ?? actor.chain), ...askedLater(waiver)]
  const isPerson = describe(directory, beneficiary, now)?.kind === 'person'
  const held = accessOf(directory, [beneficiary, ...behind, ...(isPerson ? [] : askers)], now)
  const saysDuties = (policy: Policy, name: EntitlementName) => (entitlementOf(policy, name)?.duties.length ?? 0) > 0
  return held.filter((name) => saysDuties(today, name) || saysDuties(asked, name))
}

function askedLater(waiver: Waiver | undefined): readonly NodeId[] {
  return waiver?.proposal === undefined ? [] : [waiver.proposal.askedBy, ...waiver.proposal.chain]
}

/** Whoever opened an envelope, or is about to, is on its requesting side and has had the time that others gave them. */
function openers(waiver: Waiver | undefined, { command, actor }: Question): readonly NodeId[] {
  if (waiver?.terms.kind !== 'break-glass') return []
  const opens = waiver.activation === undefined && command.type === 'activate'
  return [
    ...(waiver.activation === undefined ? [] : [waiver.activation.by]),
    ...(opens ? [actor.id, ...actor.chain] : []),
  ]
}

/** Envelopes of one rota are counted together, whoever asked for them and whoever opened them. */
export function rotaOf({ kind, beneficiary }: Terms): NodeId | undefined {
  return kind === 'break-glass' ? beneficiary : undefined
}

/** How far back caps, denials and re-filing reach, over all tiers. */
function earlierSeconds({ today }: Known): number {
  return Math.max(90 * 86_400, ...Object.values(today.tiers).map((tier) => tier.extension.overSeconds))
}

function withReference(circumstances: Circumstances, now: string, known: Known): Pick<Gathered, 'facts' | 'revision'> {
  const content = canonicalJson(circumstances)
  const digest = digestOfText(content)
  const reference: FactsReference = {
    directory: known.directoryDigest,
    policy: known.todayDigest,
    circumstances: digest,
  }
  return {
    facts: factsFrom(circumstances, now, known, reference),
    revision: { digest, kind: 'circumstances', content },
  }
}

/** For what the system does by itself and weighs nothing of what was before. */
export function plainFacts(
  command: Command,
  sampled: boolean,
  { clock, freshness }: Pick<Locked['heads'], 'clock' | 'freshness'>,
  known: Known,
  now: string,
  actor: Actor = { id: systemActor, chain: [] },
): Pick<Gathered, 'facts' | 'revision'> {
  const nothing = { history: noHistory, earlier: [], held: [] }
  return withReference({ command, actor, ...nothing, clock, freshness, sampled }, now, known)
}

/** All names of the persons among these nodes, and whoever controls those that are workloads. */
export function requestingPersons(
  directory: CompiledDirectory,
  nodes: readonly NodeId[],
  now: string,
  policy: Policy,
): readonly PersonId[] {
  const persons = nodes.flatMap((node) => personsControlling(directory, node, now, policy))
  return [...new Set(persons)].sort()
}

/** @returns the other waiver reduced to what counts; its window as it really was once access has ended. */
export function asEarlier(waiver: Waiver): EarlierWaiver {
  const { terms, activation, end } = waiver
  const breakGlass = terms.kind === 'break-glass'
  const start = activation?.at ?? terms.window.start
  const stop = [activation?.end ?? terms.window.end, end?.at ?? '9999'].sort()[0] as string
  const denied = end?.cause === 'denied' ? { waiver: waiver.id, by: end.by, at: end.at, reason: end.reason } : undefined
  return {
    id: waiver.id,
    open: isOpen(waiver),
    granted: activation !== undefined,
    breakGlass,
    access: terms.access,
    window: { start: breakGlass || start > terms.window.start ? start : terms.window.start, end: stop },
    ...(isOpen(waiver) && !breakGlass && start > terms.window.start ? { promised: terms.window } : {}),
    ordinal: waiver.ordinal + waiver.extensionsCount,
    countersigners: [...new Set(waiver.approvals.map((approval) => approval.by))],
    ...(denied === undefined ? {} : { denial: denied }),
  }
}
