/**
 * Which duties may not come together: rules are sets of sets. A rule names functions, a function is held as soon as one
 * of its duties is, and holding `conflictsFrom` functions of a rule is a conflict. Here for one decision at a time;
 * `duties/` asks the same of everybody at once and is shown to other rooms through this door.
 */
import { type DutyRule, type EntitlementId, entitlementOf, entryOf, type Policy } from './policy.ts'

export { type CompiledDuties, compileDuties, type Doubt, type Way } from './duties/compile.ts'
export { type Count, type Counts, countConflicts } from './duties/counts.ts'
export {
  type Cover,
  type Coverage,
  type CoverControl,
  type Covered,
  type CoverGap,
  coverageOf,
  coverOfMitigation,
  coverOfWaiver,
  type Mitigation,
  type Uncovered,
} from './duties/coverage.ts'
export { type DropPlan, type DropStep, dropPlan, type HolderFix, holderFix } from './duties/drop-plan.ts'
export {
  type Act,
  type Exercised,
  type ExercisedConflicts,
  exercisedConflicts,
  type Unjudged,
} from './duties/exercised.ts'
export { type EntitlementFix, type Fixes, type FixOptions, fixes, type SingleFix } from './duties/fixes.ts'
export { type FixesReport, fixesReport, type HolderReport, holderReport } from './duties/holder-report.ts'
export { type Assignment, type Broken, type Change, Holdings, scan } from './duties/holdings.ts'
export {
  assignmentsInForce,
  type LiveAccess,
  liveAccessOf,
  type Origin,
  originsOf,
} from './duties/in-force.ts'
export { type AccountAccess, assignmentsOfPeople, type PeopleAssignments } from './duties/people.ts'
export { type ConflictRow, type DutiesQuestion, type DutiesReport, dutiesReport } from './duties/report.ts'
export {
  type Duties,
  dutiesOfPolicy,
  dutiesProblems,
  type EntitlementContents,
  type EntitlementKey,
  type Exercise,
  entitlementKey,
  type HolderId,
  type RuleId,
  type SeparationRule,
  type SetOfDuties,
  type Severity,
  severities,
} from './duties/rules.ts'
export { brokenAlone, conflictOf, conflictsOf, type DutyConflict, type Side } from './duties/sides.ts'
export { type Addition, wouldAdd } from './duties/would-add.ts'

/** @returns the rules that a holder of these duties breaks, in order of their ids. */
export function brokenRules(duties: ReadonlySet<string>, policy: Policy): readonly DutyRule[] {
  return Object.values(policy.dutyRules)
    .filter((rule) => functionsHeld(rule, duties, policy) >= rule.conflictsFrom)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** @returns the rules that come to be broken when `added` is held besides `held`. */
export function newlyBroken(held: ReadonlySet<string>, added: readonly string[], policy: Policy): readonly DutyRule[] {
  const before = new Set(brokenRules(held, policy).map((rule) => rule.id))
  return brokenRules(new Set([...held, ...added]), policy).filter((rule) => !before.has(rule.id))
}

/**
 * @returns the rules that are broken when `added` is held besides `held`, and in which `added` takes part. Besides those
 * newly broken these are the rules that something else breaks already, an exception perhaps, which ends sooner.
 */
export function brokenThrough(
  held: ReadonlySet<string>,
  added: readonly string[],
  policy: Policy,
): readonly DutyRule[] {
  const own = new Set(added)
  return brokenRules(new Set([...held, ...added]), policy).filter((rule) => functionsHeld(rule, own, policy) > 0)
}

/** @returns whether one entitlement holds one side of the rule and the other entitlement another side. */
export function isConflict(rule: DutyRule, one: readonly string[], other: readonly string[], policy: Policy): boolean {
  const sides = (duties: readonly string[]) => rule.functions.filter((id) => holdsFunction(id, new Set(duties), policy))
  const [first, second] = [sides(one), sides(other)]
  return new Set([...first, ...second]).size >= rule.conflictsFrom && first.length > 0 && second.length > 0
}

/** @returns the duties of these entitlements; one that the policy no longer knows has none it could tell of. */
export function dutiesOf(
  held: readonly { system: string; entitlement: EntitlementId }[],
  policy: Policy,
): ReadonlySet<string> {
  return new Set(held.flatMap((one) => entitlementOf(policy, one)?.duties ?? []))
}

function functionsHeld(rule: DutyRule, duties: ReadonlySet<string>, policy: Policy): number {
  return rule.functions.filter((id) => holdsFunction(id, duties, policy)).length
}

function holdsFunction(id: string, duties: ReadonlySet<string>, policy: Policy): boolean {
  return entryOf(policy.functions, id)?.duties.some((duty) => duties.has(duty)) ?? false
}
