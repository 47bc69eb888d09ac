/**
 * Does this use, with what the same people did lately through any waiver, add up to a conflict of duties? One person may
 * stand behind several agents, and none of their waivers ever saw the others.
 */
import type { PersonId } from '../directory.ts'
import { brokenThrough } from '../duties.ts'
import { entitlementOf, type Policy } from '../policy.ts'
import type { LiveWaiver } from './live.ts'

/** What somebody exercised or holds through another waiver. */
export interface Exercised {
  readonly person: PersonId
  readonly duty: string
  /** The duty rule that the other waiver tolerates as a sod-exception. */
  readonly exception?: string
}

/** What was exercised this long ago no longer counts, once the waiver it was exercised under is over. */
export const exercisedSeconds = 86_400

/** @returns the duties of this waiver that some rule keeps apart from others; empty when there is nothing to ask. */
export function separatedDuties(waiver: Pick<LiveWaiver, 'system' | 'entitlement'>, policy: Policy): readonly string[] {
  const duties = entitlementOf(policy, waiver)?.duties ?? []
  return duties.filter((duty) => separated(policy).has(duty))
}

/** @returns the id of a rule that comes to be broken, which neither waiver tolerates; undefined when none is. */
export function brokenByUse(
  waiver: Pick<LiveWaiver, 'system' | 'entitlement' | 'exception'>,
  elsewhere: readonly Exercised[],
  policy: Policy,
): string | undefined {
  const own = separatedDuties(waiver, policy)
  for (const [, held] of Map.groupBy(elsewhere, ({ person }) => person)) {
    const broken = brokenThrough(new Set(held.map(({ duty }) => duty)), own, policy)
    const rule = broken.find(({ id }) => id !== waiver.exception && isBroken(id, held, own, policy))
    if (rule !== undefined) return rule.id
  }
  return undefined
}

/** Still broken when what was done under an exception from this very rule is left aside. */
function isBroken(rule: string, held: readonly Exercised[], own: readonly string[], policy: Policy): boolean {
  const counted = held.filter(({ exception }) => exception !== rule).map(({ duty }) => duty)
  return brokenThrough(new Set(counted), own, policy).some(({ id }) => id === rule)
}

const known = new WeakMap<Policy, ReadonlySet<string>>()

function separated(policy: Policy): ReadonlySet<string> {
  const before = known.get(policy)
  if (before !== undefined) return before
  const inRules = new Set(Object.values(policy.dutyRules).flatMap(({ functions }) => functions))
  const duties = new Set([...inRules].flatMap((id) => policy.functions[id]?.duties ?? []))
  known.set(policy, duties)
  return duties
}
