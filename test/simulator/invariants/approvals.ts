/** Promises about who decided: outside, awake to the right terms, different people, and never those who start the access. */
import type { DirectoryFacts } from '../../../src/core/directory.ts'
import type { IndependenceHistory, Matter } from '../../../src/core/independence.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { narrows } from '../../../src/core/terms.ts'
import type { EventOf, Proposal, Waiver, WaiverEvent } from '../../../src/core/waiver.ts'
import { naiveIndependence } from '../../support/naive-independence.ts'
import type { Invariant } from '../invariants.ts'
import type { Facts, RevisionReader } from './facts.ts'

type Countersigned = EventOf<'WaiverCountersigned' | 'ExtensionCountersigned' | 'ResumptionCountersigned'>

interface Decided {
  readonly event: Countersigned
  readonly waiver: Waiver
  readonly after: Waiver
  readonly proposal: Proposal
}

function* decided({ fresh }: Facts): Iterable<Decided> {
  for (const { waiver } of fresh) {
    const { event, before, after } = waiver ?? {}
    if (event === undefined || before?.proposal === undefined || after === undefined || !isCountersigned(event))
      continue
    yield { event, waiver: before, after, proposal: before.proposal }
  }
}

function isCountersigned(event: WaiverEvent): event is Countersigned {
  return /^(Waiver|Extension|Resumption)Countersigned$/.test(event.type)
}

export const approvals: Readonly<Record<string, Invariant>> = {
  'whoever countersigned was independent at that moment': async (facts) => {
    const wrong: string[] = []
    for (const { event, waiver, proposal } of decided(facts)) {
      if (!event.verdict.independent)
        wrong.push(`${event.by} signed ${waiver.id} with ${event.verdict.conflicts.map(({ code }) => code)}`)
      wrong.push(
        ...(await conflictsOf(event, event.by, waiver, matterOf(waiver, proposal), facts.revisions)).map(
          (code) => `${event.by} signed ${waiver.id}: ${code}`,
        ),
      )
    }
    return wrong
  },

  'one person counts once in a decision': function* (facts) {
    for (const { event, waiver, proposal } of decided(facts)) {
      const before = [
        ...proposal.countersignatures,
        ...(proposal.endorsement === undefined ? [] : [proposal.endorsement]),
      ]
      if (before.some(({ by }) => by === event.by)) yield `${event.by} took two steps of ${waiver.id}`
    }
  },

  'a decision is complete only with enough people and its endorsement': function* (facts) {
    for (const { event, waiver, proposal } of decided(facts)) {
      if (!event.complete) continue
      if (proposal.countersignatures.length + 1 < waiver.obligations.countersignersMin)
        yield `${waiver.id} with too few`
      const endorses = waiver.obligations.steps.includes('endorse')
      if (endorses && proposal.endorsement === undefined) yield `${waiver.id} without an endorsement`
    }
  },

  'what is signed was shown, and narrows it at most': function* (facts) {
    for (const { event, waiver, after, proposal } of decided(facts)) {
      if (event.signed !== proposal.digest) yield `${waiver.id} signed ${event.signed}, put forward ${proposal.digest}`
      if (event.type === 'WaiverCountersigned' && event.complete && !narrows(waiver.terms, after.terms))
        yield `${waiver.id} is wider than asked`
      if (after.terms.beneficiary !== waiver.terms.beneficiary) yield `${waiver.id} is for somebody else now`
    }
  },

  'what is signed and given contains what it contained when it was asked for': function* ({ world, fresh }) {
    for (const { waiver } of fresh) {
      if (waiver === undefined) continue
      const { event, after } = waiver
      const contents = world.targets.systems.get(after.terms.access.system)?.contents ?? ''
      if (event.type === 'WaiverRequested') world.contentsAsked.set(after.id, contents)
      const gives = isCountersigned(event) || event.type === 'ActivationStarted'
      const asked = world.contentsAsked.get(after.id)
      if (gives && event.type !== 'ResumptionCountersigned' && asked !== contents)
        yield `${event.type} of ${after.id} over \`${contents}\`, asked for over \`${asked}\``
    }
  },

  'whoever starts the access neither endorsed nor countersigned it': function* ({ fresh }) {
    for (const { waiver } of fresh) {
      if (waiver?.event.type !== 'ActivationStarted' || waiver.before === undefined) continue
      const { approvals: signed, endorsers, id } = waiver.before
      if (signed.length === 0) yield `${id} starts without a countersignature`
      if ([...signed.map(({ by }) => by), ...endorsers].includes(waiver.event.by))
        yield `${waiver.event.by} starts ${id}`
    }
  },

  'whoever countersigned is still independent when the access starts': async ({ fresh, revisions }) => {
    const wrong: string[] = []
    for (const { waiver } of fresh) {
      if (waiver?.event.type !== 'ActivationStarted' || waiver.before === undefined) continue
      const { before, event } = waiver
      for (const { by } of before.approvals) {
        const codes = await conflictsOf(event, by, before, startedBy(before, event.by), revisions)
        wrong.push(...codes.map((code) => `${event.by} starts ${before.id}, signed by ${by}: ${code}`))
      }
    }
    return wrong
  },

  'the end moves only by a countersigned extension of somebody else': function* ({ fresh }) {
    for (const { waiver } of fresh) {
      const { before, after, event } = waiver ?? {}
      const [old, young] = [before?.activation?.end, after?.activation?.end]
      if (old === undefined || old === young || event === undefined || before === undefined) continue
      const people = before.approvals.map(({ by }) => by)
      if (event.type !== 'ExtensionCountersigned') yield `${event.type} moved the end of ${before.id}`
      else if (people.includes(event.by) || event.by === before.proposal?.askedBy)
        yield `${event.by} extended ${before.id}`
      else if (young === undefined || young < old) yield `${before.id} was extended to an earlier end`
    }
  },

  'whoever closes a review had no part, and the removal was verified': function* ({ fresh }) {
    for (const { waiver } of fresh) {
      if (waiver?.event.type !== 'ReviewClosed' || waiver.before === undefined) continue
      const { before, event } = waiver
      const part = [
        before.requester,
        before.terms.beneficiary,
        before.activation?.by,
        ...before.approvals.map(({ by }) => by),
        ...before.endorsers,
      ]
      if (part.includes(event.by)) yield `${event.by} reviewed ${before.id}`
      if (before.removal.state === 'open') yield `${before.id} was closed while its removal is open`
    }
  },
}

/** By the plain and slow rules, on the revisions the event names, under the policy asked under and the one of that day. */
async function conflictsOf(
  { facts: reference, at }: WaiverEvent,
  person: string,
  waiver: Waiver,
  matter: Matter,
  revisions: RevisionReader,
): Promise<readonly string[]> {
  if (reference === undefined) return ['no facts are named']
  const { freshness, history } = (await revisions.circumstances(reference.circumstances)) as {
    freshness: Readonly<Record<string, string>>
    history: IndependenceHistory
  }
  const directory = refreshed(await revisions.directory(reference.directory), freshness)
  const policies = await Promise.all([waiver.policy, reference.policy].map((digest) => revisions.policy(digest)))
  const judge = (policy: Policy) => [...naiveIndependence(matter, person, directory, history, policy, at).keys()]
  // A ring asks for one more signature and forbids none. A directory of yesterday will do for an emergency.
  const forgiven = waiver.terms.kind === 'break-glass' && waiver.proposal === undefined ? ['directory-too-old'] : []
  return [...new Set(policies.flatMap(judge))].filter((code) => !['reciprocal', ...forgiven].includes(code))
}

/** Whoever opens an envelope is the one who gains by it, and on the requesting side from that moment on. */
function startedBy(waiver: Waiver, starter: string): Matter {
  const matter = { ...matterOf(waiver, undefined), took: [] }
  if (waiver.terms.kind !== 'break-glass') return matter
  return { ...matter, chain: [...matter.chain, starter], beneficiary: starter }
}

function refreshed(facts: DirectoryFacts, freshness: Readonly<Record<string, string>>): DirectoryFacts {
  const sources = facts.sources.map((source) => ({ ...source, observedAt: freshness[source.id] ?? source.observedAt }))
  return { ...facts, sources }
}

function matterOf(waiver: Waiver, proposal: Proposal | undefined): Matter {
  const took = [
    ...(proposal?.endorsement === undefined
      ? []
      : [{ person: proposal.endorsement.by, part: 'endorsed' as const, event: '' }]),
    ...(proposal?.countersignatures ?? []).map(({ by }) => ({ person: by, part: 'countersigned' as const, event: '' })),
  ]
  return {
    requester: waiver.requester,
    chain: [
      ...waiver.chain,
      ...(proposal === undefined || proposal.askedBy === waiver.requester ? [] : [proposal.askedBy]),
    ],
    beneficiary: waiver.terms.beneficiary,
    system: waiver.terms.access.system,
    took,
    pools: waiver.obligations.pools,
    rules: waiver.obligations.rules,
  }
}
