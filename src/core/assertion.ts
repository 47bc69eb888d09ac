/**
 * What people say about the directory itself: that an account is somebody's, that two entries are one human being, that a
 * workload has an owner. A link counts against those it names from the moment it is said; whatever is in somebody's favour
 * counts only once somebody independent has confirmed it, on the record. Pure.
 */
import { type CheckFacts, checkingPools, mayCheck } from './checker.ts'
import { membersOfTeam, personsControlling } from './compile.ts'
import type { Verdict } from './conflict.ts'
import { countersignSystem, type NodeId, type Relation } from './directory.ts'
import { type Matter, poolsOf } from './independence.ts'
import { type Refusal, refusal } from './refusal.ts'
import { isActive, nodeKindOf } from './standing.ts'
import type { Instant } from './time.ts'

/** `lnk_…` or `own_…`, made from what is said: the same is said once, and its record goes on. */
export type AssertionId = string

export type Said =
  | { readonly kind: 'link'; readonly from: NodeId; readonly relation: 'belongs-to' | 'same-as'; readonly to: NodeId }
  | { readonly kind: 'ownership'; readonly from: NodeId; readonly relation: 'owns'; readonly to: NodeId }

export interface Assertion {
  readonly id: AssertionId
  readonly version: number
  readonly said: Said
  readonly status: 'proposed' | 'confirmed' | 'rejected' | 'withdrawn' | 'ended'
  /** A person, or the system where names look alike. */
  readonly author: NodeId
  readonly at: Instant
  /** Why it is so, in the words of whoever says it. Data, never instructions. */
  readonly evidence: string
  readonly confirmed?: { readonly by: NodeId; readonly at: Instant; readonly note: string }
  readonly end?: { readonly by: NodeId; readonly at: Instant; readonly reason: string }
  /** It was said before and counted until then: saying it anew, and having that rejected, clears nobody of it. */
  readonly countedUntil?: Instant
}

export type AssertionCommand =
  | { readonly type: 'propose'; readonly said: Said; readonly evidence: string }
  | { readonly type: 'confirm'; readonly note: string }
  | { readonly type: 'reject'; readonly reason: string }
  /** Takes back what was proposed, or ends what was confirmed. */
  | { readonly type: 'end'; readonly reason: string }

interface Stamp {
  readonly at: Instant
  readonly by: NodeId
}

export type AssertionEvent = Stamp &
  (
    | { readonly type: 'AssertionProposed'; readonly said: Said; readonly evidence: string }
    | { readonly type: 'AssertionConfirmed'; readonly note: string; readonly verdict: Verdict }
    | { readonly type: 'AssertionRejected'; readonly reason: string; readonly verdict: Verdict }
    | { readonly type: 'AssertionWithdrawn'; readonly reason: string }
    | { readonly type: 'AssertionEnded'; readonly reason: string }
    | {
        readonly type: 'AttemptRefused'
        readonly command: AssertionCommand['type']
        readonly code: string
        readonly message: string
        readonly verdict?: Verdict
      }
  )

export type AssertionDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly AssertionEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly AssertionEvent[] }

export function decideAssertion(
  assertion: Assertion | undefined,
  command: AssertionCommand,
  facts: CheckFacts,
): AssertionDecision {
  const stamp = { at: facts.now, by: facts.actor.id }
  const accept = (event: AssertionEvent): AssertionDecision => ({ outcome: 'accepted', events: [event] })
  const refuse = (no: Refusal, verdict?: Verdict): AssertionDecision => {
    const said = { code: no.code, message: no.message, ...(verdict === undefined ? {} : { verdict }) }
    return {
      outcome: 'refused',
      refusal: no,
      events: [{ ...stamp, type: 'AttemptRefused', command: command.type, ...said }],
    }
  }
  if (command.type === 'propose') {
    const no = mayPropose(assertion, command.said, facts)
    const { said, evidence } = command
    return no === undefined ? accept({ ...stamp, type: 'AssertionProposed', said, evidence }) : refuse(no)
  }
  if (assertion === undefined) return refuse(refusal('assertion-not-open'))
  switch (command.type) {
    case 'confirm':
    case 'reject': {
      const { refusal: unfit, verdict } = mayCheck(matterOf(assertion, facts), facts)
      const no =
        open(assertion) ?? changedMeanwhile(assertion, command.type, facts) ?? ownWord(assertion, facts) ?? unfit
      if (no !== undefined) return refuse(no, verdict)
      return command.type === 'confirm'
        ? accept({ ...stamp, type: 'AssertionConfirmed', note: command.note, verdict })
        : accept({ ...stamp, type: 'AssertionRejected', reason: command.reason, verdict })
    }
    case 'end': {
      const no = mayEnd(assertion, facts)
      if (no !== undefined) return refuse(no)
      const type = assertion.status === 'proposed' ? 'AssertionWithdrawn' : 'AssertionEnded'
      return accept({ ...stamp, type, reason: command.reason })
    }
    default:
      return command satisfies never
  }
}

export function evolveAssertion(
  assertion: Assertion | undefined,
  event: AssertionEvent,
  id: AssertionId,
): Assertion | undefined {
  const version = (assertion?.version ?? 0) + 1
  if (event.type === 'AssertionProposed') {
    const { by: author, at, said, evidence } = event
    const countedUntil = assertion === undefined ? undefined : relationOf(assertion)?.until
    const before = countedUntil === undefined ? {} : { countedUntil }
    return { id, version, said, status: 'proposed', author, at, evidence, ...before }
  }
  if (assertion === undefined) return undefined
  const next = { ...assertion, version }
  const ended = (status: Assertion['status'], reason: string): Assertion => ({
    ...next,
    status,
    end: { by: event.by, at: event.at, reason },
  })
  switch (event.type) {
    case 'AssertionConfirmed':
      return { ...next, status: 'confirmed', confirmed: { by: event.by, at: event.at, note: event.note } }
    case 'AssertionRejected':
      return ended('rejected', event.reason)
    case 'AssertionWithdrawn':
      return ended('withdrawn', event.reason)
    case 'AssertionEnded':
      return ended('ended', event.reason)
    case 'AttemptRefused':
      return next
    default:
      return event satisfies never
  }
}

/**
 * What of it is a fact of the directory: a link from the first word on, unconfirmed; an owner only once confirmed. What was
 * taken back ended then, and goes on counting like everything else; what somebody independent rejected was never so, but
 * for what was in force before it was said anew.
 */
export function relationOf(assertion: Assertion): Omit<Relation, 'source'> | undefined {
  const { said, status, at, confirmed, end, countedUntil } = assertion
  const { from, relation, to } = said
  if (status === 'rejected' || (said.kind === 'ownership' && confirmed === undefined))
    return countedUntil === undefined ? undefined : { from, relation, to, until: countedUntil }
  const until = end === undefined ? {} : { until: end.at }
  if (said.kind === 'ownership') return { from, relation, to, since: confirmed?.at ?? at, ...until }
  return { from, relation, to, since: at, confirmed: status === 'confirmed', ...until }
}

function mayPropose(known: Assertion | undefined, said: Said, facts: CheckFacts): Refusal | undefined {
  const { actor, directory, now } = facts
  if (nodeKindOf(directory, actor.id) !== 'person' || actor.chain.length > 0) return refusal('only-people-decide')
  if (!isActive(directory, actor.id, now)) return refusal('not-active-in-directory', `\`${actor.id}\``)
  if (known?.status === 'proposed' || known?.status === 'confirmed')
    return refusal('assertion-not-open', `it is ${known.status} already`)
  return (
    malformed(said, facts) ??
    (mayBeSaidBy(said, facts) || isStrangerWhoChecks(said, facts) ? undefined : refusal('not-permitted', aboutOthers))
  )
}

const aboutOthers = 'one says this of oneself and of what nobody else has, or looks after rules or security'

function malformed({ kind, from, relation, to }: Said, { directory, now }: CheckFacts): Refusal | undefined {
  const [start, end] = [nodeKindOf(directory, from), nodeKindOf(directory, to)]
  const missing = start === undefined ? from : end === undefined ? to : undefined
  if (missing !== undefined) return refusal('unknown-person', `\`${missing}\``)
  const fits =
    kind === 'ownership'
      ? (start === 'person' || start === 'team') && end === 'workload'
      : relation === 'same-as'
        ? start === 'person' && end === 'person' && from < to
        : start === 'account' && (end === 'person' || end === 'workload')
  if (!fits) return refusal('terms-malformed', `\`${from}\` ${relation.replaceAll('-', ' ')} \`${to}\` says nothing`)
  // Somebody who left owns nothing; that somebody who left is one with somebody who is here can well be.
  const owner = kind === 'ownership' && !isActive(directory, from, now) ? from : undefined
  return owner === undefined ? undefined : refusal('not-active-in-directory', `\`${owner}\``)
}

/**
 * What one may say without looking after anything: that one owns a workload, oneself or as a team one is in; that an account
 * is one's own while nobody else has it. Otherwise a link would be a way to take somebody's account, or to make an approver
 * a stranger no more: such things are said by those who look after rules or security.
 */
function mayBeSaidBy({ kind, from, to }: Said, { actor, directory, policy, now }: CheckFacts): boolean {
  const isPerson = nodeKindOf(directory, from) === 'person'
  if (kind === 'ownership')
    return from === actor.id || (!isPerson && membersOfTeam(directory, from, now).includes(actor.id))
  if (isPerson) return false
  const holders = personsControlling(directory, from, now, policy)
  const isTheirs = to === actor.id || personsControlling(directory, to, now, policy).includes(actor.id)
  return isTheirs && holders.every((holder) => holder === actor.id)
}

/** Whoever looks after rules or security says things about others, not about themselves. */
function isStrangerWhoChecks(said: Said, facts: CheckFacts): boolean {
  const named = [said.from, said.to].flatMap((node) => peopleBehind(node, facts))
  return isChecker(facts) && !named.includes(facts.actor.id)
}

function isChecker({ actor, directory, policy, now }: CheckFacts): boolean {
  return (
    poolsOf(actor.id, checkingPools(policy), directory, policy, now).length > 0 || policy.founders.includes(actor.id)
  )
}

function open({ status }: Assertion): Refusal | undefined {
  return status === 'proposed' ? undefined : refusal('assertion-not-open', `it is ${status}`)
}

/** What was proposed of somebody who has left since, or is no longer there, is not confirmed. */
function changedMeanwhile({ said }: Assertion, type: 'confirm' | 'reject', facts: CheckFacts): Refusal | undefined {
  return type === 'confirm' ? malformed(said, facts) : undefined
}

function ownWord({ author }: Assertion, { actor }: CheckFacts): Refusal | undefined {
  return author === actor.id ? refusal('author-is-approver', 'nobody confirms their own word') : undefined
}

function mayEnd(assertion: Assertion, facts: CheckFacts): Refusal | undefined {
  if (assertion.status !== 'proposed' && assertion.status !== 'confirmed')
    return refusal('assertion-not-open', `it is ${assertion.status}`)
  const { actor, directory, now } = facts
  if (!isActive(directory, actor.id, now) || actor.chain.length > 0) return refusal('not-permitted')
  const { said, status, author } = assertion
  // What somebody independent of those it names confirmed, somebody independent of them ends.
  if (said.kind === 'link' && status === 'confirmed') {
    const matter = matterOf({ ...assertion, author: countersignSystem }, facts)
    return isChecker(facts) ? mayCheck(matter, facts).refusal : refusal('not-permitted', aboutOthers)
  }
  const mine = author === actor.id || ownsBy(said, facts)
  const looksAfterIt = said.kind === 'link' ? isStrangerWhoChecks(said, facts) : isChecker(facts)
  return mine || looksAfterIt ? undefined : refusal('not-permitted', aboutOthers)
}

/** Whoever owns something gives it up themselves; that an account is theirs is not for them to deny. */
function ownsBy(said: Said, facts: CheckFacts): boolean {
  return said.kind === 'ownership' && mayBeSaidBy(said, facts)
}

/** Whoever said it, whoever it names, and whoever stands behind them, are on the asking side of it. */
function matterOf({ id, author, said }: Assertion, { directory, policy, now }: CheckFacts): Matter {
  const named = [said.from, said.to].flatMap((node) => peopleBehind(node, { directory, policy, now }))
  const people = [...new Set(author === countersignSystem ? named : [author, ...named])]
  const [requester = author, ...chain] = people
  const took = author === countersignSystem ? [] : [{ person: author, part: 'requested' as const, event: id }]
  return { requester, chain, beneficiary: requester, took, pools: checkingPools(policy), rules: [] }
}

function peopleBehind(
  node: NodeId,
  { directory, policy, now }: Pick<CheckFacts, 'directory' | 'policy' | 'now'>,
): NodeId[] {
  const kind = nodeKindOf(directory, node)
  if (kind === 'person' || kind === 'team') return [node]
  return [...personsControlling(directory, node, now, policy)]
}
