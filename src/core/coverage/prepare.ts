/**
 * What every question about coverage looks at, compiled once: the hours asked about, the people who could decide, and
 * which of them is there when. Who may decide is asked of the engine of independence alone, in `freedom.ts`.
 */
import type { CompiledDirectory } from '../compile.ts'
import type { PersonId, SystemId } from '../directory.ts'
import { momentAt, Validity } from '../independence/moment.ts'
import { membersOfPool, poolOf } from '../independence/pools.ts'
import { withStranger } from '../independence/stranger.ts'
import type { IndependenceHistory } from '../independence.ts'
import type { Policy, PoolId } from '../policy.ts'
import { type RequestKind, requestKinds } from '../request-kinds.ts'
import { type Instant, instantOf, millisOf } from '../time.ts'
import { dutyLine, type OnDuty } from './duty-line.ts'
import type { Freedom } from './freedom.ts'
import type { HourLine } from './hours.ts'
import type { Stretch } from './stretches.ts'

export const hourMillis = 3_600_000

export interface CoverageInput {
  readonly directory: CompiledDirectory
  readonly policy: Policy
  readonly history: IndependenceHistory
  /** When this is asked: a source that is too old by then stays so, and then nobody is independent. */
  readonly now: Instant
  /** When the first hour begins. */
  readonly from: Instant
  readonly hours: number
}

export interface PreparedCoverage extends CoverageInput {
  /** Somebody who has to do with nobody; asks where only the target matters. */
  readonly stranger: PersonId
  /** Milliseconds. */
  readonly start: number
  readonly end: number
  /** Everybody who is in one of the pools at some time, sorted; a number stands for a place in this list. */
  readonly people: readonly PersonId[]
  readonly numberOfPerson: ReadonlyMap<PersonId, number>
  readonly kinds: readonly RequestKind[]
  /** Who of these pools is there when; the same pools in another order are the same. */
  readonly dutyOf: (pools: readonly PoolId[]) => readonly Stretch<OnDuty>[]
  /** What is known already; the same question is never asked twice. */
  readonly known: {
    readonly requesting: Map<string, Freedom>
    readonly granting: Map<string, Freedom>
    readonly lines: Map<string, HourLine>
  }
}

export function prepareCoverage(input: CoverageInput): PreparedCoverage {
  const { policy, from, hours } = input
  const start = millisOf(from)
  const end = start + hours * hourMillis
  const { directory, stranger } = withStranger(readAgain(input.directory, millisOf(input.now), start))
  const kinds = requestKinds(policy).filter(({ breakGlass }) => !breakGlass)
  const pools = new Set(kinds.flatMap(({ rules }) => rules.pools))
  for (const { rules } of raisedTiers(policy)) for (const pool of rules.pools) pools.add(pool)
  const people = everybodyIn([...pools], directory, policy, start, end)
  const numberOfPerson = new Map(people.map((person, number) => [person, number]))
  const lines = new Map<string, readonly Stretch<OnDuty>[]>()
  return {
    ...input,
    directory,
    stranger,
    start,
    end,
    people,
    numberOfPerson,
    kinds,
    dutyOf(asked) {
      const key = [...asked].sort().join(' ')
      const line = lines.get(key) ?? dutyLine({ directory, policy, start, end, numberOfPerson }, asked)
      lines.set(key, line)
      return line
    },
    known: { requesting: new Map(), granting: new Map(), lines: new Map() },
  }
}

/** What could be asked on these systems; all of them when none is named. */
export function kindsOn(kinds: readonly RequestKind[], system: SystemId | undefined): readonly RequestKind[] {
  return system === undefined ? kinds : kinds.filter((kind) => kind.system === system)
}

/** Tiers into which a beneficiary's risk may raise a request, which no entitlement need name. */
function raisedTiers({ beneficiaryRisk, tiers }: Policy) {
  const ids = [beneficiaryRisk.agent, beneficiaryRisk.external, beneficiaryRisk.workload]
  return ids.flatMap((id) => (id !== undefined && Object.hasOwn(tiers, id) ? [{ rules: tiers[id]! }] : []))
}

/**
 * The hours are looked at as if the sources went on being read and saying the same, and an hour that has begun as if they
 * had been read before it did.
 */
function readAgain(directory: CompiledDirectory, now: number, start: number): CompiledDirectory {
  const sources = directory.sources.map((source) =>
    now <= source.freshUntil
      ? { ...source, observedAt: Math.min(start, source.observedAt), freshUntil: Number.POSITIVE_INFINITY }
      : { ...source, freshUntil: Number.NEGATIVE_INFINITY },
  )
  return { ...directory, sources }
}

function everybodyIn(
  pools: readonly PoolId[],
  directory: CompiledDirectory,
  policy: Policy,
  start: number,
  end: number,
): readonly PersonId[] {
  const people = new Set<PersonId>()
  for (const id of pools) {
    const pool = poolOf(policy, id)
    if (pool === undefined) continue
    for (let at = start; at < end; ) {
      const validity = new Validity(instantOf(at))
      for (const person of membersOfPool(momentAt(directory, instantOf(at), validity), pool)) people.add(person)
      at = Math.max(at + 1, validity.until)
    }
  }
  return [...people].sort()
}
