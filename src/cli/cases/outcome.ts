/**
 * What the rules answer to a case: tier, deciders, and whether the request would be taken at all. The same functions of
 * the core that decide for real; nothing here has rules of its own.
 */
import { type CompiledDirectory, compileDirectory } from '../../core/compile.ts'
import type { Conflict, Verdict } from '../../core/conflict.ts'
import { decide } from '../../core/decide.ts'
import type { DirectoryFacts, PersonId } from '../../core/directory.ts'
import type { Facts } from '../../core/facts.ts'
import { type IndependenceHistory, independence, type Matter } from '../../core/independence.ts'
import { isRefusal, type Obligations, offerFor } from '../../core/obligations.ts'
import type { Policy } from '../../core/policy.ts'
import type { Refusal } from '../../core/refusal.ts'
import { type Routing, route } from '../../core/route.ts'
import type { Terms } from '../../core/terms.ts'
import type { PolicyCase } from '../../files/cases.ts'
import { digestOf } from '../../lib/digest.ts'
import { termsOf } from './terms-of.ts'

export interface Outcome {
  /** Absent when the rules offer nothing of the kind. */
  readonly obligations?: Obligations
  readonly routing: Routing
  readonly verdictOf: (person: PersonId) => Verdict
  /** Why the request as such would be refused. */
  readonly refusal?: Refusal
}

const nobody: Routing = { eligible: [], excluded: [], pools: [] }

/** @param facts as if, see `factsAsIf` */
export function outcomeOf(one: PolicyCase, rules: Policy, facts: DirectoryFacts): Outcome {
  // How long somebody has been in a pool is known to the record, not to files.
  const policy = { ...rules, independence: { ...rules.independence, poolTenureDays: 0 } }
  const directory = compileDirectory(facts)
  const offer = offerFor(termsOf(one, policy, facts, directory), policy, directory)
  const obligations = isRefusal(offer) ? undefined : offer.obligations
  const terms = termsOf(one, policy, facts, directory, obligations)
  const history = historyOf(one)
  const matter = matterOf(one, obligations)
  const refusal = refusalOf(terms, one, policy, directory, history)
  return {
    routing: obligations === undefined ? nobody : route(matter, directory, history, policy, one.at),
    verdictOf: (person) => independence(matter, person, directory, history, policy, one.at),
    ...(obligations === undefined ? {} : { obligations }),
    ...(refusal === undefined ? {} : { refusal }),
  }
}

function matterOf(
  { asks, through, beneficiary, system, took }: PolicyCase,
  obligations: Obligations | undefined,
): Matter {
  return {
    requester: asks,
    chain: through,
    beneficiary,
    system,
    took: took.map((part) => ({ ...part, event: 'case' })),
    pools: obligations?.pools ?? [],
    rules: obligations?.rules ?? [],
  }
}

function historyOf({ decisions }: PolicyCase): IndependenceHistory {
  return {
    decisions: decisions.map((decision, index) => ({ ...decision, event: `case.${index + 1}` })),
    ruleChanges: [],
    tenures: [],
  }
}

function refusalOf(
  terms: Terms,
  one: PolicyCase,
  policy: Policy,
  directory: CompiledDirectory,
  history: IndependenceHistory,
): Refusal | undefined {
  const facts: Facts = {
    now: one.at,
    actor: { id: one.asks, chain: one.through },
    directory,
    policies: { asked: policy, today: policy, todayDigest: digestOf(policy) },
    history,
    earlier: [],
    held: [],
    digest: digestOf(terms),
    contains: terms.contains,
    clock: 'steady',
    sampled: false,
    reference: { directory: '', policy: '', circumstances: '' },
  }
  const decision = decide(undefined, { type: 'request', terms }, facts)
  return decision.outcome === 'refused' ? decision.refusal : undefined
}

/** @returns the conflicts of somebody who is not among the eligible; none when they are merely in no pool. */
export function conflictsOf(outcome: Outcome, person: PersonId): readonly Conflict[] {
  return outcome.routing.excluded.find((one) => one.person === person)?.conflicts ?? outcome.verdictOf(person).conflicts
}
