/**
 * Which of the deciders are independent, and for how long does that hold? The engine's verdicts and nothing else. What it
 * says of the requesting side does not depend on the target, and what it says of the granting side does not depend on
 * who asks, so each is asked once and both are joined.
 */
import type { NodeId } from '../directory.ts'
import { Validity } from '../independence/moment.ts'
import { type Matter, prepareMatter, verdictOf } from '../independence.ts'
import type { Policy } from '../policy.ts'
import { entryOf } from '../policy.ts'
import type { RequestKind } from '../request-kinds.ts'
import { type Instant, instantOf } from '../time.ts'
import { addPerson, either, keyOf, noPeople, type PeopleSet, peopleIn } from './people-set.ts'
import type { PreparedCoverage } from './prepare.ts'
import { type Stretch, stretchesOf } from './stretches.ts'

/** `mutual`: those of the free who keep approving each other with the asker, so that one more is needed. */
export interface Free {
  readonly free: PeopleSet
  readonly mutual: PeopleSet
}

export interface Freedom {
  readonly line: readonly Stretch<Free>[]
  /** Equal for equal lines. */
  readonly key: string
}

export interface Asker {
  readonly requester: NodeId
  readonly beneficiary: NodeId
}

/** Whom the requesting side leaves free. */
export function freedomFrom(prepared: PreparedCoverage, asker: Asker, pools: readonly string[]): Freedom {
  const key = `${asker.requester} ${asker.beneficiary} ${pools.join(' ')}`
  const known = prepared.known.requesting.get(key)
  if (known !== undefined) return known
  const freedom = freedomIn(prepared, requestingMatter(asker, pools), pools)
  prepared.known.requesting.set(key, freedom)
  return freedom
}

/** Whom the target leaves free, whoever asks. */
export function freedomAt(prepared: PreparedCoverage, kind: RequestKind): Freedom {
  const key = `${kind.system} ${kind.tier}`
  const known = prepared.known.granting.get(key)
  if (known !== undefined) return known
  const { stranger } = prepared
  const matter = { ...matterOf({ requester: stranger, beneficiary: stranger }, kind, prepared.policy), pools: [] }
  const freedom = freedomIn(prepared, matter, kind.rules.pools)
  prepared.known.granting.set(key, freedom)
  return freedom
}

/** The whole matter, as it is when somebody really asks. */
export function matterOf({ requester, beneficiary }: Asker, kind: RequestKind, policy: Policy): Matter {
  const { system, rules } = kind
  return { requester, beneficiary, chain: [], system, took: [], pools: rules.pools, rules: rulesOf(kind, policy) }
}

function requestingMatter({ requester, beneficiary }: Asker, pools: readonly string[]): Matter {
  return { requester, beneficiary, chain: [], took: [], pools, rules: [] }
}

/** Everything a request of this kind may rest on, so that whoever loosened any of it counts as not independent. */
function rulesOf({ system, tier, rules }: RequestKind, policy: Policy): readonly string[] {
  const entitlements = Object.values(entryOf(policy.systems, system)?.entitlements ?? {})
  const duties = new Set(entitlements.flatMap((one) => one.duties))
  const functions = Object.values(policy.functions).filter((one) => one.duties.some((duty) => duties.has(duty)))
  const touching = Object.values(policy.dutyRules).filter((rule) =>
    rule.functions.some((id) => functions.some((one) => one.id === id)),
  )
  return [
    tier,
    system,
    entryOf(policy.systems, system)?.connector ?? system,
    'independence',
    'beneficiaryRisk',
    ...rules.pools,
    ...rules.endorsePools,
    ...rules.controlsRequired,
    ...entitlements.map(({ id }) => id),
    ...functions.map(({ id }) => id),
    ...touching.map(({ id }) => id),
  ]
}

function freedomIn(prepared: PreparedCoverage, matter: Matter, pools: readonly string[]): Freedom {
  const candidates = candidatesOf(prepared, pools)
  const { directory, history, policy, start, end, people } = prepared
  const line = stretchesOf(
    start,
    end,
    (at) => {
      const now: Instant = instantOf(at)
      const validity = new Validity(now)
      const asked = prepareMatter(matter, directory, history, policy, now, validity)
      const value: Free = { free: noPeople(people.length), mutual: noPeople(people.length) }
      for (const number of candidates) {
        const person = people[number] as NodeId
        const { independent, additionalCountersigners } = verdictOf(asked, person)
        if (independent) addPerson(value.free, number)
        if (independent && additionalCountersigners > 0) addPerson(value.mutual, number)
      }
      return { value, until: validity.until }
    },
    (a, b) => keyOf(a.free) === keyOf(b.free) && keyOf(a.mutual) === keyOf(b.mutual),
  )
  const key = line.map(({ start: at, value }) => `${at}:${keyOf(value.free)}:${keyOf(value.mutual)}`).join('|')
  return { line, key }
}

/** Numbers of everybody who is in one of these pools at some time. */
function candidatesOf({ dutyOf }: PreparedCoverage, pools: readonly string[]): readonly number[] {
  return peopleIn(
    dutyOf(pools)
      .map(({ value }) => value.members)
      .reduce(either),
  )
}
