/**
 * The analysis of duties once more, as plainly as it can be written and as slowly as it pleases: sets and loops over what
 * was put in, nothing compiled, nothing shared with the engine but the types. The engine is held against it.
 */
import fc from 'fast-check'
import type { Assignment } from './holdings.ts'
import type { Duties, SeparationRule } from './rules.ts'

/** Everything an entitlement contains, itself included. */
function within(duties: Duties, entitlement: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entitlement)) return seen
  seen.add(entitlement)
  for (const { id, contains = [] } of duties.entitlements) {
    if (id === entitlement) for (const inner of contains) within(duties, inner, seen)
  }
  return seen
}

export function naiveHolds(duties: Duties, held: readonly string[], functionId: string): boolean {
  const all = new Set(held.flatMap((each) => [...within(duties, each)]))
  const own = new Set(duties.entitlements.filter(({ id }) => all.has(id)).flatMap((each) => each.duties))
  return duties.functions.some(
    (each) =>
      each.id === functionId &&
      (each.duties.some((duty) => own.has(duty)) || (each.entitlements ?? []).some((id) => all.has(id))),
  )
}

export function naiveBreaks(duties: Duties, held: readonly string[], rule: SeparationRule): boolean {
  return rule.functions.filter((id) => naiveHolds(duties, held, id)).length >= rule.conflictsFrom
}

export function naiveBroken(duties: Duties, held: readonly string[]): string[] {
  return duties.rules
    .filter((rule) => rule.held !== false && naiveBreaks(duties, held, rule))
    .map(({ id }) => id)
    .sort()
}

export function heldBy(assignments: readonly Assignment[], holder: string): string[] {
  return [...new Set(assignments.filter((each) => each.holder === holder).map(({ entitlement }) => entitlement))].sort()
}

/** `holder rule`, sorted. */
export function naiveConflicts(duties: Duties, assignments: readonly Assignment[]): string[] {
  const holders = [...new Set(assignments.map(({ holder }) => holder))]
  return holders
    .flatMap((holder) => naiveBroken(duties, heldBy(assignments, holder)).map((rule) => `${holder} ${rule}`))
    .sort()
}

/** Every subset, smallest first. */
export function subsets<Item>(items: readonly Item[]): Item[][] {
  const all = Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_item, at) => (bits >> at) & 1))
  return all.sort((a, b) => a.length - b.length)
}

const dutyName = fc.constantFrom('create', 'pay', 'post', 'approve', 'ship', 'count')
const entitlementName = fc.constantFrom('clerk', 'buyer', 'payer', 'keeper', 'auditor', 'stocker', 'composite')
const functionName = fc.constantFrom('buying', 'paying', 'booking', 'counting')
export const holderName = fc.constantFrom('per_ana', 'per_ben', 'per_cleo', 'per_dov')

const someOf = (names: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc.uniqueArray(names, { minLength, maxLength })

/** Small worlds in which things meet often: few names, nested and circular entitlements, entitlements nobody describes. */
export const someDuties: fc.Arbitrary<Duties> = fc
  .record({
    entitlements: fc.array(
      fc.record({
        id: entitlementName,
        duties: someOf(dutyName, 0, 3),
        contains: fc.oneof(fc.constant<string[]>([]), someOf(entitlementName, 0, 2)),
      }),
      { maxLength: 8 },
    ),
    functions: fc.uniqueArray(
      fc.record({
        id: functionName,
        name: fc.constant('some job'),
        duties: someOf(dutyName, 1, 3),
        entitlements: fc.oneof(
          { weight: 3, arbitrary: fc.constant<string[]>([]) },
          { weight: 1, arbitrary: someOf(entitlementName, 0, 2) },
        ),
      }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 4 },
    ),
    picks: fc.array(fc.record({ functions: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), from: fc.nat(3) }), {
      maxLength: 5,
    }),
  })
  .map(({ entitlements, functions, picks }) => ({
    entitlements,
    functions,
    rules: picks.map(({ functions: chosen, from }, index): SeparationRule => {
      const ids = [...new Set(chosen.map((each) => functions[each % functions.length]?.id as string))]
      const severity = (['critical', 'high', 'medium', 'low'] as const)[index % 4] as 'critical'
      return {
        id: `rule-${index}`,
        name: 'apart',
        severity,
        functions: ids,
        conflictsFrom: 1 + (from % ids.length),
        controls: ['recount'],
        // The last is about what was done; holding it is no conflict.
        ...(index === 4 ? { held: false, exercised: { sameObject: true } } : {}),
      }
    }),
  }))

export const someAssignments: fc.Arbitrary<Assignment[]> = fc.array(
  fc.record({
    holder: holderName,
    entitlement: fc.oneof(
      { weight: 9, arbitrary: entitlementName },
      { weight: 1, arbitrary: fc.constant('forgotten') },
    ),
  }),
  { maxLength: 20 },
)
