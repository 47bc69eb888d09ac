/** Coverage says of every hour what routing would say at its worst moment, whatever the directory looks like. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysAgo, noon, poolWith } from '../../../test/support/directories.ts'
import { questions } from '../../../test/support/random-directories.ts'
import { compileDirectory, describe as described } from '../compile.ts'
import type { DirectoryFacts } from '../directory.ts'
import type { IndependenceHistory } from '../independence.ts'
import type { Policy, Tier } from '../policy.ts'
import { kindsFor, requestKinds } from '../request-kinds.ts'
import { route } from '../route.ts'
import { instantOf, millisOf } from '../time.ts'
import { matterOf } from './freedom.ts'
import { type Group, type GroupAsker, groupNamed } from './groups.ts'
import { hourMillis, prepareCoverage } from './prepare.ts'
import { type HourCell, rowOf, shortHoursOf } from './rows.ts'

const hours = 6 * 24
const dayMillis = 24 * hourMillis

const tier = (rank: number, pools: readonly string[], countersignersMin: number) =>
  ({
    rank,
    pools,
    countersignersMin,
    endorsePools: [],
    controlsRequired: [],
    steps: ['countersign'],
  }) as unknown as Tier

function withOffers(policy: Policy, needed: number): Policy {
  const pool = (id: string, rotas: readonly string[]) => ({ ...(policy.pools[id] ?? poolWith(id, [])), rotas })
  const entitlement = (id: string, of: string) => ({ id, name: id, tier: of, duties: [], kinds: ['access-override'] })
  return {
    ...policy,
    tiers: { low: tier(1, ['pool_a', 'pool_b'], needed), high: tier(2, ['pool_b'], 1) },
    beneficiaryRisk: { agent: 'high' },
    pools: { pool_a: pool('pool_a', ['rota_0']), pool_b: pool('pool_b', []) },
    systems: {
      sys_target: { id: 'sys_target', name: 't', connector: 'c', entitlements: { x: entitlement('x', 'low') } },
      sys_hr: { id: 'sys_hr', name: 'h', connector: 'c', entitlements: { y: entitlement('y', 'high') } },
    } as unknown as Policy['systems'],
  }
}

interface World {
  readonly facts: DirectoryFacts
  readonly policy: Policy
  readonly history: IndependenceHistory
}

/** The worst over all that is asked, by everybody, at every moment at which anything could be otherwise. */
function worstOf({ facts, policy, history }: World, group: Group, hour: number): HourCell | 'nobody' {
  const directory = compileDirectory(facts)
  const from = millisOf(noon) + hour * hourMillis
  let worst: { spare: number; count: number; callable: number } | undefined
  for (const at of momentsIn(facts, policy, history, from)) {
    for (const asker of group.askers.filter(({ when }) => isAsking(when, at))) {
      const own = kindsFor(described(directory, asker.beneficiary, noon), requestKinds(policy), policy)
      for (const kind of own) {
        const now = instantOf(at)
        const { eligible } = route(matterOf(asker, kind, policy), directory, history, policy, now)
        const there = eligible.filter(({ onDuty }) => onDuty)
        const single = there.filter(({ additionalCountersigners }) => additionalCountersigners === 0)
        const min = kind.rules.countersignersMin
        const needed = single.length >= min || there.length === 0 ? min : min + 1
        const away = new Set(
          (facts.absences ?? []).filter((one) => one.start <= now && now < one.end).map((a) => a.person),
        )
        const callable = eligible.filter(({ onDuty, person }) => !onDuty && !away.has(person)).length
        const found = { spare: there.length - needed, count: there.length, callable }
        if (
          worst === undefined ||
          found.spare < worst.spare ||
          (found.spare === worst.spare && callable < worst.callable)
        )
          worst = found
      }
    }
  }
  return worst === undefined ? 'nobody' : (worst as unknown as HourCell)
}

function isAsking(when: GroupAsker['when'], at: number): boolean {
  return when === undefined || when.some(({ start, end }) => start <= at && at < end)
}

function momentsIn(
  facts: DirectoryFacts,
  policy: Policy,
  history: IndependenceHistory,
  from: number,
): readonly number[] {
  const { lingerDays, poolTenureDays, reciprocal } = policy.independence
  const linger = Math.max(30, lingerDays || 0) * dayMillis
  const spans = [...facts.relations, ...facts.nodes].flatMap(({ until }) =>
    until === undefined ? [] : [millisOf(until), millisOf(until) + linger, millisOf(until) + 30 * dayMillis],
  )
  const since = [...facts.relations.map((one) => one.since), ...history.tenures.map((one) => one.since)].flatMap(
    (one) => (one === undefined ? [] : [millisOf(one), millisOf(one) + poolTenureDays * dayMillis]),
  )
  const turns = [...facts.shifts, ...(facts.absences ?? [])].flatMap(({ start, end }) => [
    millisOf(start),
    millisOf(end),
  ])
  const turned = facts.shifts.map(({ end }) => millisOf(end) + linger)
  const decided = history.decisions.map(({ at }) => millisOf(at) + reciprocal.overDays * dayMillis)
  const all = [...spans, ...since, ...turns, ...turned, ...decided].filter((at) => from < at && at < from + hourMillis)
  return [from, ...new Set(all)]
}

const turns = fc.array(
  fc.record({
    person: fc.constantFrom('per_0', 'per_1', 'per_2', 'per_3', 'per_4'),
    start: fc.constantFrom(daysAgo(1), noon, daysAgo(-0.7), daysAgo(-2.01)),
    end: fc.constantFrom(daysAgo(-1), daysAgo(-2.5), daysAgo(-9)),
    rota: fc.constantFrom('rota_0', 'rota_1'),
    source: fc.constant('hr'),
  }),
  { maxLength: 5 },
)

const worlds = fc
  .record({
    question: fc.oneof(questions(true, 14), questions(false, 5)),
    shifts: turns,
    absences: fc.array(
      turns.map(([turn]) => turn).filter((turn) => turn !== undefined),
      { maxLength: 2 },
    ),
    needed: fc.constantFrom(1, 1, 2),
  })
  .map(({ question, shifts, absences, needed }) => ({
    facts: {
      ...question.facts,
      shifts: [...question.facts.shifts, ...shifts],
      absences: absences.map(({ rota: _, ...absence }) => absence),
      sources: question.facts.sources.map((source) => ({ ...source, staleAfterSeconds: 900 * 86_400 })),
    },
    policy: withOffers(question.policy, needed),
    history: question.history,
  }))

test('[on-call/never-both-sides] [B04] [B21] every hour is what routing says at its worst moment, and no better', () => {
  let [covered, short, calls] = [0, 0, 0]
  fc.assert(
    fc.property(worlds, fc.nat(hours - 1), fc.nat(hours - 1), (world, ...asked) => {
      const prepared = prepareCoverage({
        ...world,
        directory: compileDirectory(world.facts),
        now: noon,
        from: noon,
        hours,
      })
      for (const id of ['team_0', 'rota_0', 'wl_0']) {
        const group = groupNamed(prepared, id)
        const row = group && rowOf(prepared, group)
        if (group === undefined || row === undefined) continue
        for (const hour of asked) {
          const cell = row.hours[hour]
          const expected = worstOf(world, group, hour)
          if (expected === 'nobody') expect(cell).toBeUndefined()
          else {
            const { count, callable } = expected as { count: number; callable: number }
            expect(cell, `${id} hour ${hour}`).toMatchObject({ count, callable })
            if ((cell?.count ?? 0) >= (cell?.needed ?? 0)) covered++
            else short++
            if (callable > 0) calls++
          }
        }
        const counted = shortHoursOf(prepared, group)
        const isShort = (cell: HourCell) => cell !== undefined && cell.count < cell.needed
        expect(counted.planned.length + counted.unplanned.length).toBe(row.hours.filter(isShort).length)
      }
    }),
    { numRuns: 400 },
  )
  expect(covered).toBeGreaterThan(3)
  expect(short).toBeGreaterThan(3)
  expect(calls).toBeGreaterThan(3)
})
