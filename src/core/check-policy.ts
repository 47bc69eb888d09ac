/**
 * Will this policy work with these people? Looks for the hours of need before they come: requests that nobody
 * independent could decide, pools that are empty or hang on one person, names that lead nowhere. Pure; it decides
 * nothing, and what it advises is never to relax a rule but to add somebody outside.
 */
import { findings as askerFindings } from './check-policy/askers.ts'
import { directoryFindings } from './check-policy/directory.ts'
import { poolFindings } from './check-policy/pools.ts'
import { type Scope, scopeOf } from './check-policy/scope.ts'
import { teamFindings } from './check-policy/teams.ts'
import { describe } from './compile.ts'
import type { DirectoryFacts, NodeId } from './directory.ts'
import type { Policy } from './policy.ts'
import type { Instant } from './time.ts'

export { type PeopleNeeded, peopleNeeded } from './check-policy/people-needed.ts'

/** `high`: something will be refused that should be decidable. `medium`: it hangs by a thread. `low`: worth a look. */
export type FindingSeverity = 'high' | 'medium' | 'low'

export type FindingCode =
  | 'directory-too-old'
  | 'unknown-member'
  | 'unknown-rota'
  | 'unknown-team'
  | 'unknown-system'
  | 'member-has-left'
  | 'pool-empty'
  | 'pool-of-one'
  | 'pool-never-on-duty'
  | 'pool-member-runs-countersign'
  | 'nobody-decides'
  | 'tier-short-of-people'
  | 'no-independent-approver'
  | 'no-endorser'
  | 'no-independent-reviewer'
  | 'only-one-approver'
  | 'nobody-else-extends'
  | 'workload-without-controller'
  | 'outsider-without-sponsor'
  | 'team-reaches-far'
  | 'duty-without-function'
  | 'changes-at-once'
  | 'unknown-in-guardrail'
  | 'checked-in-part'

export interface Finding {
  readonly code: FindingCode
  readonly severity: FindingSeverity
  /** What it is about: a node, or an id of the policy (`pools.risk`, `tiers.high`). */
  readonly about: NodeId | string
  /** What is the case. Lower-case, no full stop, names in backticks. */
  readonly message: string
  /** What to do about it. */
  readonly advice: string
}

const order: readonly FindingSeverity[] = ['high', 'medium', 'low']

/** @returns everything found, the worst first, then by what it is about. Empty: nothing was found. */
export function checkPolicy(policy: Policy, directory: DirectoryFacts, now: Instant): readonly Finding[] {
  const scope = scopeOf(policy, directory, now)
  const found = [
    ...directoryFindings(scope),
    ...poolFindings(scope),
    ...teamFindings(scope),
    ...policyFindings(policy),
    ...guardrailFindings(scope),
  ]
  // On facts that are too old nobody is independent; the same thing said of every team would say nothing.
  if (!found.some(({ code }) => code === 'directory-too-old')) found.push(...askerFindings(scope))
  return found.sort(
    (a, b) =>
      order.indexOf(a.severity) - order.indexOf(b.severity) || compare(a.about, b.about) || compare(a.code, b.code),
  )
}

const changeDelaySecondsSafe = 3_600

function policyFindings(policy: Policy): readonly Finding[] {
  const found: Finding[] = []
  if (policy.changeDelaySeconds < changeDelaySecondsSafe) {
    found.push({
      code: 'changes-at-once',
      severity: 'low',
      about: 'changeDelay',
      message: `changes to the rules take effect ${policy.changeDelaySeconds} seconds after their countersignature`,
      advice: 'give people time to notice and object: `PT24H` is usual',
    })
  }
  const inFunctions = new Set(Object.values(policy.functions).flatMap(({ duties }) => duties))
  for (const system of Object.values(policy.systems)) {
    for (const entitlement of Object.values(system.entitlements)) {
      for (const duty of entitlement.duties.filter((each) => !inFunctions.has(each))) {
        found.push({
          code: 'duty-without-function',
          severity: 'low',
          about: system.id,
          message: `no function names the duty \`${duty}\` of \`${entitlement.id}\`, so no rule can see it`,
          advice: 'add it to a function, or look whether it is spelled differently there',
        })
      }
    }
  }
  return found
}

function guardrailFindings({ policy, directory, now }: Scope): readonly Finding[] {
  const unknown = policy.guardrails?.mentions.filter((id) => describe(directory, id, now) === undefined) ?? []
  return unknown.map((id) => ({
    code: 'unknown-in-guardrail',
    severity: 'high',
    about: id,
    message: `a guardrail names \`${id}\`, and the directory does not know it; so nothing can be used at all`,
    advice: 'correct the name in the guardrail, or bring whoever is meant into the directory',
  }))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
