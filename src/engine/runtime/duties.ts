/**
 * Keeps duties apart over waivers, agents and processes: before somebody exercises a side for the first time, the store
 * is asked, one at a time for each person behind it, what else they exercised. From then on it is remembered here.
 */
import { type CompiledDirectory, personsControlling } from '../../core/compile.ts'
import type { PersonId } from '../../core/directory.ts'
import type { Policy } from '../../core/policy.ts'
import {
  brokenByUse,
  type Exercised,
  exercisedSeconds,
  type LiveWaiver,
  type RuntimeFacts,
  type RuntimeReason,
  separatedDuties,
  type Use,
} from '../../core/runtime.ts'
import { plusSeconds } from '../../core/time.ts'
import type { Store } from '../../store/contract.ts'
import type { LiveWaivers } from './live-waivers.ts'

/** What the store said is believed for this long; what is exercised is told it at least this often. */
const believedMillis = 600_000
const clearedMax = 50_000

export interface Duties {
  /** @returns true when it adds up to no conflict. Answers at once for whoever exercised it a moment ago. */
  mayExercise(waiver: LiveWaiver, use: Use, facts: RuntimeFacts): true | Promise<true | RuntimeReason>
}

export function dutiesOn(store: Store, live: LiveWaivers, monotonic: () => number): Duties {
  const cleared = new Map<string, { readonly policy: Policy; readonly until: number }>()
  // Who stands behind somebody is looked up once for each reading of the directory, which is as current as any answer is.
  const behind = new WeakMap<CompiledDirectory, Map<string, readonly PersonId[]>>()
  const personsOf = (use: Use, facts: RuntimeFacts): readonly PersonId[] => {
    const known = behind.get(facts.directory) ?? new Map<string, readonly PersonId[]>()
    behind.set(facts.directory, known)
    const who = use.chain.length === 0 ? use.actor : JSON.stringify([use.actor, ...use.chain])
    const persons = known.get(who) ?? personsBehind(use, facts)
    if (known.size < clearedMax) known.set(who, persons)
    return persons
  }
  return {
    mayExercise(waiver, use, facts) {
      const duties = separatedDuties(waiver, facts.policy)
      if (duties.length === 0) return true
      const persons = personsOf(use, facts)
      const key = `${waiver.id} ${persons.join(' ')}`
      const known = cleared.get(key)
      if (known?.policy === facts.policy && known.until > monotonic()) return true
      return ask(store, waiver, duties, persons, heldBy(persons, waiver, live, facts.policy), facts).then((answer) => {
        if (answer === true) {
          if (cleared.size >= clearedMax) cleared.clear()
          cleared.set(key, { policy: facts.policy, until: monotonic() + believedMillis })
        }
        return answer
      })
    },
  }
}

/** Everybody who controls whoever acts, and everybody through whom they act. */
function personsBehind({ actor, chain }: Use, { directory, policy, now }: RuntimeFacts): readonly PersonId[] {
  const persons = [actor, ...chain].flatMap((node) => personsControlling(directory, node, now, policy))
  return [...new Set(persons)].sort()
}

/** Whoever holds the other side themselves need not have used it: it is theirs to use. */
function heldBy(
  persons: readonly PersonId[],
  own: LiveWaiver,
  live: LiveWaivers,
  policy: Policy,
): readonly Exercised[] {
  return persons.flatMap((person) =>
    live
      .ofUser(person)
      .filter(({ id }) => id !== own.id)
      .flatMap((other) =>
        separatedDuties(other, policy).map((duty) => ({
          person,
          duty,
          ...(other.exception === undefined ? {} : { exception: other.exception }),
        })),
      ),
  )
}

async function ask(
  store: Store,
  waiver: LiveWaiver,
  duties: readonly string[],
  persons: readonly PersonId[],
  held: readonly Exercised[],
  { policy, now }: RuntimeFacts,
): Promise<true | RuntimeReason> {
  return store.transact(async (tx) => {
    await tx.lockPersons(persons)
    const exercised = await tx.exercised(persons, waiver.id, plusSeconds(now, -exercisedSeconds))
    if (brokenByUse(waiver, [...held, ...exercised], policy) !== undefined) return 'creates-duty-conflict'
    await tx.exercise(persons, duties, waiver.id)
    return true
  })
}
